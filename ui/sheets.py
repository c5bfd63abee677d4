"""Pages of a document below each other, as pictures."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.look import look

ZOOMS = (0, 75, 100, 150)


class Sheets(QWidget):
    """The pages below each other. In the dark theme paper is dimmed by a tenth, never inverted."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: tuple[QImage, ...] = ()
        self._zoom = 0
        self.setAccessibleName("")

    def show_pages(self, pages: tuple[QImage, ...], name: str) -> None:
        if pages is self._pages and name == self.accessibleName():
            return
        self._pages = pages
        self.setAccessibleName(name)
        self._measure()

    def zoom(self, percent: int) -> None:
        self._zoom = percent
        self._measure()

    def _wide(self) -> int:
        above = self.parentWidget()
        room = max(200, above.width() - 40) if above is not None else 440
        return room if not self._zoom else round(793 * self._zoom / 100)

    def _measure(self) -> None:
        if not self._pages:
            self.setMinimumSize(0, 0)
            self.update()
            return
        wide = self._wide()
        tall = sum(round(wide * page.height() / page.width()) + 16 for page in self._pages)
        self.setMinimumSize(QSize(wide + 40 if self._zoom else 0, tall + 16))
        self.update()

    def page_at(self, y: int) -> int:
        """The number of the page at a height."""
        top, wide = 16, self._wide()
        for number, page in enumerate(self._pages, 1):
            top += round(wide * page.height() / page.width()) + 16
            if y < top:
                return number
        return len(self._pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top, wide = 16.0, self._wide()
        left = max(20.0, (self.width() - wide) / 2)
        ratio = self.devicePixelRatioF()
        for page in self._pages:
            tall = round(wide * page.height() / page.width())
            box = QRectF(left, top, wide, tall)
            if box.intersects(QRectF(event.rect())):
                for spread in range(1, 6):
                    shade = look().colour("shadow")
                    shade.setAlpha(max(2, shade.alpha() // (3 * spread)))
                    painter.setPen(shade)
                    painter.drawRect(box.adjusted(-spread, -spread + 1, spread, spread + 1))
                small = page.scaled(
                    QSize(round(wide * ratio), round(tall * ratio)),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                painter.drawImage(box, small)
                if look().theme == "dark":
                    painter.setOpacity(0.1)
                    painter.fillRect(box, Qt.GlobalColor.black)
                    painter.setOpacity(1.0)
            top += tall + 16


class Reading(QScrollArea):
    """Scrolls the sheets inside and asks for little height; `name` is what they are called."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.sheets = Sheets()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setWidget(self.sheets)
        self.sheets.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(300, look().px(280))
