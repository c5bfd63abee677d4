"""The four forms of the sign-in."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.desks.sign_in_desk import SignInView
from app.desks.words import digest
from app.field.suffixes import ENROLMENT
from app.texts import Texts
from ui.widgets.basics import Button, Card, Elided, Mark, column, label, on_click, row
from ui.widgets.drop_area import DropArea
from ui.widgets.fields import CodeField, Labelled, SecretField


class Step(QWidget):
    """A heading, a sentence and a form."""

    def __init__(self, texts: Texts, title: str, lead: str) -> None:
        super().__init__()
        self.texts = texts
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(14)
        self.box.addWidget(label(title, "display"))
        self.lead = label(lead, "body", "secondary", wrap=True)
        self.box.addWidget(self.lead)
        self.box.addSpacing(2)

    def show_view(self, view: SignInView) -> None:
        """Bind the view."""


class AccountStep(Step):
    """Server, account and password. The server is asked who it is before anything is typed into it."""

    reach = Signal(str, str)
    sent = Signal(str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("sign_in.account_title"), texts.say("sign_in.account_lead"))
        self.url, self.user, self.password = (
            QLineEdit(),
            QLineEdit(),
            SecretField(texts.say("sign_in.password")),
        )
        self.url.setPlaceholderText("https://")
        self.url.setAccessibleName(texts.say("sign_in.url"))
        self.user.setAccessibleName(texts.say("sign_in.user"))
        self.ca_file = ""
        self._ca = Elided(texts.say("sign_in.ca_none"), "caption", "tertiary")
        choose = on_click(Button(texts.say("sign_in.ca_choose"), "small", "authorisation"), self._choose)
        self._server = QWidget()
        self._server_url = Labelled(texts.say("sign_in.url"), self.url)
        column(self._server_url, row(choose, self._ca, None), gap=8, into=self._server)
        self._card = Card("inset", (12, 9, 9, 9), 10, row=True)
        self._name, self._print = Elided("", "smallstrong"), Elided("", "caption", "tertiary")
        self._change = on_click(Button(texts.say("sign_in.other_server"), "small"), self._other)
        self._card.box.addWidget(Mark("safe-filled", "good", 20))
        self._card.box.addLayout(column(self._name, self._print, gap=0), 1)
        self._card.box.addWidget(self._change)
        reveal = Button("", "bare", "show")
        reveal.setCheckable(True)
        reveal.setAccessibleName(texts.say("sign_in.reveal"))
        reveal.toggled.connect(self._reveal)
        self._eye = reveal
        self.password_box = Labelled(texts.say("sign_in.password"), self.password)
        self.password.caps.connect(lambda on: self.password_box.wrong(texts.say("unlock.caps") if on else ""))
        line = row(self.password_box, gap=6)
        holder = row(self.password, reveal, gap=4)
        self.password_box.box.insertLayout(1, holder)
        self.go = on_click(Button(texts.say("sign_in.next"), "big"), self._send)
        kinds = f"{texts.say('enrolment.kinds')} (*{ENROLMENT});;{texts.say('enrolment.kinds_all')} (*)"
        dropped, chosen, asked = (texts.say(f"enrolment.{name}") for name in ("drop", "choose", "dialog"))
        self.file = DropArea(dropped, chosen, asked, kinds, "authorisation", low=True)
        for field in (self.url, self.user, self.password):
            field.setAcceptDrops(False)  # a file dropped on the page is not its name typed into a line
        for part in (self.file, self._server, self._card, Labelled(texts.say("sign_in.user"), self.user)):
            self.box.addWidget(part)
        self.box.addLayout(line)
        self.box.addSpacing(2)
        self.box.addWidget(self.go)
        self.box.addStretch(1)
        self.url.editingFinished.connect(self._ask)
        self.user.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._send)

    def first(self) -> QLineEdit:
        """The field that is typed into next: server, account, or the password of a known account."""
        if not self._card.isVisibleTo(self) and not self.user.isReadOnly():
            return self.url
        return self.password if self.user.text() else self.user

    def _reveal(self, on: bool) -> None:
        self.password.reveal(on)
        self._eye.draw_as("hide" if on else "show")

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.texts.say("sign_in.ca_choose"), "", "PEM (*.pem *.crt)"
        )
        if path:
            self.ca_file = path
            self._ask()

    def _ask(self) -> None:
        if self.url.text().strip():
            self.reach.emit(self.url.text(), self.ca_file)

    def _other(self) -> None:
        self._server.show()
        self.file.show()
        self._card.hide()
        self.url.setFocus()

    def _send(self) -> None:
        self.sent.emit(self.user.text(), self.password.text())
        self.password.clear()

    def show_view(self, view: SignInView) -> None:
        if not self.url.hasFocus() and view.url:
            self.url.setText(view.url)
        if view.ca_file:
            self.ca_file = view.ca_file
            self._ca.say(view.ca_file.rsplit("/", 1)[-1])
        if not self.user.text() and view.user:
            self.user.setText(view.user)
        reached = view.reached is not None
        self._card.setVisible(reached)
        self._server.setVisible(not reached and not view.renewing)
        self.file.setVisible(not reached and not view.renewing)
        self._change.setVisible(not view.renewing)
        self.user.setReadOnly(view.renewing)
        if view.renewing:
            self.lead.setText(self.texts.say("sign_in.renewing_lead"))
        if reached:
            self._name.say(view.reached.name)
            shown = digest(view.reached.ca_fingerprint.replace(":", "").replace(" ", ""), 8)
            self._print.say(self.texts.say("sign_in.certificate", fingerprint=shown))
        self.go.setEnabled(not view.busy)


class CodeStep(Step):
    """Six digits. The sixth sends after a moment's grace; Esc goes back."""

    sent = Signal(str)
    back = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("sign_in.code_title"), "")
        self.field = CodeField(texts.say("sign_in.code_name"))
        self.field.complete.connect(self.sent.emit)
        self._clock = label("", "caption", "tertiary")
        self._left, self._tries = 0, 0
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count)
        self.go = on_click(
            Button(texts.say("sign_in.continue"), "big"), lambda: self.sent.emit(self.field.text())
        )
        self.back_button = on_click(Button(texts.say("sign_in.back"), "link"), self.back.emit)
        self.back_button.setShortcut("Esc")
        info = Card("info", (14, 12, 14, 12), 10, row=True)
        info.box.addWidget(Mark("info", "info", 18))
        self._skew = label("", "table", wrap=True)
        info.box.addWidget(self._skew, 1)
        self.box.setSpacing(0)
        self.box.insertSpacing(1, 18)
        self.box.addSpacing(28)
        self.box.addWidget(self.field)
        self.box.addSpacing(20)
        self.box.addLayout(row(Mark("deadline", "textTertiary", 16), self._clock, None, gap=6))
        self.box.addSpacing(24)
        self.box.addWidget(self.go)
        self.box.addSpacing(12)
        self.box.addLayout(row(None, self.back_button))
        self.box.addSpacing(24)
        self.box.addWidget(info)
        self.box.addStretch(1)
        self.field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _count(self) -> None:
        self._left = max(0, self._left - 1)
        self._say()

    def _say(self) -> None:
        self._clock.setText(self.texts.say("sign_in.code_clock", seconds=self._left, tries=self._tries))

    def show_view(self, view: SignInView) -> None:
        if view.step != "code":
            self._tick.stop()
            self.field.clear()
            return
        self.lead.setText(self.texts.say("sign_in.code_lead", user=view.user))
        if not self._tick.isActive():
            self._left = view.expires_s
            self._tick.start()
            self.field.setFocus()
        self._tries = view.tries_left
        skew = abs(view.reached.skew_s) if view.reached is not None else 0
        self._skew.setText(self.texts.say("sign_in.skew", seconds=skew))
        if view.notice is not None and not view.busy:
            self.field.clear()
        self.go.setEnabled(not view.busy)
        self._say()


class DeviceStep(Step):
    """Enrol this computer: the administrator's code, a name, and the fingerprint to read out by telephone."""

    sent = Signal(str, str)
    asked = Signal()

    def __init__(self, texts: Texts, host: str) -> None:
        super().__init__(texts, texts.say("sign_in.device_title"), texts.say("sign_in.device_lead"))
        self.code, self.name = QLineEdit(), QLineEdit(host)
        self.code.setAccessibleName(texts.say("sign_in.enrol_code"))
        self.name.setAccessibleName(texts.say("sign_in.device_name"))
        self._form = QWidget()
        self.go = on_click(Button(texts.say("sign_in.enrol"), "big"), self._send)
        for field in (self.code, self.name):
            field.returnPressed.connect(self._send)
        column(
            Labelled(texts.say("sign_in.enrol_code"), self.code, texts.say("sign_in.enrol_code_hint")),
            Labelled(texts.say("sign_in.device_name"), self.name),
            self.go,
            gap=14,
            into=self._form,
        )
        self._waiting = Card("inset", (16, 14, 16, 14), 8)
        self._waiting.box.addWidget(label(texts.say("sign_in.fingerprint"), "table", "secondary", wrap=True))
        self.fingerprint = label("", "subtitle", wrap=True)
        self._waiting.box.addWidget(self.fingerprint)
        self._waiting.box.addWidget(
            label(texts.say("sign_in.fingerprint_hint"), "caption", "tertiary", wrap=True)
        )
        again = on_click(Button(texts.say("sign_in.ask_again"), "small", "retry"), self.asked.emit)
        self._waiting.box.addLayout(row(again, None))
        self.box.addWidget(self._form)
        self.box.addWidget(self._waiting)
        self.box.addStretch(1)

    def _send(self) -> None:
        self.sent.emit(self.code.text(), self.name.text())

    def show_view(self, view: SignInView) -> None:
        pending = view.step == "pending"
        self._form.setVisible(not pending)
        self._waiting.setVisible(pending)
        self.fingerprint.setText(view.fingerprint)
        self.go.setEnabled(not view.busy)


class SealStep(Step):
    """The unlock passphrase: what it protects, how long it must be, twice."""

    sent = Signal(str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts, texts.say("sign_in.seal_title"), texts.say("sign_in.seal_lead"))
        self.first, self.second = (
            SecretField(texts.say(f"sign_in.seal_{place}")) for place in ("first", "second")
        )
        self._first = Labelled(texts.say("sign_in.seal_first"), self.first, " ")
        self.go = on_click(Button(texts.say("sign_in.seal"), "big"), self._send)
        self.first.textChanged.connect(self._weigh)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._send)
        self._keyring = "ready"
        for part in (self._first, Labelled(texts.say("sign_in.seal_second"), self.second), self.go):
            self.box.addWidget(part)
        self.box.addStretch(1)

    def _weigh(self, text: str) -> None:
        kinds = sum(any(test(sign) for sign in text) for test in (str.isdigit, str.islower, str.isupper))
        kinds += any(not sign.isalnum() for sign in text) if text else 0
        score = len(text) + 2 * kinds
        weight = "none" if not text else "weak" if score < 12 else "fair" if score < 18 else "strong"
        self._first.right(
            self.texts.say(f"sign_in.strength_{weight}_{'with' if self._keyring == 'ready' else 'alone'}")
        )

    def _send(self) -> None:
        self.sent.emit(self.first.text(), self.second.text())

    def show_view(self, view: SignInView) -> None:
        if view.keyring != self._keyring or not self.first.text():
            self._keyring = view.keyring
            self._weigh(self.first.text())
        if view.step != "seal":
            self.first.clear()
            self.second.clear()
        self.go.setEnabled(not view.busy)
