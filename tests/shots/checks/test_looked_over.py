"""Pages as officers see them, looked over with every check: a part for every commit, all of it at night."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton

from tests.shots.looked_over import all_of_it, told
from tests.shots.room import Room
from tests.shots.states import PAGES, STATES
from tests.shots.walk import CORE_LOOKS, CORE_STATES, LANGUAGES, LOOKS, USUAL, Tally, walk, worth_keeping
from ui.look import look


def test_the_core_has_no_finding(qapp: QApplication) -> None:
    kept: list[str] = []
    tally = walk(CORE_LOOKS, CORE_STATES, keep=lambda name, picture: kept.append(name))
    assert list(tally.lines()) == []
    assert tally.combinations == len(CORE_STATES) * len(LANGUAGES) * sum(len(one.sizes) for one in CORE_LOOKS)
    assert kept and len(set(kept)) == len(kept)


def test_control_a_fault_in_a_real_page_is_found(qapp: QApplication) -> None:
    look().wear("light", 100)
    room = Room("zh_CN", USUAL)
    try:
        room.bring("ledger")
        page = room.page("ledger")
        planted = QPushButton("撤销", page)
        planted.setGeometry(page.title.geometry())
        planted.setStyleSheet("color: #B8C2CC;")
        planted.show()
        room.settle()
        found = room.look_over()[0]
    finally:
        room.close()
    assert any("'撤销'" in one and " on #" in one for one in found)
    assert len(found) >= 2


def test_every_page_has_a_usual_state_and_a_picture_in_every_look() -> None:
    pages = "sign-in unlock home subject report paper verify reports screening offline objection repair"
    assert {*pages.split(), "outbox", "ledger", "settings", "doctor", "help"} == set(PAGES)
    for state in STATES:
        times = sum(
            worth_keeping(state, one, size, language)
            for one in LOOKS
            for size in one.sizes
            for language in LANGUAGES
        )
        assert times == (12 if state in PAGES else 1), state


def test_findings_are_told_once_with_their_first_place() -> None:
    tally, other = Tally(2, 1, 1.0), Tally(3, 0, 2.5)
    tally.add("home-light", ["cut"])
    other.add("home-dark", ["cut", "faint"])
    tally.take_in(other)
    assert list(tally.lines()) == ["home-light and 1 more: cut", "home-dark: faint"]
    assert told(tally).startswith(
        f"looked over: 5 combinations of {len(STATES)} states on {len(PAGES)} pages"
    )


@pytest.mark.nightly
def test_every_combination_has_no_finding(tmp_path: Path) -> None:
    tally = all_of_it(tmp_path)
    assert list(tally.lines()) == []
    assert tally.pictures == len(list(tmp_path.glob("*.png"))) > 250
    assert not QImage(str(next(tmp_path.glob("home-dark*@2x*.png")))).isNull()
