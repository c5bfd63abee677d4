"""Tables over tuples: what is longer than before grows, what is different is shown anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.tables import Cell, Column, Lines, Row, Table, cell_width

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
