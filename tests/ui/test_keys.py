"""The table of keys that officers are given, held against the shortcuts of the real window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from PySide6.QtGui import QShortcut
from pytestqt.qtbot import QtBot

from tests.ui import bench
from tests.ui.stage import Stage

PAGES = ("home", "subject", "screening", "offline", "objection", "repair", "verify", "reports", "ledger",
         "settings", "outbox", "help")  # fmt: skip
OF_WIDGETS = {  # keys that a table, a list or a button answers to, not a shortcut
    "Shift+上", "Shift+下", "Ctrl+A", "Ctrl+C", "Ctrl+Shift+C", "Alt+上", "Alt+下", "Alt+字母", "Esc",
}  # fmt: skip


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def named() -> set[str]:
    """Every key of the chapter, one by one."""
    manual = (files("resources") / "manual" / "zh_CN.md").read_text("utf-8")
    chapter = manual.partition("、按键")[2].partition("\n## ")[0]
    cells = [line.split("|")[1].strip() for line in chapter.splitlines() if line.startswith("| ")][1:]
    keys: set[str] = set()
    for cell in cells:
        if found := re.fullmatch(r"Ctrl\+(\d) 至 (\d)", cell):
            keys |= {f"Ctrl+{number}" for number in range(int(found[1]), int(found[2]) + 1)}
            continue
        lead = ""
        for key in re.split("[、，；]", cell):
            key = key.strip()
            if "+" in key:
                lead = key.rpartition("+")[0] + "+"
            keys.add(key if "+" in key or key.startswith("F") or not lead else lead + key)
    return keys


def folded(key: str) -> str:
    for word, other in (
        ("左", "Left"),
        ("右", "Right"),
        ("回车", "Return"),
        ("PgDn", "PgDown"),
        ("Delete", "Del"),
    ):
        key = key.replace(word, other)
    return key.replace("Enter", "Return")


def missing(wanted: set[str], window: object) -> set[str]:
    answered = {folded(one.key().toString()) for one in window.findChildren(QShortcut)}  # type: ignore[attr-defined]
    plain = {"Return", "空格", "Space"}
    return {one for one in wanted - OF_WIDGETS if folded(one) not in answered | plain}


def test_every_key_of_the_manual_is_answered_to_and_no_single_letter_is_one(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("report_preview")
    assert stage.window.frame is not None
    for page in PAGES:
        stage.window.frame.page(page)
    keys = named()
    assert {"Ctrl+5", "Ctrl+R", "Ctrl+N", "Delete", "F4", "Alt+左"} <= keys
    assert missing(keys, stage.window) == set()
    assert missing({"Ctrl+Q"}, stage.window) == {"Ctrl+Q"}  # the control
    keys_of = [one.key().toString() for one in stage.window.findChildren(QShortcut)]
    assert keys_of and not any(re.fullmatch("[A-Z0-9]", one) for one in keys_of)
