"""Drives the real window as an officer would: types, clicks, waits for what appears, takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.paths import default_home
from app.settings import Settings
from app.texts import Texts
from tests.officer.city import City
from ui.bridge import Bridge
from ui.city import city
from ui.doorstep import Doorstep
from ui.look import load_fonts
from ui.page import Page
from ui.window import Window
from ui.worn import wear

PATIENCE_S = 60.0
STILL_AFTER = 20  # looks at most, a tenth of a second apart
PASSPHRASE = "松烟-Practice-2026"


class DidNotComeError(AssertionError):
    """What was waited for did not come; carries what the window showed instead."""


class WindowOfficer:
    """One window on one home. `restarts` counts how often the window asked to become a new process."""

    def __init__(
        self, home: Path, language: str = "zh_CN", theme: str = "light", keyring: Any = None
    ) -> None:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self.app = app
        load_fonts()
        self.settings = Settings(theme=theme, language=language)
        wear(self.settings)
        self.bridge = Bridge()
        self.client = Doorstep(default_home(home).make(), language, self.bridge.deliver, keyring)
        self.restarts = 0
        self.window = Window(
            self.client,
            self.client.lanes,
            Texts(language),
            city(language),
            "0.1.0",
            self._restart,
            self._restart,
        )
        self.window.resize(1280, 800)
        self.window.show()
        self.window.begin()

    def _restart(self) -> None:
        self.restarts += 1

    def until(self, ready: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
        """Let the window live until `ready` answers something true.

        Raises:
            DidNotComeError: when patience ends.
        """
        ends = time.monotonic() + patience_s
        loop = QEventLoop()
        watch = QTimer(interval=10)
        watch.timeout.connect(lambda: loop.quit() if ready() or time.monotonic() > ends else None)
        watch.start()
        if not ready():
            loop.exec()
        watch.stop()
        found = ready()
        if not found:
            raise DidNotComeError(f"{what} did not come; the window shows: {self.words()}")
        return found

    def settle(self, milliseconds: int = 150) -> None:
        """Let pending paints and timers run."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def words(self) -> str:
        """The visible labels, for the message of a failed wait."""
        seen = [w.text() for w in self.window.findChildren(QWidget) if w.isVisible() and hasattr(w, "text")]
        return " | ".join(str(text) for text in seen if text)[:800]

    def picture(self, path: Path) -> Path:
        """Save the window once two looks at it are the same: on a busy machine pages come late."""
        self.settle()
        seen = self.window.grab()
        for _ in range(STILL_AFTER):
            self.settle(100)
            before, seen = seen, self.window.grab()
            if before.toImage() == seen.toImage():
                break
        path.parent.mkdir(parents=True, exist_ok=True)
        if not seen.save(str(path)):
            raise DidNotComeError(f"the picture {path.name} could not be written")
        return path

    def page(self, name: str) -> Any:
        """Turn to a page of the navigation."""
        assert self.window.frame is not None
        page: Page = self.window.frame.go(name)
        self.settle(50)
        return page

    @property
    def here(self) -> Any:
        return self.window.here

    @property
    def desktop(self) -> Any:
        return self.window.desktop

    def type(self, field: QWidget, text: str) -> None:
        """What an officer does: into the field, away with what stands there, and type (Chinese comes from an
        input method, so all of it comes as one)."""
        self.front()
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        field.selectAll()  # type: ignore[attr-defined]
        committed = QInputMethodEvent()
        committed.setCommitString(text)
        QApplication.sendEvent(field, committed)

    def keys(self, field: QWidget, text: str) -> None:
        """Key by key, where no input method may come between."""
        self.front()
        field.setFocus(Qt.FocusReason.MouseFocusReason)
        for sign in text:
            shift = Qt.KeyboardModifier.ShiftModifier if sign.isupper() else Qt.KeyboardModifier.NoModifier
            QTest.keyClick(field, sign, shift)

    def front(self) -> None:
        """The window that has the keyboard."""
        if not self.window.isActiveWindow():
            self.window.activateWindow()
            self.until(self.window.isActiveWindow, "the focus of the system")

    def leave(self, field: QWidget) -> None:
        """On to the next field."""
        QTest.keyClick(field, Qt.Key.Key_Tab)
        self.settle(20)

    def sign_in(self, served: City, account: dict[str, str], pictures: Path | None = None) -> None:
        """Account, code, enrolment when asked, passphrase; ends on the home page."""
        self.until(lambda: self.window.desk.view.stage == "sign_in", "the sign-in page")
        page = self.here
        page.account.ca_file = str(served.ca_file)
        page.account.url.setText(served.url)
        page.account.url.editingFinished.emit()
        self.until(lambda: page.desk.view.reach_state == "reached", "the server's card")
        self.type(page.account.user, account["user"])
        self.keys(page.account.password, account["password"])
        if pictures:
            self.picture(pictures / "sign-in.png")
        page.account.go.click()
        self.until(lambda: page.desk.view.step == "code", "the second factor")
        if pictures:
            self.keys(page.code.field, "482")
            self.picture(pictures / "sign-in-code.png")
            page.code.field.clear()
        self.keys(page.code.field, served.fresh_code(account))
        self.until(lambda: page.desk.view.step in ("device", "seal", "pending"), "the step after the code")
        if page.desk.view.step == "device":
            if pictures:
                self.picture(pictures / "sign-in-device.png")
            page.device.code.setText(account["enrolment_code"])
            page.device.name.setText("HY-PC-0217")
            page.device.go.click()
            self.until(lambda: page.desk.view.step == "seal", "the passphrase step")
        page.seal.first.setText(PASSPHRASE)
        page.seal.second.setText(PASSPHRASE)
        if pictures:
            self.picture(pictures / "sign-in-passphrase.png")
        page.seal.go.click()
        self.until(lambda: self.window.frame is not None, "the open window")
        self.settle(300)

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        """Open the vault at the unlock page."""
        self.until(lambda: self.window.desk.view.stage == "unlock", "the unlock page")
        self.here.field.setText(passphrase)
        self.here.go.click()
        self.until(lambda: self.window.frame is not None, "the open window")
        self.settle(300)

    def state_purpose(self, purpose: str, case_no: str) -> Any:
        """Choose the purpose and type the business number; the home page is returned."""
        page = self.page("home")
        self.until(lambda: page.segments.keys(), "the purposes")
        page.segments.button(purpose).click()
        self.type(page.case, case_no)
        self.leave(page.case)
        assert page.desk.view.case_no == case_no
        return page

    def query(self, text: str, purpose: str = "B01", case_no: str = "LN-2026-0381") -> Any:
        """Type a code and press the button; ends on the subject page."""
        page = self.state_purpose(purpose, case_no)
        self.type(page.field, text)
        page.go.click()
        return self.subject()

    def subject(self) -> Any:
        """Wait for the subject page with an answer on it."""
        frame = self.window.frame
        assert frame is not None
        self.until(lambda: frame.current == "subject" and self.desktop.subject.view.answer, "the subject")
        self.settle(200)
        return frame.pages["subject"]

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.client.close()
        self.bridge.close()
        self.settle(20)
