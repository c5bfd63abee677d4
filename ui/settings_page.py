"""Settings: how it looks, in which language, when it locks, and what of it is kept on this computer."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desks import losses_words
from app.desks.settings_desk import SettingsDesk, SettingsView
from app.services.vault_ending import Losses
from app.texts import Texts
from ui.look import look
from ui.notices import Inline, announce
from ui.page import Page, Width
from ui.secret_forms import SecretForm
from ui.widgets.basics import Button, Card, Mark, column, empty_out, label, on_click, row, rule
from ui.widgets.columns import stand
from ui.widgets.confirm import Confirm
from ui.widgets.fields import Choice
from ui.widgets.flow import Segments
from ui.widgets.panels import State

THEMES = ("system", "light", "dark", "contrast")
SIZES = ("normal", "large", "larger", "largest")
DENSITIES = ("comfortable", "compact")
LANGUAGES = ("zh_CN", "en")
GO_ON_MS = 6000


class Setting(QWidget):
    """A name with a line below it at the left, the control at the right; one above the other when narrow."""

    def __init__(self, title: str, hint: str, control: QWidget, locked: str = "") -> None:
        super().__init__()
        self.title = label(title, "medium", wrap=True)
        self.title.setBuddy(control)
        self.hint = label(hint, "caption", "tertiary", wrap=True)
        if not hint:
            self.hint.hide()
        self.locked = label(locked, "caption", "secondary", wrap=True)
        self._lock = Mark("lock", "textTertiary", 14)
        self.by = QWidget()
        row(self._lock, self.locked, gap=6, into=self.by)
        if not locked:
            self.by.hide()
        words = column(None, self.title, self.hint, self.by, None, gap=3)
        self._box: QBoxLayout = QHBoxLayout(self)
        self._box.setContentsMargins(20, 12, 20, 12)
        self._box.setSpacing(20)
        self._box.addLayout(words, 2)
        self._box.addWidget(control, 3, Qt.AlignmentFlag.AlignVCenter)

    def stand(self, narrow: bool) -> None:
        """Lie as the width allows."""
        stand(self._box, not narrow)
        self._box.setSpacing(8 if narrow else 20)


class SettingsPage(Page):
    """Every change is kept and worn at once."""

    page_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        say = texts.say
        super().__init__(texts, say("settings_page.title"), say("settings_page.subtitle"))
        self.desk: SettingsDesk | None = None
        self._view: SettingsView | None = None
        self.question: Confirm | None = None
        self._settings: list[Setting] = []
        self.notice = Inline(texts)
        self.theme = self._segments("theme", THEMES)
        self.size_ = self._segments("size", SIZES)
        self.density = self._segments("density", DENSITIES)
        self.language = self._segments("language", LANGUAGES)
        self.restart = label(say("settings_page.restart"), "caption", "warn", wrap=True)
        self.idle = Choice(say("settings_page.idle"))
        self.passphrase = SecretForm(texts, "passphrase", "lock", ("old", "new", "again"))
        self.recover = SecretForm(texts, "recover", "recovery", ("sealed",))
        self.wipe = Button(say("settings_page.wipe"), "danger", "delete", "warn")
        doctor = on_click(
            Button(say("settings_page.to_doctor"), "plain", "diagnostics"),
            lambda: self.page_wanted.emit("doctor"),
        )
        copies = on_click(
            Button(say("settings_page.to_copies"), "plain", "offline"),
            lambda: self.page_wanted.emit("offline"),
        )
        self.help = on_click(
            Button(say("settings_page.to_help"), "plain", "help"), lambda: self.page_wanted.emit("help")
        )
        language = QWidget()
        column(self.language, self.restart, gap=6, into=language)
        self.content = QWidget()
        inner = QVBoxLayout(self.content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self.notice)
        self._idle = Setting(
            say("settings_page.idle"), say("settings_page.idle_why"), self._left(self.idle), "-"
        )
        sections = (
            ("appearance", (
                self._setting("theme", self.theme), self._setting("size", self.size_),
                self._setting("density", self.density),
            )),
            ("language", (self._setting("language", language),)),
            ("security", (
                self._idle, self._setting("passphrase", self.passphrase),
                self._setting("clipboard", self._fixed("clipboard_value")),
            )),
            ("data", (
                self._setting("copies", self._left(copies)), self._setting("recover", self.recover),
                self._setting("wipe", self._left(self.wipe)),
            )),
            ("doctor", (
                self._setting("doctor", self._left(doctor)), self._setting("help", self._left(self.help)),
            )),
        )  # fmt: skip
        self._settings.append(self._idle)
        for key, settings in sections:
            inner.addWidget(label(say(f"settings_page.section_{key}"), "strong"))
            card = Card("card", (1, 1, 1, 1), 0)
            for place, setting in enumerate(settings):
                if place:
                    card.box.addWidget(rule())
                card.box.addWidget(setting)
            inner.addWidget(card)
        inner.addStretch(1)
        self.content.setMaximumWidth(look().px(860))
        self.content.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        holder = QWidget()
        row(self.content, None, into=holder).setStretch(0, 100)
        self._kept = holder
        self.body.addWidget(holder, 1)
        self.gone = QVBoxLayout()
        self.body.addLayout(self.gone)
        self._go_on = QTimer(self, singleShot=True, interval=GO_ON_MS)

    def _segments(self, name: str, keys: tuple[str, ...]) -> Segments:
        words = [(key, self.say(f"settings_page.{name}_{key}")) for key in keys]
        return Segments(self.say(f"settings_page.{name}"), words)

    def _setting(self, name: str, control: QWidget) -> Setting:
        text_id = f"settings_page.{name}_why"
        hint = self.say(text_id) if self.texts.has(text_id) else ""
        made = Setting(self.say(f"settings_page.{name}"), hint, control)
        self._settings.append(made)
        return made

    def _left(self, control: QWidget) -> QWidget:
        """The control as wide as it wants to be."""
        holder = QWidget()
        row(control, None, into=holder)
        return holder

    def _fixed(self, name: str) -> QWidget:
        return label(self.say(f"settings_page.{name}"), "table", "secondary", wrap=True)

    def bind(self, desk: SettingsDesk) -> None:
        """Give the widgets their verbs."""
        self.desk = desk
        self.theme.chosen.connect(lambda key: desk.change(theme=key))
        self.size_.chosen.connect(lambda key: desk.change(size=key))
        self.density.chosen.connect(lambda key: desk.change(density=key))
        self.language.chosen.connect(lambda key: desk.change(language=key))
        self.idle.activated.connect(lambda _: desk.change(idle_minutes=int(self.idle.currentData())))
        on_click(self.wipe, self._weigh_wipe)
        self.passphrase.wanted.connect(lambda: desk.unfold("passphrase"))
        self.recover.wanted.connect(lambda: desk.unfold("recover"))
        for form in (self.passphrase, self.recover):
            form.folded.connect(lambda: desk.unfold(""))
        self.passphrase.sent.connect(lambda typed: self._ask_change(*typed))
        self.recover.sent.connect(lambda typed: self._ask_recover(*typed))
        self._go_on.timeout.connect(desk.go_on)

    def entered(self) -> None:
        if self.desk is not None:
            self.desk.start()

    def left(self) -> None:
        """What was typed into a form does not wait for the officer to come back."""
        if self.desk is not None:
            self.desk.unfold("")

    def first_focus(self) -> QWidget | None:
        theme = self._view.settings.theme if self._view is not None else THEMES[0]
        return self.theme.button(theme)

    def arrange(self, width: Width) -> None:
        super().arrange(width)
        for setting in self._settings:
            setting.stand(width == "narrow")
        self.content.setMaximumWidth(look().px(860))

    def show_view(self, view: SettingsView) -> None:
        before, self._view = self._view, view
        settings = view.settings
        self.theme.choose(settings.theme)
        self.size_.choose(settings.size)
        self.density.choose(settings.density)
        self.language.choose(settings.language)
        self.restart.setVisible(view.restart_needed)
        self._show_idle(view)
        self.wipe.setEnabled(not view.busy)
        self.notice.tell(view.notice)
        self._show_forms(view)
        if view.losses is not None and view.losses is not (before.losses if before is not None else None):
            self._ask_wipe(view.losses)
        if view.wiped and not (before is not None and before.wiped):
            self._show_wiped()

    def _show_forms(self, view: SettingsView) -> None:
        for name, form, there in (
            ("passphrase", self.passphrase, True),
            ("recover", self.recover, view.sealed),
        ):
            said = view.said if view.said_of == name else None
            form.show_state(view.unfolded == name, view.busy, said, there)

    def _show_idle(self, view: SettingsView) -> None:
        if self.idle.count() != view.longest_idle:
            self.idle.clear()
            for minutes in range(1, view.longest_idle + 1):
                self.idle.addItem(self.say("settings_page.minutes", count=minutes), str(minutes))
        self.idle.choose(str(min(view.settings.idle_minutes, view.longest_idle)))
        self._idle.locked.setText(self.say("settings_page.idle_limit", count=view.longest_idle))

    def _ask_change(self, old: str, new: str, again: str) -> None:
        desk, say = self.desk, self.say
        if desk is None or not desk.is_passphrase_sound(old, new, again):
            return
        self.question = Confirm(
            self, self.texts, say("settings_page.passphrase_ask"), (),
            (say("settings_page.passphrase_stays"), say("settings_page.passphrase_stays_sealed")),
            say("settings_page.passphrase_do"), lambda: desk.change_passphrase(old, new),
            (say("settings_page.passphrase_comes"),),
        )  # fmt: skip
        self.question.open()

    def _ask_recover(self, passphrase: str) -> None:
        desk, say = self.desk, self.say
        if desk is None or not desk.is_sealed_passphrase_there(passphrase):
            return
        self.question = Confirm(
            self, self.texts, say("settings_page.recover_ask"), (), (say("settings_page.recover_stays"),),
            say("settings_page.recover_do"), lambda: desk.recover(passphrase),
            tuple(say(f"settings_page.recover_comes_{what}") for what in ("items", "drafts", "elsewhere")),
        )  # fmt: skip
        self.question.open()

    def _weigh_wipe(self) -> None:
        if self.desk is not None:
            self.desk.weigh_wipe()

    def _ask_wipe(self, losses: Losses) -> None:
        if self.desk is None:
            return
        say = self.say
        sealed = losses_words.sealed(losses, self.texts)
        first = (say("settings_page.wipe_sync_first"),) if losses_words.is_unsent(losses) else ()
        self.question = Confirm(
            self, self.texts, say("settings_page.wipe_ask"),
            (say("settings_page.wipe_goes_keys"), *losses_words.gone(losses, self.texts)),
            (*filter(None, [sealed]), say("settings_page.wipe_stays_server")),
            say("settings_page.wipe_do"), self.desk.wipe, first,
        )  # fmt: skip
        self.question.open()

    def _show_wiped(self) -> None:
        """The keys are destroyed: say so, then go on."""
        self._kept.hide()
        self.body.setStretchFactor(self.gone, 1)
        empty_out(self.gone)
        title, text = self.say("settings_page.wiped"), self.say("settings_page.wiped_why")
        desk = self.desk
        actions = ((self.say("settings_page.go_on"), desk.go_on),) if desk is not None else ()
        self.gone.addWidget(State("recovery", "good", title, text, actions), 1)
        announce(self, f"{title} {text}", assertive=True)
        self._go_on.start()
