"""A server for other computers: another address, a name of its own, a gateway in front."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.begun import begun
from tests.flows.proxy import Proxy
from tests.server_stub.api.test_queries import legal
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.serving import Served

pytestmark = pytest.mark.one_engine  # about addresses and certificates
NAME = "credit.example"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - as an argument that is refused


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reached") / "home"


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name means 127.0.0.2, in this process only."""
    real = socket.getaddrinfo

    def look_up(host: Any, *words: Any, **more: Any) -> Any:
        return real("127.0.0.2" if host == NAME else host, *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def elsewhere(home: Path) -> Iterator[Served]:
    server = Served(home, "--sample", "small", "--host", "127.0.0.2", "--name", NAME)
    try:
        server.wait()
        yield server
    finally:
        server.stop(signal.SIGKILL)


def signed_in(server: Served, base: str, user: str) -> tuple[Knocker, int]:
    device = Knocker(OverTls(base, server.card["ca_file"]))
    account = next(row for row in server.card["accounts"] if row["user"] == user)
    return device, device.sign_in(account).status


def test_another_address_and_name_and_no_other(elsewhere: Served, home: Path, resolved: None) -> None:
    url = elsewhere.card["url"]
    port = int(url.rpartition(":")[2])
    assert url == f"https://{NAME}:{port}"
    bank, status = signed_in(elsewhere, url, "bank1")
    assert status == 200
    rich = next(row for row in elsewhere.card["subjects"] if row["why"] == "rich")
    assert bank.query(subject=legal(rich)).status == 201
    assert signed_in(elsewhere, f"https://127.0.0.2:{port}", "bank2")[1] == 200
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    for host, status in (("other.example", 404), (NAME, 200)):
        ca_file = elsewhere.card["ca_file"]
        said = requests.get(f"{url}/api/", headers={"Host": host}, verify=ca_file, timeout=10)
        assert said.status_code == status


def test_names_change_and_the_authority_stays(elsewhere: Served, home: Path, resolved: None) -> None:
    authority = (home / "tls" / "ca.pem").read_bytes()
    elsewhere.stop()
    back = Served(home, "--sample", "small")
    try:
        assert back.wait()["url"].startswith("https://localhost:")
        assert (home / "tls" / "ca.pem").read_bytes() == authority
        assert signed_in(back, back.card["url"], "hall1")[1] == 200
    finally:
        assert back.stop() == 0


def test_behind_a_gateway_proofs_are_judged_against_the_public_address(tmp_path: Path) -> None:
    home = begun(tmp_path / "home")
    first = Served(home, "--sample", "small")
    gateway = None
    try:
        card = first.wait()
        gateway = Proxy(card["url"], home)
        gateway.host = "127.0.0.1"
        assert (
            signed_in(first, gateway.url, "bank1")[1] == 401
        )  # control: the gateway changed what was signed
        assert first.stop() == 0
        port = card["url"].rpartition(":")[2]
        second = Served(home, "--sample", "small", "--port", port, env={"HENGXIN_PUBLIC_URL": gateway.url})
        try:
            assert second.wait()["url"] == gateway.url
            assert signed_in(second, gateway.url, "bank1")[1] == 200
            assert (
                signed_in(second, card["url"], "bank2")[1] == 401
            )  # past the gateway: signed for another place
        finally:
            assert second.stop() == 0
    finally:
        first.stop(signal.SIGKILL)
        if gateway is not None:
            gateway.close()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--host", EVERYWHERE, "--sample", "small"), "loopback only"),
        (("--host", EVERYWHERE), "needs --name"),
        (("--host", "192.0.2.1"), "not an address of this machine|Cannot assign"),
        (("--name", "*.example"), "no wildcard"),
    ],
)
def test_words_that_do_not_go_together_stop_the_start(
    words: tuple[str, ...], why: str, tmp_path: Path
) -> None:
    server = Served(tmp_path / "home", *words)
    with pytest.raises(RuntimeError, match=why):
        server.wait()
    assert server.process.returncode != 0
