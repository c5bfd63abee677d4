"""Marks on paper: what a layout is made of, and the one place that turns them into PDF operators.

Layout measures from the top left corner of the page, downwards; PDF from the bottom left.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from app.report.faces import FontSet
from app.report.outlines import Step
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
    if isinstance(mark, Rule):
        return mark._replace(y1=mark.y1 + down, y2=mark.y2 + down)
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
        self._fonts = fonts
        self._bookmarks = 0

    def draw(self, mark: Mark) -> None:
        if isinstance(mark, Text):
            self._text(mark)
        elif isinstance(mark, Rule):
            self.canvas.setStrokeColor(mark.colour)
            self.canvas.setLineWidth(mark.thick)
            self.canvas.line(mark.x1, self.sheet.height - mark.y1, mark.x2, self.sheet.height - mark.y2)
        elif isinstance(mark, Box):
            self.canvas.setFillColor(mark.fill)
            self.canvas.rect(
                mark.x, self.sheet.height - mark.y - mark.height, mark.width, mark.height, stroke=0, fill=1
            )
        elif isinstance(mark, Form):
            self.canvas.saveState()
            self.canvas.translate(mark.x, self.sheet.height - mark.y)
            self.canvas.rotate(mark.angle)
            self.canvas.doForm(mark.name)
            self.canvas.restoreState()
        else:
            self._bookmarks += 1
            key = f"b{self._bookmarks}"
            self.canvas.bookmarkPage(
                key, fit="XYZ", left=0, top=(self.sheet.height - mark.y + 12) * self.sheet.scale, zoom=0
            )
            self.canvas.addOutlineEntry(mark.title, key, level=mark.level, closed=False)

    def _text(self, mark: Text) -> None:
        if not mark.text:
            return
        line = self.canvas.beginText(mark.x, self.sheet.height - mark.y)
        line.setFillColor(mark.colour)
        if mark.spacing:
            line.setCharSpace(mark.spacing)
        for face, piece in self._fonts.runs(mark.text, mark.face):
            line.setFont(self._fonts.font_name(face), mark.size)
            line.textOut(piece)
        if mark.spacing:
            line.setCharSpace(0)
        self.canvas.drawText(line)

    def path(self, steps: list[Step]) -> None:
        """Fill a path in the current colour and coordinates (non-zero winding, as fonts want it)."""
        shape = self.canvas.beginPath()
        for step in steps:
            if step.kind == "M":
                shape.moveTo(*step.at)
            elif step.kind == "L":
                shape.lineTo(*step.at)
            elif step.kind == "C":
                shape.curveTo(*step.at)
            else:
                shape.close()
        self.canvas.drawPath(shape, stroke=0, fill=1, fillMode=1)
