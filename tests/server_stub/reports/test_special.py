"""The special report: whose it is, of which days and field, what is labelled, and what makes it old."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.evidence import Receipt
from app.field.records import Basis, write_bundle
from app.field.reportdoc import ReportDocument, read_document
from app.report import ReportFlaw, paper_for
from server_stub.errors import Problem
from server_stub.feed.models import Change
from server_stub.queries.models import Query
from server_stub.queries.selectors import bundle_of
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.reports.models import Report
from server_stub.reports.selectors import verify
from server_stub.reports.special import require_ground, scope_of
from server_stub.reports.telling import tell_holders
from server_stub.subjects.models import Subject
from tests.app.report.tools import text_of
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db
FIVE_YEARS = ("2021-11-24", "2026-11-23")


@pytest.fixture
def lettered(query_no: str) -> str:
    """The same query, as if a letter of the subject until the next day carried it."""
    query = Query.objects.get(query_no=query_no)
    held = bundle_of(query)
    basis = Basis("letter", "SQ-20261123-000001", "0" * 64, "2026-11-24")
    kept = write_bundle(msgspec.structs.replace(held, basis=basis))
    Query.objects.filter(query_no=query_no).update(basis_type="letter", bundle=kept)
    return query_no


def document_of(answer: dict[str, Any]) -> ReportDocument:
    return read_document(bytes(Report.objects.get(number=answer["number"]).document))


def test_it_is_made_on_the_subjects_own_asking_or_letter_only(desk: Desk, query_no: str) -> None:
    with pytest.raises(Problem) as raised:
        desk.issue(query_no, template="special")
    assert raised.value.code == "letter-needed"
    Query.objects.filter(query_no=query_no).update(basis_type="own")
    assert desk.issue(query_no, template="special")["number"]


def test_it_is_not_made_after_the_last_day_of_the_letter() -> None:
    layout = paper_for("special", "legal", date(2026, 11, 23))
    require_ground(layout, "letter", "2026-11-23", date(2026, 11, 23))
    require_ground(layout, "own", "", date(2026, 11, 23))
    for until in ("2026-11-22", ""):
        with pytest.raises(Problem) as raised:
            require_ground(layout, "letter", until, date(2026, 11, 23))
        assert raised.value.code == "letter-expired"


def test_an_issue_of_the_next_days_asks_for_the_letter_again(desk: Desk, lettered: str, watch: Watch) -> None:
    watch.forward(hours=20)  # the letter's last day
    assert desk.issue(lettered, template="special")["number"]
    kept = bytes(Query.objects.get(query_no=lettered).bundle).replace(b'"2026-11-24"', b'"2026-11-23"')
    Query.objects.filter(query_no=lettered).update(bundle=kept)
    with pytest.raises(Problem) as raised:
        desk.issue(lettered, template="special")
    assert raised.value.code == "letter-expired"


def test_repaired_items_are_labelled_there_and_nowhere_else(
    desk: Desk, lettered: str, rich: Subject, tmp_path: Path
) -> None:
    mended = Record.objects.filter(
        subject_key=rich.subject_key, section="penalty", status="repaired", decided_on__gte="2021-11-24"
    )
    assert mended.exists(), "the sample has one"
    plain, special = document_of(desk.issue(lettered)), desk.issue(lettered, template="special")
    drawn = document_of(special)
    ids = {record.rec_id for record in mended}
    assert not ids & {record.rec_id for record in plain.bundle.records}
    labelled = {one.rec_id for one in drawn.bundle.records if one.display == "label"}
    assert labelled >= ids
    counted = {one.section: one.active for one in drawn.bundle.counters}
    shown = [one for one in drawn.bundle.records if one.section == "penalty" and one.display != "label"]
    assert counted["penalty"] == len(shown)
    flat = "".join(text_of(base64.b64decode(special["pdf_b64"]), tmp_path).split())
    assert "专项公共信用信息报告" in flat and "已修复或移出" in flat and "已修复" in flat
    assert f"报告期间{FIVE_YEARS[0]}至{FIVE_YEARS[1]}" in flat and "所选领域全部领域" in flat
    assert (drawn.scope and (drawn.scope.start, drawn.scope.end)) == FIVE_YEARS


def test_what_ended_is_no_point_of_attention(desk: Desk, lettered: str, rich: Subject) -> None:
    drawn = document_of(desk.issue(lettered, template="special")).bundle
    ended = {one.rec_id for one in drawn.records if one.display == "label"}
    assert not ended & {one.rec_id for one in drawn.standing}
    assert {one.rec_id for one in drawn.standing} <= {one.rec_id for one in drawn.records}


def test_what_is_drawn_anew_is_as_of_the_issue(
    desk: Desk, lettered: str, rich: Subject, watch: Watch
) -> None:
    hidden = Record.objects.filter(subject_key=rich.subject_key, section="penalty", status="repaired")
    one = hidden[0].rec_id
    watch.forward(hours=5)
    records.annul(one, reason="示例", by="centre1")
    special = document_of(desk.issue(lettered, template="special"))
    assert one not in {shown.rec_id for shown in special.bundle.records}
    assert special.times.as_of == special.bundle.as_of == special.times.issued > special.times.queried


def test_days_and_field_limit_what_is_listed(desk: Desk, lettered: str) -> None:
    whole = document_of(desk.issue(lettered, template="special")).bundle
    days = sorted(one.decided_on for one in whole.records if one.section == "penalty")
    assert len(set(days)) > 1
    narrow = document_of(desk.issue(lettered, template="special", **{"from": days[-1], "to": days[-1]}))
    assert {one.decided_on for one in narrow.bundle.records if one.section == "penalty"} == {days[-1]}
    market = document_of(desk.issue(lettered, template="special", field="market"))
    assert market.scope is not None and market.scope.zh == "市场监管"
    assert {one.provider for one in market.bundle.records} <= {"示例市市场监督管理局"}
    assert {one.table for one in market.tables} >= {"display", "field", "template"}


def test_an_entry_that_left_its_list_before_the_days_is_not_listed(
    desk: Desk, lettered: str, rich: Subject
) -> None:
    entries = Record.objects.filter(subject_key=rich.subject_key, section__in=("abnormal", "serious"))
    removed = entries.filter(status="removed")
    gone = {row.rec_id for row in removed if str(row.status_on) < "2026-10-01"}
    assert {row.section for row in removed if row.rec_id in gone} == {"abnormal", "serious"}
    days = {"from": "2026-10-01", "to": "2026-11-23"}
    drawn = document_of(desk.issue(lettered, template="special", **days)).bundle
    assert not gone & {one.rec_id for one in drawn.records}
    one = next(row for row in removed if row.section == "serious")
    last = {"from": str(one.status_on), "to": "2026-11-23"}
    drawn = document_of(desk.issue(lettered, template="special", **last)).bundle
    assert one.rec_id in {shown.rec_id for shown in drawn.records}, "it stood on the list that day"


@pytest.mark.parametrize("field", ["from", "to"])
@pytest.mark.parametrize(
    "day", ["0001-01-01", "0005-12-31", "0000-00-00", "2026-W01-1", "20260101", "２０２６-01-01"]
)
def test_a_day_that_is_none_is_refused(field: str, day: str) -> None:
    layout, on = paper_for("special", "legal", date(2026, 11, 23)), date(2026, 11, 23)
    start, end = (day, "") if field == "from" else ("", day)
    with pytest.raises(Problem) as raised:
        scope_of(start, end, "", layout, on)
    assert raised.value.code == "scope-invalid"
    assert scope_of("2026-01-01", "2026-01-01", "", layout, on), "control: a day that may be chosen"


@pytest.mark.parametrize(
    "scope",
    [
        {"from": "2021-11-23"},  # a day more than five years
        {"to": "2026-11-24"},  # tomorrow
        {"from": "2026-11-02", "to": "2026-11-01"},
        {"from": "soon"},
        {"field": "magic"},
        {"template": "standard", "field": "market"},
    ],
)
def test_a_scope_that_may_not_be_chosen_is_refused(desk: Desk, lettered: str, scope: dict[str, str]) -> None:
    with pytest.raises(Problem) as raised:
        desk.issue(lettered, **{"template": "special"} | scope)
    assert raised.value.code == "scope-invalid"


def test_the_log_has_the_digest_of_what_the_paper_drew(desk: Desk, lettered: str) -> None:
    answer = desk.issue(lettered, template="special")
    receipt = msgspec.convert(answer["receipts"][-1], Receipt)
    drawn = write_bundle(document_of(answer).bundle)
    assert receipt.entry.records_sha256 == hashlib.sha256(drawn).hexdigest()


def test_a_repair_makes_it_old_and_the_end_of_publicity_does_not(
    desk: Desk, lettered: str, watch: Watch
) -> None:
    answer = desk.issue(lettered, template="special")
    drawn = document_of(answer).bundle.records
    over = {one.rec_id for one in drawn if one.section == "penalty" and one.publicity_end <= "2026-11-23"}
    assert over, "the sample has one that is no longer publicised"
    assert verify(answer["number"])["state"] == "current"
    for rec_id in over:
        held = Record.objects.get(pk=rec_id)
        assert tell_holders(rec_id, held.rev) == 0, "the end of publicity is told to nobody who holds this"
    one = next(one for one in drawn if one.section == "penalty" and one.display == "show")
    before = Change.objects.count()
    records.annul(one.rec_id, reason="示例", by="centre1")
    assert verify(answer["number"])["state"] == "superseded"
    assert tell_holders(one.rec_id, one.rev) == 1
    assert Change.objects.count() > before


def test_other_subjects_than_units_have_none(desk: Desk) -> None:
    with pytest.raises(ReportFlaw):
        paper_for("special", "person", date(2026, 11, 23))


def test_a_summary_is_issued_in_large_print(desk: Desk, query_no: str) -> None:
    answer = desk.issue(query_no, template="summary", large=True)
    drawn = document_of(answer)
    assert (drawn.template, drawn.large, drawn.scope) == ("summary", True, None)
    assert verify(answer["number"])["state"] == "current"
