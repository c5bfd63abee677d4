"""Verification: four states and unknown, one shape for all, and nothing told that the paper does not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.field.report_numbers import CROCKFORD, check_character, report_number
from app.report import check_code_of
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.records import services as records
from server_stub.reports import voiding
from server_stub.reports.models import HeldRecord, Report
from server_stub.reports.numbering import new_number
from server_stub.reports.selectors import file_of, own_report, reports_with, verify
from server_stub.subjects.models import Subject
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(desk: Desk, query_no: str) -> dict[str, Any]:
    return desk.issue(query_no)


def first_held(number: str) -> str:
    held = HeldRecord.objects.filter(report=number).order_by("rec_id").first()
    assert held is not None
    return held.rec_id


def test_a_fresh_report_is_current(issued: dict[str, Any], rich: Subject) -> None:
    said = verify(issued["number"], issued["pdf_sha256"])
    assert said["state"] == "current"
    assert said["match"] is True
    assert said["withdrawn"] == 0
    assert said["issued_at"] == issued["issued_at"]
    assert rich.name not in str(said)
    assert "***" in said["subject_masked"]
    assert said["purpose_class"] == "B"


def test_numbers_are_read_as_people_type_them(issued: dict[str, Any]) -> None:
    spaced = " ".join(issued["number"][i : i + 4] for i in range(0, 34, 4)).lower()
    assert verify(spaced)["state"] == "current"


def test_another_file_does_not_match(issued: dict[str, Any]) -> None:
    assert verify(issued["number"], "ab" * 32)["match"] is False
    assert verify(issued["number"])["match"] is None


@pytest.mark.parametrize("number", ["HYXY", "x" * 500, "HYXYE20261122K7M3QZ8T5WAX9D2RVB4N0"])
def test_unknown_numbers_have_the_shape_of_known_ones(issued: dict[str, Any], number: str) -> None:
    said = verify(number, issued["pdf_sha256"])
    assert said["state"] == "unknown"
    assert said["match"] is None
    assert said.keys() == verify(issued["number"]).keys()


def test_without_a_number_the_digest_finds_the_report(issued: dict[str, Any]) -> None:
    said = verify("", issued["pdf_sha256"].upper())
    assert (said["number"], said["match"], said["state"]) == (issued["number"], True, "current")
    assert said == verify(issued["number"], issued["pdf_sha256"])
    assert said["check_code"] == check_code_of(issued["number"], issued["document_sha256"])
    for digest in ("", "ab" * 32, issued["pdf_sha256"][:-1], issued["document_sha256"]):
        assert verify("", digest) == verify("HYXY")


def test_a_number_is_not_found_by_another_ones_digest(issued: dict[str, Any]) -> None:
    never = report_number(False, date(2026, 11, 23), "0" * 20)
    assert verify(never, issued["pdf_sha256"])["state"] == "unknown"


@pytest.mark.parametrize("tries", [500, pytest.param(100_000, marks=pytest.mark.nightly)])
def test_numbers_cannot_be_tried_out(issued: dict[str, Any], tries: int) -> None:
    """Well-formed numbers of the day of a report that is out: none is one, and all are told alike."""
    nothing = verify("")
    day = date(2026, 11, 23)
    tried = (new_number(person=turn % 2 == 0, on=day) for turn in range(tries))
    assert [number for number in tried if verify(number) != nothing] == []
    assert verify(issued["number"])["state"] == "current"  # control


@pytest.mark.parametrize("signs", ["7Z", pytest.param(CROCKFORD, marks=pytest.mark.nightly)])
def test_a_number_one_character_from_a_real_one_finds_nothing(issued: dict[str, Any], signs: str) -> None:
    """Each character in its place made another one, with the check character that stood there and with the
    one that fits: neither is a number that is out, and neither is told otherwise than any other.
    """
    number, nothing = str(issued["number"]), verify("")
    near = {
        number[:place] + sign + number[place + 1 :]
        for place in range(len(number))
        for sign in signs
        if sign != number[place]
    }
    near |= {one[:-1] + check_character(one[:-1]) for one in near if one[:-1] != number[:-1]}
    assert len(near) > 3 * len(number) * (len(signs) - 1) // 2
    assert [one for one in near if verify(one) != nothing] == []
    assert verify(number)["state"] == "current"  # control


def test_a_well_formed_number_nobody_issued_is_unknown(issued: dict[str, Any]) -> None:
    never = report_number(False, date(2026, 11, 23), "0" * 20)
    assert verify(never)["state"] == "unknown"
    assert verify(issued["number"])["state"] == "current"


@pytest.mark.parametrize("act", ["correct", "annul", "repair", "mark"])
def test_a_changed_record_supersedes_the_report(issued: dict[str, Any], act: str, watch: Watch) -> None:
    rec_id = first_held(issued["number"])
    if act == "correct":
        records.correct(rec_id, {"payload": {"XK_NR": "更正（示例）"}}, reason="更正", by="centre1")
    elif act == "annul":
        records.annul(rec_id, reason="复议撤销（示例）", by="centre1")
    elif act == "repair":
        records.repair(rec_id, on=watch.at.date(), by="centre1")
    else:
        records.mark(rec_id, number="YY-1", accepted_on=watch.at.date(), due_on=None, by="centre1")
    said = verify(issued["number"])
    assert said["state"] == "superseded"
    assert said["withdrawn"] == 1


def test_it_is_current_again_when_the_mark_is_gone(issued: dict[str, Any]) -> None:
    rec_id = first_held(issued["number"])
    for number in ("YY-1", "YY-2"):
        records.mark(rec_id, number=number, accepted_on=today(), due_on=None, by="centre1")
        assert verify(issued["number"])["state"] == "superseded"
        records.unmark(rec_id, by="centre1")
        assert (verify(issued["number"])["state"], verify(issued["number"])["withdrawn"]) == ("current", 0)
    records.correct(rec_id, {"fields": {"BZ": "更正（示例）"}}, reason="更正", by="centre1")
    assert verify(issued["number"])["state"] == "superseded"


@pytest.mark.parametrize("end", ["correct", "annul"])
def test_what_happened_under_the_mark_still_ends_it(issued: dict[str, Any], end: str) -> None:
    rec_id = first_held(issued["number"])
    records.mark(rec_id, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    if end == "correct":
        records.correct(rec_id, {"fields": {"BZ": "更正（示例）"}}, reason="更正", by="centre1")
    records.unmark(rec_id, by="centre1")
    if end == "annul":
        records.annul(rec_id, reason="撤销（示例）", by="centre1")
    assert verify(issued["number"])["state"] == "superseded"


def test_a_report_that_was_printed_with_a_mark_does_not_outlive_it(desk: Desk, rich: Subject) -> None:
    rec_id = first_held(desk.issue(desk.query(number=rich.code)["query_no"])["number"])
    records.mark(rec_id, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    marked = desk.issue(desk.query(number=rich.code)["query_no"])["number"]
    assert verify(marked)["state"] == "current"
    records.mark(rec_id, number="YY-1", accepted_on=today(), due_on=today(), by="centre1")
    assert verify(marked)["state"] == "superseded"
    records.unmark(rec_id, by="centre1")
    assert verify(marked)["state"] == "superseded"


def test_an_answer_whose_mark_is_gone_can_be_reported_on(desk: Desk, rich: Subject) -> None:
    query_no = desk.query(number=rich.code)["query_no"]
    rec_id = first_held(desk.issue(query_no)["number"])
    records.mark(rec_id, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    with pytest.raises(Problem) as raised:
        desk.issue(query_no)
    assert raised.value.code == "query-stale"
    records.unmark(rec_id, by="centre1")
    assert verify(desk.issue(query_no)["number"])["state"] == "current"


def test_a_report_whose_records_are_untouched_stays_current(
    issued: dict[str, Any], desk: Desk, city: Any
) -> None:
    """Control: a change to another subject's record does not touch it."""
    other = next(row for row in city.subjects if row["why"] == "heavy")
    second = desk.issue(desk.query(number=other["code"])["query_no"])
    records.annul(first_held(second["number"]), reason="撤销（示例）", by="centre1")
    assert verify(second["number"])["state"] == "superseded"
    assert verify(issued["number"])["state"] == "current"


def test_publicity_that_ends_supersedes_too(issued: dict[str, Any], watch: Watch) -> None:
    watch.forward(days=365 * 9)
    assert verify(issued["number"])["state"] == "superseded"


def test_it_expires_after_its_days(desk: Desk, city: Any, watch: Watch) -> None:
    report = None
    for row in city.subjects:
        if row["kind"] == "legal":
            number = desk.issue(desk.query(number=row["code"])["query_no"])["number"]
            report = report or number
    watch.forward(days=30)
    states = {verify(r.number)["state"] for r in Report.objects.all()}
    assert "expired" not in states
    watch.forward(days=1)
    states = {verify(r.number)["state"] for r in Report.objects.all()}
    assert "current" not in states
    assert "expired" in states


def test_void_is_logged_and_told(issued: dict[str, Any]) -> None:
    voiding.void(issued["number"], why="出具有误（示例）", by="centre1", second="centre2")
    assert verify(issued["number"])["state"] == "void"
    assert Leaf.objects.filter(kind="report-void", report_no=issued["number"]).count() == 1
    notice = Change.objects.filter(reason="report_superseded").get()
    assert notice.audience == "bank1"
    with pytest.raises(Problem):
        voiding.void(issued["number"], why="again", by="centre1", second="centre2")


def test_holders_of_a_record_can_be_found(issued: dict[str, Any], watch: Watch) -> None:
    rec_id = first_held(issued["number"])
    assert [row.number for row in reports_with(rec_id, 1)] == [issued["number"]]
    assert reports_with(rec_id, 2) == []
    watch.forward(days=40)
    assert reports_with(rec_id, 1) == []


def test_only_its_officer_fetches_the_file(issued: dict[str, Any], desk: Desk, other_desk: Desk) -> None:
    assert file_of(own_report(desk.officer, issued["number"])).startswith(b"%PDF")
    with pytest.raises(Problem):
        own_report(other_desk.officer, issued["number"])
