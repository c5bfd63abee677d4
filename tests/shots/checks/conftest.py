"""Windows are drawn offscreen with the fonts that ship: pictures and widths are the same everywhere."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ui.look import load_fonts, look  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def _fonts(qapp: QApplication) -> None:
    assert load_fonts() == ()


@pytest.fixture(autouse=True)
def _plain_look(qapp: QApplication) -> None:
    look().wear("light", 100)
