"""One generator from tokens to palette and sheet: everything resolves, can be read, and red stays scarce."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ui.look import RESOURCES, SHEET, fill, look, qss_colour, tokens

THEMES = ("light", "dark", "highContrast")
SEAL_CLASSES = ("serious", "bannerSeal", "seal")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_token_of_the_sheet_resolves(theme: str) -> None:
    filled = fill(SHEET.read_text("utf-8"), tokens()["color"][theme], 1.0)
    assert "@" not in re.sub(r"/\*.*?\*/", "", filled)
    assert "pxs" not in re.sub(r"/\*.*?\*/", "", filled)


def test_control_an_unknown_token_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("QLabel { color: @nothing@; }", tokens()["color"]["light"], 1.0)


def test_lengths_of_text_grow_and_hairlines_do_not() -> None:
    assert fill("a { font-size: 14pxs; border: 1px }", {}, 1.5) == "a { font-size: 21px; border: 1px }"


def test_qt_reads_alpha_first() -> None:
    assert qss_colour("#14233B1F") == "#1F14233B"


@pytest.mark.parametrize("theme", THEMES)
def test_every_measured_pair_can_be_read(theme: str) -> None:
    colours = tokens()["color"][theme]
    for pair, said in tokens()["contrast"][theme].items():
        ink, ground = pair.split("/")
        measured = contrast(colours[ink], colours[ground])
        assert abs(measured - said) < 0.02, pair
        assert measured >= (3.0 if ink in ("borderStrong", "focus") else 4.5), pair


def test_control_the_measure_knows_black_and_white() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0


@pytest.mark.parametrize("theme", THEMES)
def test_a_placeholder_can_be_read(qtbot: QtBot, theme: str) -> None:
    """A sheet that sets `color` fades the placeholder below the norm unless it is set as well."""
    look().wear(theme)
    line = QLineEdit()
    qtbot.addWidget(line)
    line.setPlaceholderText("x")
    line.show()
    shown = line.palette().color(QPalette.ColorRole.PlaceholderText).name()
    assert contrast(shown, look().colours["surface"][:7]) >= 4.5


def test_the_sheet_uses_the_seal_where_it_may() -> None:
    for line in SHEET.read_text("utf-8").splitlines():
        if "@seal" in line:
            assert any(name in line for name in SEAL_CLASSES), line


def test_code_uses_the_seal_where_it_may() -> None:
    """The seal and serious dishonesty; a connection or a log that cannot be trusted; nothing else."""
    allowed = {
        "chips.py",
        "panels.py",
        "subject_header.py",
        "notices.py",
        "restored_bar.py",
        "topbar.py",
        "subject_view.py",
        "screening_rows.py",
        "look.py",
    }
    users = {
        path.name
        for path in [*Path("ui").rglob("*.py"), *Path("app/desks").glob("*.py")]
        if not path.name.startswith("sign_in")  # there "seal" is a step
        and re.search(r'"(seal|sealFill|sealSubtle|sealBorder)"', path.read_text("utf-8"))
    }
    assert users <= allowed


def test_every_icon_of_the_code_is_there() -> None:
    drawn = {path.stem for path in (RESOURCES / "icons").glob("*.svg")}
    wanted = set()
    for path in Path("ui").rglob("*.py"):
        wanted |= set(re.findall(r'Mark\(\s*"([a-z_-]+)"', path.read_text("utf-8")))
        wanted |= set(
            re.findall(
                r'Button\([^\n]*?, "(?:plain|primary|small|link|tool|bare)", "([a-z_-]+)"',
                path.read_text("utf-8"),
            )
        )
    assert wanted - drawn == set()
    assert len(wanted) > 20


def test_icons_take_the_colour_of_their_role(qapp: QApplication) -> None:
    look().wear("light")
    picture = look().pixmap("good-filled", "good", 40, 1.0).toImage()
    inks = {
        picture.pixelColor(x, y).name()
        for x in range(40)
        for y in range(40)
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert inks == {QColor(look().colours["good"]).name()}
    assert look().pixmap("good-filled", "good", 40, 2.0).width() == 80


def test_greyscale_still_tells_serious_from_attention_from_honour() -> None:
    for theme in ("light", "dark"):
        colours = tokens()["color"][theme]
        serious, warn, good = (luminance(colours[name]) for name in ("sealFill", "warnSubtle", "goodSubtle"))
        assert abs(serious - warn) > 0.01 and abs(serious - good) > 0.01
    light = tokens()["color"]["light"]
    assert luminance(light["sealFill"]) < luminance(light["warnSubtle"]) / 4
