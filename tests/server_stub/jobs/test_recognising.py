"""A home that lost a key, or has another one, says so at every verb and makes nothing anew."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path

import pytest

from server_stub.config.keys import NAMES
from tests import engines
from tests.server_stub.jobs.test_staffing import CENTRE, TWO, Typed
from tests.server_stub.knocking import OverTls
from tests.server_stub.serving import Served

VERBS = (
    ("officer", "list"),
    ("record", "annul", "R1", "--as", "zhou", "--reason", "x"),
    ("device", "list", "zhou"),
    ("restored", "--as", "zhou", "--second", "wu", "--why", "x"),
    ("up",),
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    at = Typed(tmp_path_factory.mktemp("begun"))
    at("begin", CENTRE, "--name", "示例中心", *TWO)
    return at


@pytest.fixture
def home(begun: Typed) -> Path:
    return begun.home


def said(at: Typed, *words: str) -> str:
    """The one sentence of a refusal."""
    done = at.run(*words)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done
    return done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_is_gone_is_named_and_not_made_anew(begun: Typed, home: Path, name: str) -> None:
    path, aside = home / "keys" / f"{name}.key", home / f"{name}.aside"
    path.rename(aside)
    try:
        for words in VERBS if name == "route" else VERBS[:1]:
            assert f"keys/{name}.key is missing" in said(begun, *words), words
        assert not path.exists()
    finally:
        aside.rename(path)
    assert begun("officer", "list")  # put back, everything is as before


def test_no_key_at_all_is_no_first_start(begun: Typed, home: Path) -> None:
    (home / "keys").rename(home / "aside")
    try:
        assert all(f"keys/{name}.key" in said(begun, "officer", "list") for name in NAMES)
        said(begun, "up")
        assert not (home / "keys").exists()
    finally:
        (home / "aside").rename(home / "keys")


@pytest.mark.parametrize("name", NAMES)
def test_another_key_in_its_place_is_noticed(begun: Typed, home: Path, name: str) -> None:
    path = home / "keys" / f"{name}.key"
    kept = path.read_bytes()
    try:
        path.chmod(0o600)
        path.write_bytes(secrets.token_bytes(32))
        for words in (VERBS[0], VERBS[-1]) if name == "log" else VERBS[:1]:
            assert f"keys/{name}.key is not the key" in said(begun, *words)
    finally:
        path.write_bytes(kept)
        path.chmod(0o400)


def test_a_key_that_others_may_read_stops_every_verb(begun: Typed, home: Path) -> None:
    path = home / "keys" / "answers.key"
    path.chmod(0o440)
    try:
        assert "answers.key may be read by its owner only" in said(begun, "officer", "list")
    finally:
        path.chmod(0o400)


def test_a_database_of_before_the_marks_needs_every_key_and_then_knows_them(begun: Typed, home: Path) -> None:
    with engines.opened(home) as database:
        database.execute("DELETE FROM evidence_keymark")
        database.commit()
    path = home / "keys" / "kek.key"
    aside = path.rename(home / "kek.aside")
    assert "keys/kek.key is missing" in said(begun, "officer", "list")
    aside.rename(path)
    server = Served(home)
    server.wait()
    assert server.stop() == 0
    with engines.opened(home) as database:
        rows = database.execute("SELECT count(*) FROM evidence_keymark WHERE name NOT LIKE '%/%'").fetchone()
    assert rows == (len(NAMES),)


def test_control_a_first_start_makes_its_keys(tmp_path: Path) -> None:
    server = Served(tmp_path)
    server.wait()
    assert server.stop() == 0
    assert {path.stem for path in (tmp_path / "keys").iterdir()} == set(NAMES)
    again: subprocess.CompletedProcess[str] = Typed(tmp_path).run("officer", "list")
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.nightly
def test_authority_seal_and_log_key_are_replaced_and_the_log_goes_on(begun: Typed, home: Path) -> None:
    """Last in this file: the home has other keys afterwards."""
    first = Served(home)
    card = first.wait()
    before = OverTls(card["url"], card["ca_file"]).send("GET", "/api/", {}, None).body
    size = int(checkpoint_of(card).split("\n")[1])
    assert first.stop() == 0
    lost = ("tls/ca.key", "seal/seal.key", "keys/log.key")
    for place in lost:
        path = home / place
        path.unlink()
        for words in (("officer", "list"), ("up",)):
            assert f"{place} is missing" in said(begun, *words)
        assert not path.exists()
        name = {"keys/log.key": "log"}.get(place, place.partition("/")[0])
        asked = begun("key", "replace", name, "--as", "zhou", "--why", "示例：无备份")[0]
        assert asked["state"] == "missing"
        assert begun("key", "confirm", name, "--as", "wu")[0]["state"] == "replaced"
    second = Served(home)
    try:
        card = second.wait()
        after = OverTls(card["url"], card["ca_file"]).send("GET", "/api/", {}, None).body
        assert "stop it first" in said(begun, "key", "replace", "log", "--as", "zhou", "--why", "x")
        path = OverTls(card["url"], card["ca_file"]).send(
            "GET", f"/api/v1/log/consistency?from={size}&to={int(checkpoint_of(card).split(chr(10))[1])}",
            {"HYC-Protocol": "1"}, None,
        )  # fmt: skip
        assert path.status == 200
    finally:
        second.stop()
    # what a client pins: each of these stops it with trust.changed
    assert after["log"]["public_b64"] != before["log"]["public_b64"]
    assert after["seal"]["certificate_pem"] != before["seal"]["certificate_pem"]
    assert (after["answers"], after["epoch"]) == (before["answers"], before["epoch"])
    assert after["seal"]["stamp_issuer_pem"] == before["seal"]["stamp_issuer_pem"]


def checkpoint_of(card: dict[str, str]) -> str:
    over = OverTls(card["url"], card["ca_file"])
    answer = over.send("GET", "/api/v1/log/checkpoint", {"HYC-Protocol": "1"}, None)
    return str(answer.body["checkpoint"])
