"""The fonts hold what names and documents need."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import resources
from resources.fonts.subset import gb2312_characters, standard_characters

FONTS = Path(resources.__file__).parent / "fonts"
REGULAR = "NotoSansSC-Regular.ttf"
FACES = sorted(path.name for path in FONTS.glob("*.ttf"))


@cache
def characters_of(face: str) -> frozenset[str]:
    with TTFont(FONTS / face, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def test_the_standard_list_is_whole() -> None:
    listed = standard_characters()
    assert len(listed) == len(set(listed)) == 8105
    assert sum(ord(character) > 0xFFFF for character in listed) == 196
    assert len([character for character in gb2312_characters() if "一" <= character <= "龥"]) == 6763


def test_all_faces_are_there() -> None:
    assert FACES == [
        "NotoSansSC-Medium.ttf",
        "NotoSansSC-Regular.ttf",
        "NotoSansSC-SemiBold.ttf",
        "NotoSerifSC-Bold.ttf",
        "NotoSerifSC-Regular.ttf",
    ]


@pytest.mark.parametrize("face", FACES)
def test_a_face_holds_the_standard_list_and_gb2312(face: str) -> None:
    assert set(standard_characters()) - characters_of(face) == set()
    assert set(gb2312_characters()) - characters_of(face) == set()


@pytest.mark.parametrize("rare", ["𬭊", "䶮", "㛃", "〇", "〔", "〕", "·", "￥"])
def test_the_regular_face_holds_what_names_are_made_of(rare: str) -> None:
    assert rare in characters_of(REGULAR)


def test_the_regular_face_is_whole_not_a_subset() -> None:
    assert len(characters_of(REGULAR)) > 30_000


@pytest.mark.parametrize("face", sorted(set(FACES) - {REGULAR}))
def test_a_subset_holds_the_committed_list(face: str) -> None:
    listed = set((FONTS / "characters.txt").read_text(encoding="utf-8"))
    assert listed - characters_of(face) == set()


def test_outlines_are_of_the_kind_that_the_report_renderer_reads() -> None:
    for face in FACES:
        with TTFont(FONTS / face, lazy=True) as font:
            assert "glyf" in font, face


def test_the_fonts_stay_below_thirty_megabytes() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.ttf")) < 30_000_000


def test_control_a_character_no_face_has_is_reported() -> None:
    assert "𠮷" not in characters_of(REGULAR)
