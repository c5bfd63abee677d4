"""Signing in over the routes: two factors, a known device, tokens that rotate."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from app.field.records import Signed
from server_stub.accounts.models import Device, Officer, Token
from server_stub.accounts.services import approve, issue_enrolment_code, revoke
from server_stub.config.clock import clock, now
from server_stub.config.keys import keys
from server_stub.evidence.models import Leaf
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Answer, Knocker

Account = Callable[[str], dict[str, str]]
SignedIn = Callable[[str], Knocker]


def payload(signed: dict[str, str]) -> dict[str, object]:
    """The payload of an envelope whose signature holds."""
    envelope = msgspec.convert(signed, Signed)
    content = base64.b64decode(envelope.payload_b64)
    public = Ed25519PublicKey.from_public_bytes(keys().answers.public)
    public.verify(base64.b64decode(envelope.sig_b64), content)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(envelope.sig_b64), content + b" ")
    return dict(json.loads(content))


def first(knocker: Knocker, user: str, password: str) -> Answer:
    body = {"user": user, "password": password}
    return knocker.call("POST", "/api/v1/sign-in/password", body, signed=False)


def test_a_session_brings_everything_the_device_needs(bank: Knocker) -> None:
    session = bank.session
    assert session["user"]["role"] == "bank_officer"
    lease = payload(session["lease"])
    assert (lease["user"], lease["device_id"], lease["type"]) == ("bank1", bank.device_id, "lease")
    assert lease["share_id"] == session["share_id"]
    assert len(base64.b64decode(session["lease_share_b64"])) == 32
    policy = payload(session["policy"])
    assert policy["role"] == "bank_officer"
    assert {row["code"] for row in policy["purposes"]} >= {"B01"}  # type: ignore[index, attr-defined]
    assert policy["offline_print"] is False
    assert (session["last_n"], session["last_hash"]) == (0, "0" * 64)
    assert "last_sign_in" not in session
    assert Leaf.objects.filter(kind="sign-in", user="bank1").count() == 1


def test_a_second_sign_in_gives_the_same_share_and_tells_of_the_first(
    bank: Knocker, account: Account
) -> None:
    share, was = bank.session["lease_share_b64"], now() + timedelta(seconds=60)
    with clock(lambda: was):
        assert bank.sign_in(account("bank1")).body["state"] == "active"
    assert bank.session["lease_share_b64"] == share
    assert bank.session["last_sign_in"]["device"] == "柜台一"


def test_unknown_user_and_wrong_password_look_the_same(account: Account) -> None:
    knocker = Knocker(InProcess())
    unknown = first(knocker, "nobody", "wrong wrong wrong")
    wrong = first(knocker, "bank1", "wrong wrong wrong")
    assert (unknown.status, wrong.status) == (401, 401)
    for answer in (unknown, wrong):
        answer.body.pop("instance")
    assert unknown.body == wrong.body


@pytest.mark.parametrize("user", ["bank1", "nobody"])
def test_five_wrong_guesses_cost_one_minute_then_two(account: Account, user: str) -> None:
    knocker = Knocker(InProcess())
    start = now()
    with clock(lambda: start):
        tries = [first(knocker, user, "wrong wrong wrong") for _ in range(5)]
        assert [answer.body["context"]["tries_left"] for answer in tries] == [4, 3, 2, 1, 0]
        locked = first(knocker, user, account("bank1")["password"])
        assert (locked.status, locked.code) == (429, "account-locked")
        assert 55 <= locked.body["retry_after_s"] <= 61
        assert locked.headers["retry-after"] == str(locked.body["retry_after_s"])
    with clock(lambda: start + timedelta(seconds=62)):
        assert first(knocker, user, "wrong wrong wrong").code == "credentials-wrong"
        assert 115 <= first(knocker, user, "x").body["retry_after_s"] <= 121


def test_a_right_password_does_not_forget_wrong_codes(account: Account) -> None:
    knocker = Knocker(InProcess())
    for _ in range(5):
        challenge = first(knocker, "bank1", account("bank1")["password"])
        body = {"challenge": challenge.body["challenge"], "code": "000000"}
        assert knocker.call("POST", "/api/v1/sign-in/code", body, signed=False).code == "code-wrong"
    assert first(knocker, "bank1", account("bank1")["password"]).code == "account-locked"


def test_a_code_is_taken_once(bank: Knocker, account: Account) -> None:
    moment = now() + timedelta(minutes=5)
    with clock(lambda: moment):
        assert bank.sign_in(account("bank1")).body["state"] == "active"
        assert bank.sign_in(account("bank1")).code == "code-wrong"
    with clock(lambda: moment + timedelta(seconds=30)):
        assert bank.sign_in(account("bank1")).body["state"] == "active"


def test_a_challenge_belongs_to_one_key_and_five_minutes(account: Account) -> None:
    knocker, other = Knocker(InProcess()), Knocker(InProcess())
    challenge = first(knocker, "bank1", account("bank1")["password"]).body["challenge"]
    body = {"challenge": challenge, "code": "123456"}
    assert other.call("POST", "/api/v1/sign-in/code", body, signed=False).code == "challenge-expired"
    later = now() + timedelta(seconds=301)
    with clock(lambda: later):
        assert knocker.call("POST", "/api/v1/sign-in/code", body, signed=False).code == "challenge-expired"


def test_a_wrong_enrolment_code_is_refused_and_a_used_one_too(account: Account) -> None:
    knocker = Knocker(InProcess())
    wrong = knocker.sign_in({**account("bank1"), "enrolment_code": "0000-0000-0000-0000"})
    assert (wrong.status, wrong.code) == (403, "enrolment-code-wrong")
    assert Knocker(InProcess()).sign_in({**account("bank2"), **_code(account("bank1"))}).status == 403
    later = now() + timedelta(minutes=2)
    with clock(lambda: later):
        assert knocker.sign_in(account("bank1")).body["state"] == "active"
        later += timedelta(minutes=2)
        again = Knocker(InProcess()).sign_in(account("bank1"))
    assert again.code == "enrolment-code-wrong"


def test_an_enrolment_code_ends_with_its_day(account: Account) -> None:
    officer, begun = Officer.objects.get(user="bank2"), now()
    codes = [{"enrolment_code": issue_enrolment_code(officer)} for _ in range(2)]
    with clock(lambda: begun + timedelta(hours=23, minutes=59)):
        assert Knocker(InProcess()).sign_in({**account("bank2"), **codes[0]}).body["state"] == "active"
    with clock(lambda: begun + timedelta(hours=24, minutes=1)):
        assert Knocker(InProcess()).sign_in({**account("bank2"), **codes[1]}).code == "enrolment-code-wrong"


def _code(account: dict[str, str]) -> dict[str, str]:
    return {"enrolment_code": account["enrolment_code"]}


def test_a_code_not_approved_beforehand_leaves_the_device_waiting(account: Account) -> None:
    officer = Officer.objects.get(user="bank2")
    code = issue_enrolment_code(officer, approved_beforehand=False)
    knocker = Knocker(InProcess())
    step = knocker.sign_in({**account("bank2"), "enrolment_code": code.lower().replace("-", " ")})
    assert step.body["state"] == "pending"
    ticket = {"ticket": step.body["ticket"]}
    assert knocker.call("POST", "/api/v1/sign-in/wait", ticket, signed=False).body["state"] == "pending"
    approve(Device.objects.get(device_id=knocker.device_id), "centre1")
    assert knocker.call("POST", "/api/v1/sign-in/wait", ticket, signed=False).body["state"] == "active"
    assert knocker.call("POST", "/api/v1/sign-in/wait", ticket, signed=False).code == "challenge-expired"


def test_a_third_device_is_refused(bank: Knocker, account: Account) -> None:
    officer = Officer.objects.get(user="bank1")
    for minute, expected in ((2, "active"), (4, "device-limit")):
        moment = now() + timedelta(minutes=minute)
        with clock(lambda moment=moment: moment):
            code = {"enrolment_code": issue_enrolment_code(officer)}
            step = Knocker(InProcess()).sign_in({**account("bank1"), **code})
        assert (step.body.get("state") or step.code) == expected


def test_a_refresh_token_used_twice_ends_the_family_and_freezes_the_device(bank: Knocker) -> None:
    old = bank.refresh
    fresh = bank.call("POST", "/api/v1/tokens", {"refresh_token": old}, signed=False)
    assert fresh.status == 200
    assert bank.call("GET", "/api/v1/objections").code == "token-invalid"
    bank.token = fresh.body["access_token"]
    assert bank.call("GET", "/api/v1/objections").status == 200
    reused = bank.call("POST", "/api/v1/tokens", {"refresh_token": old}, signed=False)
    assert (reused.status, reused.code) == (403, "device-frozen")
    assert bank.call("GET", "/api/v1/objections").code == "device-frozen"
    assert not Token.objects.filter(device_id=bank.device_id, ended_at=None).exists()
    assert Leaf.objects.filter(kind="device-frozen").count() == 1


def test_tokens_end_in_time(bank: Knocker) -> None:
    start = now()
    with clock(lambda: start + timedelta(seconds=601)):
        assert bank.call("GET", "/api/v1/objections").code == "token-invalid"
    with clock(lambda: start + timedelta(hours=12, seconds=1)):
        late = bank.call("POST", "/api/v1/tokens", {"refresh_token": bank.refresh}, signed=False)
    assert late.code == "token-invalid"


def test_signing_out_ends_both_tokens(bank: Knocker) -> None:
    assert bank.call("POST", "/api/v1/sign-out", {}).body == {}
    assert bank.call("GET", "/api/v1/objections").code == "token-invalid"
    again = bank.call("POST", "/api/v1/tokens", {"refresh_token": bank.refresh}, signed=False)
    assert again.code == "token-invalid"


def test_a_revoked_device_is_told_so_at_once(bank: Knocker, account: Account) -> None:
    with transaction.atomic():
        revoke(Device.objects.get(device_id=bank.device_id))
    said = bank.call("GET", "/api/v1/objections")
    assert said.code == "device-revoked"
    order = payload(said.body["context"]["order"])
    assert (order["type"], order["device_id"]) == ("device_revoked", bank.device_id)
    renewed = bank.call("POST", "/api/v1/tokens", {"refresh_token": bank.refresh}, signed=False)
    assert payload(renewed.body["context"]["order"])["device_id"] == bank.device_id
    later = now() + timedelta(minutes=2)
    with clock(lambda: later):
        assert bank.sign_in(account("bank1")).body["state"] == "revoked"


def test_a_suspended_officer_is_refused_in_every_place(bank: Knocker, account: Account) -> None:
    Officer.objects.filter(user="bank1").update(active=False)
    assert bank.call("GET", "/api/v1/objections").code == "account-suspended"
    assert bank.sign_in(account("bank1")).code == "account-suspended"
    assert first(bank, "bank1", "wrong wrong wrong").code == "credentials-wrong"
