"""How a table is painted, and how wide that is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPixmap

from ui.look import look, metrics, text_width
from ui.table_rows import Cell, Column, Row
from ui.widgets.chips import chip_size, paint_chip

PAD = 12


@dataclass(frozen=True)
class Scene:
    """What is seen of a table, in pixels of the viewport.

    `across` has place, left and width of each column, `top` is the first row's; `here` has the frame of the
    focus, `pointed` the mouse, -1 for none; `ratio` tells how many dots of the screen are a pixel.
    """

    exposed: QRect
    wide: int
    ratio: float
    columns: tuple[Column, ...]
    across: tuple[tuple[int, int, int], ...]
    top: int
    tall: int
    first: int
    rows: tuple[Row, ...]
    chosen: frozenset[int]
    pointed: int
    here: int


@dataclass(frozen=True)
class Strip:
    """All that a row's picture comes of: two that are equal look the same."""

    row: Row
    columns: tuple[Column, ...]
    across: tuple[tuple[int, int, int], ...]
    size: QSize
    ratio: float
    chosen: bool
    pointed: bool
    here: bool


class Strips:
    """Pictures of the rows that were painted last: what stays as it is, is not painted anew. Of a row that
    went nothing stays once the whole table was painted."""

    def __init__(self) -> None:
        self._kept: dict[Strip, QPixmap] = {}

    def forget(self) -> None:
        """The look is another one, or nobody sees the table."""
        self._kept.clear()

    def paint(self, painter: QPainter, scene: Scene, most: int) -> None:
        """Ground and rows. With a `most` of 0 these are all there are to see; as long as parts are painted,
        as in scrolling, about so many pictures are kept."""
        painter.fillRect(scene.exposed, look().colour("surface"))
        size, fresh = QSize(scene.wide, scene.tall), {}
        for place, row in enumerate(scene.rows, scene.first):
            strip = Strip(
                row, scene.columns, scene.across, size, scene.ratio,
                place in scene.chosen, place == scene.pointed, place == scene.here,
            )  # fmt: skip
            top = scene.top + (place - scene.first) * scene.tall
            if scene.ratio % 1:  # a row would begin between two dots, and its picture be smeared over both
                painter.translate(0, top)
                paint_strip(painter, strip)
                painter.translate(0, -top)
                continue
            picture = fresh[strip] = self._kept.get(strip) or _pictured(strip)
            painter.drawPixmap(0, top, picture)
        if len(self._kept) + len(fresh) > most:
            self._kept.clear()
        self._kept.update(fresh)


def _pictured(strip: Strip) -> QPixmap:
    picture = QPixmap(strip.size * strip.ratio)
    picture.setDevicePixelRatio(strip.ratio)
    painter = QPainter(picture)
    painter.fillRect(QRect(QPoint(0, 0), strip.size), look().colour("surface"))
    paint_strip(painter, strip)
    painter.end()
    return picture


def paint_strip(painter: QPainter, strip: Strip) -> None:
    """A row at the top: its ground, the hairline below, its cells."""
    wide, tall = strip.size.width(), strip.size.height()
    line = QRectF(strip.across[0][1], 0, sum(one for _, _, one in strip.across), tall)
    _paint_ground(painter, line, strip.chosen, strip.pointed)
    if strip.here and not strip.chosen:
        painter.setPen(QPen(look().colour("focus"), 2))
        painter.drawRect(line.adjusted(1, 1, -1, -2))
    for column, left, room in strip.across:
        if left <= wide and left + room > 0:
            paint_cell(painter, QRectF(left, 0, room, tall), strip.columns[column], strip.row.cells[column])


def _paint_ground(painter: QPainter, row: QRectF, chosen: bool, pointed: bool) -> None:
    """Ground, the bar of a chosen row, hairline."""
    if chosen or pointed:
        painter.fillRect(row, look().colour("rowSelected" if chosen else "rowHover"))
    if chosen:
        painter.fillRect(QRectF(row.left(), row.top(), 3, row.height()), look().colour("accentText"))
    painter.fillRect(QRectF(row.left(), row.bottom() - 1, row.width(), 1), look().colour("border"))


def paint_cell(painter: QPainter, box: QRectF, column: Column, cell: Cell) -> None:
    """A cell's lines or its chip, on the ground that is there."""
    inner = box.adjusted(PAD, 0, -PAD, -1)
    if cell.chip is not None:
        size = chip_size(cell.chip)
        width = min(size.width(), box.right() - inner.left() - 4)
        top = inner.center().y() - size.height() / 2
        paint_chip(painter, cell.chip, QRectF(inner.left(), top, width, size.height()))
        return
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    upper, lower, px = inner, inner, look().px
    if cell.lower:
        upper = QRectF(inner.left(), inner.center().y() - px(20), inner.width(), px(21))
        lower = QRectF(inner.left(), inner.center().y() + px(1), inner.width(), px(19))
    for text, room, font, tone in (
        (cell.text, upper, look().font(13, 600 if cell.strong else 400), cell.tone),
        (cell.lower, lower, look().font(12), cell.lower_tone),
    ):
        if text:
            painter.setFont(font)
            painter.setPen(look().colour(tone))
            words = elided(text, font, int(room.width()))
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)


def elided(text: str, font: QFont, room: int) -> str:
    """The text, or its beginning where there is no room for it."""
    pixels, weight = font.pixelSize(), int(font.weight())
    if text_width(text, pixels, weight) <= room:
        return text
    return metrics(pixels, weight).elidedText(text, Qt.TextElideMode.ElideRight, room - 2)  # parts of pixels


def cell_width(cell: Cell) -> int:
    """How many pixels a cell needs."""
    if cell.chip is not None:
        return chip_size(cell.chip).width() + 2 * PAD
    upper = _wide(cell.text, 13, 600 if cell.strong else 400)
    return max(upper, _wide(cell.lower, 12, 400)) + 2 * PAD + 2


def _wide(text: str, size: int, weight: int) -> int:
    return text_width(text, look().px(size), weight) if text else 0


def title_width(column: Column) -> int:
    """How many pixels a heading needs."""
    return _wide(column.title, 12, 500) + 2 * PAD + 4
