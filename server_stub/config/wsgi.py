"""The server as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
_routes = get_wsgi_application()

from server_stub.api.front import Front  # noqa: E402 - its rooms have models: Django has to be there first
from server_stub.config.collecting import keep_loaded  # noqa: E402
from server_stub.statements import tend  # noqa: E402

application = Front(_routes, tend)
get_resolver().check()  # every route is loaded before the first request
keep_loaded()
