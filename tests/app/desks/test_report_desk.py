"""Only what the server sealed and this client verified leaves the house."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.desks.report_desk import DRAW_DPI, PRINT_DPI, ReportDesk
from app.trouble import NotNow
from tests.app.desks.stand_ins import Lanes, Service, Shown, answer, record


def issued(genuine: bool = True) -> SimpleNamespace:
    return SimpleNamespace(
        number="HY1", issued_at="2026-11-22T01:00:00.000Z", valid_until="", pdf=b"sealed", pdf_sha256="ab",
        document_sha256="cd",
        verdict=SimpleNamespace(genuine=genuine),
    )  # fmt: skip


class Bench:
    """A report desk whose pages are the bytes and the resolution."""

    def __init__(self, online: bool = True, source: str = "server", **answers: Any) -> None:
        self.service = Service(
            **{
                "preview": b"preview",
                "working_copy": b"working",
                "issue": issued(),
                "saved": None,
                "printed": None,
            }
            | answers
        )
        self.lanes, self.drawn = Lanes(), []

        def draw(pdf: bytes, dpi: int) -> tuple[Any, ...]:
            self.drawn.append((pdf, dpi))
            return ((pdf, dpi),)

        self.desk = ReportDesk(SimpleNamespace(reporting=self.service), self.lanes, Shown(), draw)
        self.desk.open(answer((record(1),), source=source), online)


def test_the_preview_comes_first_and_cannot_leave() -> None:
    bench = Bench()
    assert (bench.desk.view.stage, bench.desk.view.pages) == ("preview", ((b"preview", DRAW_DPI),))
    assert not bench.desk.view.can_leave_house


def test_issuing_shows_the_servers_own_bytes() -> None:
    bench = Bench()
    bench.desk.issue()
    view = bench.desk.view
    assert (view.stage, view.pdf, view.can_leave_house) == ("issued", b"sealed", True)
    assert view.notice.facts() == {"report_no": "HY1"}


def test_an_unverified_file_is_neither_shown_nor_saved(tmp_path: Path) -> None:
    bench = Bench(issue=issued(genuine=False))
    bench.desk.issue()
    view = bench.desk.view
    assert (view.stage, view.notice.text, view.can_leave_house) == ("preview", "report.sign", False)
    bench.desk.save(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []
    assert (b"sealed", DRAW_DPI) not in bench.drawn


@pytest.mark.parametrize(("online", "source"), [(False, "server"), (True, "cache")])
def test_nothing_is_issued_offline_or_from_a_copy(online: bool, source: str) -> None:
    bench = Bench(online, source)
    bench.desk.issue()
    assert bench.service.times("issue") == 0
    assert bench.desk.view.notice.text == "report_page.needs_server"


def test_saving_writes_the_bytes_and_tells_the_ledger(tmp_path: Path) -> None:
    """The ledger is told while the file stands beside its place: it takes the digest of what was written."""
    bench = Bench()
    digests: list[bytes] = []
    bench.service.answers["saved"] = lambda number, path: digests.append(path.read_bytes())
    bench.desk.issue()
    bench.desk.save(tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes() == b"sealed"
    assert bench.service.last("saved")[0] == "HY1"
    assert digests == [b"sealed"]
    assert [one.name for one in tmp_path.iterdir()] == ["x.pdf"]


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    bench = Bench()
    bench.desk.issue()
    bench.desk.save(tmp_path / "no such folder" / "x.pdf")
    assert bench.desk.view.notice.text == "report.saveFail"
    assert bench.service.times("saved") == 0
    assert bench.desk.view.can_leave_house


def test_printing_draws_at_the_printers_resolution_and_is_logged() -> None:
    bench = Bench()
    bench.desk.issue()
    got: list[Any] = []
    bench.desk.draw_for_printer(got.append)
    assert bench.drawn[-1] == (b"sealed", PRINT_DPI)
    bench.desk.printed(2)
    assert bench.service.last("printed") == ("HY1", 2)


def test_a_working_copy_cannot_leave_as_a_report(tmp_path: Path) -> None:
    bench = Bench()
    bench.desk.working_copy()
    assert bench.desk.view.stage == "working"
    bench.desk.save(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_trouble_while_issuing_keeps_the_preview() -> None:
    bench = Bench(issue=NotNow("seal-unavailable"))
    bench.desk.issue()
    assert (bench.desk.view.stage, bench.desk.view.notice.code) == ("preview", "seal-unavailable")


def test_drawing_is_done_in_the_press() -> None:
    bench = Bench()
    bench.desk.issue()
    assert bench.lanes.used == ["press", "wire", "press"]


def test_a_slow_lane_saves_and_issues_what_was_asked_for(tmp_path: Path) -> None:
    """The officer may have turned to another subject before the lane comes to it."""
    bench = Bench()
    bench.desk.issue()
    kept: list[Any] = []
    bench.desk._lanes.submit = lambda lane, job, *args, done=None: kept.append((job, args))
    bench.desk.save(tmp_path / "a.pdf")
    bench.desk.view = replace(bench.desk.view, pdf=b"another subject", issued=None)
    job, args = kept[0]
    job(*args)
    assert (tmp_path / "a.pdf").read_bytes() == b"sealed"
    assert bench.service.last("saved")[0] == "HY1"
    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]
