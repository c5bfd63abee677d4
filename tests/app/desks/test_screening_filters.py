"""What of a list is on the page: filters, answers that come late, and nothing of it done in the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.desks import screening_desk
from app.desks.screening_desk import ScreeningDesk
from app.desks.screening_sheet import about, table
from app.texts import Texts
from tests.app.desks.stand_ins import Lanes
from tests.app.desks.test_screening_desk import PURPOSE, begun, desk, finish, lanes, platform, units
from tests.app.services.screened import CLEAN, HONOUR, NAME, SERIOUS

__all__ = ["desk", "lanes", "platform", "units"]


def test_filters_and_words_narrow_what_is_shown(desk: ScreeningDesk, lanes: Lanes, units: Path) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    assert len(desk.view.shown) == 5
    desk.only("serious")
    assert len(desk.view.shown) == 5  # until the lane has gone through the lines
    lanes.run()
    assert [line.code for line in desk.view.shown] == [SERIOUS]
    desk.only("")
    desk.narrow(" 商贸 ")
    lanes.run()
    assert [line.line for line in desk.view.shown] == [7]
    desk.narrow("商")
    desk.narrow(HONOUR[-6:].lower())  # the answer to the filter before comes too late
    lanes.run()
    assert [line.code for line in desk.view.shown] == [HONOUR]


def test_a_purpose_that_stands_on_an_official_letter_is_not_offered_for_a_list(
    desk: ScreeningDesk, lanes: Lanes
) -> None:
    desk.start()
    lanes.run()
    assert desk.view.purposes == (PURPOSE,)


def test_a_filter_chosen_while_a_part_is_asked_holds_for_its_answer(
    desk: ScreeningDesk, lanes: Lanes, units: Path
) -> None:
    desk.read(units)
    lanes.run()
    desk.begin()
    lanes.run()
    desk.only("serious")
    finish(lanes)
    assert [line.code for line in desk.view.shown] == [SERIOUS]
    assert dict(desk.view.counts)["serious"] == 1


def test_what_comes_late_about_another_task_is_not_shown_under_this_one(
    desk: ScreeningDesk, lanes: Lanes, units: Path
) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    first = desk.view.task
    assert first is not None
    begun(desk, lanes, units)
    finish(lanes)
    second = desk.view.task
    assert second is not None and second.card.task_no != first.card.task_no
    desk.open_task(first.card.task_no)
    finish(lanes)
    waiting = desk.view.selected
    assert waiting is not None and waiting.state == "similar"
    desk.choose("", "经营者不同")
    late, lanes.waiting[:] = list(lanes.waiting), []
    desk.open_task(second.card.task_no)
    finish(lanes)
    desk.only("serious")
    finish(lanes)
    shown = desk.view.shown
    for work in late:
        work()
    finish(lanes)
    view = desk.view
    assert view.task is not None and view.task.card.task_no == second.card.task_no
    assert (view.shown, view.count("apart"), view.busy) == (shown, 0, False)
    desk.open_task(first.card.task_no)  # the control: it was done all the same
    finish(lanes)
    assert desk.view.count("apart") == 1


def test_the_window_goes_through_no_lines_of_a_task(
    desk: ScreeningDesk, lanes: Lanes, units: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes home is counted already: nothing of it is done where `show` is called."""
    walked: list[str] = []

    def watched(name: str, real: Any) -> Any:
        def call(*given: Any) -> Any:
            walked.append(f"{name} {'lane' if lanes.inside else 'window'}")
            return real(*given)

        return call

    for name in ("counted", "narrowed"):
        real = getattr(screening_desk, name)
        monkeypatch.setattr(screening_desk, name, watched(name, real))
    begun(desk, lanes, units)
    finish(lanes)
    desk.only("serious")
    desk.narrow("商")
    finish(lanes)
    desk.look_again()
    finish(lanes)
    desk.again()
    finish(lanes)
    desk.cancel()
    finish(lanes)
    assert {"counted lane", "narrowed lane"} <= set(walked)
    assert not [one for one in walked if one.endswith("window")]


def test_a_code_registered_under_another_name_is_counted_filtered_and_noted_hit_or_not(
    desk: ScreeningDesk, lanes: Lanes, units: Path
) -> None:
    units.write_text(f"代码,名称\n{SERIOUS},甲公司\n{HONOUR},{NAME}\n{CLEAN},丁公司\n", "gb18030")
    begun(desk, lanes, units)
    finish(lanes)
    assert (desk.view.count("otherwise"), desk.view.count("none")) == (2, 1)  # the states stay as they are
    desk.only("otherwise")
    lanes.run()
    assert [(line.code, line.otherwise) for line in desk.view.shown] == [(SERIOUS, NAME), (CLEAN, NAME)]
    assert desk.view.task is not None
    head, *rows = table(desk.view.task, Texts())
    notes = [row[head.index("说明")] for row in rows]
    assert [f"登记名称为「{NAME}」" in note for note in notes] == [True, False, True]
    assert ["名称与登记名称不一致行数", "2"] in about(desk.view.task, Texts())
