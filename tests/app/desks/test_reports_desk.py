"""My reports: found, opened with a link, asked about; a void one stays in the house."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.desks.reports_desk import ReportsDesk
from app.desks.sealed_desk import DRAW_DPI, PRINT_DPI
from app.services.issued import IssuedReport
from app.services.reviewing_reports import OpenReport
from app.services.verifying import Verdict
from app.trouble import NotNow, NotTrusted, Refused
from tests.app.desks.stand_ins import Lanes, Service, Shown

FIRST = IssuedReport("HYXYE1", "CX-1", "衡阳青禾（示例）", "B01", "2026-11-22T01:00:00.000Z", "2026-12-22",
                     "current", "here", "ab")  # fmt: skip
SECOND = replace(FIRST, number="HYXYE2", query_no="CX-2", subject="李**", state="superseded", file="gone")


def opened(row: IssuedReport = FIRST, genuine: bool = True) -> OpenReport:
    verdict = Verdict(genuine, "unchecked", "verify.offline", (), row.number, row.issued_at, "", "", ())
    return OpenReport(row, b"sealed", verdict)


class Bench:
    """A desk over made-up reports; its pages are the bytes and the resolution."""

    def __init__(self, held: bool = False, **answers: Any) -> None:
        self.files = Service(**{"list": (FIRST, SECOND), "open": opened(), "ask": FIRST} | answers)
        self.reporting = Service(saved=None, printed=None, printed_before=2, require_leave=None)
        self.lanes, self.shown = Lanes(), Shown()
        client = SimpleNamespace(report_files=self.files, reporting=self.reporting)
        self.desk = ReportsDesk(client, self.lanes, self.shown, lambda pdf, dpi: ((pdf, dpi),))
        self.desk.start()
        self.lanes.held = held

    @property
    def view(self) -> Any:
        return self.desk.view


@pytest.mark.parametrize(
    ("words", "state", "found"),
    [
        ("", "", ["HYXYE1", "HYXYE2"]),
        ("青禾", "", ["HYXYE1"]),
        ("cx-2", "", ["HYXYE2"]),
        ("hyxye2 李", "", ["HYXYE2"]),
        ("青禾 李", "", []),
        ("", "superseded", ["HYXYE2"]),
        ("青禾", "superseded", []),
        ("", "void", []),
    ],
)
def test_words_and_state_narrow(words: str, state: str, found: list[str]) -> None:
    bench = Bench()
    bench.desk.narrow(words)
    bench.desk.only(state)
    assert [row.number for row in bench.view.shown] == found


def test_opening_draws_in_the_press_and_reads_the_list_again() -> None:
    bench = Bench()
    bench.desk.open("HYXYE1")
    assert bench.files.last("open") == ("HYXYE1",)
    assert (bench.view.opened.pdf, bench.view.pages) == (b"sealed", ((b"sealed", DRAW_DPI),))
    assert bench.view.can_leave_house
    assert bench.lanes.used == ["vault", "press", "vault"]


@pytest.mark.parametrize(
    "flaw", [Refused("report.erased"), NotTrusted("report.altered")], ids=lambda one: one.code
)
def test_what_cannot_be_opened_says_why_and_nothing_leaves(flaw: Any, tmp_path: Path) -> None:
    bench = Bench(open=flaw)
    bench.desk.open("HYXYE2")
    assert (bench.view.opened, bench.view.shut, bench.view.why.code) == (None, "HYXYE2", flaw.code)
    bench.desk.save(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_former_opening_does_not_come_over_a_later_one() -> None:
    bench = Bench(held=True, open=lambda number: opened(replace(FIRST, number=number)))
    bench.desk.open("HYXYE1")
    bench.desk.open("HYXYE2")
    bench.lanes.run()
    assert bench.view.opened.row.number == "HYXYE2"


def test_closing_forgets_and_a_late_answer_is_dropped() -> None:
    bench = Bench(held=True)
    bench.desk.open("HYXYE1")
    bench.desk.close()
    bench.lanes.run()
    assert (bench.view.opened, bench.view.pages, bench.view.busy) == (None, (), False)


@pytest.mark.parametrize("state", ["current", "superseded", "expired", "void"])
def test_asking_shows_the_new_state_of_the_open_report(state: Any) -> None:
    bench = Bench(ask=replace(FIRST, state=state))
    bench.desk.open("HYXYE1")
    bench.desk.check()
    assert bench.view.opened.row.state == state
    assert bench.view.notice.text == f"my_reports.told_{state}"
    assert bench.view.can_leave_house == (state != "void")


def test_asking_needs_no_file() -> None:
    bench = Bench(open=Refused("report.erased"), ask=SECOND)
    bench.desk.open("HYXYE2")
    bench.desk.check()
    assert bench.files.last("ask") == ("HYXYE2",)
    assert (bench.view.why.code, bench.view.notice.text) == ("report.erased", "my_reports.told_superseded")


def test_a_server_that_is_silent_leaves_the_report_open() -> None:
    bench = Bench(ask=NotNow("net.offline"))
    bench.desk.open("HYXYE1")
    bench.desk.check()
    assert bench.view.opened is not None
    assert (bench.view.notice.code, bench.view.busy) == ("net.offline", False)


def test_saving_notes_the_file_before_it_stands_in_its_place(tmp_path: Path) -> None:
    bench = Bench()
    digests: list[bytes] = []
    bench.reporting.answers["saved"] = lambda number, path: digests.append(path.read_bytes())
    bench.desk.open("HYXYE1")
    bench.desk.save(tmp_path / "x.pdf")
    assert digests == [b"sealed"]
    assert [one.name for one in tmp_path.iterdir()] == ["x.pdf"]
    assert bench.reporting.last("saved")[0] == "HYXYE1"


def test_without_the_platform_saving_is_kept_in_as_printing_is(tmp_path: Path) -> None:
    bench = Bench()
    bench.reporting.answers["require_leave"] = Refused("offline.print-off", "offline.print-off-report")
    bench.desk.open("HYXYE1")
    bench.desk.save(tmp_path / "x.pdf")
    assert bench.view.notice.text == "offline.print-off-report"
    assert list(tmp_path.iterdir()) == [] and bench.reporting.times("saved") == 0
    went: list[bool] = []
    bench.desk.before_printing(lambda: went.append(True))
    assert went == []


def test_the_platform_is_asked_outside_the_vaults_lane(tmp_path: Path) -> None:
    bench = Bench()
    bench.desk.open("HYXYE1")
    bench.lanes.used.clear()
    bench.desk.before_printing(lambda: None)
    bench.desk.save(tmp_path / "x.pdf")
    assert bench.lanes.used == ["wire", "courier"]


def test_printing_draws_at_the_printers_resolution_and_is_noted() -> None:
    bench = Bench()
    bench.desk.open("HYXYE1")
    got: list[Any] = []
    bench.desk.draw_for_printer(lambda pages, before: got.append((pages, before)))
    assert got == [(((b"sealed", PRINT_DPI),), 2)]
    bench.desk.printed(2)
    assert bench.reporting.last("printed") == ("HYXYE1", 2)


def test_a_void_report_neither_prints_nor_leaves(tmp_path: Path) -> None:
    bench = Bench(open=opened(replace(FIRST, state="void")))
    bench.desk.open("HYXYE1")
    got: list[Any] = []
    bench.desk.draw_for_printer(lambda pages, before: got.append(pages))
    bench.desk.save(tmp_path / "x.pdf")
    assert (got, list(tmp_path.iterdir())) == ([], [])
