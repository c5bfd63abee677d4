"""The left navigation: groups of pages with their keys, a count where something waits, a cloud where shut."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.texts import Texts
from ui.look import look, tokens
from ui.widgets.basics import Elided, label, row, rule
from ui.widgets.brand import BrandMark

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("work", ("home", "screening", "offline")),
    ("rights", ("objection", "repair", "verify")),
    ("oversight", ("ledger",)),
)
# A page keeps its number when others come: 8 and 9 are for approvals and users.
KEYS = {
    "home": "Ctrl+1", "screening": "Ctrl+2", "offline": "Ctrl+3", "objection": "Ctrl+4", "repair": "Ctrl+5",
    "verify": "Ctrl+6", "ledger": "Ctrl+7",
}  # fmt: skip
BELOW = ("settings", "doctor")
ICONS = {
    "home": "query", "screening": "screening", "offline": "offline", "objection": "objection",
    "repair": "repair",
    "verify": "verification", "ledger": "ledger", "settings": "settings", "doctor": "diagnostics",
}  # fmt: skip


class NavItem(QAbstractButton):
    """One page: icon, word, key; a bar of its own colour when it is the current one."""

    def __init__(self, page: str, word: str, key: str, small: bool, here: str) -> None:
        super().__init__()
        self.page, self._word, self._key, self._small = page, word, key, small
        self.collapsed, self.count, self.why_not = False, 0, ""
        self.current, self._here = False, here
        self.setAccessibleName(f"{word} {key}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(184, look().px(34 if self._small else 38))

    def stand(self, current: bool) -> None:
        """Whether this is the page on the screen."""
        self.current = current
        self._hint()
        self.update()

    def shut(self, why: str) -> None:
        """Dim the item with a reason, or open it again with none."""
        self.why_not = why
        self.setEnabled(not why)
        self._hint()

    def fold(self, collapsed: bool) -> None:
        self.collapsed = collapsed
        self._hint()
        self.update()

    def _hint(self) -> None:
        self.setToolTip(self.why_not or (f"{self._word}  {self._key}".strip() if self.collapsed else ""))
        self.setAccessibleDescription(self.why_not or (self._here if self.current else ""))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        px, chosen = look().px, self.current
        ground = "navActive" if chosen else ("navHover" if self.underMouse() and self.isEnabled() else "")
        painter.setPen(QPen(look().colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        ink = "navTextActive" if chosen else ("navText" if self.isEnabled() else "navMuted")
        painter.setOpacity(1.0 if self.isEnabled() else 0.75)
        side = px(18 if self._small else 20)
        left = (self.width() - side) / 2 if self.collapsed else 11.0 if not self._small else 10.0
        role = ICONS[self.page] + ("-filled" if chosen else "")
        look().paint_icon(painter, role, ink, QRectF(left, (self.height() - side) / 2, side, side))
        if self.collapsed:
            return
        painter.setFont(look().font(14, 600 if chosen else 400))
        painter.setPen(look().colour(ink))
        words = QRectF(self.rect()).adjusted(40 if not self._small else 39, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignLeft, self._word)
        if not self.isEnabled():
            small = px(15)
            box = QRectF(self.width() - 12 - small, (self.height() - small) / 2, small, small)
            look().paint_icon(painter, "cloud_off", "navMuted", box)
        elif self.count:
            self._badge(painter, str(self.count))
        elif self._key:
            painter.setFont(look().font(12))
            painter.setPen(look().colour("navTextActive" if chosen else "navMuted"))
            painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, self._key)

    def _badge(self, painter: QPainter, count: str) -> None:
        side = look().px(20)
        painter.setFont(look().font(12, 600))
        wide = max(side, painter.fontMetrics().horizontalAdvance(count) + look().px(10))
        box = QRectF(self.width() - 10 - wide, (self.height() - side) / 2, wide, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour("accent" if look().theme == "dark" else "focus"))
        painter.drawRoundedRect(box, side / 2, side / 2)
        painter.setPen(look().colour("textOnAccent"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, count)


class Navigation(QFrame):
    """208 px of pages, more where text is larger; 56 when folded."""

    wanted = Signal(str)

    def __init__(self, texts: Texts, pages: Sequence[str], brand: str, product: str, letter: str) -> None:
        super().__init__()
        self.setProperty("cls", "nav")
        self.setAccessibleName(texts.say("shell.navigation"))
        self.items: dict[str, NavItem] = {}
        self._texts = texts
        box = self._box = QVBoxLayout(self)
        box.setContentsMargins(12, 16, 12, 10)
        box.setSpacing(2)
        self._names = QWidget()
        inner = QVBoxLayout(self._names)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(Elided(brand, "subtitle", "onBrand"))
        inner.addWidget(Elided(product, "caption", "navMuted"))
        box.addLayout(row(BrandMark(letter), self._names, gap=10))
        box.addSpacing(17)
        self._captions = []
        for group, members in GROUPS:
            here = [page for page in members if page in pages]
            if not here:
                continue
            caption = label(texts.say(f"shell.group_{group}"), "caption", "navMuted")
            caption.setContentsMargins(13, 0, 0, 5)
            self._captions.append(caption)
            box.addWidget(caption)
            for page in here:
                box.addWidget(self._item(page, KEYS[page], False))
            box.addSpacing(13)
        box.addStretch(1)
        box.addWidget(rule(cls="navRule"))
        box.addSpacing(6)
        for page in BELOW:
            if page in pages:
                box.addWidget(self._item(page, "", True))
        self.fold(False)

    def _item(self, page: str, key: str, small: bool) -> NavItem:
        say = self._texts.say
        item = NavItem(page, say(f"shell.page_{page}"), key, small, say("shell.page_here"))
        item.clicked.connect(lambda _checked=False: self.wanted.emit(page))
        self.items[page] = item
        return item

    def show_page(self, page: str) -> None:
        for name, item in self.items.items():
            item.stand(name == page)

    def fold(self, collapsed: bool) -> None:
        sizes = tokens()["size"]
        self.setFixedWidth(sizes["navCollapsed"] if collapsed else look().px(sizes["navWidth"]))
        self._box.setContentsMargins(8 if collapsed else 12, 16, 8 if collapsed else 12, 10)
        self._names.setVisible(not collapsed)
        for caption in self._captions:
            caption.setVisible(not collapsed)
        for item in self.items.values():
            item.fold(collapsed)

    def update_state(
        self, online: bool, open_offline: Sequence[str], counts: Sequence[tuple[str, int]]
    ) -> None:
        """Dim what needs the server while there is none; show what waits."""
        waiting = dict(counts)
        for page, item in self.items.items():
            item.shut("" if online or page in open_offline else self._texts.say("shell.needs_server"))
            item.count = waiting.get(page, 0)
            item.update()
