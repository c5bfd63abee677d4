"""The server as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from server_stub.config.collecting import keep_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
application = get_wsgi_application()
get_resolver().check()  # every route is loaded before the first request
keep_loaded()
