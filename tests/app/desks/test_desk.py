"""What every desk does: an answer is shown once, however many steps it takes."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.desks.desk import Desk
from tests.app.desks.stand_ins import Lanes, Shown, client


@dataclass(frozen=True)
class Steps:
    """A view that counts."""

    count: int = 0
    word: str = ""


def desk_of(lanes: Lanes) -> tuple[Desk[Steps], Shown]:
    shown = Shown()
    return Desk(client(), lanes, shown, Steps()), shown


def test_what_an_answer_changes_in_steps_is_shown_once_and_a_click_at_once() -> None:
    lanes = Lanes(held=True)
    desk, shown = desk_of(lanes)

    def stepwise(found: int) -> None:
        desk.put(count=found)
        desk.put(word="一")
        desk.put(word="二")

    desk.ask("vault", lambda: 3, then=stepwise)
    lanes.waiting.pop()()
    assert shown == [Steps(3, "二")]
    desk.put(count=4)
    desk.put(count=5)  # the control: these are two clicks
    assert shown[1:] == [Steps(4, "二"), Steps(5, "二")]


def test_an_answer_within_an_answer_does_not_swallow_what_came_before_it() -> None:
    desk, shown = desk_of(Lanes())

    def first(found: int) -> None:
        desk.put(count=found)
        desk.ask("vault", lambda: 2, then=lambda more: desk.put(count=more))
        desk.put(word="后")

    desk.ask("vault", lambda: 1, then=first)
    assert shown == [Steps(1), Steps(2), Steps(2, "后")]


def test_what_was_changed_before_an_answer_broke_off_is_shown() -> None:
    lanes = Lanes(held=True)
    desk, shown = desk_of(lanes)

    def breaking(found: int) -> None:
        desk.put(count=found)
        raise ZeroDivisionError

    desk.ask("vault", lambda: 3, then=breaking)
    with pytest.raises(ZeroDivisionError):
        lanes.waiting.pop()()
    desk.put(word="再")
    assert shown == [Steps(3), Steps(3, "再")]
