"""On which days a letter carries a query, and that a person of sixteen is nobody."""

from __future__ import annotations

from datetime import date

import pytest

from app.field.identifiers import id_card_check
from server_stub.accounts.models import Officer, Organisation
from server_stub.errors import Problem
from server_stub.queries import letters
from server_stub.queries.models import Letter
from server_stub.queries.question import Whom, meant
from server_stub.rules import selectors as rules
from server_stub.subjects.services import PersonEntry, register

pytestmark = pytest.mark.django_db
BANK = Officer(user="bank1", role="bank_officer", organisation=Organisation(name="示例银行"))
NUMBER = "43040019900101000" + id_card_check("43040019900101000")
DOCUMENT = letters.Document("resident_id", NUMBER, "测试甲")


def letter(**days: date) -> Letter:
    row = Letter(
        letter_no="SQ-1",
        id_type="resident_id",
        number_hash=letters._number_hash(NUMBER),
        name_hash=letters._name_hash("测试甲"),
        institution="示例银行",
        purposes=["B01", "B02"],
        kind="continuous",
    )
    for name, day in days.items():
        setattr(row, name, day)
    return row


def used(row: Letter, purpose: str, on: date) -> date:
    found = rules.purpose(purpose, on)
    assert found is not None
    return letters.require(row, BANK, found, DOCUMENT, "示例-1", on)


def test_case_14_a_letter_of_tomorrow_carries_nothing_today() -> None:
    day = date(2026, 11, 20)
    row = letter(signed_on=day, valid_from=day, valid_to=date(2027, 2, 1))
    with pytest.raises(Problem) as refused:
        used(row, "B01", date(2026, 11, 19))
    assert refused.value.code == "letter-not-yet"
    assert used(row, "B01", day) == date(2027, 2, 1)


def test_case_15_after_the_loan_its_letter_carries_nothing() -> None:
    closed = date(2026, 8, 1)
    row = letter(signed_on=date(2024, 1, 5), valid_from=date(2024, 1, 5), valid_to=closed)
    with pytest.raises(Problem) as refused:
        used(row, "B02", date(2026, 11, 1))
    assert refused.value.code == "letter-expired"
    # as long as the loan lives the letter does, while one for a loan not yet granted is used up long ago
    assert used(row, "B02", closed) == closed
    with pytest.raises(Problem):
        used(row, "B01", closed)


@pytest.mark.parametrize(("born", "known"), [("20101101", False), ("20081101", True)])
def test_case_37_a_wage_earner_of_sixteen_is_nobody(born: str, known: bool) -> None:
    body = f"430400{born}000"
    number = body + id_card_check(body)
    entry = PersonEntry(name="测试丙", id_type="resident_id", number=number)
    (subject,) = register([entry])
    found = meant(Whom("person", number, "测试丙", "resident_id"), date(2026, 11, 25))
    assert found.subject == (subject if known else None)
    assert found.subject_key == subject.subject_key
