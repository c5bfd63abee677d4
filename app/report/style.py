"""Measures and colours of the paper. Points (1/72 inch); colours are #RRGGBB."""

from __future__ import annotations

from typing import NamedTuple

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT = RIGHT = TOP = 20 * MM
BOTTOM = 22 * MM
INNER = PAGE_WIDTH - LEFT - RIGHT
EDGE = PAGE_WIDTH - RIGHT
CEILING = TOP + 7.0
FLOOR = PAGE_HEIGHT - BOTTOM


class Sheet(NamedTuple):
    """The A4 page in units of `scale` points: its margins, and between which heights text stands."""

    scale: float
    width: float
    height: float
    left: float
    ceiling: float
    floor: float
    foot_rule: float
    tight: bool = False

    @property
    def inner(self) -> float:
        return self.width - 2 * self.left

    @property
    def edge(self) -> float:
        return self.width - self.left

    @property
    def room(self) -> float:
        return self.floor - self.ceiling

    @property
    def narrow(self) -> bool:
        return self.scale > 1


A4 = Sheet(1.0, PAGE_WIDTH, PAGE_HEIGHT, LEFT, CEILING, FLOOR, PAGE_HEIGHT - 47.5)
_BY = 1.75
LARGE = Sheet(
    _BY,
    PAGE_WIDTH / _BY,
    PAGE_HEIGHT / _BY,
    15 * MM / _BY,
    50.0,
    PAGE_HEIGHT / _BY - 42,
    PAGE_HEIGHT / _BY - 34,
)
"""For readers who need large print: the text of 8.6 points is 15, on a sheet that is so much narrower."""


def _squeezed(scale: float) -> Sheet:
    high = PAGE_HEIGHT / scale
    floor = high - BOTTOM
    return Sheet(scale, PAGE_WIDTH / scale, high, LEFT / scale, CEILING, floor, high - 47.5, tight=True)


ONE_PAGE = tuple(_squeezed(scale) for scale in (1.0, 0.94, 0.88, 0.82, 0.76))
"""For a paper that has to be one page, however long its names are: the first of these that holds it."""

INK = "#14233B"
SOFT = "#4A5A70"
BLUE = "#1B4B8F"
SEAL = "#B01E23"
SEAL_TINT = "#FCEFEE"
AMBER = "#7A4F00"
AMBER_TINT = "#FFF6E0"
JADE = "#17694C"
JADE_TINT = "#E7F4EE"
TINT = "#EFF3F9"
HAIR = "#C6D0DC"

BODY, LABEL, NOTE = 8.6, 7.6, 7.6
LEADING, NOTE_LEADING = 13.2, 11.6
HEADING, SUBHEADING = 13.6, 11.0
CELL_PAD = 6.0
ROW_PAD = 4.2


def faded(colour: str, strength: float) -> str:
    """The colour as seen on white paper at `strength` (0..1)."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * strength):02X}" for part in parts)
