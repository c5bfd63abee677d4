"""Pages from blocks: what stays together, what repeats, and where a thing taller than a page is cut.

Work and memory grow with the number of marks: every mark is placed once.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.report.ink import Block, Box, Mark, Rule, Text, moved
from app.report.style import A4, Sheet

ROOM = A4.room
LEAST = 120.0
"""So much of a page a thing taller than a page has to have left to begin there: its head and some lines."""


class Flow:
    """Fills pages from the top. `pages` holds each page's marks, in page coordinates."""

    def __init__(self, sheet: Sheet = A4) -> None:
        self.sheet = sheet
        self.pages: list[list[Mark]] = []
        self._y = sheet.floor + 1

    @property
    def left(self) -> float:
        """Height still free on the current page."""
        return self.sheet.floor - self._y

    def new_page(self) -> None:
        self.pages.append([])
        self._y = self.sheet.ceiling

    def place(self, block: Block) -> None:
        """Put a block; begin a new page when it does not fit here."""
        if block.height > self.left and self._y > self.sheet.ceiling:
            self.new_page()
        self._put(block)

    def keep(self, blocks: Sequence[Block], again: Block | None = None) -> None:
        """Put blocks on one page if one can hold them; else in order, with `again` on top of each page."""
        total = sum(block.height for block in blocks)
        if total <= self.sheet.room:
            if total > self.left:
                self.new_page()
            for block in blocks:
                self._put(block)
            return
        least = LEAST + (blocks[0].height if again is not None else 0)  # no head stands alone
        if self.left < least and self._y > self.sheet.ceiling:
            self.new_page()
        self.rows(blocks, again)

    def table(self, lead: Sequence[Block], head: Block, rows: Sequence[Block]) -> None:
        """A table: `lead` (its title) and head stay with two rows; the head repeats on each page."""
        first = sum(block.height for block in lead) + head.height + sum(row.height for row in rows[:2])
        if first > self.left and first <= self.sheet.room:
            self.new_page()
        for block in lead:
            self.place(block)
        self.place(head)
        self.rows(rows, head)

    def rows(self, rows: Sequence[Block], again: Block | None) -> None:
        """Rows in order, none split unless taller than a page; `again` on top of every further page."""
        for place, row in enumerate(rows):
            needed = row.height
            if place == len(rows) - 2:
                both = needed + rows[-1].height
                needed = both if both + (again.height if again else 0) <= self.sheet.room else needed
            if needed > self.left and (row.height <= self.sheet.room or self.left < LEAST):
                self._fresh(again)
            rest: Block | None = row
            while rest is not None and rest.height > self.left:
                part, rest = split(rest, self.left)
                self._put(part)
                if rest is not None:
                    self._fresh(again)
            if rest is not None:
                self._put(rest)

    def _fresh(self, again: Block | None) -> None:
        if self.pages and self._y <= self.sheet.ceiling + (again.height if again else 0) + 0.01:
            return
        self.new_page()
        if again is not None:
            self._put(again)

    def _put(self, block: Block) -> None:
        if not self.pages:
            self.new_page()
        if not block.marks and self._y <= self.sheet.ceiling:
            return
        self.pages[-1].extend(moved(mark, self._y) for mark in block.marks)
        self._y += block.height


def split(block: Block, height: float) -> tuple[Block, Block | None]:
    """Cut a tall block between two lines of text, as low as `height` allows."""
    texts = [mark for mark in block.marks if isinstance(mark, Text)]
    feet = sorted({mark.y + 0.4 * mark.size for mark in texts})
    cut = 0.0
    for foot in feet:
        if foot <= height and not any(
            mark.y - mark.size < foot < mark.y + 0.35 * mark.size for mark in texts
        ):
            cut = foot
    if cut == 0.0 or cut >= block.height:
        cut = min(height, block.height)
    upper: list[Mark] = []
    lower: list[Mark] = []
    for mark in block.marks:
        if isinstance(mark, Box):
            above = max(0.0, min(mark.height, cut - mark.y))
            if above:
                upper.append(mark._replace(height=above))
            if above < mark.height:
                lower.append(mark._replace(y=max(0.0, mark.y - cut), height=mark.height - above))
        elif isinstance(mark, Rule):
            (upper if mark.y1 <= cut else lower).append(mark if mark.y1 <= cut else moved(mark, -cut))
        elif mark.y <= cut:
            upper.append(mark)
        else:
            lower.append(moved(mark, -cut))
    rest = Block(block.height - cut, tuple(lower)) if block.height - cut > 0.01 else None
    return Block(cut, tuple(upper)), rest
