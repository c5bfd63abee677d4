"""A PostgreSQL of one run of the tests: `python -m tests.own_postgres COMMAND [ARGUMENT ...]`.

The command finds its address in DATABASE_URL, as the product does. The cluster lies in a temporary folder,
listens on a socket inside it and on no port, and is gone with the command. PostgreSQL refuses to run as root;
root lends it the user of the Debian package, or nobody. What the disk would keep is of no use to a test, so
nothing is synchronised.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

ROLE = "hengxin"
FIRST = "hengxin"
PATIENCE_S = 60
HASTY = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"),
    *("max_connections=200", "listen_addresses=", "shared_buffers=64MB", "max_wal_size=4GB"),
)


def programs() -> Path:
    """The folder of `initdb` and `postgres`; Debian keeps it off the PATH.

    Raises:
        FileNotFoundError: PostgreSQL is not installed.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    for folder in [*reversed(debian), *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise FileNotFoundError("PostgreSQL is missing; `make setup` names the system packages")


def address(socket: Path, name: str) -> str:
    """What DATABASE_URL holds for a database of the cluster behind this socket."""
    return f"postgresql://{ROLE}@/{name}?host={quote(str(socket), safe='')}"


def database_of(url: str, owner: object) -> str:
    """The address of a database of `owner`'s own in the cluster of `url`, made when it is not there yet."""
    name = "own_" + hashlib.sha256(str(owner).encode()).hexdigest()[:16]
    start, _, rest = url.partition("?")
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{start.rpartition('/')[0]}/{name}?{rest}"


@contextlib.contextmanager
def cluster(*options: str) -> Iterator[str]:
    """A cluster with one empty database, C.UTF-8 and UTF8; gives its address.

    Raises:
        RuntimeError: it did not come up; carries what it said.
    """
    folder = Path(tempfile.mkdtemp(prefix="hxpg-"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    data, said = folder / "data", folder / "said.log"
    try:
        words = ["-D", data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(
            [programs() / "initdb", *words], cwd="/", user=user, capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(made.stdout + made.stderr)
        settings = [word for one in (*HASTY, *options) for word in ("-c", one)]
        with said.open("wb") as log:
            server = subprocess.Popen(
                [programs() / "postgres", "-D", data, "-k", folder, *settings],
                cwd="/", user=user, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            _wait(server, folder, said)
            yield address(folder, FIRST)
        finally:
            server.send_signal(signal.SIGINT)  # to a postmaster: end now, and orderly
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _wait(server: subprocess.Popen[bytes], socket: Path, said: Path) -> None:
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            with psycopg.connect(address(socket, "postgres"), autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(FIRST)))
            return
        except psycopg.OperationalError as flaw:
            if server.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"no PostgreSQL: {said.read_text('utf-8')[-2000:]}") from flaw
        time.sleep(0.05)


def main(command: list[str]) -> int:
    """Run the command beside a cluster; its exit code."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    with cluster() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
