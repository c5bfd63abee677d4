"""No character is drawn as nothing: what a face says it has it draws; blanks alone are without ink."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest

from app.report import fonts_in
from app.report.faces import MEDIUM, SANS, SERIF, STRONG, TITLE
from app.report.outlines import glyph_steps
from tests.app.report.test_characters import nothing_is_lost
from tests.app.report.tools import FONTS

GIVEN = Path(__file__).parents[2] / "vectors" / "given_name_characters.txt"


def given_names() -> list[str]:
    return list(dict.fromkeys(GIVEN.read_text("utf-8").strip()))


def without_ink(signs: list[str], face: str) -> list[str]:
    """What has no ink, where `runs` would place it: in the face itself, or in the whole one."""
    fonts = fonts_in(FONTS)
    found = []
    for sign in signs:
        for role, piece in fonts.runs(sign, face):
            found += [one for one in piece if not glyph_steps(fonts.outline_source(role), one)]
    return found


def standard_list() -> list[str]:
    with (FONTS / "tgh8105.csv").open(encoding="utf-8", newline="") as rows:
        return [row["char"] for row in csv.DictReader(rows)]


def test_every_standard_character_has_ink() -> None:
    assert without_ink(standard_list(), SANS) == []


@pytest.mark.nightly
@pytest.mark.parametrize("face", [SANS, MEDIUM, STRONG, SERIF, TITLE])
def test_every_character_of_a_face_or_a_name_has_ink(face: str) -> None:
    own = [chr(point) for point in fonts_in(FONTS).outline_source(face).charToGlyph]
    seen = [sign for sign in own if unicodedata.category(sign) not in ("Zs", "Zl", "Zp", "Cn", "Mn")]
    assert without_ink(seen, face) == []
    assert without_ink(given_names(), face) == []


def test_control_a_blank_has_none() -> None:
    assert without_ink(["衡", " "], SANS) == [" "]


@pytest.mark.nightly
def test_every_character_of_given_names_is_printed_or_noted(tmp_path: Path) -> None:
    signs = given_names()
    assert len(signs) > 9000
    printed, noted = nothing_is_lost(signs, tmp_path)
    assert printed > 9000, noted
