"""The server as a WSGI application, in the worker process."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from django.core.wsgi import get_wsgi_application

_PR_SET_PDEATHSIG = 1

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
if sys.platform == "linux" and os.environ.get("HENGXIN_ENDS_WITH") == str(os.getppid()):
    # A worker whose parent was killed would keep the port and the database.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
application = get_wsgi_application()
