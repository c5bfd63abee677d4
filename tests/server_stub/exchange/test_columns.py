"""Rows by columns come back as they were, whatever their length; no text stays that no row has."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from server_stub.exchange import sheet_child, workbooks
from server_stub.exchange.columns import FEW, Chunk, coded, packed, unpacked
from server_stub.exchange.errors import FileRefused

_CELLS = some.sampled_from(["", " ", "罚款", "警告", "a\x1fb", "\x1f", "一\n二"]) | some.text(max_size=4)
_ROWS = some.lists(some.lists(_CELLS, max_size=4), min_size=1, max_size=90)


@given(rows=_ROWS, flags=some.data())
def test_rows_come_back_as_they_were(rows: list[list[str]], flags: some.DataObject) -> None:
    chunk = Chunk.of(rows)
    assert chunk.rows() == rows == [chunk.row(at) for at in range(len(rows))]
    assert [row for part in chunk.parts(7) for row in part.rows()] == rows
    chosen = flags.draw(some.lists(some.booleans(), min_size=len(rows), max_size=len(rows)))
    some_of = chunk.chosen(bytes(chosen))
    assert some_of.rows() == [row for row, taken in zip(rows, chosen, strict=True) if taken]
    sent = msgspec.msgpack.encode([packed(column) for column in some_of.columns])
    columns = [unpacked(one) for one in msgspec.msgpack.decode(sent, type=list[workbooks.Packed])]
    assert Chunk(some_of.size, columns, some_of.widths).rows() == some_of.rows()


def test_a_text_that_comes_again_is_held_once() -> None:
    cells = ["罚款", "警告"] * 50
    assert (coded(cells).values, coded(cells).whole()) == (["罚款", "警告"], cells)
    many = [str(at % (FEW + 1)) for at in range(2000)]
    assert coded(many).at is None
    assert coded(many).whole() == many


def test_what_only_other_rows_say_is_not_taken_along() -> None:
    rows = [["罚款", "a"], ["430400199001010002", "b"], *([["罚款", "c"]] * 60)]
    chunk = Chunk.of(rows)
    assert "430400199001010002" in chunk.columns[0].values
    assert chunk.columns[0].at is not None
    for without in (chunk.chosen(bytes([1, 0, *[1] * 60])), next(chunk.parts(1))):
        assert "430400199001010002" not in without.columns[0].values


def test_cells_that_are_no_text_are_told_apart() -> None:
    """One and true are equal to Python; they are two words of a sheet."""
    sent = sheet_child._column([1.0, True, "1", 0.0, False] * 40)
    assert list(unpacked(sent).whole())[:5] == ["1", "TRUE", "1", "0", "FALSE"]


_BODIES = some.recursive(
    some.none() | some.integers(0, 2**32 - 1) | _CELLS | some.binary(max_size=3),
    lambda inner: some.lists(inner, max_size=4),
)


@given(body=_BODIES)
def test_what_the_child_writes_is_what_the_library_reads(body: object) -> None:
    assert msgspec.msgpack.decode(b"".join(sheet_child._msgpack(body))) == body


def test_the_child_starts_without_what_only_the_other_side_needs() -> None:
    code = "import sys, server_stub.exchange.sheet_child; print(*{'msgspec', 'django'} & {*sys.modules})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == ""
    for wrong in (True, 1.5, {}):
        with pytest.raises(TypeError):
            list(sheet_child._msgpack(wrong))


@pytest.mark.parametrize(
    "body", [(2, [("a", None)]), (2, [("a", b"\0\1")]), (1, [("a\x1fb", None)])], ids=["few", "place", "many"]
)
def test_a_frame_whose_columns_are_not_of_so_many_rows_is_refused(body: object) -> None:
    with pytest.raises(FileRefused) as refused:
        workbooks._chunk(bytearray(msgspec.msgpack.encode(body)))
    assert refused.value.why == "sheet-broken"
