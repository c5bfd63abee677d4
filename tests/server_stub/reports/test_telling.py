"""Life after printing: whatever ends a record's shown revision tells those who hold a report with it."""

from __future__ import annotations

import csv
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from server_stub.cases import services as cases
from server_stub.command import _parser
from server_stub.config import checks
from server_stub.config.clock import today
from server_stub.exchange.services import apply, reverse, stage
from server_stub.feed.models import Change
from server_stub.jobs import mending
from server_stub.records import services as records
from server_stub.records.asking import time_over
from server_stub.records.models import Record
from server_stub.records.sweeping import sweep
from server_stub.reports.models import HeldRecord
from server_stub.reports.selectors import verify
from server_stub.subjects.models import Subject
from tests.server_stub.exchange.test_stage import PENALTY, code
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db
WIRE = "HENGXIN_TOLD_OF_CHANGES"
INSIDE: list[tuple[str, int, bool]] = []


@pytest.fixture
def issued(desk: Desk, query_no: str) -> dict[str, Any]:
    return desk.issue(query_no)


def held(number: str, section: str = "penalty") -> str:
    mine = HeldRecord.objects.filter(report=number).values_list("rec_id", flat=True)
    record = Record.objects.filter(pk__in=mine, section=section, objection_no="").order_by("rec_id").first()
    assert record is not None
    return record.rec_id


def told(user: str = "bank1") -> list[str]:
    """Numbers of the superseded reports of which this officer was told."""
    rows = Change.objects.filter(op="notice", reason="report_superseded", audience=user).order_by("id")
    return [str(row.body["number"]) for row in rows if row.body]


def mend(*words: str) -> None:
    assert mending.run(_parser().parse_args(["record", *words, "--home", "x", "--as", "centre1"])) == 0


@pytest.mark.parametrize(
    "words",
    [
        ("correct", "--set", "CF_SY=更正（示例）", "--reason", "更正"),
        ("annul", "--reason", "撤销（示例）"),
        ("repair", "--on", "2026-11-20", "--reason", "已修复（示例）"),
    ],
    ids=lambda words: words[0],
)
def test_the_record_verb_tells_the_holder(
    issued: dict[str, Any], other_desk: Desk, words: tuple[str, ...]
) -> None:
    assert told() == []
    (act, *rest), rec_id = words, held(issued["number"])
    long_ago = {name: date(2026, 2, 2) for name in ("decided_on", "acted_on", "published_on")}
    Record.objects.filter(pk=rec_id).update(**long_ago)  # a repair before its day takes a paper and two
    mend(act, rec_id, *rest)
    assert told() == [issued["number"]]
    assert told("bank2") == []
    assert verify(issued["number"])["state"] == "superseded"


def test_one_change_after_another_tells_once(issued: dict[str, Any]) -> None:
    rec_id = held(issued["number"])
    mend("correct", rec_id, "--set", "CF_SY=一", "--reason", "更正")
    mend("correct", rec_id, "--set", "CF_SY=二", "--reason", "再更正")
    assert told() == [issued["number"]]


def test_a_change_of_another_record_tells_nobody(issued: dict[str, Any]) -> None:
    """Control."""
    mine = HeldRecord.objects.filter(report=issued["number"]).values_list("rec_id", flat=True)
    other = Record.objects.filter(status="current").exclude(pk__in=list(mine)).order_by("rec_id").first()
    assert other is not None
    mend("annul", other.rec_id, "--reason", "撤销（示例）")
    assert told() == []
    assert verify(issued["number"])["state"] == "current"


def test_an_objection_tells_at_the_mark_and_its_conclusion_whoever_printed_meanwhile(
    issued: dict[str, Any], desk: Desk, other_desk: Desk, rich: Subject, query_no: str
) -> None:
    rec_id = held(issued["number"])
    body = {"kind": "objection", "query_no": query_no, "rec_id": rec_id, "ground": "content"}
    body |= {"wish": "correct", "statement": "金额有误（示例）", "letter_no": "SQ-1"}
    filed = cases.file(desk.officer, str(uuid.uuid4()), body, letter_ok=lambda *_: True)
    assert told() == []
    cases.accept(filed["number"], by="centre1")
    assert told() == [issued["number"]]
    marked = other_desk.issue(other_desk.query(number=rich.code)["query_no"])
    assert verify(marked["number"])["state"] == "current"
    changes = {"fields": {"CF_SY": "核查后的事实（示例）"}}
    cases.conclude(filed["number"], outcome="corrected", by="centre1", changes=changes)
    assert told("bank2") == [marked["number"]]
    assert told() == [issued["number"]] * 2  # whoever verified it after the mark came off was told it stands
    assert {verify(one["number"])["state"] for one in (issued, marked)} == {"superseded"}


def test_a_change_after_an_objection_tells_those_who_printed_before_it_once_more(
    issued: dict[str, Any], other_desk: Desk, rich: Subject
) -> None:
    rec_id = held(issued["number"])
    records.mark(rec_id, number="YY-1", accepted_on=today(), due_on=None, by="centre1")
    marked = other_desk.issue(other_desk.query(number=rich.code)["query_no"])
    records.mark(rec_id, number="YY-1", accepted_on=today(), due_on=today(), by="centre1")
    assert (told(), told("bank2")) == ([issued["number"]], [marked["number"]])
    records.unmark(rec_id, by="centre1")
    assert (told(), told("bank2")) == ([issued["number"]], [marked["number"]])
    records.mark(rec_id, number="YY-2", accepted_on=today(), due_on=None, by="centre1")
    assert (told(), told("bank2")) == ([issued["number"]] * 2, [marked["number"]])
    records.unmark(rec_id, by="centre1")
    mend("correct", rec_id, "--set", "CF_SY=更正（示例）", "--reason", "更正")
    assert (told(), told("bank2")) == ([issued["number"]] * 3, [marked["number"]])


def test_a_corrected_data_error_tells(issued: dict[str, Any], desk: Desk, query_no: str) -> None:
    rec_id = held(issued["number"])
    body = {"kind": "data_error", "query_no": query_no, "rec_id": rec_id, "ground": "content"}
    body |= {"wish": "correct", "statement": "文号有误（示例）"}
    filed = cases.file(desk.officer, str(uuid.uuid4()), body)
    cases.accept(filed["number"], by="centre1")
    assert told() == []  # no mark, nothing ended
    changes = {"fields": {"CF_SY": "核查后的事实（示例）"}}
    cases.conclude(filed["number"], outcome="corrected", by="centre1", changes=changes)
    assert told() == [issued["number"]]


def test_an_import_that_corrects_tells_and_its_reversal_too(desk: Desk, tmp_path: Path) -> None:
    apply(stage(_file(tmp_path, "8"), "示例局", by="centre1"), "centre2")
    first = desk.issue(desk.query(number=code(9501))["query_no"])["number"]
    batch = stage(_file(tmp_path, "9"), "示例局", by="centre1")
    assert told() == []
    apply(batch, "centre2")
    assert told() == [first]
    second = desk.issue(desk.query(number=code(9501))["query_no"])["number"]
    reverse(batch, "centre2", "误传")
    assert told() == [first, second]
    assert verify(second)["state"] == "superseded"


def _file(folder: Path, wan: str) -> Path:
    """One penalty of so many ten thousand yuan."""
    path = folder / "in.csv"
    row = {**PENALTY, "CF_XDR_SHXYM": code(9501), "CF_NR": f"罚款{wan}0000元", "CF_NR_FK": wan}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PENALTY)
        writer.writeheader()
        writer.writerow(row)
    return path


def test_the_end_of_publicity_tells(desk: Desk, rich: Subject, watch: Watch) -> None:
    rec_id, days = next(
        (record.rec_id, days)
        for days in range(1, 1200)
        for record in Record.objects.filter(subject_key=rich.subject_key, section="penalty", over_told=False)
        if record.status == "current"
        and not record.objection_no
        and time_over(record, today() + timedelta(days=days))
    )
    watch.forward(days=days - 1)
    sweep(today(), by="system")
    number = desk.issue(desk.query(number=rich.code)["query_no"])["number"]
    assert HeldRecord.objects.filter(report=number, rec_id=rec_id).exists()
    assert told() == []
    watch.forward(days=1)
    sweep(today(), by="system")
    assert set(told()) == {number}
    assert verify(number)["state"] == "superseded"
    before = told()
    sweep(today(), by="system")
    assert told() == before


def hear(rec_id: str, rev: int) -> None:
    INSIDE.append((rec_id, rev, connection.in_atomic_block))


def refuse(rec_id: str, rev: int) -> None:
    raise RuntimeError("the notice could not be written")


def test_the_notice_and_the_change_stand_or_fall_together(issued: dict[str, Any], settings: Any) -> None:
    rec_id = held(issued["number"])
    setattr(settings, WIRE, [f"{__name__}.hear", f"{__name__}.refuse"])
    INSIDE.clear()
    with pytest.raises(RuntimeError):
        records.annul(rec_id, reason="撤销（示例）", by="centre1")
    assert [(rec_id, 1, True)] == INSIDE
    assert Record.objects.get(pk=rec_id).status == "current"
    assert verify(issued["number"])["state"] == "current"


def test_control_without_the_wiring_nobody_is_told_and_a_wrong_wiring_stops_the_start(
    issued: dict[str, Any], settings: Any
) -> None:
    assert checks.wiring(None) == []
    setattr(settings, WIRE, [])
    records.annul(held(issued["number"]), reason="撤销（示例）", by="centre1")
    assert told() == []
    setattr(settings, WIRE, ["server_stub.reports.telling.tell_nobody"])
    assert [one.id for one in checks.wiring(None)] == ["hengxin.E005"]
