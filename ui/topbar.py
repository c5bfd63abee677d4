"""Top bar (search, purpose, connection, officer, lock) and status bar (what was logged, device, version)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.desks.desk import Notice
from app.desks.window_desk import WindowView
from app.desks.words import joined, short_minute
from app.texts import Texts
from ui.look import look, tokens
from ui.notices import sentence
from ui.widgets.basics import Button, Elided, Mark, look_width, on_click, rule
from ui.widgets.fields import SearchField
from ui.widgets.panels import TwoLines


class KeyCap(QWidget):
    """A key's name in a small frame, such as Ctrl+K."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(look().px(53), look().px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look().colour("border"))
        painter.setBrush(look().colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(look().colour("textTertiary"))
        painter.setFont(look().font(12))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Omnibox(SearchField):
    """The search line of the top bar with its key at the right."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts.say("shell.omnibox_name"), "omni")
        self.setPlaceholderText(texts.say("shell.omnibox"))
        self._cap = KeyCap("Ctrl+K")
        self._cap.setParent(self)
        self.setMaximumWidth(400)
        self.setMinimumWidth(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(400, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._cap.sizeHint()
        self._cap.setVisible(self.width() > look().px(290))
        self._cap.setGeometry(
            self.width() - size.width() - 8, (self.height() - size.height()) // 2, size.width(), size.height()
        )


class PurposeChip(QPushButton):
    """The purpose in force and the business number; F4 changes it."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setProperty("kind", "chip")
        self._texts = texts
        self._purpose, self._case = "", ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("F4")
        self.hide()

    def say(self, purpose: str, case_no: str) -> None:
        self._purpose, self._case = purpose, case_no
        self.setVisible(bool(purpose))
        self.setAccessibleName(joined(self._texts.say("shell.purpose"), purpose, case_no))
        self.updateGeometry()
        self.update()

    def has_words(self) -> bool:
        return bool(self._purpose)

    def _parts(self) -> tuple[tuple[str, int, int, str], ...]:
        word = self._texts.say("shell.purpose")
        return (
            (word, 12, 400, "textSecondary"),
            (self._purpose, 13, 600, "text"),
            (self._case, 12, 400, "textSecondary"),
        )

    def sizeHint(self) -> QSize:
        wide = look().px(34)
        for text, size, weight, _ in self._parts():
            wide += look_width(text, size, weight) + (8 if text else 0)
        return QSize(wide + 28, look().px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(110, look().px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = look().px(15)
        look().paint_icon(
            painter, "purpose", "accentText", QRectF(look().px(12), (self.height() - side) / 2, side, side)
        )
        left = float(look().px(34))
        for text, size, weight, tone in self._parts():
            painter.setFont(look().font(size, weight))
            painter.setPen(look().colour(tone))
            room = QRectF(left, 0, max(0.0, self.width() - 28 - left), self.height())
            words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            left += painter.fontMetrics().horizontalAdvance(words) + 8
        small = look().px(13)
        look().paint_icon(
            painter,
            "chevron_down",
            "textSecondary",
            QRectF(self.width() - small - 10, (self.height() - small) / 2, small, small),
        )


class TopBar(QFrame):
    """56 px of what is always in reach."""

    lock = Signal()
    searched = Signal(str)
    purpose_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setProperty("cls", "topbar")
        self._fit()
        look().changed.connect(self._fit)
        self._texts, self._chip_due = texts, False
        box = QHBoxLayout(self)
        box.setContentsMargins(24, 0, 20, 0)
        box.setSpacing(12)
        self.omnibox = Omnibox(texts)
        self.omnibox.returnPressed.connect(self._search)
        self.chip = PurposeChip(texts)
        self.chip.clicked.connect(lambda _checked=False: self.purpose_wanted.emit())
        self._mark = Mark("online", "good", 18)
        self.connection = TwoLines("", "", "smallstrong")
        self.officer = TwoLines("", "", "smallstrong")
        self._line = rule(upright=True)
        self._line.setFixedHeight(26)
        self.lock_button = Button(texts.say("shell.lock"), "tool", "lock")
        self.lock_button.setToolTip("Ctrl+L")
        self.lock_button.clicked.connect(lambda _checked=False: self.lock.emit())
        box.addWidget(self.omnibox, 100)
        box.addWidget(self.chip)
        box.addStretch(1)
        for widget in (self._mark, self.connection, self._line, self.officer, self.lock_button):
            box.addWidget(widget)

    def _search(self) -> None:
        """Hand over what was typed; it may be a person's number and does not stay here in full."""
        text = self.omnibox.text()
        self.omnibox.clear()
        self.searched.emit(text)

    def _fit(self) -> None:
        self.setFixedHeight(look().px(tokens()["size"]["topbar"]))

    def show_view(self, view: WindowView) -> None:
        say = self._texts.say
        state = view.connection.state if view.connection is not None else "unknown"
        icon = {"online": ("online", "good"), "untrusted": ("unsafe-filled", "seal")}.get(
            state, ("cloud_off", "warn")
        )
        self._mark.draw(*icon)
        self.connection.upper.say(say(f"shell.connection_{state}"))
        fresh = max(view.connection.as_of or "", view.as_of) if view.connection is not None else view.as_of
        known = say("shell.as_of", time=short_minute(fresh)) if fresh else say("shell.as_of_unknown")
        self.connection.under.say(known)
        if view.user is not None:
            self.officer.upper.say(view.user.name)
            self.officer.under.say(view.user.organisation_name)
        for lines in (self.connection, self.officer):
            lines.updateGeometry()
        self.chip.say(view.purpose, view.case_no)
        self.chip.setVisible(self._chip_due and bool(view.purpose))
        self.omnibox.setMaximumWidth(316 if self.chip.isVisibleTo(self) else 400)

    def on_page(self, page: str) -> None:
        """The query page shows the purpose itself; elsewhere the chip does."""
        self._chip_due = page != "home"
        self.chip.setVisible(self._chip_due and self.chip.has_words())
        self.omnibox.setMaximumWidth(316 if self.chip.isVisibleTo(self) else 400)

    def narrow(self, tight: bool) -> None:
        """At the smallest width the second lines make room for the search."""
        self.connection.setVisible(not tight)
        self._line.setVisible(not tight)


class StatusBar(QFrame):
    """28 px: the day's count, or for four seconds what has just succeeded; what waits in the outbox; device
    and version."""

    outbox_wanted = Signal()

    def __init__(self, texts: Texts, version: str) -> None:
        super().__init__()
        self.setProperty("cls", "statusbar")
        self._fit()
        look().changed.connect(self._fit)
        self._texts, self._version, self._usual = texts, version, ""
        self._mark = Mark("safe", "textTertiary", 14)
        self._words = Elided("", "caption", "tertiary")
        self._right = Elided("", "caption", "tertiary")
        self.outbox = Button("", "link", "send")
        on_click(self.outbox, self.outbox_wanted.emit)
        self.outbox.hide()
        box = QHBoxLayout(self)
        box.setContentsMargins(24, 0, 21, 0)
        box.setSpacing(8)
        box.addWidget(self._mark)
        box.addWidget(self._words, 1)
        box.addWidget(self.outbox)
        box.addWidget(self._right)
        self._fade = QTimer(self, singleShot=True, interval=4000)
        self._fade.timeout.connect(self._settle)

    def _fit(self) -> None:
        self.setFixedHeight(look().px(tokens()["size"]["statusbar"]))

    def show_view(self, view: WindowView) -> None:
        self._usual = self._texts.say("shell.logged_today", count=view.today)
        right = self._texts.say("shell.device_version", device=view.device or "—", version=self._version)
        self._right.say(right)
        self.outbox.setVisible(view.unsent > 0)
        self.outbox.say(self._texts.say("outbox_page.status", count=view.unsent))
        self.outbox.setAccessibleName(self._texts.say("outbox_page.status_name", count=view.unsent))
        if not self._fade.isActive():
            self._settle()

    def tell(self, notice: Notice) -> None:
        """Say a success for four seconds."""
        self._mark.draw(
            "good-filled" if notice.level == "good" else "info", "good" if notice.level == "good" else "info"
        )
        self._words.say(sentence(self._texts, notice))
        self._fade.start()

    def _settle(self) -> None:
        self._mark.draw("safe", "textTertiary")
        self._words.say(self._usual)
