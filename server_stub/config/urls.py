"""Addresses of the wire and of the public's pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from server_stub.api.app import api
from server_stub.portal.views import to_the_page, verify

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("v", to_the_page),
    path("v/", verify),
    path("v/<path:text>", verify),
]
