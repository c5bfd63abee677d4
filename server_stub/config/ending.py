"""The application in a worker that ends when the command that started it is gone, however it went."""

from __future__ import annotations

import os
import threading
import time

from server_stub.config.wsgi import application

__all__ = ["application"]

LOOK_S = 0.5


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _end_with(command: int, server: int) -> None:
    """A worker left alone would keep the port and the database."""
    while _alive(command) and os.getppid() == server:
        time.sleep(LOOK_S)
    if os.getppid() == server:
        os.kill(server, 9)
    os._exit(0)


_command = os.environ.get("HENGXIN_ENDS_WITH", "")
if _command:
    threading.Thread(target=_end_with, args=(int(_command), os.getppid()), daemon=True).start()
