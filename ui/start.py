"""Opens the window. What is heavy is imported after the first picture is on the screen."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, QTranslator, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from app.paths import Home, default_home
from app.settings import SettingsFile
from app.texts import LANGUAGES, Texts
from app.trouble import Trouble
from app.version import VERSION
from ui.bridge import Bridge
from ui.city import City, city
from ui.hardening import harden
from ui.look import load_fonts
from ui.widgets.brand import BrandGround
from ui.worn import wear

SELF_TEST_MS = 15_000
_log = logging.getLogger(__name__)


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The few options of the window; nothing secret ever comes this way."""
    parser = argparse.ArgumentParser(prog="hengxin-client")
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--language", choices=LANGUAGES, default=None)
    parser.add_argument("--unlock", action="store_true", help="begin at the unlock page")
    parser.add_argument("enrolment", type=Path, nargs="?", help="an enrolment file, as the desktop opens one")
    parser.add_argument("--self-test", action="store_true", help="open, draw and leave with 0")
    return parser.parse_args(list(arguments))


def again(arguments: Sequence[str], *, language: str = "") -> list[str]:
    """The arguments of the next life: begins at the lock, with another language if one is given; an enrolment
    file was read in this one."""
    opened = read_arguments(arguments).enrolment
    kept = [one for one in arguments if one not in ("--unlock", "--") and Path(one) != opened]
    if language:
        if "--language" in kept:
            at = kept.index("--language")
            del kept[at : at + 2]
        kept = [one for one in kept if not one.startswith("--language=")] + ["--language", language]
    return [*kept, "--unlock"]


def replace_process(arguments: Sequence[str], language: str = "") -> None:
    """Become a new process of this program. Everything this one held in memory is gone with it."""
    if getattr(sys, "frozen", False):
        program = [sys.executable]
    else:
        program = [sys.executable, "-m", "ui.start"]
    os.execv(sys.executable, [*program, *again(arguments, language=language)])  # noqa: S606


def has_display() -> bool:
    """Whether there is a screen to open a window on; without one Qt ends the process in its own words. The
    package leaves the plugin for Wayland out: there XWayland has to lend a DISPLAY."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    if os.environ.get("DISPLAY"):
        return True
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    return bool(os.environ.get("WAYLAND_DISPLAY")) and any(plugins.glob("libqwayland*"))


def translate(app: QApplication, language: str) -> QTranslator | None:
    """Qt's own words (buttons of system dialogs) in the language; None when there is no need or no file."""
    if language != "zh_CN":
        return None
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_zh_CN", folder):
        app.installTranslator(translator)
    return translator


class FirstPaint(QObject):
    """Calls once when the window has painted itself for the first time."""

    done = Signal()

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self._seen = False
        self.done.connect(act)

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        if isinstance(event, QPaintEvent) and not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.done.emit)
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window; the answer is the process' exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = read_arguments(given)
    harden()
    testing: tempfile.TemporaryDirectory[str] | None = None
    if options.self_test and options.home is None:
        testing = tempfile.TemporaryDirectory(prefix="hengxin-self-test-")
        options.home = Path(testing.name)
    try:
        home = default_home(options.home).make()
    except Trouble as trouble:
        texts = Texts(options.language or LANGUAGES[0])
        sys.stderr.write(f"{trouble.code}  {texts.say(trouble.text, **trouble.context)}\n")
        return trouble.exit_code
    if not has_display():
        sys.stderr.write(Texts(options.language or LANGUAGES[0]).say("shell.no_display") + "\n")
        return 1
    settings = SettingsFile(home.settings).read()
    language = options.language or settings.language
    app = QApplication([sys.argv[0]])
    app.setApplicationName("hengxin")
    app.setDesktopFileName("hengxin")
    wear(settings)
    translator = translate(app, language)
    opening = Opening(home, language, given, options.self_test, options.enrolment)
    opening.show()
    code = app.exec()
    if not opening.end():
        code = max(code, 1)
    del translator
    if testing is not None:
        testing.cleanup()
    return max(code, 1) if opening.lost and options.self_test else code


class Opening:
    """The window before there is a client, and the client once the first picture is there."""

    def __init__(
        self, home: Home, language: str, arguments: list[str], testing: bool, enrolment: Path | None = None
    ) -> None:
        self._home, self._language, self._arguments, self._testing = home, language, arguments, testing
        self._enrolment = enrolment
        self._bridge = Bridge()
        self._texts = Texts(language)
        self._names = city(language)
        self._cover = _cover(self._texts, self._names)
        self._first = FirstPaint(self._build)
        self._cover.installEventFilter(self._first)
        self._window: Any = None
        self._client: Any = None
        self.lost: tuple[str, ...] = ()

    def show(self) -> None:
        self._cover.show()

    def _build(self) -> None:
        """Read the fonts (the cover has no words) and put the real window in the cover's place. Services are
        built when they are first asked for something."""
        self.lost = load_fonts()
        from ui.doorstep import Doorstep
        from ui.window import Window

        self._client = Doorstep(self._home, self._language, self._bridge.deliver)
        other = next(one for one in LANGUAGES if one != self._language)
        self._window = Window(
            self._client,
            self._client.lanes,
            self._texts,
            self._names,
            VERSION,
            lambda: replace_process(self._arguments),
            lambda: replace_process(self._arguments, other),
        )
        self._window.enrolment = self._enrolment
        self._window.setGeometry(self._cover.geometry())
        self._window.show()
        self._cover.hide()
        self._window.begin()
        if self._testing:
            QTimer.singleShot(0, self._tested)
            QTimer.singleShot(SELF_TEST_MS, self._never_opened)

    def _tested(self) -> None:
        if self._window.desk.view.stage == "opening":
            QTimer.singleShot(50, self._tested)
            return
        from ui import self_test

        QApplication.exit(self_test.run(self._window, self._names, self._language))

    def _never_opened(self) -> None:
        from ui import self_test

        self_test.tell({"window": {"ok": False, "why": "the window did not open"}, "ok": False})
        QApplication.exit(1)

    def end(self) -> bool:
        """Nothing more is delivered; the lanes finish what they began, the vault is locked behind them.
        False when the vault could not write its last notes: it is shut all the same."""
        self._bridge.close()
        if self._client is None:
            return True
        try:
            self._client.close()
        except Trouble as trouble:
            _log.error("the vault did not take its last notes: %s", trouble.code)
            return False
        return True


def _cover(texts: Texts, names: City) -> BrandGround:
    cover = BrandGround()
    cover.setWindowTitle(texts.say("shell.window_title", brand=names.brand, product=names.product))
    cover.resize(1280, 800)
    cover.setMinimumSize(880, 480)
    return cover


if __name__ == "__main__":
    sys.exit(main())
