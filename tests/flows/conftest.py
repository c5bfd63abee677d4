"""One server for the session; every officer has a home of his own, signed in once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.keys.envelope import Envelope
from tests.flows import warm
from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server, serving
from tests.one_page import one_page


@pytest.fixture(scope="package", autouse=True)
def light() -> Iterator[None]:
    """Homes that the light command made are opened here, too."""
    before = Envelope.__init__.__defaults__
    warm.lighten()
    yield
    Envelope.__init__.__defaults__ = before


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "home") as one:
        one.shared = True
        yield one


@pytest.fixture(scope="session")
def officers(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Cli]:
    """The client of an officer, signed in when it is first asked for."""
    known: dict[str, Cli] = {}

    def officer(user: str) -> Cli:
        if user not in known:
            cli = Cli(tmp_path_factory.mktemp(user), server, user)
            said = cli.sign_in()
            assert said.code == 0, said.out + said.err
            known[user] = cli
        return known[user]

    return officer


@pytest.fixture
def bank(officers: Callable[[str], Cli]) -> Cli:
    return officers("bank1")


@contextlib.contextmanager
def through_a_proxy(server: Server, home: Path, user: str) -> Iterator[tuple[Cli, Proxy]]:
    """A further device of an officer whose line passes through the man in the middle."""
    proxy = Proxy(server.url, server.home)
    cli = Cli(home, server, user, url=proxy.url)
    code = json.loads(server.staff("device", "code", user))["enrolment_code"]
    said = cli.sign_in(code)
    assert said.code == 0, said.out + said.err
    yield cli, proxy
    proxy.close()
    server.staff("device", "revoke", said.json["device_id"])


@pytest.fixture
def proxied(server: Server, tmp_path: Path) -> Iterator[tuple[Cli, Proxy]]:
    """A new home for each test, of a bank's officer whose last code was used the longest ago."""
    user = min(("bank2", "branch1"), key=lambda one: server.used_steps.get(one, 0))
    with through_a_proxy(server, tmp_path / "proxied", user) as both:
        yield both


@pytest.fixture(scope="module")
def proxied_once(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cli, Proxy]]:
    """One home for many tests of a file."""
    with through_a_proxy(server, tmp_path_factory.mktemp("proxied"), "branch1") as both:
        yield both


@pytest.fixture
def letter(tmp_path: Path) -> Callable[..., Path]:
    """Write a letter's scan with its card beside it."""

    def write(subject: dict[str, str], **changes: Any) -> Path:
        card = {
            "authoriser_name": subject["name"],
            "id_type": subject.get("id_type", "uscc"),
            "id_number": subject.get("number") or subject["code"],
            "institution": "示例银行衡阳分行",
            "purposes": ["B01"],
            "scope": "全部信息",
            "signed_on": "2026-01-05",
            "valid_from": "2026-01-05",
            "valid_to": "2099-12-31",
            "kind": "continuous",
        } | changes
        scan = tmp_path / f"letter-{abs(hash(json.dumps(card)))}.pdf"
        scan.write_bytes(one_page(json.dumps(card)))
        scan.with_name(scan.name + ".json").write_text(json.dumps(card), "utf-8")
        return scan

    return write
