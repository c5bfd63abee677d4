"""Who answers at the address of an enrolment file has to be who the file speaks of."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.field.enrolment import Enrolment
from app.keys.ring import Ring
from app.paths import Home
from app.services.enrolling import Offer
from app.services.signing_in import SigningIn
from app.trouble import NotTrusted, NotYou
from app.wire.messages import About, City
from app.wire.routes import Routes
from app.wire.trust import Trust, keep_trust, load_trust
from tests.app.services.vaults import TurnedClock
from tests.app.wire.fake_log import FakeLog
from tests.app.wire.tls import authority

CA = authority()
OURS, FOREIGN = FakeLog().trust(CA.pem), FakeLog().trust(CA.pem)


def offer(trust: Trust, replaces: str = "") -> Offer:
    said = Enrolment(
        "2026-11-22T01:00:00.000Z", trust.url, trust.ca_pem, "示例市", True, "91430400MA00000B2X", "示例银行",
        trust.log.public_b64, trust.answers.public_b64,
    )  # fmt: skip
    return Offer("centre.hxenrol", said, "ab" * 32, replaces=replaces)


def about(log: Trust, answers: Trust) -> About:
    return About(
        (1,), "1", "1", "e1", "2026-11-23T01:00:00.000Z", True, City("示例市", "430400"), log.log,
        answers.answers, OURS.seal,
    )  # fmt: skip


@pytest.fixture
def signing_in(tmp_path: Path) -> SigningIn:
    shut = SimpleNamespace(is_open=lambda: False)
    return SigningIn(Home(tmp_path).make(), TurnedClock(), cast(Any, shut), cast(Any, None), Ring.absent())


def test_the_server_of_the_file_is_met_and_nothing_is_pinned(
    signing_in: SigningIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Routes, "about", lambda self: about(OURS, OURS))
    assert signing_in.reach_offered(offer(OURS)).url == OURS.url
    assert load_trust(signing_in.home.trust) is None


@pytest.mark.parametrize(("log", "answers"), [(FOREIGN, OURS), (OURS, FOREIGN), (FOREIGN, FOREIGN)])
def test_with_another_key_nobody_is_spoken_to(
    signing_in: SigningIn, monkeypatch: pytest.MonkeyPatch, log: Trust, answers: Trust
) -> None:
    """It has the certificate, so the line stands; no password may be sent over it."""
    monkeypatch.setattr(Routes, "about", lambda self: about(log, answers))
    with pytest.raises(NotTrusted) as flaw:
        signing_in.reach_offered(offer(OURS))
    assert flaw.value.code == "enrolment.keys"
    with pytest.raises(NotYou) as none:
        signing_in.password("bank1", "a long enough password")
    assert none.value.code == "session.none"


def test_pins_of_before_give_way_only_where_no_vault_is_left(
    signing_in: SigningIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_trust(signing_in.home.trust, FOREIGN)
    monkeypatch.setattr(Routes, "about", lambda self: about(OURS, OURS))
    with pytest.raises(NotTrusted) as flaw:
        signing_in.reach_offered(offer(OURS))
    assert flaw.value.code == "trust.changed"
    assert signing_in.reach_offered(offer(OURS, replaces=FOREIGN.url)).url == OURS.url
