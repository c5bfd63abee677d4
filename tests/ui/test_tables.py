"""Tables over tuples: what is longer than before grows, what is different is shown anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.look import look
from ui.table_painting import Strips, cell_width, paint_cell
from ui.table_rows import Cell, Column, Lines, Row
from ui.tables import Table

Named = tuple[str, str]


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table("名单", [Column("名称", stretch=1), Column("代码")])
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    yield made


def lines(*named: Named) -> Lines:
    def row(one: Named) -> Row:
        return Row(one[0], (Cell(one[1]), Cell(one[0])))

    keys = [key for key, _ in named]
    return Lines(named, lambda key: keys.index(key) if key in keys else -1, row)


def numbered(count: int, word: str = "示例") -> tuple[Named, ...]:
    return tuple((str(place), f"{word} {place}") for place in range(count))


def test_a_list_that_goes_on_keeps_place_and_choice_and_is_not_made_anew(table: Table) -> None:
    resets, grown = [], []
    table.rows_model.modelReset.connect(lambda: resets.append(1))
    table.rows_model.rowsInserted.connect(lambda _parent, first, last: grown.append((first, last)))
    table.fill(lines(*numbered(100)), "40")
    table.verticalScrollBar().setValue(600)
    resets.clear()
    table.fill(lines(*numbered(150)), "40")
    assert (resets, grown) == ([], [(100, 149)])
    assert (table.verticalScrollBar().value(), table.current_key()) == (600, "40")
    assert table.rows_model.rowCount() == 150
    other = (("0", "另一"), *numbered(151)[1:])  # the control: the first row is another one
    table.fill(lines(*other), "40")
    assert (len(resets), len(grown), table.current_key()) == (1, 1, "40")
    table.fill(lines(*other[:90]), "40")  # fewer rows are no growth
    assert (len(resets), len(grown)) == (2, 1)


def test_columns_are_measured_when_rows_change_and_only_shared_out_when_the_window_does(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.fill(lines(*numbered(100)))
    asked: list[Cell] = []

    def counting(cell: Cell) -> int:
        asked.append(cell)
        return cell_width(cell)

    monkeypatch.setattr("ui.tables.cell_width", counting)
    before = table.columnWidth(0)
    table.resize(520, 200)
    assert asked == []
    assert table.columnWidth(0) > before
    table.fill(lines(*numbered(100, "一个长得多的示例名称")))  # the control
    assert asked


class Contrary(Table):
    """As some sizes of a window have it: with the scroll bar there is more room, without it less."""

    turns = 0

    def setHorizontalScrollBarPolicy(self, policy: Qt.ScrollBarPolicy) -> None:  # noqa: N802 - Qt's name
        super().setHorizontalScrollBarPolicy(policy)
        wide = 100 if policy == Qt.ScrollBarPolicy.ScrollBarAlwaysOff else 500
        if self.width() != wide and self.turns < 20:
            self.turns += 1
            self.resize(wide, 200)


def test_room_that_depends_on_the_scroll_bar_does_not_turn_for_ever(qtbot: QtBot) -> None:
    made = Contrary("名单", [Column("名称", stretch=1), Column("代码")])
    qtbot.addWidget(made)
    made.resize(100, 200)
    made.show()
    made.fill(lines(*numbered(3)))
    assert made.turns <= 4
    room = made.viewport().width()
    assert sum(made.columnWidth(place) for place in range(2)) == room > 400


def painted(table: Table, within: QRect | None = None) -> QImage:
    """What the table's viewport shows, or that part of it alone on a bare ground."""
    QApplication.processEvents()  # lists lay themselves out later
    port = table.viewport()
    image = QImage(port.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.magenta)
    port.render(image, QPoint(), QRegion(within) if within is not None else QRegion(port.rect()))
    return image


def tone(table: Table, x: int, y: int) -> str:
    return str(painted(table).pixelColor(x, y).name())


def test_a_picture_asks_for_each_row_once_and_qt_asks_for_none(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    table.fill(lines(*numbered(100)))
    rows = table.rows_model.rows
    assert isinstance(rows, Lines)
    make = rows._make
    monkeypatch.setattr(rows, "_make", lambda one: (made.append(one[0]), make(one))[1])
    painted(table)
    table.verticalScrollBar().setValue(800)
    asked: list[str] = []
    data = table.rows_model.data
    monkeypatch.setattr(table.rows_model, "data", lambda *given: (asked.append("data"), data(*given))[1])
    made.clear()
    table.viewport().render(QImage(table.viewport().size(), QImage.Format.Format_RGB32))
    assert (made, asked) == ([str(place) for place in range(20, 25)], [])


def test_a_part_is_painted_as_it_is_in_the_whole(table: Table) -> None:
    table.fill(lines(*numbered(60)), "21")
    painted(table)
    table.verticalScrollBar().setValue(817)
    table.setColumnWidth(0, 600)
    table.horizontalScrollBar().setRange(0, 300)
    table.horizontalScrollBar().setValue(55)
    whole, part = painted(table), QRect(120, 33, 150, 71)
    assert painted(table, part).copy(QRect(QPoint(), part.size())) == whole.copy(part)
    assert whole.copy(part) != whole.copy(part.translated(0, 9))  # the control: there is something to see


def test_below_the_last_row_is_bare_ground_and_an_empty_table_is_nothing_else(table: Table) -> None:
    table.fill(lines())
    bare = tone(table, 5, 100)
    table.fill(lines(*numbered(2)))
    assert tone(table, 5, 100) == tone(table, 5, 150) == bare == look().colour("surface").name()
    assert tone(table, 5, 39) == look().colour("border").name()  # the hairline of the first row


def test_a_chosen_row_has_its_bar_and_its_ground_from_end_to_end(table: Table) -> None:
    table.fill(lines(*numbered(5)), "1")
    chosen, bar = look().colour("rowSelected").name(), look().colour("accentText").name()
    right = 300
    assert (tone(table, 1, 60), tone(table, 6, 45), tone(table, right, 45)) == (bar, chosen, chosen)
    assert tone(table, 1, 20) == tone(table, 6, 95) == look().colour("surface").name()


def test_the_row_under_the_mouse_is_lit_and_goes_dark_when_it_leaves(table: Table, qtbot: QtBot) -> None:
    table.fill(lines(*numbered(5)))
    port, right = table.viewport(), 300
    lit, dark = look().colour("rowHover").name(), look().colour("surface").name()
    table.activateWindow()
    qtbot.waitActive(table)
    for row in (1, 3):
        QTest.mouseMove(table.windowHandle(), port.mapTo(table, QPoint(60, 40 * row + 20)))
        qtbot.waitUntil(lambda row=row: tone(table, right, 40 * row + 5) == lit)
        assert tone(table, 6, 40 * row + 5) == lit
        assert tone(table, 6, 40 * (4 - row) + 5) == dark
    QTest.mouseMove(table.windowHandle(), QPoint(5, 3))  # to the heading
    qtbot.waitUntil(lambda: tone(table, right, 125) == dark)


def test_where_the_keyboard_stands_can_be_seen_though_nothing_is_chosen_there(
    table: Table, qtbot: QtBot
) -> None:
    table.fill(lines(*numbered(5)), "0")
    table.activateWindow()
    qtbot.waitActive(table)
    table.setFocus()
    ring = look().colour("focus").name()
    assert tone(table, 30, 81) != ring
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert tone(table, 30, 81) == ring and table.current_key() == "0"
    table.pick("2")
    assert tone(table, 30, 81) != ring


def test_a_screen_reader_still_finds_the_words_of_a_cell(table: Table) -> None:
    table.fill(lines(*numbered(5)))
    index = table.rows_model.index(2, 1, QModelIndex())
    assert index.data() == "2"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "代码 2"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of every cell that is drawn, as they come."""
    words: list[str] = []

    def noting(painter: QPainter, box: QRectF, column: Column, cell: Cell) -> None:
        words.append(cell.text)
        paint_cell(painter, box, column, cell)

    monkeypatch.setattr("ui.table_painting.paint_cell", noting)
    return words


def test_a_row_that_stays_as_it_is_is_not_drawn_anew(table: Table, drawn: list[str]) -> None:
    table.fill(lines(*numbered(30)))
    painted(table)  # the scroll bar comes
    first = painted(table)
    drawn.clear()
    table.fill(lines(*numbered(40)))
    assert painted(table) == first and drawn == []
    table.verticalScrollBar().setValue(40)
    painted(table)
    assert set(drawn) == {"示例 5", "5"}  # the one that came into sight
    drawn.clear()
    table.pick("3")
    painted(table)
    assert set(drawn) == {"示例 3", "3"}  # the control: what is chosen has another ground


def test_of_another_look_or_after_the_table_was_away_every_row_is_drawn(
    table: Table, drawn: list[str]
) -> None:
    table.fill(lines(*numbered(3)))
    light = painted(table)
    try:
        look().wear("dark")
        assert painted(table) != light
    finally:
        look().wear("light")
    assert painted(table) == light
    drawn.clear()
    table.hide()
    table.show()
    assert painted(table) == light and len(drawn) == 6


def test_between_two_dots_of_the_screen_no_picture_is_kept(table: Table, drawn: list[str]) -> None:
    table.fill(lines(*numbered(3)))
    shown = table._scene(table.viewport().rect())
    strips, image = Strips(), QImage(table.viewport().size() * 1.25, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1.25)
    for ratio, again in ((1.25, 6), (1.0, 0)):  # the second is the control
        for _ in range(2):
            drawn.clear()
            painter = QPainter(image)
            strips.paint(painter, replace(shown, ratio=ratio), 9)
            painter.end()
        assert len(drawn) == again


def test_no_more_pictures_are_kept_than_two_viewports_hold(table: Table) -> None:
    table.fill(lines(*numbered(400)))
    kept = []
    for place in range(0, 4000, 35):
        table.verticalScrollBar().setValue(place)
        painted(table, QRect(0, 40 if place else 0, 390, 80))
        kept.append(len(table._strips._kept))
    assert max(kept) >= 7 and max(kept) <= 2 * (200 // 40 + 2)


def test_of_rows_that_went_no_picture_stays(table: Table) -> None:
    table.fill(lines(*numbered(5)))
    painted(table)
    assert len(table._strips._kept) == 5  # the control
    table.fill(lines(*numbered(3, "另一")))
    painted(table)
    assert {strip.row.cells[0].text for strip in table._strips._kept} == {"另一 0", "另一 1", "另一 2"}
    table.fill(())
    assert not table._strips._kept


def test_a_choice_of_twenty_thousand_rows_is_not_walked_index_by_index(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.fill(lines(*numbered(20_000)), "7")
    told: list[str] = []
    table.picked.connect(told.append)
    monkeypatch.setattr(QItemSelection, "indexes", lambda _self: pytest.fail("every index was asked for"))
    made: list[str] = []
    rows = table.rows_model.rows
    assert isinstance(rows, Lines)
    make = rows._make
    monkeypatch.setattr(rows, "_make", lambda one: (made.append(one[0]), make(one))[1])
    table.selectAll()
    assert (table.current_key(), told, len(made) < 10) == ("7", [], True)
    table.pick("19999")
    assert (table.current_key(), told) == ("19999", ["19999"])
    assert [row.key for row in table.selected_rows()] == ["19999"]
