"""Marks on paper: what a layout is made of, and the one place that turns them into PDF operators.

Layout measures from the top left corner of the page, downwards; PDF from the bottom left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.report.faces import FontSet
from app.report.operators import Lettering, number, outline, shade
from app.report.style import A4, INK, Sheet


class Text(NamedTuple):
    """One line of text; `y` is the baseline, `spacing` extra points after each character."""

    x: float
    y: float
    text: str
    face: str
    size: float
    colour: str = INK
    spacing: float = 0.0


class Rule(NamedTuple):
    x1: float
    y1: float
    x2: float
    y2: float
    thick: float
    colour: str


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    fill: str


class Form(NamedTuple):
    """A drawing kept once in the file, placed with its own origin at (x, y), turned by `angle` degrees."""

    name: str
    x: float
    y: float
    angle: float = 0.0


class Bookmark(NamedTuple):
    title: str
    y: float
    level: int = 0


Mark = Text | Rule | Box | Form | Bookmark


class Block(NamedTuple):
    """Marks that belong together, measured from the block's own top; `height` in points."""

    height: float
    marks: tuple[Mark, ...] = ()


def moved(mark: Mark, down: float) -> Mark:
    """The mark so much lower. A report moves tens of thousands; `_replace` would take thrice as long."""
    if isinstance(mark, Text):
        return Text(mark.x, mark.y + down, mark.text, mark.face, mark.size, mark.colour, mark.spacing)
    if isinstance(mark, Rule):
        return Rule(mark.x1, mark.y1 + down, mark.x2, mark.y2 + down, mark.thick, mark.colour)
    return mark._replace(y=mark.y + down)


def stacked(*blocks: Block) -> Block:
    """One block of several, from top to bottom."""
    marks: list[Mark] = []
    height = 0.0
    for block in blocks:
        marks.extend(moved(mark, height) for mark in block.marks)
        height += block.height
    return Block(height, tuple(marks))


class Ink:
    """Draws marks on a ReportLab canvas."""

    def __init__(self, canvas: Any, fonts: FontSet, sheet: Sheet = A4) -> None:
        self.sheet = sheet
        self.canvas = canvas
        self._letters = Lettering(canvas._doc, fonts)
        self._bookmarks = 0

    def draw(self, marks: Iterable[Mark]) -> None:
        """Put marks on the canvas' page, in order."""
        high = self.sheet.height
        add = self.canvas._code.append
        for mark in marks:
            if isinstance(mark, Text):
                if mark.text:
                    add(self._text(mark, high))
            elif isinstance(mark, Rule):
                add(f"{shade(mark.colour)} RG")
                add(f"{number(mark.thick)} w")
                begin = f"{number(mark.x1)} {number(high - mark.y1)}"
                add(f"n {begin} m {number(mark.x2)} {number(high - mark.y2)} l S")
            elif isinstance(mark, Box):
                add(f"{shade(mark.fill)} rg")
                corner = f"{number(mark.x)} {number(high - mark.y - mark.height)}"
                add(f"n {corner} {number(mark.width)} {number(mark.height)} re f*")
            elif isinstance(mark, Form):
                self.canvas.saveState()
                self.canvas.translate(mark.x, high - mark.y)
                self.canvas.rotate(mark.angle)
                self.canvas.doForm(mark.name)
                self.canvas.restoreState()
            else:
                self._bookmark(mark)

    def _text(self, mark: Text, high: float) -> str:
        shown = self._letters.shown(mark.text, mark.face, mark.size)
        if mark.spacing:
            shown = f"{number(mark.spacing)} Tc {shown} 0 Tc"
        place = f"{number(mark.x)} {number(high - mark.y)}"
        return f"BT 1 0 0 1 {place} Tm {shade(mark.colour)} rg {shown} ET"

    def _bookmark(self, mark: Bookmark) -> None:
        self._bookmarks += 1
        key = f"b{self._bookmarks}"
        top = (self.sheet.height - mark.y + 12) * self.sheet.scale
        self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=top, zoom=0)
        self.canvas.addOutlineEntry(mark.title, key, level=mark.level, closed=False)

    def outline(self, face: Any, sign: str) -> None:
        """Fill a character's shape in the current colour and coordinates (non-zero winding, as fonts want
        it)."""
        self.canvas._code.extend((outline(face, sign), "f"))

    def lines(self, paths: Iterable[str]) -> None:
        """Stroke paths in the current colour and width."""
        for path in paths:
            self.canvas._code.extend((path, "S"))
