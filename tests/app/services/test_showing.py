"""What is on the screen goes when something of it is withdrawn, and only then."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app.field.records import write_bundle
from app.services.answer import Answer
from app.services.showing import Showing
from app.trouble import Refused
from app.wire.messages import Change
from tests.app.services.vaults import bundle, signed


def answer(query_no: str = "Q1", **changes: Any) -> Answer:
    made = msgspec.structs.replace(bundle(query_no), **changes)
    return Answer(query_no, made, signed(write_bundle(made)), False, "server", made.as_of)


@pytest.fixture
def showing() -> Showing:
    one = Showing()
    one.remember(answer())
    return one


def revoke(**changes: Any) -> Change:
    facts = {"feed": "main", "seq": 2, "op": "revoke", "subject_key": "k1", "rec_id": "r1"} | changes
    return Change(**facts)


@pytest.mark.parametrize("change", [revoke(), revoke(rec_id=""), revoke(seq=0)], ids=str)
def test_a_withdrawal_drops_the_answer(showing: Showing, change: Change) -> None:
    assert showing.take([revoke(rec_id="other"), change]) == ("Q1",)
    for _ in range(2):
        with pytest.raises(Refused, match="answer.withdrawn"):
            showing.bundle("Q1")
    showing.remember(answer("Q2"))
    assert showing.bundle("Q2") is not None
    with pytest.raises(Refused, match="answer.withdrawn"):
        showing.require("Q1")


@pytest.mark.parametrize(
    "change",
    [
        revoke(rec_id="other"),
        revoke(rec_id="", subject_key="k2"),
        revoke(seq=1),  # the answer is as new as that
        revoke(op="put", reason="marked"),
        revoke(op="lease_end"),
        revoke(op="notice"),
    ],
    ids=str,
)
def test_control_another_change_leaves_it(showing: Showing, change: Change) -> None:
    assert showing.take([change]) == ()
    assert showing.bundle("Q1") is not None
    showing.require("Q1")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("letter_ended", "answer.letter-ended"),
        ("", "answer.lease-ended"),
        ("of a later server", "answer.lease-ended"),
    ],
)
def test_the_end_of_its_lease_drops_it_and_is_told_in_words_of_its_own(
    showing: Showing, reason: str, said: str
) -> None:
    other = revoke(op="lease_end", body={"lease_id": "another"}, reason=reason)
    assert showing.take([other]) == ()  # the control
    own = revoke(op="lease_end", body={"lease_id": "lease-1"}, reason=reason)
    assert showing.take([own], frozenset({"Q1"})) == ("Q1",)
    with pytest.raises(Refused) as refused:
        showing.bundle("Q1")
    assert refused.value.code == said


def test_a_query_that_ended_drops_it_though_no_record_was_withdrawn(showing: Showing) -> None:
    assert showing.judge([], {"Q2": "letter_ended"}) == ()  # the control
    assert showing.judge([], {"Q1": "letter_ended"}) == ("Q1",)
    with pytest.raises(Refused, match="answer.letter-ended"):
        showing.require("Q1")


def test_a_judgement_by_record_drops_it_too(showing: Showing) -> None:
    assert showing.judge(["other"]) == ()
    assert showing.judge(["other", "r1"]) == ("Q1",)
    assert showing.judge(["r1"]) == ()


def test_only_one_answer_is_on_the_screen(showing: Showing) -> None:
    showing.remember(answer("Q2"))
    assert showing.bundle("Q1") is None
    showing.forget()
    assert showing.bundle("Q2") is None


def test_an_answer_without_a_copy_is_asked_about_though_it_shows_no_record(showing: Showing) -> None:
    showing.remember(answer(records=(), standing=()))
    shut: Any = SimpleNamespace(vault=SimpleNamespace(cache=None))
    assert showing.uncopied(shut) == ("Q1", {})
