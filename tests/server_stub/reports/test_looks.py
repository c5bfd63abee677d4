"""Who looked: told to the subject alone, of bodies and never of officers, less what the table withholds."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.field.paper_facts import LooksFacts
from app.field.records import Basis, write_bundle
from app.field.reportdoc import FactsDocument, ReportScope
from server_stub.errors import Problem
from server_stub.lists.models import UNKNOWN, ScreenedSubject
from server_stub.queries.models import Query
from server_stub.queries.selectors import bundle_of
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.reports.looking import looks
from server_stub.reports.models import Report
from server_stub.reports.selectors import verify
from server_stub.rules.selectors import told_of
from server_stub.subjects.models import Subject
from tests.server_stub.reports.conftest import Desk, Watch
from tests.server_stub.reports.test_certificate import ask

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
YEAR = ReportScope("2025-11-24", "2026-11-23")


@pytest.fixture
def own_no(desk: Desk, rich: Subject) -> str:
    """A query of the desk, as if the subject itself had made it for its own purpose."""
    return own(desk, rich)


def own(desk: Desk, subject: Subject, basis: str = "own", purpose: str = "S01") -> str:
    number = str(desk.query(number=subject.code)["query_no"])
    row = Query.objects.get(query_no=number)
    kept = msgspec.structs.replace(bundle_of(row), basis=Basis(basis, "SQ-1", "", "2026-12-31"))
    Query.objects.filter(query_no=number).update(basis_type=basis, purpose=purpose, bundle=write_bundle(kept))
    return number


def test_the_document_shown_at_the_window_is_told_and_what_was_typed_before_is_not(
    desk: Desk, rich: Subject
) -> None:
    numbers = [own(desk, rich) for _ in range(3)]
    refs = ("resident_id 430405********0007", "SQ-20261126-000007", "")
    for number, ref in zip(numbers, refs, strict=True):
        Query.objects.filter(query_no=number).update(basis_ref=ref)
    told = {one.reference: one for one in facts_of(issue(desk, numbers[0])).looks}
    assert [told[number].shown for number in numbers] == [refs[0], "", ""]
    assert {told[number].letter_no for number in numbers} == {""}


def test_a_question_that_told_nothing_is_marked_as_such(desk: Desk, other_desk: Desk, rich: Subject) -> None:
    one, other = (str(other_desk.query(number=rich.code)["query_no"]) for _ in range(2))
    Query.objects.filter(query_no=one).update(no_information=True)  # as one with a wrong name is answered
    found = {row.reference: row for row in looks(rich.subject_key, YEAR, TODAY, "zh_CN")}
    assert (found[one].told_nothing, found[other].told_nothing) == (True, False)


def issue(desk: Desk, number: str, **more: Any) -> dict[str, Any]:
    return desk.issue(number, template="looks", **more)


def facts_of(answer: dict[str, Any]) -> LooksFacts:
    document = msgspec.json.decode(
        bytes(Report.objects.get(number=answer["number"]).document), type=FactsDocument
    )
    assert isinstance(document.facts, LooksFacts)
    return document.facts


def test_every_body_that_asked_is_told_with_what_for_and_no_officer(
    desk: Desk, other_desk: Desk, rich: Subject, watch: Watch
) -> None:
    asked = str(other_desk.query(number=rich.code)["query_no"])
    other_desk.issue(asked)
    watch.forward(seconds=1)
    screened = ask(other_desk, (rich.code, ""), (rich.code, rich.name))
    other_desk.issue(screened, template="screening", rows=[1])
    watch.forward(seconds=1)
    mine = own(desk, rich)
    answer = issue(desk, mine)
    facts = facts_of(answer)
    bodies, staffs = facts.looks[:3], facts.looks[3:]
    assert [(one.act, one.reference, one.papers) for one in bodies] == [
        ("query", mine, 0),
        ("screening", screened, 1),
        ("query", asked, 1),
    ]
    assert {one.organisation for one in bodies[1:]} == {other_desk.officer.organisation.name}
    assert (bodies[2].purpose, bodies[2].ground) == ("贷款审批", "open")
    assert {one.act for one in staffs} == {"objection"}  # the sample's case, taken in and accepted
    raw = msgspec.json.encode(facts).decode()
    for officer in (desk.officer, other_desk.officer):
        assert officer.name not in raw
        assert f'"{officer.user}"' not in raw
    assert (facts.kind, facts.code, facts.start, facts.end) == (
        "legal",
        rich.code,
        "2021-11-24",
        "2026-11-23",
    )
    row = Report.objects.get(number=answer["number"])
    assert (row.subject_key, row.query_no, row.held.count()) == (rich.subject_key, mine, 0)


def test_what_the_table_withholds_is_not_there_and_nothing_says_that_it_was(
    desk: Desk, other_desk: Desk, rich: Subject, own_no: str
) -> None:
    asked = str(other_desk.query(number=rich.code)["query_no"])
    for purpose, told in (("B01", True), ("G06", False), ("G04", False)):
        Query.objects.filter(query_no=asked).update(purpose=purpose)
        found = [one.reference for one in looks(rich.subject_key, YEAR, TODAY, "zh_CN")]
        assert (asked in found) == told, purpose
    later = date(2026, 12, 23)
    assert asked in [one.reference for one in looks(rich.subject_key, YEAR, later, "zh_CN")]


def test_silence_needs_a_row() -> None:
    assert told_of("B01", TODAY, TODAY)
    assert not told_of("G06", date(2023, 11, 25), TODAY)
    assert told_of("G06", date(2023, 11, 24), TODAY)
    assert not told_of("G04", date(2026, 10, 25), TODAY)
    assert told_of("G04", date(2026, 10, 24), TODAY)
    assert told_of("G06", date(2018, 1, 1), date(2018, 2, 1))  # before there was a ground for silence


def test_a_day_is_the_citys_and_both_ends_are_in(
    desk: Desk, other_desk: Desk, rich: Subject, own_no: str
) -> None:
    asked = str(other_desk.query(number=rich.code)["query_no"])
    for at, inside in (
        ("2026-11-19T15:59:59.999Z", False),
        ("2026-11-19T16:00:00.000Z", True),
        ("2026-11-20T15:59:59.999Z", True),
        ("2026-11-20T16:00:00.000Z", False),
    ):
        Query.objects.filter(query_no=asked).update(made_at=at)
        found = looks(rich.subject_key, ReportScope("2026-11-20", "2026-11-20"), TODAY, "zh_CN")
        assert bool(found) == inside, at


@pytest.mark.parametrize(
    ("basis", "purpose", "why"),
    [
        ("open", "B01", "letter-needed"),
        ("letter", "B01", "purpose-not-allowed"),
        ("duty", "S01", "letter-needed"),
    ],
)
def test_a_lender_with_a_letter_for_a_loan_is_told_nothing(
    desk: Desk, rich: Subject, basis: str, purpose: str, why: str
) -> None:
    with pytest.raises(Problem) as raised:
        issue(desk, own(desk, rich, basis, purpose))
    assert raised.value.code == why


@pytest.mark.nightly
def test_the_subjects_letter_for_its_own_asking_carries_it(desk: Desk, rich: Subject) -> None:
    (look,) = facts_of(issue(desk, own(desk, rich, "letter"))).looks
    assert (look.ground, look.purpose) == ("letter", "本单位、本人查询")


def test_choices_of_other_papers_and_old_queries_are_refused(desk: Desk, own_no: str, watch: Watch) -> None:
    for facts, why in (
        ({"field": "market"}, "scope-invalid"),
        ({"from": "2021-11-23"}, "scope-invalid"),
        ({"to": "2026-11-24"}, "scope-invalid"),
        ({"rows": [1]}, "rows-invalid"),
    ):
        with pytest.raises(Problem) as raised:
            issue(desk, own_no, **facts)
        assert raised.value.code == why
    watch.forward(hours=25)
    with pytest.raises(Problem) as raised:
        issue(desk, own_no)
    assert raised.value.code == "query-stale"


def test_it_tells_what_happened_and_nothing_makes_that_old(
    desk: Desk, rich: Subject, own_no: str, watch: Watch
) -> None:
    """No record is on it: a correction changes nothing of who looked."""
    answer = issue(desk, own_no)
    assert answer["valid_until"] == "2099-12-31"
    for record in Record.objects.filter(subject_key=rich.subject_key)[:2]:
        records.withdraw(record.rec_id, reason="out_of_scope", by="C" * 24)
    watch.forward(days=400)
    assert verify(answer["number"])["state"] == "current"


def test_a_screening_that_knew_nobody_by_the_number_is_marked_as_such(
    desk: Desk, other_desk: Desk, rich: Subject
) -> None:
    """Its number was screened before the register knew it: the unit comes in under the key of that number."""
    unknown, twice, known = (ask(other_desk, (rich.code, ""), (rich.code, "")) for _ in range(3))
    ScreenedSubject.objects.filter(screening_id=unknown).update(state=UNKNOWN)
    ScreenedSubject.objects.filter(screening_id=twice, place=0).update(state=UNKNOWN)
    found = {row.reference: row.told_nothing for row in looks(rich.subject_key, YEAR, TODAY, "zh_CN")}
    assert (found[unknown], found[twice], found[known]) == (True, False, False)
