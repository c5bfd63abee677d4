"""The one window: sign-in, unlock or the open work. What is behind the lock is destroyed, not covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from app.desks.desk import LanesLike, Notice
from app.desks.sign_in_desk import SignInDesk
from app.desks.unlock_desk import UnlockDesk
from app.desks.window_desk import WindowDesk, WindowView
from app.texts import Texts
from ui import collecting
from ui.city import City
from ui.look import tokens
from ui.reading_order import ReadingOrder
from ui.sign_in_page import SignInPage
from ui.signs_of_life import SignsOfLife
from ui.unlock_page import UnlockPage
from ui.widgets.basics import on_click
from ui.widgets.brand import BrandGround
from ui.worn import SIZES, wear

if TYPE_CHECKING:
    from ui.desktop import Desktop
    from ui.doctor_page import DoctorPage
    from ui.frame import Frame
    from ui.help_page import HelpPage

WARN_BEFORE_S = 60
LOOK_AROUND_MS = 30_000


def load_desktop() -> None:
    """Load what is shown once the vault is open; in a lane, while the officer is still typing."""
    import ui.desktop  # noqa: F401


class Window(QWidget):
    """`restart` replaces this process by a new one at the unlock page; `speak` by one in another language."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        texts: Texts,
        names: City,
        version: str,
        restart: Callable[[], None],
        speak: Callable[[], None],
    ) -> None:
        super().__init__()
        self.client, self.lanes, self.texts, self.names, self.version = client, lanes, texts, names, version
        self._speak = speak
        self.setWindowTitle(texts.say("shell.window_title", brand=names.brand, product=names.product))
        self.setMinimumSize(*tokens()["size"]["minWindow"])
        self.resize(1280, 800)
        self._box = QStackedLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.here: QWidget = BrandGround()
        self._box.addWidget(self.here)
        self._stage = "opening"
        self._order = ReadingOrder(self)
        self.frame: Frame | None = None
        self.desktop: Desktop | None = None
        self.desk = WindowDesk(client, lanes, self._show, restart)
        self.idle_s, self._idle = 600, 0
        self.help: HelpPage | None = None
        self.doctor: DoctorPage | None = None
        self.again: SignInPage | None = None
        self.enrolment: Path | None = None  # the file that this program was started with
        for keys, act in (
            ("F1", self._help),
            ("Ctrl+/", lambda: self._help("keys")),
            ("Ctrl+=", lambda: self._resize_text(1)),
            ("Ctrl++", lambda: self._resize_text(1)),
            ("Ctrl+-", lambda: self._resize_text(-1)),
            ("Ctrl+0", lambda: self._resize_text(0)),
        ):
            QShortcut(QKeySequence(keys), self, act)
        self._life = SignsOfLife(self, self._alive)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self._around = QTimer(self, interval=LOOK_AROUND_MS)
        self._around.timeout.connect(self.desk.look_around)

    def begin(self) -> None:
        """Find out which page is due."""
        self.desk.begin()

    def _show(self, view: WindowView) -> None:
        if view.stage != self._stage:
            self._stage = view.stage
            stages: dict[str, Callable[[], None]] = {
                "sign_in": self._sign_in,
                "unlock": self._unlock,
                "open": self._open,
            }
            if view.stage in stages:
                stages[view.stage]()
        if self.frame is not None:
            self.frame.show_view(view)
            if view.signing_in != (self.again is not None):
                self._sign_in_again() if view.signing_in else self._end_sign_in()

    def _sign_in_again(self) -> None:
        """The sign-in over the open work, which stays as it is; this computer keeps the vault's own key."""
        page = SignInPage(self.texts, self.names, self.version, self._speak, self._larger, self.desk.stay)
        desk = SignInDesk(
            self.client, self.lanes, page.show_view, self.desk.renewed, self.desk.view.user.user
        )
        page.bind(desk)
        self.again = page
        self._lay_over(page)
        page.show_view(desk.view)
        desk.start()
        page.account.password.setFocus()

    def _end_sign_in(self) -> None:
        gone, self.again = self.again, None
        if gone is not None:
            if gone.desk is not None:
                gone.desk.leave()
            self._lift(gone)

    def _lay_over(self, page: QWidget) -> None:
        """Show a page over what is here, which stays as it is."""
        self._box.addWidget(page)
        self._box.setCurrentWidget(page)

    def _lift(self, gone: QWidget) -> None:
        """Take such a page away for good."""
        self._box.setCurrentWidget(self.here)
        self._box.removeWidget(gone)
        gone.hide()
        gone.setParent(None)
        gone.deleteLater()

    def _put(self, page: QWidget) -> None:
        """Replace everything that is on the screen."""
        self._end_help()
        self._end_doctor()
        self._end_sign_in()
        gone, self.here = self.here, page
        self._box.addWidget(page)
        self._box.setCurrentWidget(page)
        self._box.removeWidget(gone)
        gone.hide()
        gone.setParent(None)
        gone.deleteLater()

    def _sign_in(self) -> None:
        self._close_frame()
        page = SignInPage(self.texts, self.names, self.version, self._speak, self._larger)
        desk = SignInDesk(self.client, self.lanes, page.show_view, self._signed_in)
        page.bind(desk)
        page.account.sent.connect(self._load_ahead)
        on_click(page.doctor, self._examine)
        self._put(page)
        page.show_view(desk.view)
        desk.start()
        given, self.enrolment = self.enrolment, None
        if given is not None:
            desk.open_file(given)

    def _load_ahead(self) -> None:
        self.lanes.submit("press", load_desktop)

    def _signed_in(self) -> None:
        def who() -> tuple[Any, str]:
            card = self.client.unlocking.card()
            return self.client.unlocking.user(), card.device_name if card is not None else ""

        self.desk.ask("vault", who, then=lambda found: self.desk.opened(found[0], device=found[1]))

    def _unlock(self) -> None:
        self._close_frame()
        page = UnlockPage(self.texts, self.names, self.desk.sign_in)
        desk = UnlockDesk(self.client, self.lanes, page.show_view, self._unlocked, self.desk.sign_in)
        page.bind(desk)
        self._put(page)
        desk.start()
        self._load_ahead()
        given, self.enrolment = self.enrolment, None
        if given is not None:
            desk.told(Notice("enrolment.at_lock", (), "warning"))

    def _unlocked(self, found: Any) -> None:
        self.desk.opened(found.user, found.lease_state, found.lease_until, rebuilt=found.rebuilt)

    def _open(self) -> None:
        from app.desks.noticing import NoticingLanes
        from app.services.whereabouts import Place
        from ui.desktop import Desktop
        from ui.frame import Frame

        lanes = NoticingLanes(self.lanes, self.desk.signed_out)
        self.desktop = Desktop(self.client, lanes, self.texts, self.desk, wear)
        self.frame = Frame(self.texts, self.desk, self.names, self.version, self.desktop.shelves())
        self.desktop.move_in(self.frame)
        self._put(self.frame)
        self.frame.go("home")
        back = self.desktop.way_back.begin
        self.desk.ask("vault", self.client.whereabouts.last, then=back, failed=lambda _: back(Place()))
        self.desk.ask("vault", self._patience, then=self._be_patient, failed=lambda _: self._be_patient(600))

    def _patience(self) -> int:
        return int(
            min(self.client.unlocking.policy().idle_lock_s, self.client.settings.read().idle_minutes * 60)
        )

    def _be_patient(self, seconds: int) -> None:
        """Lock after so many seconds without a sign of life."""
        self.idle_s, self._idle = seconds, 0
        self._life.watch()
        self._second.start()
        self._around.start()
        collecting.wait_for_rest()
        self.destroyed.connect(collecting.as_usual)

    def _alive(self) -> None:
        self._idle = 0

    def _tick(self) -> None:
        self._idle += 1
        self._life.watch()
        collecting.rested(self._idle)
        if self.idle_s - self._idle == WARN_BEFORE_S and self.frame is not None:
            self.frame.status.tell(Notice("shell.lock_soon", (("seconds", WARN_BEFORE_S),), "warning"))
        if self._idle >= self.idle_s:
            self._second.stop()
            self.desk.lock("idle")

    def _close_frame(self) -> None:
        self._second.stop()
        self._around.stop()
        self.frame = None
        self.desktop = None

    def _larger(self) -> None:
        """The next text size, and after the largest the first."""
        last = tuple(SIZES)[-1]
        self._resize_text(0 if self.client.settings.read().size == last else 1)

    def _resize_text(self, step: int) -> None:
        """A size up or down, 0 for the usual one; kept, whoever is signed in."""
        sizes = tuple(SIZES)
        if self.desktop is not None:
            size = self.desktop.settings.view.settings.size
        else:
            size = self.client.settings.read().size
        place = min(max(sizes.index(size) + step, 0), len(sizes) - 1) if step else 0
        if self.desktop is not None:
            self.desktop.settings.change(size=sizes[place])
            return
        changed = replace(self.client.settings.read(), size=sizes[place])
        wear(changed)
        self.desk.ask("courier", self.client.settings.write, changed, then=lambda _: None)

    def _help(self, place: str = "") -> None:
        """The manual: a page of the frame, or over what stands before the lock."""
        if self.frame is not None:
            self.frame.help(place)
        elif self._stage in ("sign_in", "unlock"):
            if self.help is None:
                from ui.help_page import HelpPage

                self.help = HelpPage(self.texts)
                self.help.closed.connect(self._end_help)
                self._arrange_help(self.help)
                self._lay_over(self.help)
            self.help.show_place(place or self._stage)
            self.help.contents.setFocus()

    def _arrange_help(self, page: HelpPage) -> None:
        from ui.frame import width_of

        page.arrange(width_of(self.width()))

    def _end_help(self) -> None:
        gone, self.help = self.help, None
        if gone is not None:
            self._lift(gone)

    def _examine(self) -> None:
        """The diagnostics before there is a vault: a first sign-in is where most is not as it should be."""
        from app.desks.settings_desk import SettingsDesk
        from ui.doctor_page import DoctorPage

        page = DoctorPage(self.texts, before_lock=True)
        desk = SettingsDesk(self.client, self.lanes, page.show_view, wear, lambda: None)
        page.bind(desk)
        page.copied.connect(lambda text: QApplication.clipboard().setText(text))
        page.closed.connect(self._end_doctor)
        self.doctor = page
        self._lay_over(page)
        page.show_view(desk.view)
        page.entered()
        page.again.setFocus()

    def _end_doctor(self) -> None:
        gone, self.doctor = self.doctor, None
        if gone is not None:
            if gone.desk is not None:
                gone.desk.leave()
            self._lift(gone)

    def focusNextPrevChild(self, next: bool) -> bool:
        self._order.lay()
        return super().focusNextPrevChild(next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.help is not None:
            self._arrange_help(self.help)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desktop is not None:
            self.desktop.put_away()
        super().closeEvent(event)
