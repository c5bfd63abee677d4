"""Controls of the picture tests: each fault that they are there for is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tests.ui import bench, pictures
from ui.page import Page
from ui.widgets.basics import Card, label

WORDS = "行政处罚记录"


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def page(*parts: QWidget) -> Page:
    made = Page(bench.texts(), WORDS)
    card = Card()
    card.box.addWidget(label("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥" * 4, wrap=True))
    made.body.addWidget(card)
    for part in parts:
        made.body.addWidget(part)
    made.body.addStretch(1)
    bench.lay(made, 480, 320)
    return made


def painted_over() -> QWidget:
    """One that brings its own colours and minds no theme."""
    made = page()
    made.setStyleSheet("QWidget { background: #FFFFFF; color: #14233B; }")
    return made


def strange() -> QWidget:
    """One that changes with the theme, into colours that are no theme's."""
    made = page()
    colour = "#C0FFC0" if pictures.look().theme == "light" else "#003000"
    made.setStyleSheet(f"QWidget {{ background: {colour}; }}")
    return made


def blank() -> QWidget:
    made = QWidget()
    made.setProperty("cls", "page")
    QVBoxLayout(made)
    bench.lay_out(made, 480, 320)
    return made


def cut() -> QWidget:
    words = QLabel("这一行太长")
    words.setFixedWidth(20)
    return page(words)


def hidden() -> QWidget:
    made = page()
    made.title.hide()
    return made


def test_control_a_page_in_order_has_no_flaw() -> None:
    assert pictures.in_both_themes(page, "", (WORDS,)) == []


@pytest.mark.parametrize(
    ("make", "flaw"),
    [
        (painted_over, "the dark one is not dark"),
        (strange, "light: ground is #c0ffc0"),
        (blank, "light: blank"),
        (cut, "dark: cut 这一行太长"),
        (hidden, f"dark: no {WORDS}"),
    ],
)
def test_control_each_fault_is_found(make: Callable[[], QWidget], flaw: str) -> None:
    assert flaw in pictures.in_both_themes(make, "", (WORDS,))


def test_control_the_same_picture_twice_is_found() -> None:
    made = pictures.take(page())
    other = pictures.Picture("dark", made.image, made.said, made.cut)
    found = pictures.flaws(made, other, (WORDS,))
    assert {"both look the same", "dark: ground is #f3f5f8"} <= set(found)
