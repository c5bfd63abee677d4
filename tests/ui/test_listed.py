"""Why there are no rows is made anew only when it is another reason: the focus stays on its button."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.widgets.listed import Listed
from ui.widgets.panels import State


@pytest.fixture
def listed(qtbot: QtBot) -> Listed:
    made = Listed(QLabel("rows"))
    qtbot.addWidget(made)
    return made


def why(name: str) -> State:
    return State("filter", "neutral", name, "why")


def test_the_same_reason_stays_and_another_takes_its_place(listed: Listed) -> None:
    made: list[State] = []

    def make() -> State:
        made.append(why(f"reason {len(made)}"))
        return made[-1]

    for key in ("none", "none", "narrowed"):
        listed.show_why_none(key, make)
    assert len(made) == 2 and listed.currentWidget() is listed.why_none
    assert listed.why_none.findChildren(State) == [made[1]]


def test_the_skeleton_waits_for_rows_or_reasons_and_no_longer(listed: Listed) -> None:
    for show in (listed.show_rows, lambda: listed.show_why_none("none", lambda: why("none")), listed.leave):
        listed.wait()
        assert listed.currentWidget() is listed.skeleton and listed.skeleton._wait.isActive()
        show()
        assert not listed.skeleton._wait.isActive()
