"""Addresses of the wire."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from server_stub.api.app import api

urlpatterns: list[URLPattern | URLResolver] = [path("api/", api.urls)]
