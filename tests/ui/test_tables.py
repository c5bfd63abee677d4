"""Tables over tuples: what is longer than before grows, what is different is shown anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
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
