"""The four steps, and what is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.desks.sign_in_desk import SignInDesk, too_short
from app.trouble import NotNow, NotRight, NotYou
from tests.app.desks.stand_ins import Lanes, Service, Shown

OFFER = SimpleNamespace(enrolment=SimpleNamespace(url="https://credit.example", user="bank1"))


def desk(
    renewing: str = "", opened: Any = OFFER, **answers: Any
) -> tuple[SignInDesk, Service, Shown, list[bool]]:
    service = Service(
        **{
            "remembered": None, "keyring_state": "ready",
            "reach": SimpleNamespace(name="示例平台", url="", specimen=True, skew_s=2, ca_fingerprint="ab"),
            "password": SimpleNamespace(expires_s=90, tries_left=4),
            "code": SimpleNamespace(state="enrol", fingerprint="AB12"),
            "enrol": SimpleNamespace(state="pending", fingerprint="AB12"),
            "wait": SimpleNamespace(state="active", fingerprint="AB12"), "seal": None,
            "reach_offered": SimpleNamespace(
                name="示例平台", url="", specimen=True, skew_s=2, ca_fingerprint="ab"
            ),
        }
        | answers
    )  # fmt: skip
    shown, done = Shown(), []
    made = SignInDesk(
        SimpleNamespace(signing_in=service, enrolling=Service(open=opened)),
        Lanes(),
        shown,
        lambda: done.append(True),
        renewing,
    )
    made.start()
    return made, service, shown, done


def test_the_whole_way() -> None:
    made, _, _, done = desk()
    made.reach("https://localhost", "")
    made.password("u", "p")
    assert made.view.step == "code"
    made.code("123456")
    assert (made.view.step, made.view.fingerprint) == ("device", "AB12")
    made.enrol("CODE", "pc")
    assert made.view.step == "pending"
    made.wait()
    assert made.view.step == "seal"
    made.seal("long enough 1", "long enough 1")
    assert made.view.step == "done"
    assert done == [True]


def test_no_password_leaves_before_the_server_has_answered() -> None:
    made, service, _, _ = desk()
    made.password("u", "p")
    assert made.view.notice.text == "sign_in.server_first"
    assert service.times("password") == 0


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a"])
def test_only_six_digits_are_sent(code: str) -> None:
    made, service, _, _ = desk()
    made.code(code)
    assert service.times("code") == 0


def test_a_wrong_code_stays_on_the_step() -> None:
    made, _, _, _ = desk(code=NotYou("code-wrong", "otp.bad"))
    made.reach("https://localhost", "")
    made.password("u", "p")
    made.code("000000")
    assert (made.view.step, made.view.notice.text, made.view.busy) == ("code", "otp.bad", False)


def test_a_revoked_computer_goes_back_to_the_account() -> None:
    made, _, _, _ = desk(code=SimpleNamespace(state="revoked", fingerprint=""))
    made.code("123456")
    assert (made.view.step, made.view.notice.text) == ("account", "device.stopped")


@pytest.mark.parametrize(
    ("passphrase", "keyring", "short"),
    [
        ("12345", "ready", True), ("123456", "ready", False), ("abcdefg", "ready", True),
        ("abcdefgh", "ready", False),
        ("abcdefghijk", "missing", True), ("abcdefghijkl", "missing", False), ("12345678901", "locked", True),
    ],
)  # fmt: skip
def test_how_long_a_passphrase_must_be(passphrase: str, keyring: str, short: bool) -> None:
    assert too_short(passphrase, keyring) is short


def test_two_different_passphrases_seal_nothing() -> None:
    made, service, _, _ = desk()
    made.seal("12345678", "12345679")
    assert made.view.notice.text == "sign_in.not_same"
    assert service.times("seal") == 0


def test_a_clock_that_is_far_off_is_told() -> None:
    far = SimpleNamespace(name="", url="", specimen=True, skew_s=-400, ca_fingerprint="")
    made, _, _, _ = desk(reach=far)
    made.reach("https://localhost", "")
    assert made.view.notice.facts() == {"minutes": 6}


def test_renewing_asks_for_password_and_code_and_for_no_new_passphrase() -> None:
    known = SimpleNamespace(url="https://localhost", ca_file=None, user="somebody-else")
    step = SimpleNamespace(state="active", fingerprint="AB12")
    made, service, shown, done = desk("u", remembered=known, code=step)
    assert (made.view.renewing, made.view.user) == (True, "u")  # of the vault that is open
    made.password("u", "p")
    made.code("123456")
    assert service.last("seal") == ("",)
    assert done == [True]
    assert "seal" not in {view.step for view in shown}


def test_a_renewal_that_fails_stays_where_it_is() -> None:
    known = SimpleNamespace(url="https://localhost", ca_file=None, user="u")
    step = SimpleNamespace(state="active", fingerprint="AB12")
    made, _, _, done = desk("u", remembered=known, code=step, seal=NotYou("vault.locked"))
    made.password("u", "p")
    made.code("123456")
    assert (made.view.step, made.view.busy, done) == ("code", False, [])
    assert made.view.notice.code == "vault.locked"


def test_a_file_is_compared_before_anybody_is_asked() -> None:
    made, service, _, _ = desk()
    made.open_file(Path("a.hxenrol"))
    assert (made.view.offer, made.view.confirmed, made.view.url) == (OFFER, False, "")
    assert service.times("reach_offered") == service.times("reach") == 0
    made.confirm()
    assert service.last("reach_offered") == (OFFER,)
    assert (made.view.url, made.view.user, made.view.reach_state) == (
        "https://credit.example", "bank1", "reached",
    )  # fmt: skip


def test_a_discarded_file_leaves_what_was_before() -> None:
    made, service, _, _ = desk()
    made.open_file(Path("a.hxenrol"))
    made.discard()
    made.confirm()
    assert (made.view.offer, made.view.url, made.view.user) == (None, "", "")
    assert made.view.notice.text == "enrolment.discarded"
    assert service.times("reach_offered") == 0


def test_a_bad_file_is_told_and_takes_nothing() -> None:
    made, _, _, _ = desk(opened=NotRight("enrolment.form", context={"file": "a"}))
    made.open_file(Path("a.hxenrol"))
    assert (made.view.offer, made.view.notice.text) == (None, "enrolment.form")


def test_a_server_that_was_silent_is_asked_again_by_the_file() -> None:
    made, service, _, _ = desk(reach_offered=NotNow("net.refused"))
    made.open_file(Path("a.hxenrol"))
    made.confirm()
    assert made.view.reach_state == "lost"
    made.reach("https://credit.example", "")
    assert (service.times("reach_offered"), service.times("reach")) == (2, 0)
    made.reach("https://other.example", "")  # somebody types another address: the file no longer counts
    assert (made.view.offer, service.times("reach")) == (None, 1)


def test_an_open_vault_takes_no_file() -> None:
    made, _, _, _ = desk(renewing="u")
    made.open_file(Path("a.hxenrol"))
    assert made.view.offer is None


SECOND = SimpleNamespace(enrolment=SimpleNamespace(url="https://other.example", user=""))
OFFERS = {"first": OFFER, "second": SECOND}


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_second_file_that_is_discarded_leaves_the_first(confirmed: bool) -> None:
    made, service, _, _ = desk(opened=lambda file: OFFERS[file.stem])
    made.open_file(Path("first.hxenrol"))
    if confirmed:
        made.confirm()
    made.open_file(Path("second.hxenrol"))
    assert (made.view.offer, made.view.confirmed) == (SECOND, False)
    made.discard()
    assert (made.view.offer, made.view.confirmed, made.view.before) == (OFFER, confirmed, ())
    assert made.view.notice.text == "enrolment.discarded"
    assert service.times("reach") == 0
    assert service.times("reach_offered") == (2 if confirmed else 0)
    assert made.view.reach_state == ("reached" if confirmed else "idle")
    made.discard()
    assert made.view.offer is None  # control: the first can be discarded as well


def test_control_a_second_file_that_is_confirmed_replaces_the_first() -> None:
    made, _, _, _ = desk(opened=lambda file: OFFERS[file.stem])
    for name in OFFERS:
        made.open_file(Path(f"{name}.hxenrol"))
        made.confirm()
    made.discard()
    assert (made.view.offer, made.view.before) == (None, ())
