"""The certificate of screening: whose it is, what it states, what makes it stale and what makes it old."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from app.field.paper_facts import ScreeningFacts
from app.field.printed import PrintedPaper, read_attached
from app.field.reportdoc import FactsDocument
from app.field.screening import ScreenedRow
from app.seals.attaching import attached_files
from server_stub.errors import Problem
from server_stub.feed.models import Change
from server_stub.queries import screening
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.reports.certifying import _unit
from server_stub.reports.models import HeldRecord, Report
from server_stub.reports.selectors import verify
from server_stub.subjects.models import Subject
from tests.app.report.tools import text_of
from tests.app.services.screened import SERIOUS, card, entry
from tests.server_stub.lists.made import listed
from tests.server_stub.reports.conftest import Desk, Watch
from tests.server_stub.subjects.made import code, unit

pytestmark = pytest.mark.django_db
OFFICE = {"kind": "office", "name": "示例开标室"}
NAME = "云石（示例）建材"


def ask(desk: Desk, *rows: tuple[str, str]) -> str:
    body = {
        "rows": [{"code": one, "name": name} for one, name in rows],
        "purpose": "B01",
        "case_no": "示例-LN-2026-0381",
        "salt": "0" * 32,
    }
    op_id = str(uuid.uuid4())
    link = desk.link("screen", op_id, body, purpose="B01")
    return str(screening.answer(desk.officer, desk.device, [link], op_id, body, 0)["screening_no"])


@pytest.fixture
def bad(city: object) -> Subject:
    found = unit(1, NAME)
    listed(found.subject_key)
    unit(2, "青岚（示例）建材")
    return found


@pytest.fixture
def number(desk: Desk, bad: Subject) -> str:
    """Listed, not listed, a namesake of the listed one, and a code that nobody bears."""
    return ask(desk, (code(1), ""), (code(2), ""), ("", NAME), (code(3), "随手写的名字"))


def issue(desk: Desk, number: str, **more: Any) -> dict[str, Any]:
    return desk.issue(number, template="screening", **{"receiver": OFFICE, **more})


def facts_of(answer: dict[str, Any]) -> ScreeningFacts:
    kept = bytes(Report.objects.get(number=answer["number"]).document)
    return msgspec.json.decode(kept, type=FactsDocument).facts


def test_each_unit_has_its_finding_and_nothing_that_somebody_typed(desk: Desk, number: str) -> None:
    facts = facts_of(issue(desk, number))
    assert [(one.row, one.state, one.name, one.code) for one in facts.units] == [
        (1, "hit", NAME, code(1)),
        (2, "none", "青岚（示例）建材", code(2)),
        (3, "similar", NAME, ""),
        (4, "unknown", "", code(3)),
    ]
    assert [one.list_name for one in facts.units[0].entries] == ["失信被执行人"]
    assert (facts.units[2].namesakes, facts.units[2].entries) == (1, ())
    assert {one.kind for one in facts.lists} == {"serious", "abnormal", "honour"}


def test_a_row_that_gave_another_name_says_so_and_not_which(desk: Desk, bad: Subject, tmp_path: Path) -> None:
    rows = ((code(1), "别的名称（示例）"), (code(2), ""), (code(1), NAME), (code(3), "随手写的名字"))
    answer = issue(desk, ask(desk, *rows))
    units = facts_of(answer).units
    assert [one.otherwise is True for one in units] == [True, False, False, False]
    kept = bytes(Report.objects.get(number=answer["number"]).document)
    assert kept.count(b'"otherwise"') == 1  # left out elsewhere: certificates of before keep their digest
    text = "".join(text_of(base64.b64decode(answer["pdf_b64"]), tmp_path).split())
    assert text.count("与该代码的登记名称不同") == 1
    assert "别的名称" not in text and "随手写的名字" not in text


def test_it_is_sealed_registered_logged_and_carries_itself_as_data(
    desk: Desk, number: str, tmp_path: Path
) -> None:
    answer = issue(desk, number, rows=[1], receiver=OFFICE)
    pdf = base64.b64decode(answer["pdf_b64"])
    assert "名单筛查证明" in text_of(pdf, tmp_path)
    ((_, data),) = attached_files(PdfFileReader(BytesIO(pdf)))
    attached, content = read_attached(data)
    assert isinstance(attached.document, PrintedPaper)
    assert attached.document_sha256 == answer["document_sha256"] == hashlib.sha256(content).hexdigest()
    assert attached.document.facts == facts_of(answer)
    own = answer["receipts"][-1]["entry"]
    assert (own["report_no"], own["query_no"], own["outcome"]) == (answer["number"], number, "done")
    row = Report.objects.get(number=answer["number"])
    assert (row.receiver, row.purpose, row.query_no, row.subject_key) == ("示例开标室", "B01", number, "")
    said = verify(answer["number"], answer["pdf_sha256"])
    assert (said["state"], said["match"], said["withdrawn"]) == ("current", True, 0)


@pytest.mark.nightly
def test_no_answer_to_a_query_and_no_officer_is_in_it(desk: Desk, number: str) -> None:
    kept = json.loads(bytes(Report.objects.get(number=issue(desk, number)["number"]).document))
    assert "bundle" not in kept
    assert "subject_key" not in json.dumps(kept["facts"])


@pytest.mark.parametrize("rows", [[0], [5], [1, 1]])
def test_rows_that_are_not_there_or_twice_are_refused(desk: Desk, number: str, rows: list[int]) -> None:
    with pytest.raises(Problem) as raised:
        issue(desk, number, rows=rows)
    assert raised.value.code == "rows-invalid"


def test_a_listing_that_is_over_is_stated_of_nobody() -> None:
    """A government officer is told of it in a screening; a sealed certificate states what holds."""
    row = ScreenedRow(
        0, SERIOUS, "", "hit", card(SERIOUS), (entry(), entry(number="示列决字〔2020〕7 号", former=True))
    )
    assert [one.document_no for one in _unit(row, 0).entries] == [entry().standing.document_no]
    honour = msgspec.structs.replace(entry().standing, kind="honour", document_no="示荣〔2026〕1 号")
    both = (msgspec.structs.replace(entry(), standing=honour), entry())
    told = _unit(msgspec.structs.replace(row, entries=both), 0).entries
    assert [one.kind for one in told] == ["serious", "honour"]  # what weighs most stands first
    over = msgspec.structs.replace(row, state="former", entries=(entry(former=True),))
    assert (_unit(over, 0).state, _unit(over, 0).entries) == ("none", ())


def test_more_units_than_one_certificate_states_are_chosen_from(desk: Desk, bad: Subject) -> None:
    number = ask(desk, *[(code(1), "")] * 51)
    with pytest.raises(Problem) as raised:
        issue(desk, number)
    assert (raised.value.code, raised.value.context["limit"]) == ("rows-invalid", 50)
    assert len(facts_of(issue(desk, number, rows=[51])).units) == 1


def test_a_typed_name_that_nobody_bears_is_certified_to_nobody(desk: Desk, bad: Subject) -> None:
    number = ask(desk, ("", "随手写的名字"))
    with pytest.raises(Problem) as raised:
        issue(desk, number)
    assert (raised.value.code, "bare" in raised.value.context) == ("rows-invalid", False)
    mixed = ask(desk, (code(1), ""), (code(2), ""), (code(1), ""), ("", "随手写的名字"), ("", NAME))
    with pytest.raises(Problem) as raised:
        issue(desk, mixed)
    context = raised.value.context
    assert (context["bare"], context["rest"]) == ("4", "1-3,5")  # the row, and the way out
    assert len(facts_of(issue(desk, mixed, rows=[1, 2, 3, 5])).units) == 4


def test_another_officers_screening_is_none(desk: Desk, other_desk: Desk, number: str) -> None:
    with pytest.raises(Problem) as raised:
        issue(other_desk, number)
    assert raised.value.code == "not-found"


def test_a_listing_since_makes_the_screening_stale_and_not_the_certificate_old(
    desk: Desk, number: str
) -> None:
    """A certificate of what is not so any more is handed to nobody; one that was right stays right."""
    before = issue(desk, number, rows=[2])
    listed(Subject.objects.get(code=code(2)).subject_key)
    with pytest.raises(Problem) as raised:
        issue(desk, number, rows=[2])
    assert raised.value.code == "query-stale"
    assert verify(before["number"])["state"] == "current"


def test_a_unit_registered_since_and_an_entry_corrected_since_make_it_stale(
    desk: Desk, bad: Subject, number: str
) -> None:
    unit(3, "后来登记（示例）建材")
    entered = Record.objects.get(subject_key=bad.subject_key, section="serious")
    records.correct(entered.rec_id, {"fields": {"BZ": "更正（示例）"}}, reason="更正", by="centre1")
    for row in (4, 1):
        with pytest.raises(Problem) as raised:
            issue(desk, number, rows=[row])
        assert raised.value.code == "query-stale", row
    assert issue(desk, number, rows=[2])  # control


def test_a_corrected_entry_supersedes_the_certificate_and_its_holder_is_told(desk: Desk, number: str) -> None:
    holding, other = issue(desk, number, rows=[1]), issue(desk, number, rows=[2])
    (held,) = HeldRecord.objects.filter(report=holding["number"])
    records.withdraw(held.rec_id, reason="out_of_scope", by="C" * 24)
    assert verify(holding["number"])["state"] == "superseded"
    assert verify(other["number"])["state"] == "current"
    told = [row.body for row in Change.objects.filter(op="notice", audience="bank1")]
    assert [(one["number"], one["state"]) for one in told] == [(holding["number"], "superseded")]
    with pytest.raises(Problem) as raised:
        issue(desk, number, rows=[1])
    assert raised.value.code == "query-stale"


def test_a_screening_of_the_day_before_is_too_old(desk: Desk, number: str, watch: Watch) -> None:
    watch.forward(hours=25)
    with pytest.raises(Problem) as raised:
        issue(desk, number)
    assert raised.value.code == "query-stale"


@pytest.mark.nightly
def test_a_certificate_ends_after_a_week(desk: Desk, number: str, watch: Watch) -> None:
    answer = issue(desk, number)
    assert answer["valid_until"] == "2026-11-30"
    watch.forward(days=8)
    assert verify(answer["number"])["state"] == "expired"


def test_what_belongs_to_other_papers_is_refused(desk: Desk, number: str, query_no: str) -> None:
    for wanted, facts, why in (
        (number, {"template": "screening", "from": "2026-01-01"}, "scope-invalid"),
        (number, {"template": "standard"}, "not-found"),
        (query_no, {"template": "screening"}, "not-found"),
        (query_no, {"template": "standard", "rows": [1]}, "rows-invalid"),
    ):
        with pytest.raises(Problem) as raised:
            desk.issue(wanted, **facts)
        assert raised.value.code == why


def test_what_is_said_of_several_units_is_not_handed_to_one_of_them(desk: Desk, number: str) -> None:
    with pytest.raises(Problem) as refused:
        issue(desk, number, receiver={"kind": "subject"})
    assert (refused.value.code, refused.value.context["units"]) == ("receiver-needed", 4)
    assert not Report.objects.exists()
    assert issue(desk, number, rows=[1], receiver={"kind": "subject"})["number"]  # control: its own alone
