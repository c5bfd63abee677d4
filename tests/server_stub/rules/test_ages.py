"""Of age is who the dated row says: at the act, at the query, in a look back, in a file."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from server_stub.queries import question
from server_stub.rules import ages
from server_stub.rules.ages import is_minor
from server_stub.rules.explain import explain
from server_stub.rules.facts import Facts
from server_stub.rules.tables_file import Tables, shipped
from server_stub.subjects.services import PersonEntry, register
from tests.server_stub.subjects.made import number

ON = date(2026, 11, 26)


def tables_with(number: int | None) -> Tables:
    """The shipped tables with another age, or with no row about it."""
    rows = [
        msgspec.structs.replace(row, number=number or 0) if row.id == "adult_age" else row
        for row in shipped().policy
        if number is not None or row.id != "adult_age"
    ]
    return msgspec.structs.replace(shipped(), policy=tuple(rows))


def test_minors_come_of_age_on_their_birthday() -> None:
    assert is_minor(date(2008, 6, 1), date(2026, 5, 31))
    assert not is_minor(date(2008, 6, 1), date(2026, 6, 1))
    assert is_minor(date(2008, 2, 29), date(2026, 2, 28))
    assert not is_minor(date(2008, 2, 29), date(2026, 3, 1))
    assert not is_minor(None, ON)


def test_without_a_row_nobody_is_of_age() -> None:
    assert is_minor(date(1950, 1, 1), ON, tables=tables_with(None))
    assert not is_minor(None, ON, tables=tables_with(None))


def test_the_row_counts_at_the_act() -> None:
    facts = Facts(
        section="penalty", subject_kind="person", subject_born_on=date(2006, 1, 1), tier="general",
        decided_on=date(2026, 5, 6), acted_on=date(2026, 5, 1),
    )  # fmt: skip
    assert explain(facts, "bank_officer", "standard", ON, basis="letter").visible
    for stricter in (21, None):
        told = explain(facts, "bank_officer", "standard", ON, basis="letter", tables=tables_with(stricter))
        assert (told.state, told.visible) == ("minor_at_act", False)


def test_an_act_on_the_eve_of_a_leap_birthday_is_a_minors() -> None:
    """Who was born on 29 February is of age on 1 March of another year, for the act as for the query."""
    facts = Facts(
        section="judgement", subject_kind="person", subject_born_on=date(2008, 2, 29),
        decided_on=date(2026, 2, 28), acted_on=date(2026, 2, 28),
    )  # fmt: skip
    assert explain(facts, "bank_officer", "standard", ON, basis="letter").state == "minor_at_act"


@pytest.mark.django_db
def test_the_row_counts_at_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = register([PersonEntry(name="测试丙", number=number("20060601"), id_type="resident_id")])
    whom = question.Whom("person", number("20060601"), "测试丙", "resident_id")
    assert question.meant(whom, ON).subject == found
    monkeypatch.setattr(ages, "shipped", lambda: tables_with(21))
    assert question.meant(whom, ON).subject is None
