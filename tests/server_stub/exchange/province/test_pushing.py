"""Our place moves only on the partner's own word over exactly what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange.province import pushing, tickets
from server_stub.exchange.province.line import Line, PartnerRefused, PartnerUnreachable
from server_stub.exchange.province.models import Ticket
from server_stub.records import services as records
from server_stub.subjects.services import LegalEntry, register
from tests.server_stub.exchange.province.other import UNIT, Other, ack_for
from tests.server_stub.exchange.province.test_giving import BY, facts

Answer = Callable[[dict[str, str]], dict[str, str]]


class Straight(Line):
    """A line whose far end is in the test; what is said there is really signed and really checked."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.sent = answer, 0

    def post(self, path: str, body: Any) -> dict[str, Any]:
        self.sent += 1
        return self.answer(body)


@pytest.fixture
def three(other: Other) -> list[str]:
    key = register([LegalEntry(name=UNIT["name"], code=UNIT["code"])])[0].subject_key
    return [records.put(facts(key, no), by=BY) for no in (1, 2, 3)]


def place(other: Other) -> int:
    other.partner.refresh_from_db()
    return other.partner.given_upto


def test_the_place_moves_with_the_word_of_the_partner(other: Other, three: list[str]) -> None:
    moved = pushing.push(other.partner, Straight(lambda body: ack_for(other, body)), most=2)
    assert (moved.accepted, moved.upto, moved.more) == (2, 2, True)
    assert place(other) == 2
    moved = pushing.push(other.partner, Straight(lambda body: ack_for(other, body)))
    assert (moved.accepted, moved.upto, moved.more) == (1, 3, False)
    assert Leaf.objects.filter(kind="exchange.pushed", user=other.id).count() == 2
    silent = Straight(lambda body: ack_for(other, body))
    assert not pushing.push(other.partner, silent).more
    assert silent.sent == 0


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 64},
        {"upto": 2},
        {"accepted": 2},
        {"accepted": 4},
        {"accepted": 2, "refused": [{"rec_id": "Rxx", "rev": 1, "code": "x"}]},
        {"receiver": "partner-0000000000000000"},
        {"sender": "partner-0000000000000000"},
        {"type": "batch"},
    ],
)
def test_a_word_about_something_else_moves_nothing(
    other: Other, three: list[str], change: dict[str, Any]
) -> None:
    with pytest.raises(Problem) as no:
        pushing.push(other.partner, Straight(lambda body: ack_for(other, body, **change)))
    assert no.value.code in ("proof-invalid", "body-invalid")
    assert place(other) == 0
    assert not Leaf.objects.filter(kind="exchange.pushed").exists()


def test_a_word_signed_by_somebody_else_moves_nothing(other: Other, three: list[str]) -> None:
    third = Other()
    forged = Straight(lambda body: {**ack_for(third, body, sender=other.id), "key_id": other.id})
    with pytest.raises(Problem) as no:
        pushing.push(other.partner, forged)
    assert no.value.code == "proof-invalid"
    assert place(other) == 0


def test_silence_moves_nothing_and_the_same_numbers_go_again(other: Other, three: list[str]) -> None:
    seen: list[dict[str, str]] = []

    def lost(body: dict[str, str]) -> dict[str, str]:
        seen.append(body)
        raise PartnerUnreachable("cut")

    for _ in range(2):
        with pytest.raises(PartnerUnreachable):
            pushing.push(other.partner, Straight(lost))
    assert seen[0] == seen[1]
    assert place(other) == 0


def test_a_partner_that_is_behind_is_sent_its_missing_numbers(other: Other, three: list[str]) -> None:
    pushing.push(other.partner, Straight(lambda body: ack_for(other, body)))
    records.annul(three[0], reason="撤销", by=BY)

    def behind(body: dict[str, str]) -> dict[str, str]:
        raise PartnerRefused(409, "rev-conflict", {"upto": 1})

    with pytest.raises(PartnerRefused):
        pushing.push(other.partner, Straight(behind))
    assert place(other) == 1


def test_refused_rows_are_tickets_until_they_are_taken(other: Other, three: list[str]) -> None:
    refusal = [{"rec_id": three[1], "rev": 1, "code": "person-unknown", "text": ""}]
    pushing.push(other.partner, Straight(lambda body: ack_for(other, body, accepted=2, refused=refusal)))
    assert place(other) == 3
    ticket = Ticket.objects.get()
    assert (ticket.rec_id, ticket.state) == (three[1], "open")
    assert [row["code"] for row in tickets.listed(other.partner)] == ["person-unknown"]
    tickets.retry(ticket.pk)
    moved = pushing.push(other.partner, Straight(lambda body: ack_for(other, body)))
    assert moved.accepted == 1
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    with pytest.raises(Problem):
        tickets.retry(ticket.pk)
