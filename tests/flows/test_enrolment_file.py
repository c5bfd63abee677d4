"""From `enrolment write` to a signed-in computer over a real server; nothing before the fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.paths import Home
from app.wire.trust import keep_trust, load_trust
from tests.app.wire.fake_log import FakeLog
from tests.app.wire.tls import authority
from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server

USER = "branch1"


def written(server: Server, folder: Path, url: str) -> tuple[Path, dict[str, Any]]:
    path = folder / "bank.hxenrol"
    organisation = next(
        json.loads(line)["organisation"]
        for line in server.staff("officer", "list").splitlines()
        if json.loads(line)["user"] == USER
    )
    words = ("--organisation", organisation, "--user", USER, "--url", url, "--as", "centre1")
    return path, json.loads(server.staff("enrolment", "write", str(path), *words))


@pytest.fixture(scope="module")
def file(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    return written(server, tmp_path_factory.mktemp("enrolment"), server.url)


@pytest.fixture
def cli(server: Server, tmp_path: Path) -> Iterator[Cli]:
    yield Cli(tmp_path / "home", server, USER)


def lying(home: Path) -> list[str]:
    return [one.name for one in home.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    ("more", "code"),
    [((), "enrolment.unconfirmed"), (("--fingerprint", " ".join(["0F9D"] * 8)), "enrolment.fingerprint")],
)
def test_without_the_right_fingerprint_nobody_is_asked(
    cli: Cli, file: tuple[Path, dict[str, Any]], more: tuple[str, ...], code: str
) -> None:
    said = cli("sign-in", "--enrolment", file[0], *more)
    assert said.error == code
    assert lying(cli.home) == []


def test_a_computer_is_enrolled_by_the_file_alone_also_where_a_wiped_one_was(
    cli: Cli, server: Server, file: tuple[Path, dict[str, Any]]
) -> None:
    pins = Home(cli.home).make().trust
    keep_trust(pins, FakeLog().trust(authority().pem))  # a wipe leaves them
    assert (
        cli("sign-in", "--server", server.url, "--ca", server.ca_file, "--user", USER).error
        == "trust.changed"
    )
    code = json.loads(server.staff("device", "code", USER))["enrolment_code"]
    secrets = {
        "password": server.account(USER)["password"], "totp": server.code_of(USER), "enrolment_code": code,
    }  # fmt: skip
    words = ("--enrolment", file[0], "--fingerprint", file[1]["fingerprint"])
    said = cli("sign-in", *words, secrets=secrets)
    assert said.code == 0, said.out + said.err
    assert (said.json["user"]["user"], said.json["server"]["url"]) == (USER, server.url)
    kept = load_trust(pins)
    assert kept is not None
    assert kept.url == server.url
    server.staff("device", "revoke", said.json["device_id"])


def test_who_has_the_certificate_and_other_keys_is_not_spoken_to(
    cli: Cli, server: Server, tmp_path: Path
) -> None:
    proxy = Proxy(server.url, server.home)
    try:
        path, card = written(server, tmp_path, proxy.url)
        proxy.path, proxy.alter = "/api/", lambda answer: answer["log"].update(public_b64="A" * 43 + "=")
        said = cli("sign-in", "--enrolment", path, "--fingerprint", card["fingerprint"])
    finally:
        proxy.close()
    assert said.error == "enrolment.keys"
    assert [name for name in lying(cli.home) if name != "lock"] == []
