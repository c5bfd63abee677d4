"""A letter and a certificate are drawn up by the platform: a named receiver, known lines, and only what is
sealed leaves the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app.desks.issuing_desk import ITSELF
from app.desks.paper_desk import PaperDesk, Source, Wanted, certificate_of, letter_of, rows_of, statement_of
from app.desks.sealed_desk import DRAW_DPI
from app.field.receivers import Receiver
from app.field.records import Basis, PurposeRef
from app.trouble import NotRight
from tests.app.desks.stand_ins import Lanes, Service, Shown, answer, record
from tests.app.desks.test_report_desk import issued
from tests.ui.fakes_screening import Tasks

LETTER = Wanted("answer", (Source("YY-2026-0093"),), "衡阳青禾（示例）有限公司")
LIST = Wanted("screening", (Source("MD-1", (2, 4, 5)), Source("MD-2", (6,))), "名单.xlsx", 2)


class Bench:
    def __init__(self, wanted: Wanted, online: bool = True, **answers: Any) -> None:
        self.reporting = Service(**{"issue": issued(), "saved": None, "printed_before": 0} | answers)
        rows = (SimpleNamespace(template="answer", query_no="YY-2026-0093", number="HY0"),
                SimpleNamespace(template="screening", query_no="MD-2", number="HY2"))  # fmt: skip
        client = SimpleNamespace(reporting=self.reporting, report_files=Service(list=rows))
        self.desk = PaperDesk(client, Lanes(), Shown(), lambda pdf, dpi, *_: ((pdf, dpi),))
        self.desk.open(wanted, online)

    def said(self) -> str:
        notice = self.desk.view.notice
        return notice.text if notice is not None else ""


def test_a_letter_is_issued_for_whom_it_is_about_and_saved(tmp_path: Path) -> None:
    bench = Bench(LETTER)
    assert [row.number for row in bench.desk.view.before] == ["HY0"]
    bench.desk.save(tmp_path / "early.pdf")
    bench.desk.speak("en")
    bench.desk.issue()
    assert bench.reporting.last("issue") == (
        "YY-2026-0093",
        "answer",
        "en",
        {"from": "", "to": ""},
        ITSELF,
        (),
    )
    assert (bench.desk.view.pages, bench.desk.view.before) == (((b"sealed", DRAW_DPI),), ())
    bench.desk.save(tmp_path / "letter.pdf")
    assert [one.name for one in tmp_path.iterdir()] == ["letter.pdf"]


def test_a_certificate_of_several_units_is_not_offered_to_the_subject() -> None:
    bench = Bench(LIST)
    assert bench.desk.view.receivers == ("agent", "office")
    bench.desk.limit("4")
    assert "subject" in bench.desk.view.receivers
    bench.desk.hand_to("subject", "")
    bench.desk.limit("2,4")
    assert (bench.desk.view.receiver, bench.desk.view.receivers) == (Receiver("office"), ("agent", "office"))
    assert Bench(LETTER).desk.view.receivers == ("subject", "agent", "office")


def test_who_is_handed_a_certificate_has_to_be_named() -> None:
    bench = Bench(LIST)
    bench.desk.limit("2，5")
    bench.desk.issue()
    assert (bench.desk.view.unnamed, bench.reporting.times("issue")) == (True, 0)
    bench.desk.hand_to("office", "示例公证处")
    bench.desk.issue()
    to = Receiver("office", "示例公证处")
    assert bench.reporting.last("issue") == ("MD-1", "screening", "zh_CN", {"from": "", "to": ""}, to, (1, 3))


@pytest.mark.parametrize(("lines", "said"), [("3", "lines_wrong"), ("x", "lines_wrong"), ("", "lines_many")])
def test_lines_that_cannot_stand_on_it_are_told_before_anything_is_asked(lines: str, said: str) -> None:
    bench = Bench(LIST)
    bench.desk.hand_to("office", "示例公证处")
    bench.desk.limit(lines)
    bench.desk.issue()
    assert (bench.said(), bench.reporting.times("issue")) == (f"sealed_paper.{said}", 0)
    bench.desk.take(1)
    assert (bench.desk.view.lines, [row.number for row in bench.desk.view.before]) == ("", ["HY2"])
    bench.desk.issue()
    assert bench.reporting.last("issue")[0] == "MD-2"


def test_nothing_is_issued_without_the_platform_and_nothing_false_is_shown() -> None:
    away = Bench(LETTER, online=False)
    away.desk.issue()
    assert (away.said(), away.reporting.times("issue")) == ("sealed_paper.needs_server", 0)
    away.desk.connected(True)
    away.desk.issue()
    assert away.desk.view.can_leave_house
    false = Bench(LETTER, issue=issued(genuine=False))
    false.desk.issue()
    assert (false.said(), false.desk.view.pages, false.desk.view.can_leave_house) == (
        "report.sign",
        (),
        False,
    )
    stale = Bench(LETTER, issue=NotRight("query-stale", "problem.query-stale"))
    stale.desk.issue()
    assert (stale.desk.view.notice.code, stale.desk.view.can_issue) == ("query-stale", True)


def test_a_letter_is_offered_once_there_is_an_answer() -> None:
    row = SimpleNamespace(number="YY-1", state="kept", view=object(), subject="示例")
    assert letter_of(row) == Wanted("answer", (Source("YY-1"),), "示例")
    for changes in ({"state": "accepted"}, {"number": ""}, {"view": None}):
        assert letter_of(SimpleNamespace(**vars(row) | changes)) is None
    assert letter_of(None) is None


def test_rows_of_a_certificate_are_lines_of_the_list() -> None:
    tasks = Tasks(done=1)
    (number,) = tasks.bodies
    while (task := tasks.open(number)).card.state != "done":
        tasks.advance(number)
    wanted = certificate_of(task, date(2026, 11, 26))
    assert [one.number for one in wanted.sources] == list(task.numbers)
    assert (wanted.about, wanted.most) == (task.card.file, 50)
    by_place = {line.place: line.line for line in reversed(task.lines)}
    for source, places in zip(wanted.sources, task.places, strict=True):
        assert source.lines == tuple(by_place[place] for place in places)
    second = wanted.sources[1]
    assert rows_of(second, f"{second.lines[0]}-{second.lines[0]}") == (1,)
    assert rows_of(second, str(wanted.sources[0].lines[0])) is None


def test_a_statement_is_offered_on_the_ground_and_purpose_of_its_row_and_has_days() -> None:
    given = answer((record(1),))

    def asked(ground: str, purpose: str, source: str = "server") -> Any:
        bundle = msgspec.structs.replace(
            given.bundle, basis=Basis(ground), purpose=PurposeRef(purpose, "", "")
        )
        return statement_of(replace(given, bundle=bundle, source=source))

    wanted = asked("own", "S01")
    assert wanted == Wanted("looks", (Source(given.query_no),), given.bundle.subject.name)
    assert [asked("own", "B01"), asked("open", "S01"), asked("own", "S01", "cache")] == [None, None, None]
    bench = Bench(wanted)
    bench.desk.span("2026-01-01", " ")
    bench.desk.issue()
    scope = {"from": "2026-01-01", "to": ""}
    assert bench.reporting.last("issue") == (given.query_no, "looks", "zh_CN", scope, ITSELF, ())
