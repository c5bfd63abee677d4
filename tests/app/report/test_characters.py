"""Every character of the standard list comes back from the paper; what no face has is written out."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import msgspec
import pytest

from app.report import fonts_in, render
from app.report.faces import MEDIUM, SANS, SERIF, TITLE
from app.report.unicode_map import to_unicode_map
from tests.app.report import samples
from tests.app.report.tools import FONTS, fonts_of, pages_of, text_of


def standard_list() -> list[str]:
    with (FONTS / "tgh8105.csv").open(encoding="utf-8", newline="") as rows:
        return [row["char"] for row in csv.DictReader(rows)]


def test_the_whole_standard_list_comes_back(tmp_path: Path) -> None:
    signs = standard_list()
    assert sum(ord(sign) > 0xFFFF for sign in signs) == 196
    fields = tuple(("字表", "".join(signs[at : at + 27])) for at in range(0, len(signs), 27))
    record = msgspec.structs.replace(samples.penalty(1), fields=fields)
    pdf = render(samples.official(samples.bundle((record,))), FONTS)
    printed = set(text_of(pdf, tmp_path))
    assert [sign for sign in signs if sign not in printed] == []
    lines = {"".join(line.split()) for page in pages_of(pdf, tmp_path) for line in page.split("\n")}
    whole = [value for _, value in fields if any(value in line for line in lines)]
    assert len(whole) == len(fields)


def test_rare_names_come_back_in_every_face(tmp_path: Path) -> None:
    card = samples.subject("衡阳㛃𬭊䶮𬒗建设有限公司（示例）")
    pages = pages_of(render(samples.official(samples.bundle(card=card)), FONTS), tmp_path)
    assert "衡阳㛃𬭊䶮𬒗建设有限公司（示例）" in pages[0]
    assert "衡阳㛃𬭊䶮𬒗建设有限公司（示例）" in pages[1]


@pytest.mark.parametrize("face", [TITLE, SERIF, MEDIUM])
def test_subsets_fall_back_to_the_whole_face(face: str) -> None:
    fonts = fonts_in(FONTS)
    rare = next(chr(code) for code in range(0x3400, 0x4DB5) if _only_whole(chr(code), face))
    runs = list(fonts.runs(f"王{rare}", face))
    assert runs == [(face, "王"), (SANS, rare)]


def _only_whole(sign: str, face: str) -> bool:
    fonts = fonts_in(FONTS)
    return ord(sign) in fonts.outline_source(SANS).charToGlyph and ord(sign) not in (
        fonts.outline_source(face).charToGlyph
    )


def test_what_no_face_has_is_written_out(tmp_path: Path) -> None:
    card = samples.subject("衡阳\U0002a6a5𠮷\u202e建设有限公司（示例）")
    pages = pages_of(render(samples.official(samples.bundle(card=card)), FONTS), tmp_path)
    for page in pages[:2]:
        assert "衡阳〔U+2A6A5〕〔U+20BB7〕〔U+202E〕建设有限公司" in "".join(page.split())


BLOCKS = {  # what a name may hold beyond the standard list, by the blocks of Unicode 15
    "unified": range(0x4E00, 0x9FFD),
    "A": range(0x3400, 0x4DC0),
    "B": range(0x20000, 0x2A6E0),
    "C": range(0x2A700, 0x2B73A),
    "D": range(0x2B740, 0x2B81E),
    "E": range(0x2B820, 0x2CEA2),
    "F": range(0x2CEB0, 0x2EBE1),
    "G": range(0x30000, 0x3134B),
}


def nothing_is_lost(signs: list[str], tmp_path: Path) -> tuple[int, int]:
    """Every character comes back from the paper in its place, or its number does; how many each."""
    known = fonts_in(FONTS).outline_source(SANS).charToGlyph
    rows = ["".join(signs[at : at + 12]) for at in range(0, len(signs), 12)]
    fields = tuple(("姓名", f"王{row}") for row in rows)
    record = msgspec.structs.replace(samples.penalty(1), fields=fields)
    text = "".join(
        text_of(render(samples.official(samples.bundle((record,))), FONTS), tmp_path, "-raw").split()
    )
    noted = 0
    for row in rows:
        wanted = "".join(sign if ord(sign) in known else f"〔U+{ord(sign):04X}〕" for sign in row)
        noted += wanted.count("〔")
        assert f"王{wanted}" in text, row
    return len(signs) - noted, noted


def test_rare_characters_of_every_block_are_printed_or_noted(tmp_path: Path) -> None:
    chance = random.Random(20261126)
    signs = [chr(point) for block in BLOCKS.values() for point in sorted(chance.sample(block, 48))]
    printed, noted = nothing_is_lost(signs, tmp_path)
    assert printed >= 90  # the first two blocks, nearly whole
    assert noted >= 200  # of the others the faces have a few dozen


@pytest.mark.nightly
@pytest.mark.parametrize("block", ["unified", "A"])
def test_the_whole_block_is_printed_or_noted(block: str, tmp_path: Path) -> None:
    printed, noted = nothing_is_lost([chr(point) for point in BLOCKS[block]], tmp_path)
    assert noted <= 30, printed


def test_the_map_uses_surrogates_and_short_blocks() -> None:
    text = to_unicode_map("F", [0, *range(0x4E00, 0x4EF0), 0x2CB4A])
    assert "<D872DF4A>" in text
    counts = [int(line.split()[0]) for line in text.splitlines() if line.endswith("beginbfchar")]
    assert counts == [100, 100, 41]


def test_reportlabs_own_map_would_lose_the_name() -> None:
    """Control: five digits, read by every reader as U+2CB4 and a rest."""
    assert "<F1> <2CB4A>" not in to_unicode_map("F", [0, *range(0x4E00, 0x4EF0), 0x2CB4A])
    assert f"<{0x2CB4A:04X}>" == "<2CB4A>"


@pytest.mark.parametrize("copy", ["official", "preview", "offline"])
def test_every_face_is_embedded_and_mapped_and_none_is_helvetica(copy: str, tmp_path: Path) -> None:
    document = samples.official() if copy == "official" else samples.other(copy)  # type: ignore[arg-type]
    rows = fonts_of(render(document, FONTS), tmp_path)
    assert rows
    for row in rows:
        assert "Noto" in row[0]
        assert row[-5:-2] == ["yes", "yes", "yes"]


def test_an_incomplete_font_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        render(samples.official(), tmp_path)
