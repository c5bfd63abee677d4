"""Organisations and officers of a production server, made and stopped by its commands beside it."""

from __future__ import annotations

import base64
import json
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from server_stub.accounts.models import Officer
from server_stub.accounts.officers import Handed, begin
from server_stub.evidence.log import stored
from server_stub.evidence.models import Leaf
from server_stub.sample.numbers import unit_code
from tests import engines
from tests.begun import begun
from tests.server_stub.api.test_queries import legal
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.serving import Served

COMMAND = Path(sys.executable).parent / "hengxin-server"
CENTRE, BANK = unit_code(9000, head="12"), unit_code(9001, head="91")
TWO = ("--officer", "zhou=示例甲", "--officer", "wu=示例乙")


class Typed:
    """The command on one home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: object, code: int = 0) -> list[dict[str, Any]]:
        done = self.run(*words)
        assert done.returncode == code, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def refused(self, *words: object) -> str:
        done = self.run(*words)
        assert done.returncode == 2, done.stdout + done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        return done.stderr

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        own = {"HENGXIN_SERVER_HOME": str(self.home), "HENGXIN_PRODUCTION": "1"}
        env = engines.environment(self.home) | own
        return subprocess.run(
            [COMMAND, *map(str, words)], env=env, capture_output=True, text=True, timeout=90, check=False
        )


def account(handed: dict[str, Any]) -> dict[str, str]:
    """What the officer types, from what he was handed."""
    found = dict(handed)
    uri = urlsplit(found.pop("totp_uri"))
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", f"/HengXin:{handed['user']}")
    words = {name: value for name, (value,) in parse_qs(uri.query).items()}
    assert (words["issuer"], words["algorithm"], words["digits"], words["period"]) == (
        "HengXin", "SHA1", "6", "30",
    )  # fmt: skip
    assert len(base64.b32decode(words["secret"])) == 20
    return {**found, "totp_secret": words["secret"]}


@pytest.mark.timeout(300)
def test_a_production_server_is_begun_peopled_and_served(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "home")
    one = typed.refused("begin", CENTRE, "--name", "示例中心", "--officer", "zhou=示例甲")
    assert "two persons begin" in one
    secrets = tmp_path / "first.json"
    said = typed("begin", CENTRE, "--name", "示例中心", *TWO, "--secrets", secrets)
    assert said == [{"user": user, "secrets_file": str(secrets)} for user in ("zhou", "wu")]
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    first = [json.loads(line) for line in secrets.read_text().splitlines()]
    assert "an empty one" in typed.refused("begin", CENTRE, "--name", "示例中心", *TWO)

    assert "role-denied" in typed.refused("organisation", "add", BANK, "--kind", "bank", "--name", "示例银行")
    added = ("organisation", "add", BANK, "--kind", "bank", "--name", "示例银行", "--as", "zhou")
    assert typed(*added)[0]["state"] == "not-certified"
    assert "on the list" in typed.refused(*added)
    officer = ("officer", "add", "clerk", "--organisation", BANK, "--name", "示例丙", "--as", "zhou")
    assert "not certified" in typed.refused(*officer)
    assert "second one" in typed.refused("organisation", "certify", BANK, "--as", "zhou")
    assert typed("organisation", "certify", BANK, "--as", "wu")[0]["state"] == "certified"
    assert "File exists" in typed.refused(*officer, "--secrets", secrets)
    assert len(typed("officer", "list")) == 2  # nothing was done
    (clerk,) = typed(*officer)
    assert "role-denied" in typed.refused("officer", "stop", "clerk", "--why", "x", "--as", "clerk")

    third = ("officer", "add", "zheng", "--organisation", CENTRE, "--name", "示例丁", "--as", "zhou")
    (waiting,) = typed(*third)
    assert "role-denied" in typed.refused("officer", "approve", "zheng", "--as", "zhou")
    assert "role-denied" in typed.refused("officer", "approve", "zheng", "--as", "zheng")

    server = Served(typed.home, env={"HENGXIN_PRODUCTION": "1"})
    try:
        card = server.wait()
        assert "accounts" not in card
        over = OverTls(card["url"], card["ca_file"])
        assert over.send("GET", "/api/", {}, None).body["specimen"] is False
        for handed in (clerk, first[0]):
            device = Knocker(over)
            assert device.sign_in(account(handed)).body["state"] == "active"
            assert device.call("GET", "/api/v1/objections").status == 200
        late = Knocker(over)
        assert late.sign_in(account(waiting)).code == "account-suspended"
        typed("officer", "approve", "zheng", "--as", "wu")
        assert late.sign_in(account(waiting)).body["state"] == "active"
        said_in_log = server.process
        assert server.stop() == 0
        assert said_in_log.stderr is not None
    finally:
        server.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(begun(tmp_path_factory.mktemp("staffed") / "home"), "--sample", "small")
    try:
        server.wait()
        yield server
    finally:
        server.stop(signal.SIGKILL)


@pytest.fixture
def typed(served: Served) -> Typed:
    return Typed(Path(served.card["ca_file"]).parent.parent)


def signed_in(served: Served, user: str) -> Knocker:
    device = Knocker(OverTls(served.card["url"], served.card["ca_file"]))
    row = next(one for one in served.card["accounts"] if one["user"] == user)
    assert device.sign_in(row).body["state"] == "active"
    return device


def ask(served: Served, device: Knocker, purpose: str) -> dict[str, Any]:
    rich = next(row for row in served.card["subjects"] if row["why"] == "rich")
    answer = device.query(subject=legal(rich), purpose=purpose)
    assert answer.status == 201, answer.body
    bundle: dict[str, Any] = json.loads(base64.b64decode(answer.body["answer"]["payload_b64"]))
    return bundle


def is_out(device: Knocker) -> None:
    """Neither token nor refresh token serves any more, and no lease is given."""
    assert device.call("GET", "/api/v1/objections").code == "account-suspended"
    refresh = device.call("POST", "/api/v1/tokens", {"refresh_token": device.refresh}, signed=False)
    assert refresh.code == "account-suspended"


def test_a_stopped_officer_is_out_at_once_and_loses_the_copies_on_coming_back(
    served: Served, typed: Typed
) -> None:
    hall = signed_in(served, "hall1")
    lease_id = ask(served, hall, "G01")["lease"]["lease_id"]
    assert "role-denied" in typed.refused("officer", "stop", "hall1", "--as", "bank1", "--why", "离岗")
    assert "--why" in typed.refused("officer", "stop", "hall1", "--as", "centre1")
    assert hall.call("GET", "/api/v1/objections").status == 200  # control
    (stopped,) = typed("officer", "stop", "hall1", "--as", "centre1", "--why", "离岗")
    assert stopped["state"] == "not-active"
    is_out(hall)
    assert "second one" in typed.refused("officer", "approve", "hall1", "--as", "centre1")
    typed("officer", "approve", "hall1", "--as", "centre2")
    assert hall.call("GET", "/api/v1/objections").code == "token-invalid"  # the old session stays ended
    (handed,) = typed("officer", "reset-totp", "hall1", "--as", "centre1")
    row = next(one for one in served.card["accounts"] if one["user"] == "hall1")
    cursor = hall.session["cursor"]
    assert hall.sign_in({**row, **account({**handed, "password": row["password"]})}).body["state"] == "active"
    ended = hall.call("GET", "/api/v1/changes", cursor=cursor).body["changes"]
    assert [(one["op"], one["body"]) for one in ended] == [("lease_end", {"lease_id": lease_id})]


def test_a_suspended_organisation_is_out_as_a_whole(served: Served, typed: Typed) -> None:
    firm = signed_in(served, "firm1")
    other = signed_in(served, "bank2")
    code = next(one["organisation"] for one in served.card["accounts"] if one["user"] == "firm1")
    assert "--why" in typed.refused("organisation", "suspend", code, "--as", "centre1")
    typed("organisation", "suspend", code, "--as", "centre1", "--why", "协议到期")
    is_out(firm)
    assert other.call("GET", "/api/v1/objections").status == 200
    assert "role-denied" in typed.refused("organisation", "certify", code, "--as", "centre1")
    typed("organisation", "certify", code, "--as", "centre2")
    centre = next(one["code"] for one in typed("organisation", "list") if one["kind"] == "centre")
    assert "itself" in typed.refused("organisation", "suspend", centre, "--as", "centre1", "--why", "x")


def test_a_forgotten_password_is_replaced_and_the_old_one_ends(served: Served, typed: Typed) -> None:
    branch = signed_in(served, "branch1")
    row = next(one for one in served.card["accounts"] if one["user"] == "branch1")
    for user in ("branch1", "bank1", "nobody"):
        assert "role-denied" in typed.refused("officer", "reset-password", "branch1", "--as", user)
    assert "role-denied" in typed.refused("officer", "reset-password", "centre1", "--as", "centre1")
    (handed,) = typed("officer", "reset-password", "branch1", "--as", "centre1")
    assert set(handed) == {"user", "password"}
    assert branch.call("GET", "/api/v1/objections").code == "token-invalid"
    assert branch.sign_in(row).code == "credentials-wrong"
    words = {"user": "branch1", "password": handed["password"]}
    assert branch.call("POST", "/api/v1/sign-in/password", words, signed=False).status == 200


def test_two_members_of_the_staff_stay(typed: Typed) -> None:
    assert "successor" in typed.refused("officer", "stop", "centre2", "--as", "centre1", "--why", "离岗")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("organisation", "add", "91430400MA0040640X", "--kind", "bank", "--name", "x"), "no unified"),
        (("organisation", "add", BANK, "--kind", "shop", "--name", "x"), "no such kind"),
        (("organisation", "add", BANK, "--kind", "centre", "--name", "x"), "one centre"),
        (("organisation", "add", BANK, "--kind", "enterprise", "--name", "x"), "knows no unit"),
        (("organisation", "add", BANK, "--kind", "bank"), "has a name"),
        (("organisation", "certify"), "which organisation"),
        (("organisation", "certify", BANK), "no organisation"),
        (("officer", "add", "Zhou!", "--organisation", CENTRE, "--name", "x"), "no organisation"),
        (("officer", "stop"), "which officer"),
        (("officer", "stop", "ghost", "--why", "x"), "no officer"),
    ],
)  # fmt: skip
@pytest.mark.one_engine
def test_wrong_words_are_refused_and_say_why(typed: Typed, words: tuple[str, ...], why: str) -> None:
    assert why in typed.refused(*words, "--as", "centre1")


def test_every_act_is_a_leaf_and_no_secret_is_in_one(db: None) -> None:
    handed = begin(CENTRE, "示例中心", [("zhou", "示例甲"), ("wu", "示例乙")])
    entries = [stored(row).entry for row in Leaf.objects.order_by("index")]
    assert [(one.kind, one.user, one.organisation, one.outcome) for one in entries] == [
        ("organisation-certified", "operator", CENTRE, "done"),
        ("officer-added", "operator", CENTRE, "zhou"),
        ("officer-added", "operator", CENTRE, "wu"),
    ]
    kept = "".join(row.entry for row in Leaf.objects.all())
    kept += "".join(f"{row.password}{bytes(row.totp_secret)!r}" for row in Officer.objects.all())
    for one in handed:
        assert isinstance(one, Handed)
        for secret in (one.password, one.totp_uri.partition("secret=")[2][:32], one.enrolment_code):
            assert secret
            assert secret not in kept
