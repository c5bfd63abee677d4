"""What a synchronisation took back, and what can be read no longer, leaves the page."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.field.records import ObjectionMark
from app.services.leasing import LeaseCard
from app.services.watching import Hold, Judged
from tests.ui import bench, fakes
from tests.ui.stage import Stage
from ui.widgets.basics import Button


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage(qtbot)
    made.play("subject")
    return made


def standing(stage: Stage, hold: Hold) -> None:
    stage.client.watching.will(judge=lambda shown: fakes.still_true(shown, hold))


def round_over(stage: Stage, *withdrawn: str) -> None:
    """A round that came home."""
    report: Any = SimpleNamespace(
        sent=0, refused=0, unknown=0, removed_copies=len(withdrawn), entries_sent=0, judged=0, spared=0,
        lease_state="live", lease_until="", withdrawn=withdrawn, restored_at="",
        letters=0, withdrawn_for="answer.withdrawn" if withdrawn else "",
    )  # fmt: skip
    stage.window.desk._synced(report)
    stage.settle()


def read(stage: Stage) -> str:
    """All that a screen reader or an eye could take from the page."""
    page = stage.page("subject")
    labels = [one.text() for one in page.findChildren(bench.QLabel) if one.isVisible()]
    return "\n".join(labels + [str(row.cells) for row in page.records.table.rows_model.rows])


def test_control_what_holds_stays_as_it_was_with_tab_and_place(stage: Stage) -> None:
    page = stage.page("subject")
    page.desk.turn("all")
    before = page.desk.view
    round_over(stage)
    assert page.desk.view is before and "014" in read(stage)


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "with a window beside"])
def test_what_was_taken_back_is_on_no_page_and_the_reason_is_told(stage: Stage, beside: bool) -> None:
    desktop = stage.window.desktop
    assert desktop is not None
    page = stage.page("subject")
    desktop.open_report()
    desktop.frame.go("subject")
    if beside:
        page.beside_button.click()
    page.desk.panel(True)
    standing(stage, "withdrawn")
    round_over(stage, "CX-1122-000417")
    assert page.desk.view.bundle is None and page.records.table.rows_model.rows == ()
    assert not any(part.isVisible() for part in (page.header, page.records, page.timeline, page.panel))
    assert fakes.NAME not in read(stage) and "014" not in read(stage)
    assert page.again is not None and page.again.accessibleName().startswith("平台已更正或撤回")
    assert (desktop.report.view.pages, desktop.report.view.answer) == ((), None)
    assert desktop.beside == {}
    notice = stage.window.desk.view.notice
    assert notice is not None and notice.text == "answer.withdrawn"  # said, and not covered by the windows
    bench.grab(stage.window, "taken_back")
    assert bench.clipped(page) == [] and bench.nameless(page) == []


def test_what_went_with_its_official_letter_is_on_no_page_in_words_of_its_own(stage: Stage) -> None:
    page = stage.page("subject")
    standing(stage, "letter")
    round_over(stage, "CX-1122-000417")
    assert page.desk.view.bundle is None and fakes.NAME not in read(stage)
    assert page.again is not None and page.again.accessibleName().startswith("这次查询所依据的公函已停用")
    bench.grab(stage.window, "letter_ended")
    assert bench.clipped(page) == [] and bench.nameless(page) == []


def test_from_there_one_asks_again_and_the_new_answer_is_whole(stage: Stage) -> None:
    page = stage.page("subject")
    standing(stage, "withdrawn")
    round_over(stage, "CX-1122-000417")
    for act in (page._object, page._repair, page.report_wanted.emit, page._beside):
        act()
    assert stage.window.frame is not None and stage.window.frame.current == "subject"  # nothing begins here
    page.again.findChildren(Button)[0].click()
    assert stage.window.frame.current == "home"
    assert stage.page("home").field.text() == fakes.CODE
    standing(stage, "holds")
    assert stage.window.desktop is not None
    stage.window.desktop.open_answer(fakes.answer())
    stage.settle()
    assert page.again is None and page.header.isVisible() and page.records.isVisible()
    assert page.timeline.isVisible() and page.report_button.isEnabled() and "014" in read(stage)


def test_a_mark_that_came_since_is_on_the_page_and_the_officer_stays_where_he_was(stage: Stage) -> None:
    page = stage.page("subject")
    page.desk.turn("all")
    page.desk.select("REC0002")
    page.beside_button.click()
    shown = fakes.bundle()
    mark = ObjectionMark("YY-2026-0200", "2026-11-22", "2026-12-01")
    records = tuple(
        msgspec.structs.replace(one, objection=mark) if one.rec_id == "REC0002" else one
        for one in shown.records
    )
    marked = msgspec.structs.replace(shown, records=records)
    stage.client.watching.will(judge=lambda shown: tuple(Judged(marked, "holds") for _ in shown))
    round_over(stage)
    view = page.desk.view
    assert view.selected is not None and (view.selected.objection, view.tab) == (mark, "all")
    assert view.notice is not None and view.notice.text == "subject.marks_moved"
    assert next(face.count for face in view.tiles if face.key == "objected") == 2
    assert stage.window.desktop is not None
    (window,) = stage.window.desktop.beside.values()
    assert window.desk.view.bundle == marked


def test_the_lease_ends_without_a_network_and_no_page_of_a_copy_outlives_it(stage: Stage) -> None:
    desktop = stage.window.desktop
    assert desktop is not None
    page = stage.page("subject")
    page.beside_button.click()
    stage.client.syncing.will(
        online=SimpleNamespace(state="offline", as_of="", last_contact="", signed_in=True)
    )
    stage.window.desk.look_around()
    assert len(desktop.beside) == 1 and page.desk.view.bundle is not None  # the control: it is live yet
    rounds = stage.client.syncing.times("sync")
    standing(stage, "shut")
    stage.client.leasing.will(card=LeaseCard("ended", "2026-11-25T00:00:00.000Z", 0, ""))
    stage.window.desk.look_around()
    stage.settle()
    assert stage.client.syncing.times("sync") == rounds  # no round told it
    assert desktop.beside == {} and page.desk.view.bundle is None
    assert page.again is not None and "已锁定" in page.again.accessibleName()
    banner = stage.window.desk.view.banner
    assert banner is not None and banner.text == "offline.expired"


def test_an_open_copy_closes_with_the_lease_and_what_was_found_in_it_goes(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("subject")
    assert stage.window.frame is not None and stage.window.desktop is not None
    stage.window.frame.go("offline")
    desk = stage.window.desktop.offline
    desk.open("CX-1122-000417")
    assert desk.view.opened is not None
    desk.put(hits=(SimpleNamespace(query_no="CX-1122-000417"),))
    stage.window.desk.look_around()
    assert desk.view.opened is not None  # the control
    standing(stage, "gone")
    stage.window.desk.look_around()
    assert (desk.view.opened, desk.view.hits) == (None, ())


def test_a_copy_that_is_being_given_back_here_is_not_told_as_lost(stage: Stage) -> None:
    page = stage.page("subject")
    page.desk.put(busy=True)
    page.desk.judged(Judged(fakes.bundle(), "gone"))
    assert page.desk.view.bundle is not None
    page.desk.put(busy=False, kept=False)
    page.desk.judged(Judged(fakes.bundle(), "gone"))
    assert page.desk.view.bundle is not None  # the answer itself holds
    page.desk.judged(Judged(fakes.bundle(), "withdrawn"))
    assert page.desk.view.bundle is None
