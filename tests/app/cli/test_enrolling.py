"""`sign-in --enrolment`: nobody is asked anything before the fingerprint that was told is the file's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.cli.enrolling import confirmed_offer
from app.field.enrolment import Enrolment, compared
from app.services.enrolling import Offer
from app.texts import Texts
from app.trouble import NotRight, NotTrusted

MARK = "0f9d" * 8 + "77" * 16
SAID = Enrolment("2026-11-23T01:00:00.000Z", "https://credit.example", "pem", "示例市", True, "MA000001",
                 "示例银行", "l", "a", "u1")  # fmt: skip
OFFER = Offer("centre.hxenrol", SAID, MARK)


def confirmed(offer: Offer = OFFER, **words: Any) -> Offer:
    """Nobody sits at the terminal: what is not given as a word cannot be asked for."""
    client = SimpleNamespace(enrolling=SimpleNamespace(open=lambda path: offer), texts=Texts())
    plain = {"server": "", "ca": None, "fingerprint": "", "json": True, "enrolment": Path(offer.file)}
    return confirmed_offer(cast(Any, client), SimpleNamespace(**{**plain, **words}))


@pytest.mark.parametrize("typed", [compared(MARK), MARK, compared(MARK).lower().replace(" ", ":")])
def test_the_groups_or_the_whole_digest_confirm_it(typed: str) -> None:
    assert confirmed(fingerprint=typed) is OFFER


@pytest.mark.parametrize("typed", ["0F9D", compared("a" * 64), compared(MARK)[:-1], MARK[:-1]])
def test_another_fingerprint_asks_nobody(typed: str) -> None:
    with pytest.raises(NotTrusted) as flaw:
        confirmed(fingerprint=typed)
    assert flaw.value.code == "enrolment.fingerprint"


def test_without_a_fingerprint_only_an_authority_that_is_known_here_is_taken() -> None:
    with pytest.raises(NotRight) as flaw:
        confirmed()
    assert flaw.value.code == "enrolment.unconfirmed"
    known = replace(OFFER, known=True)
    assert confirmed(known) is known
    with pytest.raises(NotTrusted):
        confirmed(known, fingerprint="0F9D")  # who compares all the same is told the truth


def test_a_server_beside_the_file_is_refused() -> None:
    with pytest.raises(NotRight) as flaw:
        confirmed(server="https://other.example", fingerprint=MARK)
    assert flaw.value.code == "usage.broken"
