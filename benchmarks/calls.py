"""How many functions Python calls for one answer: the one cost that no neighbour on the machine changes.

In one process, without TLS: `python -m benchmarks.calls HOME` counts, in a process of its own. SQLite only.
"""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import asking, city
from benchmarks.measure import Figure, child, figure
from benchmarks.server import units
from benchmarks.serving import BARE, DOCUMENT
from tests.server_stub.knocking import Answer

MANY = 60
HOST = "localhost:8443"


def figures() -> Iterator[Figure]:
    """Calls for a document without evidence, a search and an audited query, beside a bare route."""
    home = city.seeded().home
    env = {"HENGXIN_SERVER_HOME": str(home), "DJANGO_SETTINGS_MODULE": "server_stub.config.settings"}
    said = child("benchmarks.calls", str(home), env=env).said
    for name in ("document", "search", "query"):
        yield figure(
            f"calls.{name}", [said[name]], "a route that proves nothing", [said["bare"]], "calls an answer"
        )


class InOneProcess:
    """The application called as a server calls it, without one."""

    base = f"https://{HOST}"

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application

    def send(self, method: str, path: str, headers: dict[str, str], content: bytes | None) -> Answer:
        began: list[tuple[str, list[tuple[str, str]]]] = []
        given = environ(method, path, headers, content or b"")
        body = b"".join(
            self._application(given, lambda status, names, flaw=None: began.append((status, names)))
        )
        status, names = began[0]
        return Answer(
            int(status[:3]), {name.lower(): value for name, value in names}, json.loads(body or b"null")
        )


def environ(method: str, path: str, headers: dict[str, str], content: bytes) -> dict[str, Any]:
    """A request as a server hands it over."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        **named,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
    }


def main() -> None:
    from benchmarks.document_served import application

    home = Path(sys.argv[1])
    device = asking.signed_in_over(InOneProcess(application), home)
    codes, names = (each[: 2 * MANY] for each in units(home))

    def counted(path: str, bodies: Sequence[str], method: str = "POST") -> float:
        requests = []
        for body in bodies:
            signed = {
                "Authorization": f"DPoP {device.token}",
                "DPoP": device.proof(method, path, device.token),
            }
            requests.append(environ(method, path, {**signed, "HYC-Protocol": "1"}, body.encode()))
        profile, told = cProfile.Profile(), []
        for at, request in enumerate(requests):
            if at == MANY:  # the first half is thrown away: whatever is kept in memory is there by then
                profile.enable()
            for _ in application(request, lambda status, names, flaw=None: told.append(status)):
                pass
        profile.disable()
        assert all(status[0] == "2" for status in told), told[:3]
        return float(pstats.Stats(profile, stream=io.StringIO()).total_calls) / MANY  # type: ignore[attr-defined]

    said = {
        "bare": counted(BARE, [""] * (2 * MANY), "GET"),
        "document": counted(DOCUMENT, asking.documents(codes)),
        "search": counted("/api/v1/candidates", asking.searches(names)),
        "query": counted("/api/v1/queries", asking.queries(device, codes)),
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
