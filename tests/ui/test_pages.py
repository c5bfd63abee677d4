"""Every page in both languages and three sizes: nothing cut, all named, every cell with its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.texts import Texts
from tests.ui import fakes
from tests.ui.stage import SIZES, STAGES, Stage
from ui.look import look
from ui.widgets.basics import Elided, Mark
from ui.widgets.fields import CodeField

LANGUAGES = ("zh_CN", "en")


CASES = [
    *((name, "zh_CN", size) for name in STAGES for size in (SIZES[0], SIZES[-1])),
    *(
        pytest.param(name, "zh_CN", size, marks=pytest.mark.nightly)
        for name in STAGES
        for size in SIZES[1:-1]
    ),
    *((name, "en", size) for name in STAGES for size in (SIZES[0], SIZES[-1])),
]


def visible(root: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [one for one in root.findChildren(kind) if one.isVisible() and one.width() > 0]


def cut(widget: QWidget) -> str:
    """What of a widget's words does not fit its box; empty when all does."""
    if isinstance(widget, Elided):
        return ""
    metrics = QFontMetrics(widget.font())
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            need = widget.heightForWidth(widget.width())
            return (
                f"{widget.text()!r} needs {need} of {widget.height()}" if need > widget.height() + 1 else ""
            )
        need = metrics.horizontalAdvance(widget.text())
        if widget.text() and (need > widget.width() + 1 or metrics.height() > widget.height() + 2):
            return f"{widget.text()!r} needs {need}x{metrics.height()} of {widget.width()}x{widget.height()}"
    elif isinstance(widget, QPushButton) and widget.text():
        need = metrics.horizontalAdvance(widget.text().replace("&", "")) + (
            widget.iconSize().width() if not widget.icon().isNull() else 0
        )
        if need > widget.width() or metrics.height() > widget.height():
            return f"{widget.text()!r} needs {need} of {widget.width()}"
    elif isinstance(widget, QComboBox):
        need = metrics.horizontalAdvance(widget.currentText()) + 30
        if need > widget.width() and widget.maximumWidth() > 1000:
            return f"{widget.currentText()!r} needs {need} of {widget.width()}"
    return ""


def cut_words(root: QWidget) -> list[str]:
    kinds = (QLabel, QPushButton, QComboBox)
    return [words for kind in kinds for one in visible(root, kind) if (words := cut(one))]


def hidden_at_the_right(root: QWidget) -> list[str]:
    """Pages scroll downwards only: whatever stands right of the viewport can never be seen."""
    found = []
    for area in visible(root, QScrollArea):
        inner = area.widget()
        fixed = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if inner is not None and fixed and inner.width() > area.viewport().width():
            found.append(f"{type(inner).__name__} {inner.width()} of {area.viewport().width()}")
    return found


def nameless(root: QWidget) -> list[str]:
    found = []
    for one in visible(root, QWidget):
        if not one.focusPolicy() & Qt.FocusPolicy.TabFocus or not one.isEnabled():
            continue
        interface = QAccessible.queryAccessibleInterface(one)
        if interface is None or not (interface.text(QAccessible.Text.Name) or one.accessibleName()):
            found.append(type(one).__name__)
    return found


def silent_cells(root: QWidget) -> list[str]:
    found = []
    for view in visible(root, QAbstractItemView):
        model = view.model()
        for row in range(model.rowCount(QModelIndex())):
            for column in range(model.columnCount(QModelIndex())):
                if not model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole):
                    found.append(f"{type(view).__name__} {row},{column}")
    return found


@pytest.mark.parametrize(("name", "language", "size"), CASES, ids=lambda part: str(part))
def test_a_page_can_be_read_reached_and_heard(
    qtbot: QtBot, name: str, language: str, size: tuple[int, int]
) -> None:
    stage = Stage(qtbot, language, size)
    stage.play(name)
    assert cut_words(stage.window) == []
    assert hidden_at_the_right(stage.window) == []
    assert nameless(stage.window) == []
    assert silent_cells(stage.window) == []
    formats = {one.textFormat() for one in visible(stage.window, QLabel)}
    assert formats <= {Qt.TextFormat.PlainText}


def test_control_a_cut_label_is_found(qtbot: QtBot) -> None:
    label = QLabel("一二三四五六七八九十")
    qtbot.addWidget(label)
    label.resize(20, 20)
    label.show()
    assert cut(label)
    wrapped = QLabel("一二三四五六七八九十" * 4)
    wrapped.setWordWrap(True)
    qtbot.addWidget(wrapped)
    wrapped.resize(60, 20)
    wrapped.show()
    assert cut(wrapped)


@pytest.mark.parametrize(
    "theme", [*(pytest.param(one, marks=pytest.mark.nightly) for one in ("light", "dark")), "highContrast"]
)
@pytest.mark.parametrize("name", STAGES)
def test_every_page_in_every_theme(qtbot: QtBot, theme: str, name: str) -> None:
    look().wear(theme)
    made = Stage(qtbot, "zh_CN", SIZES[0])
    made.play(name)
    picture = made.window.grab().toImage()
    assert picture.width() == 1280
    colours = {picture.pixelColor(x, y).name() for x in range(0, 1280, 16) for y in range(0, 800, 16)}
    assert len(colours) > 3


@pytest.mark.parametrize("percent", [115, 130, 150])
@pytest.mark.parametrize("name", ["home", "subject", "sign_in", "unlock"])
def test_larger_text_cuts_nothing(qtbot: QtBot, percent: int, name: str) -> None:
    look().wear("light", percent)
    made = Stage(qtbot, "zh_CN", SIZES[0])
    made.play(name)
    found = [
        words for kind in (QLabel, QPushButton) for one in visible(made.window, kind) if (words := cut(one))
    ]
    assert found == []
    assert hidden_at_the_right(made.window) == []


def test_the_unlock_page_holds_nothing_of_a_subject(qtbot: QtBot) -> None:
    made = Stage(qtbot, "zh_CN", SIZES[0])
    made.play("subject")
    frame = made.window.frame
    assert frame is not None
    made.window.desk.put(stage="unlock")
    made.settle()
    words = " ".join(
        [
            one.text()
            for kind in (QLabel, QAbstractButton, QLineEdit)
            for one in made.window.findChildren(kind)
        ]
        + [one.whole for one in made.window.findChildren(Elided)]
        + [one.accessibleName() for one in made.window.findChildren(QWidget)]
    )
    assert fakes.NAME not in words
    assert fakes.CODE not in words.replace(" ", "")
    assert made.window.frame is None
    assert not made.window.findChildren(QAbstractItemView)
    assert len(made.window.findChildren(CodeField)) == 0


def test_control_the_subject_page_does_hold_it(qtbot: QtBot) -> None:
    made = Stage(qtbot, "zh_CN", SIZES[0])
    made.play("subject")
    assert fakes.NAME in [one.whole for one in made.window.findChildren(Elided)]


def test_a_serious_record_has_icon_word_and_the_only_solid_chip(qtbot: QtBot) -> None:
    made = Stage(qtbot, "zh_CN", SIZES[0])
    made.play("subject")
    desktop = made.window.desktop
    assert desktop is not None
    desktop.subject.turn("lists")
    made.settle()
    chips = [row.cells[-1].chip for row in made.page("subject").records.table.rows_model.rows]
    assert [(chip.tone, chip.icon, bool(chip.text)) for chip in chips] == [
        ("serious", "serious-filled", True)
    ]
    assert any(mark.role == "serious-filled" for mark in made.window.findChildren(Mark))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_texts_of_the_window_exist(language: str) -> None:
    """Ids written in the code are in the files; ids that are put together are played by the stages."""
    texts = Texts(language)
    missing = []
    for path in [*Path("ui").rglob("*.py"), *Path("app/desks").glob("*.py")]:
        for found in re.findall(r'(?:say|Notice)\(\s*"([a-z_]+\.[A-Za-z_]+)"', path.read_text("utf-8")):
            if not texts.has(found):
                missing.append(f"{path.name}: {found}")
    assert missing == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_the_case_number_bears_its_name_once_it_is_filled(
    qtbot: QtBot, language: str, size: tuple[int, int]
) -> None:
    stage = Stage(qtbot, language, size)
    stage.play("home")
    page = stage.page("home")
    assert page.case.text() == "LN-2026-0381"
    (name,) = [one for one in page.findChildren(QLabel) if one.buddy() is page.case]
    assert name.isVisible() and name.text() == stage.window.texts.say("home.case_no")
    assert name.width() >= name.sizeHint().width()


def test_offline_the_way_out_of_an_empty_list_is_open(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("offline_banner")
    frame = stage.window.frame
    assert frame is not None
    page = frame.go("objection")
    stage.settle()
    button = page.listed.why_none.findChild(QPushButton)
    assert button is not None
    button.click()
    assert frame.current == "offline"
