"""Only what the server sealed and this client verified leaves the house."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app.desks.desk import Notice
from app.desks.issuing_desk import ITSELF
from app.desks.report_desk import ReportDesk
from app.desks.sealed_desk import DRAW_DPI, PRINT_DPI
from app.field.receivers import Receiver
from app.field.records import Basis
from app.trouble import NotNow, Refused
from tests.app.desks.stand_ins import Lanes, Service, Shown, answer, record


def issued(genuine: bool = True) -> SimpleNamespace:
    return SimpleNamespace(
        number="HY1", issued_at="2026-11-22T01:00:00.000Z", valid_until="", pdf=b"sealed", pdf_sha256="ab",
        document_sha256="cd",
        verdict=SimpleNamespace(genuine=genuine),
    )  # fmt: skip


class Set:
    """A paper on pages: the first alone, or all."""

    def __init__(self, whole: bytes = b"preview", flaw: Exception | None = None) -> None:
        self.pdf, self.flaw = whole, flaw

    def first(self) -> bytes:
        return b"first of " + self.pdf

    def whole(self) -> bytes:
        if self.flaw is not None:
            raise self.flaw
        return self.pdf


class Bench:
    """A report desk whose pages are the bytes and the resolution."""

    def __init__(self, online: bool = True, source: str = "server", pages: int = 1, **answers: Any) -> None:
        self.service = Service(
            **{
                "begin_preview": lambda *_, **__: Set(),
                "begin_working_copy": lambda *_, **__: Set(b"working"),
                "issue": issued(),
                "saved": None,
                "printed": None,
                "printed_before": 0,
            }
            | answers
        )
        self.lanes, self.drawn, self.shown = Lanes(), [], Shown()

        def draw(pdf: bytes, dpi: int, skip: int = 0, most: int = 0) -> tuple[Any, ...]:
            self.drawn.append((pdf, dpi))
            count = 1 if pdf.startswith(b"first") else pages
            end = min(count, skip + most) if most else count
            return ((pdf, dpi),) * max(0, end - skip)

        self.desk = ReportDesk(SimpleNamespace(reporting=self.service), self.lanes, self.shown, draw)
        self.desk.open(answer((record(1),), source=source), online)


def test_the_preview_comes_first_and_cannot_leave() -> None:
    bench = Bench()
    assert (bench.desk.view.stage, bench.desk.view.pages) == ("preview", ((b"first of preview", DRAW_DPI),))
    assert bench.desk.view.pdf == b"preview"
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


def test_a_report_opened_before_the_platform_answered_can_be_issued_once_it_does() -> None:
    bench = Bench(online=False)
    bench.desk.connected(True)
    assert bench.desk.view.can_issue
    bench.desk.connected(False)
    assert not bench.desk.view.can_issue


@pytest.mark.parametrize(("online", "source"), [(False, "server"), (True, "cache")])
def test_nothing_is_issued_offline_or_from_a_copy(online: bool, source: str) -> None:
    bench = Bench(online, source)
    bench.desk.issue()
    assert bench.service.times("issue") == 0
    assert bench.desk.view.notice.text == "report_page.needs_server"


def test_the_platforms_return_takes_away_that_it_is_missing_and_nothing_else() -> None:
    bench = Bench(online=False)
    bench.desk.issue()
    bench.desk.connected(True)
    assert (bench.desk.view.online, bench.desk.view.notice) == (True, None)
    other = Notice("report_page.special_off", (), "warning")
    bench.desk.put(notice=other)
    bench.desk.connected(False)
    assert bench.desk.view.notice == other


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
    bench.desk.draw_for_printer(lambda pages, before: got.append(before))
    assert got == [0]
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
    assert set(bench.lanes.used) == {"press", "wire"}
    assert bench.lanes.used.count("wire") == 1


def test_the_first_page_is_shown_before_the_others_are_drawn() -> None:
    bench = Bench(pages=20)
    shown = [len(view.pages) for view in bench.shown if view.stage == "preview"]
    assert shown == [1, 9, 17, 20]
    assert not any(view.busy for view in bench.shown if view.pages)


def test_the_first_page_is_shown_before_the_others_are_written() -> None:
    bench = Bench(pages=20)
    first = next(view for view in bench.shown if view.pages)
    assert (first.pdf, first.pages, first.busy) == (b"", ((b"first of preview", DRAW_DPI),), False)
    assert (bench.desk.view.pdf, len(bench.desk.view.pages)) == (b"preview", 20)


def test_of_an_answer_withdrawn_meanwhile_no_page_stays() -> None:
    gone = Refused("answer.withdrawn")
    bench = Bench(begin_preview=lambda *_, **__: Set(flaw=gone))
    view = bench.desk.view
    assert (view.stage, view.pages, view.pdf, view.notice.code) == ("none", (), b"", "answer.withdrawn")


def test_a_preview_that_a_failed_issue_broke_off_is_finished() -> None:
    bench = Bench(pages=20, issue=NotNow("seal-unavailable"))
    bench.lanes.held = True
    bench.desk.preview()
    bench.lanes.waiting.pop()()
    assert len(bench.desk.view.pages) == 1
    bench.desk.issue()
    bench.lanes.waiting.pop()()
    while bench.lanes.waiting:
        bench.lanes.waiting.pop()()
    assert (len(bench.desk.view.pages), bench.desk.view.notice.code) == (20, "seal-unavailable")


def test_what_is_asked_meanwhile_ends_the_drawing() -> None:
    bench = Bench(pages=20)
    waiting: list[Any] = []
    bench.desk._lanes.submit = lambda lane, job, *args, done=None: waiting.append((job, args, done))
    bench.desk.view = replace(bench.desk.view, pages=bench.desk.view.pages[:1])
    bench.desk._draw_more()
    bench.desk.issue()
    late: Future[Any] = Future()
    late.set_result(((b"preview", DRAW_DPI),) * 8)
    waiting[0][2](late)
    assert len(bench.desk.view.pages) == 1


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


def own() -> Bench:
    """A query on the subject's own ground."""
    bench = Bench()
    given = answer((record(1),))
    bench.desk.open(replace(given, bundle=msgspec.structs.replace(given.bundle, basis=Basis("own"))), True)
    return bench


def test_another_paper_in_another_size_is_previewed_as_chosen() -> None:
    bench = Bench()
    bench.desk.choose("summary")
    assert bench.service.last("begin_preview") == ("Q1", "zh_CN", "summary", False)
    bench.desk.enlarge(True)
    bench.desk.speak("en")
    assert bench.service.last("begin_preview") == ("Q1", "en", "summary", True)
    bench.desk.issue()
    assert bench.service.last("issue") == ("Q1", "summary", "en", {}, ITSELF, True)


def test_a_language_chosen_before_the_first_page_is_there_is_the_one_that_is_shown() -> None:
    bench = Bench()
    bench.lanes.held = True
    bench.desk.open(answer((record(1),)), True)
    bench.desk.speak("en")
    while bench.lanes.waiting:
        bench.lanes.run()
    assert [call[2] for call in bench.service.asked if call[0] == "begin_preview"][-1] == "en"
    assert (bench.desk.view.language, bench.desk.view.stage) == ("en", "preview")


def test_a_sealed_paper_gives_way_to_a_preview_in_another_language() -> None:
    bench = Bench()
    bench.desk.issue()
    bench.desk.speak("en")
    view = bench.desk.view
    assert (view.stage, view.issued, view.can_leave_house, view.can_issue) == ("preview", None, False, True)
    assert bench.service.last("begin_preview")[1] == "en"


def test_a_special_report_has_no_preview_and_its_scope_goes_with_the_issue() -> None:
    bench = own()
    asked = bench.service.times("begin_preview")
    bench.desk.choose("special")
    view = bench.desk.view
    assert (view.kind, view.stage, view.pages, view.can_issue) == ("special", "none", (), True)
    bench.desk.speak("en")
    assert bench.service.times("begin_preview") == asked
    bench.desk.limit("2024-01-01", "", "market")
    bench.desk.issue()
    scope = {"from": "2024-01-01", "to": "", "field": "market"}
    assert bench.service.last("issue") == ("Q1", "special", "en", scope, ITSELF, False)
    assert bench.desk.view.stage == "issued"


def test_it_is_not_offered_on_a_ground_that_does_not_carry_it() -> None:
    bench = Bench()
    assert not bench.desk.view.offers_special
    bench.desk.choose("special")
    assert (bench.desk.view.kind, bench.desk.view.notice.text) == ("standard", "report_page.special_off")
    assert own().desk.view.offers_special
    assert {row.id for row in own().desk.view.fields} >= {"market", "environment"}


def test_the_working_print_is_always_of_the_whole_answer() -> None:
    bench = Bench()
    bench.desk.choose("summary")
    bench.desk.choose("working")
    assert bench.service.last("begin_working_copy") == ("Q1", "zh_CN", "standard", False)
    assert bench.desk.view.kind == "working"
    bench.desk.choose("summary")
    assert (bench.desk.view.kind, bench.desk.view.stage) == ("summary", "preview")


def test_the_receiver_is_named_before_anything_is_asked() -> None:
    bench = Bench()
    bench.desk.hand_to("agent", "  ")
    bench.desk.issue()
    assert (bench.service.times("issue"), bench.desk.view.unnamed) == (0, True)
    assert bench.desk.view.notice.text == "problem.receiver-needed"
    bench.desk.hand_to("agent", "示例代理人")
    assert not bench.desk.view.unnamed
    bench.desk.issue()
    assert bench.service.last("issue")[4] == Receiver("agent", "示例代理人")


def test_a_reprint_is_counted_by_the_links_of_before() -> None:
    bench = Bench(printed_before=3)
    bench.desk.issue()
    got: list[int] = []
    bench.desk.draw_for_printer(lambda pages, before: got.append(before))
    assert got == [3]
