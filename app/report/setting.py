"""Setting type: from text to blocks of lines. Every block measures from its own top at 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.report.breaking import break_lines
from app.report.faces import MEDIUM, SANS, STRONG, TITLE, FontSet
from app.report.ink import Block, Bookmark, Box, Mark, Rule, Text, stacked
from app.report.style import (
    A4,
    BLUE,
    BODY,
    CELL_PAD,
    HAIR,
    HEADING,
    INK,
    LABEL,
    LEADING,
    NOTE,
    NOTE_LEADING,
    ROW_PAD,
    SOFT,
    SUBHEADING,
    TINT,
    Sheet,
)
from app.report.words import Words


class Column(NamedTuple):
    """A table column: heading, share of the width, alignment (l, c, r)."""

    title: str
    share: float
    align: str = "l"


class Cell(NamedTuple):
    text: str
    face: str = SANS
    colour: str = INK


class Setter:
    """Sets type with one set of faces in one language."""

    def __init__(self, fonts: FontSet, words: Words, sheet: Sheet = A4) -> None:
        self.fonts = fonts
        self.sheet = sheet
        self.words = words

    @property
    def pad(self) -> float:
        """Space above and below the text of a row."""
        return ROW_PAD / 2 if self.sheet.tight else ROW_PAD

    def lines(self, text: str, width: float, face: str, size: float) -> list[str]:
        return break_lines(text, width, self.fonts.measure(face, size))

    def text(
        self,
        text: str,
        x: float | None = None,
        width: float | None = None,
        *,
        face: str = SANS,
        size: float = BODY,
        leading: float = LEADING,
        colour: str = INK,
        align: str = "l",
    ) -> Block:
        """A paragraph in lines of `width` points."""
        marks: list[Mark] = []
        x = self.sheet.left if x is None else x
        width = self.sheet.inner if width is None else width
        found = self.lines(text, width, face, size)
        for row, line in enumerate(found):
            start = x
            if align != "l":
                spare = width - self.fonts.width(line, face, size)
                start += spare if align == "r" else spare / 2
            marks.append(Text(start, row * leading + baseline(leading, size), line, face, size, colour))
        return Block(len(found) * leading, tuple(marks))

    def note(
        self, text: str, x: float | None = None, width: float | None = None, colour: str = SOFT
    ) -> Block:
        return self.text(text, x, width, size=NOTE, leading=NOTE_LEADING, colour=colour)

    def joined(self, parts: Sequence[str], last: str, width: float) -> list[str]:
        """Small print: `parts` and `last` in one line where it fits, else `last` in a line of its own."""
        dot = self.words.say("paper.dot")
        whole = dot.join([*parts, last])
        if not parts or self.fonts.width(whole, SANS, NOTE) <= width:
            return [whole]
        return [dot.join(parts), last]

    def edge(self) -> Block:
        """A blue rule across, above and below a table of labelled values."""
        return Block(0.0, (Rule(self.sheet.left, 0, self.sheet.edge, 0, 1.0, BLUE),))

    def heading(self, title: str) -> Block:
        """A section's heading with its bookmark."""
        if self.sheet.tight:
            return self.subheading(title, bookmark=True)
        text = self.text(title, face=TITLE, size=HEADING, leading=19)
        return stacked(space(11), Block(text.height + 6, (*text.marks, Bookmark(title, 0))))

    def subheading(self, title: str, bookmark: bool = False) -> Block:
        text = self.text(title, face=TITLE, size=SUBHEADING, leading=16)
        marks: tuple[Mark, ...] = (*text.marks, Bookmark(title, 0)) if bookmark else text.marks
        return stacked(space(5), Block(text.height + 3, marks))

    def pairs(self, rows: Sequence[tuple[str, str]], *, tinted: bool = False) -> list[Block]:
        """Labelled values, two to a line where both are short; each row is one block with its lower rule."""
        label_width = 74.0 if tinted else 78.0
        half = self.sheet.inner / 2
        room = half - label_width - CELL_PAD
        blocks: list[Block] = []
        waiting: tuple[str, str] | None = None
        for label, value in rows:
            if self.fonts.width(value, SANS, BODY) <= room and "\n" not in value:
                if waiting is None:
                    waiting = (label, value)
                else:
                    blocks.append(self._pair_row([waiting, (label, value)], half, label_width, tinted))
                    waiting = None
                continue
            if waiting is not None:
                blocks.append(self._pair_row([waiting], self.sheet.inner, label_width, tinted))
                waiting = None
            blocks.append(self._pair_row([(label, value)], self.sheet.inner, label_width, tinted))
        if waiting is not None:
            blocks.append(self._pair_row([waiting], self.sheet.inner, label_width, tinted))
        return blocks

    def _pair_row(self, pairs: list[tuple[str, str]], step: float, label_width: float, tinted: bool) -> Block:
        cells: list[tuple[Block, Block]] = []
        for place, (label, value) in enumerate(pairs):
            x = self.sheet.left + place * step
            cells.append(
                (
                    self.text(
                        label,
                        x + CELL_PAD,
                        self._even(label, label_width - CELL_PAD),
                        size=LABEL,
                        leading=LEADING,
                        colour=SOFT,
                    ),
                    self.text(
                        value or self.words.say("paper.none"),
                        x + label_width + (CELL_PAD if tinted else 0),
                        step - label_width - CELL_PAD * (2 if tinted else 1),
                        face=MEDIUM if tinted else SANS,
                    ),
                )
            )
        height = max(max(a.height, b.height) for a, b in cells) + 2 * self.pad
        marks: list[Mark] = []
        if tinted:
            marks.extend(
                Box(self.sheet.left + place * step, 0, label_width, height, TINT)
                for place in range(len(pairs))
            )
        for label_block, value_block in cells:
            marks.extend(stacked(space(self.pad), label_block).marks)
            marks.extend(stacked(space(self.pad), value_block).marks)
        marks.append(Rule(self.sheet.left, height, self.sheet.edge, height, 0.5, HAIR))
        return Block(height, tuple(marks))

    def _even(self, label: str, width: float) -> float:
        """The width at which a label that needs several lines fills them alike."""
        needed = len(self.lines(label, width, SANS, LABEL))
        even = self.fonts.width(label, SANS, LABEL) / needed + LABEL
        return even if needed > 1 and len(self.lines(label, even, SANS, LABEL)) == needed else width

    def table_head(self, columns: Sequence[Column]) -> Block:
        """The heading row of a table, repeated on every page the table reaches."""
        cells = [Cell(column.title, MEDIUM, BLUE) for column in columns]
        row = self.table_row(columns, cells, rule=False)
        return Block(
            row.height,
            (
                Box(self.sheet.left, 0, self.sheet.inner, row.height, TINT),
                Rule(self.sheet.left, 0, self.sheet.edge, 0, 1.2, BLUE),
                *row.marks,
                Rule(self.sheet.left, row.height, self.sheet.edge, row.height, 0.8, BLUE),
            ),
        )

    def table_row(
        self,
        columns: Sequence[Column],
        cells: Sequence[Cell],
        *,
        below: Sequence[str] = (),
        rule: bool = True,
        size: float = 8.2,
    ) -> Block:
        """A row; `below` are small lines across the row (provenance), from the second column on."""
        whole = sum(column.share for column in columns)
        x, height = self.sheet.left, 0.0
        marks: list[Mark] = []
        second_x = self.sheet.left
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            width = self.sheet.inner * column.share / whole
            pad = CELL_PAD if place in (0, len(columns) - 1) else CELL_PAD / 2
            if place == 1:
                second_x = x + CELL_PAD / 2
            block = self.text(
                cell.text,
                x + (CELL_PAD if place == 0 else CELL_PAD / 2),
                width - pad - CELL_PAD / 2,
                face=cell.face,
                size=size,
                colour=cell.colour,
                align=column.align,
            )
            marks.extend(stacked(space(self.pad), block).marks)
            height = max(height, block.height)
            x += width
        height += self.pad
        for line in below:
            block = self.note(line, second_x, self.sheet.edge - CELL_PAD - second_x)
            marks.extend(stacked(space(height - 1), block).marks)
            height += block.height
        height += self.pad
        if rule:
            marks.append(Rule(self.sheet.left, height, self.sheet.edge, height, 0.5, HAIR))
        return Block(height, tuple(marks))

    def record_head(self, title: str, state: str, colour: str) -> Block:
        """The tinted head of a record: number and document at the left, its state at the right."""
        right = self.fonts.width(state, MEDIUM, BODY)
        block = self.text(
            title,
            self.sheet.left + CELL_PAD,
            self.sheet.inner - right - 4 * CELL_PAD,
            face=STRONG,
            size=9.4,
            leading=14,
        )
        height = block.height + 2 * self.pad
        return Block(
            height,
            (
                Box(self.sheet.left, 0, self.sheet.inner, height, TINT),
                Rule(self.sheet.left, 0, self.sheet.edge, 0, 1.1, BLUE),
                *stacked(space(self.pad), block).marks,
                Text(
                    self.sheet.edge - CELL_PAD - right,
                    self.pad + baseline(14, BODY),
                    state,
                    MEDIUM,
                    BODY,
                    colour,
                ),
            ),
        )


def space(height: float) -> Block:
    return Block(height)


def baseline(leading: float, size: float) -> float:
    """Distance from a line's top to its baseline, with the Han box centred in the leading."""
    return (leading - size) / 2 + 0.88 * size
