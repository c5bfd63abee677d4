"""How everything looks: tokens.json becomes a palette, one small style sheet, fonts and tinted icons."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SHEET = Path(__file__).with_name("sheet.css")
THEMES = ("system", "light", "dark", "highContrast")
SCALES = (100, 115, 130, 150)
SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"
_TOKEN = re.compile(r"@(\w+)@")
_PIXELS = re.compile(r"(\d+)px(s?)")


@lru_cache(maxsize=1)
def tokens() -> dict[str, Any]:
    """The design tokens that ship."""
    return json.loads((RESOURCES / "theme" / "tokens.json").read_text("utf-8"))


def load_fonts() -> tuple[str, ...]:
    """Register the fonts that ship; the files that could not be read come back by name."""
    lost = []
    for face in sorted((RESOURCES / "fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(face)) < 0:
            lost.append(face.name)
    return tuple(lost)


def fill(sheet: str, colours: dict[str, str], scale: float) -> str:
    """The style sheet with every `@token@` resolved; `13pxs` grows with the text size, `13px` does not.

    Raises:
        KeyError: for a token the theme does not have.
    """
    resolved = _TOKEN.sub(lambda hit: qss_colour(colours[hit[1]]), sheet)
    return _PIXELS.sub(lambda hit: f"{round(int(hit[1]) * (scale if hit[2] else 1))}px", resolved)


def qss_colour(token: str) -> str:
    """Tokens write #RRGGBBAA; Qt reads #AARRGGBB."""
    return f"#{token[7:9]}{token[1:7]}" if len(token) == 9 else token


class Look(QObject):
    """The look of the moment. `changed` is emitted after a new theme or text size is in force."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = "light"
        self.wish = "light"
        self.scale = 1.0
        self.compact = False
        self.colours: dict[str, str] = tokens()["color"]["light"]
        self._drawings: dict[str, bytes] = {}
        self._renderers: dict[tuple[str, str], QSvgRenderer] = {}
        self._inks: dict[str, QColor] = {}
        self._fonts: dict[tuple[int, int, str], QFont] = {}
        self._following = False

    def wear(self, theme: str = "light", percent: int = 100, compact: bool = False) -> None:
        """Put theme, text size and the height of table rows on the whole application.

        `system` follows the desktop.
        """
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("the look needs a running application")
        self.wish, self.scale, self.compact = theme, percent / 100, compact
        hints = app.styleHints()
        if theme == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Light if theme == "light" else Qt.ColorScheme.Dark)
        if not self._following:
            hints.colorSchemeChanged.connect(self._follow)
            self._following = True
        self._put_on(app, self._resolved(theme))

    def _resolved(self, theme: str) -> str:
        if theme != "system":
            return theme
        hints = QApplication.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "highContrast"
        return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    def _follow(self) -> None:
        app = QApplication.instance()
        if self.wish == "system" and isinstance(app, QApplication):
            self._put_on(app, self._resolved("system"))

    def _put_on(self, app: QApplication, theme: str) -> None:
        self.theme = theme
        self.colours = tokens()["color"][theme]
        self._inks.clear()
        app.setStyle("Fusion")
        app.setFont(self.font(14))
        app.setPalette(self.palette())
        app.setStyleSheet(fill(SHEET.read_text("utf-8"), self.colours, self.scale))
        self.changed.emit()

    def colour(self, token: str) -> QColor:
        known = self._inks.get(token)
        if known is None:
            known = self._inks[token] = QColor(qss_colour(self.colours[token]))
        return QColor(known)

    def px(self, size: int) -> int:
        """A length that grows with the text size."""
        return round(size * self.scale)

    def font(self, size: int, weight: int = 400, family: str = SANS) -> QFont:
        return self.sized(self.px(size), weight, family)

    def sized(self, pixels: int, weight: int = 400, family: str = SANS) -> QFont:
        """A font of so many pixels, whatever the text size."""
        key = (pixels, weight, family)
        known = self._fonts.get(key)
        if known is None:
            known = self._fonts[key] = QFont(family)
            known.setPixelSize(pixels)
            known.setWeight(QFont.Weight(weight))
            known.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return QFont(known)

    def palette(self) -> QPalette:
        """The palette that unstyled widgets, menus and native dialogs take their colours from."""
        role = QPalette.ColorRole
        roles = {
            role.Window: "bg", role.WindowText: "text", role.Base: "surface",
            role.AlternateBase: "surfaceAlt", role.Text: "text",
            role.Button: "surface", role.ButtonText: "text",
            role.BrightText: "seal",
            role.Highlight: "accent", role.HighlightedText: "textOnAccent", role.Link: "accentText",
            role.LinkVisited: "accentText", role.ToolTipBase: "surface", role.ToolTipText: "text",
            role.PlaceholderText: "textTertiary", role.Light: "surfaceAlt", role.Midlight: "border",
            role.Mid: "border", role.Dark: "borderStrong", role.Shadow: "border", role.Accent: "accent",
        }  # fmt: skip
        palette = QPalette()
        for place, token in roles.items():
            palette.setColor(place, self.colour(token))
        for place in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, place, self.colour("disabledText"))
        return palette

    def drawing(self, role: str, token: str) -> QSvgRenderer:
        """The drawing of an icon's role, tinted with a colour token."""
        key = (role, self.colours[token][:7])
        if key not in self._renderers:
            self._renderers[key] = QSvgRenderer(QByteArray(self._tinted(*key)))
        return self._renderers[key]

    def _tinted(self, role: str, colour: str) -> bytes:
        if role not in self._drawings:
            self._drawings[role] = (RESOURCES / "icons" / f"{role}.svg").read_bytes()
        return self._drawings[role].replace(b"<path ", b'<path fill="' + colour.encode() + b'" ')

    def pixmap(self, role: str, token: str, size: int, ratio: float) -> QPixmap:
        pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.drawing(role, token).render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def icon(self, role: str, token: str = "text", size: int = 20) -> QIcon:
        """An icon with a face for each pixel ratio a screen may have, and one for the disabled state."""
        icon = QIcon()
        for ratio in (1.0, 1.5, 2.0, 3.0):
            icon.addPixmap(self.pixmap(role, token, size, ratio))
            icon.addPixmap(self.pixmap(role, "disabledText", size, ratio), QIcon.Mode.Disabled)
        return icon

    def paint_icon(self, painter: QPainter, role: str, token: str, box: QRectF) -> None:
        self.drawing(role, token).render(painter, box)


@lru_cache(maxsize=1)
def look() -> Look:
    """The one look of this process."""
    return Look()


@lru_cache(maxsize=64)
def metrics(pixels: int, weight: int) -> QFontMetrics:
    """The measures of a font; making them anew costs more than asking them."""
    return QFontMetrics(look().sized(pixels, weight))


@lru_cache(maxsize=4096)
def text_width(text: str, pixels: int, weight: int) -> int:
    """How many pixels a text takes. Layouts ask for the same words again and again."""
    return metrics(pixels, weight).horizontalAdvance(text)
