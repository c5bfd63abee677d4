"""Every text that a window draws, with place and colour: a paint device that keeps words, not pixels.

Widgets that paint their words themselves (tiles, chips, cells, tabs, the navigation) are read like any label.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QColor, QPaintDevice, QPaintEngine, QPainter, QTextItem
from PySide6.QtWidgets import QWidget

# Where ink of a face of size 1 stands above and below its base line: Han characters, Latin with descenders.
ABOVE, BELOW_HAN, BELOW_LATIN = 0.82, 0.08, 0.21
NEARBY = 1.5  # px between two runs of one line
Metric = QPaintDevice.PaintDeviceMetric


@dataclass(frozen=True)
class Ink:
    """A line of words on the screen. `box` is where its ink stands, `seen` what is let through of that place;
    both in pixels of the window.
    """

    text: str
    box: QRectF
    seen: QRectF
    colour: QColor
    size: float

    def shown(self) -> QRectF:
        """The part of it that is on the screen."""
        return self.box.intersected(self.seen)


class _Engine(QPaintEngine):
    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.found: list[Ink] = []

    def begin(self, device: QPaintDevice) -> bool:
        self.setActive(True)
        return True

    def end(self) -> bool:
        self.setActive(False)
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def _nothing(self, *_: Any) -> None:
        """Only words are kept."""

    updateState = drawPixmap = drawImage = drawTiledPixmap = drawPath = drawRects = _nothing
    drawLines = drawPolygon = drawEllipse = drawPoints = _nothing

    def drawTextItem(self, at: QPointF, item: QTextItem) -> None:
        text = item.text()
        if not text.strip():
            return
        painter = self.painter()
        moved = painter.deviceTransform()
        place = moved.map(at)
        size = item.font().pixelSize()
        size = float(size) if size > 0 else item.ascent() / 1.16
        below = BELOW_HAN if all(ord(one) > 0x2E80 for one in text) else BELOW_LATIN
        box = QRectF(place.x(), place.y() - ABOVE * size, item.width(), (ABOVE + below) * size)
        seen = QRectF(self.systemClip().boundingRect())
        if painter.hasClipping():
            seen = seen.intersected(moved.mapRect(painter.clipBoundingRect()))
        colour = QColor(painter.pen().color())
        colour.setAlphaF(colour.alphaF() * painter.opacity())
        self.found.append(Ink(text, box, seen, colour, size))


class _Device(QPaintDevice):
    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._engine = _Engine()
        dots = {Metric.PdmDpiX, Metric.PdmDpiY, Metric.PdmPhysicalDpiX, Metric.PdmPhysicalDpiY}
        self._facts: dict[Metric, int] = {
            Metric.PdmWidth: width, Metric.PdmHeight: height, Metric.PdmWidthMM: width // 4,
            Metric.PdmHeightMM: height // 4, Metric.PdmNumColors: 1 << 24, Metric.PdmDepth: 32,
            Metric.PdmDevicePixelRatio: 1, Metric.PdmDevicePixelRatioScaled: 1 << 16,
            **dict.fromkeys(dots, 96),
        }  # fmt: skip

    def paintEngine(self) -> _Engine:
        return self._engine

    def metric(self, metric: Metric) -> int:
        return self._facts.get(metric, 0)


def joined(runs: Iterable[Ink]) -> list[Ink]:
    """Runs of one line (a mnemonic, another script) as one text."""
    lines: list[Ink] = []
    for run in runs:
        last = lines[-1] if lines else None
        if (
            last is not None
            and abs(last.box.top() - run.box.top()) < 1
            and abs(last.box.right() - run.box.left()) < NEARBY
            and last.colour == run.colour
            and last.size == run.size
        ):
            lines[-1] = replace(
                last,
                text=last.text + run.text,
                box=last.box.united(run.box),
                seen=last.seen.united(run.seen),
            )
        else:
            lines.append(run)
    return lines


def read(window: QWidget) -> list[Ink]:
    """All words on a window that is shown."""
    device = _Device(window.width(), window.height())
    painter = QPainter(device)
    window.render(painter, QPoint(0, 0))
    painter.end()
    return joined(device.paintEngine().found)
