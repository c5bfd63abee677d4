"""Sign-in: the brand at the left; at the right account, second factor, this computer, unlock passphrase."""

from __future__ import annotations

import platform
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpacerItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.desks.sign_in_desk import SignInDesk, SignInView
from app.texts import Texts
from ui.city import City
from ui.enrolment_step import EnrolmentStep
from ui.look import look
from ui.notices import Inline
from ui.sign_in_steps import AccountStep, CodeStep, DeviceStep, SealStep
from ui.widgets.basics import Button, Elided, Mark, column, label, look_width, on_click, row, rule
from ui.widgets.brand import BrandGround, BrandMark

STEPS = ("account", "code", "device")
PLACES = {"account": 0, "code": 1, "device": 2, "pending": 2, "seal": 3, "done": 3}
CHECKING = 4


class Stepper(QLabel):
    """Three numbered steps in a row: done ones jade with a tick, the current one blue."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self._words, self._at = words, 0
        self.setTextFormat(Qt.TextFormat.PlainText)
        look().changed.connect(self.updateGeometry)

    def show_step(self, at: int) -> None:
        self._at = at
        here = min(at, len(self._words) - 1)
        self.setAccessibleName(f"{here + 1}/{len(self._words)} {self._words[here]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(350), look().px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, left = float(look().px(22)), 1.0
        middle = self.height() / 2
        between, worded = self._room()
        for place, word in enumerate(self._words):
            done, here = place < self._at, place == self._at
            disc = QRectF(left, middle - side / 2, side, side)
            painter.setPen(Qt.PenStyle.NoPen if done or here else QPen(look().colour("borderStrong"), 1))
            ground = "good" if done else "accent"
            painter.setBrush(look().colour(ground) if done or here else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(disc.adjusted(1, 1, -1, -1) if done else disc)
            ink = "surface" if done else ("textOnAccent" if here else "textSecondary")
            if done:
                look().paint_icon(painter, "check", ink, disc.adjusted(5, 5, -5, -5))
            else:
                painter.setPen(look().colour(ink))
                painter.setFont(look().font(13, 600 if here else 400))
                painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(place + 1))
            left += side + 8
            if not (worded or here):
                left += 2
                continue
            painter.setFont(look().font(13, 600 if here else 400))
            painter.setPen(look().colour("text" if here else "textSecondary"))
            wide = painter.fontMetrics().horizontalAdvance(word)
            painter.drawText(QRectF(left, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, word)
            left += wide + 10
            if place < len(self._words) - 1:
                painter.setPen(QPen(look().colour("good" if done else "border"), 2))
                painter.drawLine(int(left), int(middle), int(left + between), int(middle))
                left += between + 10

    def _room(self) -> tuple[int, bool]:
        """How long the lines between the steps may be, and whether there is room for all words: if not, the
        current step has its word, the others their numbers."""
        words = sum(look_width(word, 13, 600) + look().px(22) + 18 for word in self._words)
        left = (self.width() - words) // (len(self._words) - 1) - 10
        return max(6, min(46, left)), left >= 6


class Turning(QStackedWidget):
    """As tall as the form on the screen, not as the tallest of them."""

    def sizeHint(self) -> QSize:
        here = self.currentWidget()
        return here.sizeHint() if here is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        here = self.currentWidget()
        return here.minimumSizeHint() if here is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        here = self.currentWidget()
        return (
            here.heightForWidth(width)
            if here is not None and here.hasHeightForWidth()
            else self.sizeHint().height()
        )


class BrandPanel(BrandGround):
    """The left half: who this is, what it promises, who may use it."""

    def __init__(self, texts: Texts, names: City) -> None:
        super().__init__(900)
        box = QVBoxLayout(self)
        box.setContentsMargins(56, 56, 40, 38)
        box.setSpacing(0)
        title = column(
            Elided(names.brand, "title", "onBrand"), Elided(names.platform, "table", "onBrandMuted"), gap=0
        )
        box.addLayout(row(BrandMark(names.letter, 44), title, gap=12))
        box.addStretch(2)
        box.addWidget(label(names.product, "brand", "onBrand", wrap=True))
        box.addSpacing(14)
        box.addWidget(label(names.slogan, "lead", "onBrandSoft", wrap=True))
        box.addSpacing(40)
        self._promises = QWidget()
        inner = QVBoxLayout(self._promises)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(20)
        for number, icon in ((1, "safe"), (2, "lock"), (3, "verification")):
            words = column(
                label(texts.say(f"sign_in.promise_{number}"), "strong", "onBrand", wrap=True),
                label(texts.say(f"sign_in.promise_{number}_more"), "table", "onBrandMuted", wrap=True),
                gap=2,
            )
            inner.addLayout(row(Mark(icon, "navText", 22), words, gap=14))
        box.addWidget(self._promises)
        box.addStretch(5)
        box.addWidget(label(texts.say("sign_in.legal"), "caption", "onBrandSoft", wrap=True))

    def low(self, low: bool) -> None:
        self._promises.setVisible(not low)


class SignInPage(QWidget):
    """Everything before there is a vault; `stay` is given where the sign-in of an open one is renewed, and
    leads back to the work."""

    def __init__(
        self,
        texts: Texts,
        names: City,
        version: str,
        change_language: Callable[[], None],
        larger: Callable[[], None],
        stay: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.texts = texts
        self.setProperty("cls", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.desk: SignInDesk | None = None
        self.brand = BrandPanel(texts, names)
        steps = STEPS if stay is None else STEPS[:2]
        self.stepper = Stepper(tuple(texts.say(f"sign_in.step_{step}") for step in steps))
        self.notice = Inline(texts)
        self.account, self.code = AccountStep(texts), CodeStep(texts)
        self.device, self.seal = DeviceStep(texts, platform.node()), SealStep(texts)
        self._steps = Turning()
        self.check = EnrolmentStep(texts)
        self.setAcceptDrops(True)
        QShortcut(QKeySequence("Ctrl+O"), self, self._choose_file)
        for step in (self.account, self.code, self.device, self.seal, self.check):
            self._steps.addWidget(step)
        self._reach_mark, self._reach = Mark("online-filled", "good", 18), label("", "caption", "secondary")
        self.language = on_click(
            Button(texts.say("sign_in.other_language"), "link", "language"), change_language
        )
        self.larger = on_click(Button(texts.say("sign_in.larger"), "link", "text_size"), larger)
        self.doctor = Button(texts.say("sign_in.doctor"), "link", "diagnostics")
        self.doctor.setVisible(stay is None)
        form = QWidget()
        form.setMaximumWidth(look().px(440))
        middle = QVBoxLayout(form)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self.stay = on_click(Button(texts.say("sign_in.stay"), "link"), stay or (lambda: None))
        self.stay.setVisible(stay is not None)
        for part in (self.stepper, 40, self._steps, 16, self.notice):
            middle.addSpacing(part) if isinstance(part, int) else middle.addWidget(part)
        if stay is not None:
            self.stay.setShortcut("Esc")
            middle.addLayout(row(None, self.stay))
            self.language.hide()
        middle.addStretch(1)
        line = rule(upright=True)
        line.setFixedHeight(16)
        top = row(None, self._reach_mark, self._reach, 4, line, self.language, gap=8)
        bottom = row(
            label(texts.say("sign_in.version", version=version), "caption", "tertiary"),
            None,
            self.doctor,
            self.larger,
        )
        page = QWidget()
        page.setProperty("cls", "page")
        self._right = QVBoxLayout(page)
        self._right.setContentsMargins(28, 15, 28, 10)
        self._right.addLayout(top)
        self._right.addSpacing(100)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(form, 100)
        centre.addStretch(1)
        self._right.addLayout(centre, 1)
        self._right.addLayout(bottom)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(page)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.brand)
        outer.addWidget(self.area, 1)
        self._poll = QTimer(self, interval=5000)
        self._led = ""

    def bind(self, desk: SignInDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.account.reach.connect(desk.reach)
        self.account.sent.connect(desk.password)
        self.account.file.taken.connect(desk.open_file)
        self.check.confirmed.connect(desk.confirm)
        self.check.discarded.connect(desk.discard)
        self.code.sent.connect(desk.code)
        self.code.back.connect(desk.back)
        self.device.sent.connect(desk.enrol)
        self.device.asked.connect(desk.wait)
        self.seal.sent.connect(desk.seal)
        self._poll.timeout.connect(desk.wait)

    def show_view(self, view: SignInView) -> None:
        place = PLACES[view.step]
        self.stepper.show_step(place)
        offered = view.offer is not None and not view.confirmed
        self._steps.setCurrentIndex(CHECKING if offered else place)
        self._steps.updateGeometry()
        self.notice.tell(view.notice)
        state = view.reach_state
        known = {"reached": ("online", "good"), "lost": ("cloud_off", "warn")}
        self._reach_mark.draw(*known.get(state, ("online", "textTertiary")))
        self._reach.setText(self.texts.say(f"sign_in.reach_{state}"))
        self.stay.setVisible(view.renewing and view.step == "account")
        self.account.show_view(view)
        self.check.show_view(view)
        self.code.show_view(view)
        self.device.show_view(view)
        self.seal.show_view(view)
        self._lead(view)
        if view.step == "pending" and not self._poll.isActive():
            self._poll.start()
        elif view.step != "pending":
            self._poll.stop()

    def _lead(self, view: SignInView) -> None:
        """The focus goes to the first field of a form as it comes up."""
        form = f"{view.step}{view.reached is not None}"
        first = {
            "account": self.account.first(),
            "code": self.code.field,
            "device": self.device.code,
            "seal": self.seal.first,
        }.get(view.step)
        if form != self._led and first is not None:
            self._led = form
            first.setFocus()

    def _takes_file(self) -> bool:
        """Whether an enrolment file may be handed in now; on the page that compares one, another one, too."""
        view = self.desk.view if self.desk is not None else None
        return view is not None and view.step == "account" and not view.renewing

    def _choose_file(self) -> None:
        if self._takes_file():
            self.account.file.choose()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._takes_file():
            self.account.file.dragEnterEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.account.file.dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.account.file.dropEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width()
        self.brand.setVisible(wide >= 960)
        self.brand.setFixedWidth(500 if wide >= 1200 else 380)
        self.brand.low(self.height() < 640)
        low = self.height() < 700
        spacer = self._right.itemAt(1)
        if isinstance(spacer, QSpacerItem):
            spacer.changeSize(0, 12 if low else 100)
        self._right.invalidate()
