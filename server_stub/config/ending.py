"""The application in a worker that ends when the command that started it is gone, however it went."""

from __future__ import annotations

import os
import signal
import threading

from server_stub.config.wsgi import application

__all__ = ["application"]


def _end_with(lifeline: int, server: int) -> None:
    """Wait for the end of the pipe whose other end the command holds. A worker left alone would keep the port
    and the database.
    """
    os.read(lifeline, 1)
    if os.getppid() == server:
        os.kill(server, signal.SIGKILL)
    os._exit(0)


_lifeline = os.environ.get("HENGXIN_LIFELINE", "")
if _lifeline:
    threading.Thread(target=_end_with, args=(int(_lifeline), os.getppid()), daemon=True).start()
