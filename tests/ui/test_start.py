"""The window is there before anything heavy is, tells nobody's secrets, and begins anew at the lock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.start import again, has_display, read_arguments

HEAVY = ("requests", "keyring", "reportlab", "pyhanko", "cryptography", "sqlcipher3", "argon2", "pikepdf")
ROOT = Path(__file__).resolve().parents[2]


def run(code: str, home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HENGXIN_HOME": str(home),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, *more, *(["-c", code] if code else [])],
        capture_output=True, text=True, timeout=60, env=environment, cwd=home, check=False,
    )  # fmt: skip


def test_the_first_picture_needs_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import ui.start as start\n"
        "from PySide6.QtWidgets import QApplication\n"
        "def stop(self):\n"
        f"    print(sorted(name for name in {HEAVY!r} if name in sys.modules))\n"
        "    QApplication.exit(0)\n"
        "start.Opening._build = stop\n"
        "sys.exit(start.main([]))\n"
    )
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


SIGN_IN = """
import sys
import ui.start as start
from ui.window import Window
from PySide6.QtWidgets import QApplication
put = Window._put
def putting(window, page):
    put(window, page)
    window.first = start.FirstPaint(stop)
    page.installEventFilter(window.first)
def stop():
    print(sorted(name for name in NAMES if name in sys.modules))
    QApplication.exit(0)
Window._put = putting
sys.exit(start.main([]))
"""


def test_the_sign_in_page_needs_neither_services_nor_the_pages_behind_it(tmp_path: Path) -> None:
    names = (*HEAVY, "msgspec", "app.assembly", "ui.desktop", "ui.frame")
    done = run(SIGN_IN.replace("NAMES", repr(names)), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_control_the_services_do_need_some_of_it(tmp_path: Path) -> None:
    code = f"import sys, app.assembly\nprint(sorted(name for name in {HEAVY!r} if name in sys.modules))"
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != "[]"


def test_the_self_test_opens_a_window_and_leaves(tmp_path: Path) -> None:
    done = run("", tmp_path, "-m", "ui.start", "--self-test")
    assert done.returncode == 0, done.stderr
    complaints = [
        line for line in done.stderr.splitlines() if "propagateSizeHints" not in line and line.strip()
    ]
    assert complaints == []


LANES = """
import sys, threading
import ui.start as start
from PySide6.QtWidgets import QApplication
def lanes():
    print(sorted(one.name for one in threading.enumerate() if one.name.startswith("lane-")))
build = start.Opening._build
def built(self):
    build(self)
    ADD
    for name in ("vault", "wire", "courier", "press"):
        self._window.lanes[name].run(len, "")
        client = self._window.client.inside()
        client.lanes[name].run(len, "")
    client.unlocking.room.lane.run(len, "")
    lanes()
    QApplication.exit(0)
start.Opening._build = built
code = start.main([])
lanes()
sys.exit(code)
"""
FOUR = str([f"lane-{name}_0" for name in ("courier", "press", "vault", "wire")])


def test_window_and_services_share_four_lanes_and_closing_ends_them(tmp_path: Path) -> None:
    done = run(LANES.replace("ADD", "pass"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [FOUR, "[]"]


def test_control_a_second_set_of_lanes_would_be_seen(tmp_path: Path) -> None:
    second = 'from app.lanes import Lanes; other = Lanes(); self.other = other; other["vault"].run(len, "")'
    done = run(LANES.replace("ADD", second), tmp_path)
    assert done.stdout.splitlines() == [
        FOUR.replace("'lane-wire", "'lane-vault_0', 'lane-wire"),
        "['lane-vault_0']",
    ]


def test_no_core_file_and_nobody_looks_in(tmp_path: Path) -> None:
    code = (
        "import resource, ctypes\n"
        "from ui.hardening import harden\n"
        "print(harden(), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    assert run(code, tmp_path).stdout.strip() == "True (0, 0) 0"


def test_control_an_ordinary_process_may_be_looked_into(tmp_path: Path) -> None:
    assert run("import ctypes\nprint(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))", tmp_path).stdout.strip() == "1"


@pytest.mark.parametrize(
    ("before", "language", "after"),
    [
        ([], "", ["--unlock"]),
        (["--unlock"], "", ["--unlock"]),
        (["--home", "/h", "--unlock"], "", ["--home", "/h", "--unlock"]),
        (["--language", "en"], "zh_CN", ["--language", "zh_CN", "--unlock"]),
        (["--home", "/h", "bank.hxenrol"], "", ["--home", "/h", "--unlock"]),
        (["./bank.hxenrol"], "", ["--unlock"]),
        (["--home", "/h", "--", "/a//bank.hxenrol"], "", ["--home", "/h", "--unlock"]),
        (["--language=en", "--home", "/h"], "zh_CN", ["--home", "/h", "--language", "zh_CN", "--unlock"]),
    ],
)
def test_the_next_life_begins_at_the_lock(before: list[str], language: str, after: list[str]) -> None:
    assert again(before, language=language) == after


def test_no_option_takes_a_secret() -> None:
    for option in ("--password", "--passphrase", "--user", "--code"):
        with pytest.raises(SystemExit):
            read_arguments([option, "x"])


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "w"}, True),
        ({"QT_QPA_PLATFORM": "x"}, True),
    ],
)
def test_without_a_display_the_window_says_so_itself(
    given: dict[str, str], there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert has_display() is there


def test_wayland_alone_is_no_display_where_its_plugin_was_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "w")
    monkeypatch.setattr("ui.start.QLibraryInfo.path", lambda _: str(tmp_path))
    assert has_display() is False
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_display() is True


def test_a_fractional_scale_is_drawn_as_it_is(qapp: QApplication) -> None:
    assert qapp.highDpiScaleFactorRoundingPolicy() is Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
