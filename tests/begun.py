"""A home in which a server with the small city was begun once, for tests that are about what comes later.

The first test of a run that asks makes it in a process of its own, with passwords that are quick to check;
every worker copies it. Copies share keys and seal, so no test may take two of them for two platforms.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import engines

LIGHT = (1, 64, 1)
PATIENCE_S = 120


def begun(home: Path) -> Path:
    """Put a copy into `home`, which must not exist. On PostgreSQL it is made anew, for nothing there can be
    copied as a file.
    """
    if engines.on_postgres():
        home.mkdir(mode=0o700)
        _made(home)
    else:
        shutil.copytree(_first(), home)
    return home


def forget() -> None:
    """Remove what this run shares; called by the process that began the workers."""
    shutil.rmtree(_place(os.getpid()), ignore_errors=True)


def _place(run: int) -> Path:
    return Path(tempfile.gettempdir()) / f"hengxin-begun-{run}"


def _first() -> Path:
    worker = "PYTEST_XDIST_WORKER" in os.environ
    place = _place(os.getppid() if worker else os.getpid())
    place.mkdir(mode=0o700, exist_ok=True)
    home = place / "home"
    with (place / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not home.exists():
            half = place / "half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(mode=0o700)
            _made(half)
            half.replace(home)
    return home


def _made(home: Path) -> None:
    where = {**engines.environment(home), "HENGXIN_SERVER_HOME": str(home)}
    subprocess.run([sys.executable, "-m", __name__], check=True, timeout=PATIENCE_S, env=where)


def _begin() -> None:
    """As `hengxin-server up --sample small` does before it serves."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "server_stub.config.settings"
    django.setup()

    from django.conf import settings

    from server_stub.config import reaching
    from server_stub.jobs import noting
    from server_stub.jobs.preparing import prepare

    settings.HENGXIN_ARGON2 = LIGHT
    prepare(settings.HENGXIN_HOME, "small", reaching.OWN)
    noting.note(settings.HENGXIN_HOME)


if __name__ == "__main__":
    _begin()
