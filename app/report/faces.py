"""The five faces of a document: which face draws which character, and how wide it is.

ReportLab drops a character that its font lacks, without a word. Here every character is asked for first: the
wanted face, then the whole regular face; what no face has is printed as 〔U+30EDD〕, never dropped.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics, ttfonts

from app.report.unicode_map import to_unicode_map

SANS, MEDIUM, STRONG, SERIF, TITLE = "sans", "medium", "strong", "serif", "title"
_FILES = {
    SANS: ("NotoSansSC-Regular.ttf", "NotoSansSC_400Regular.ttf"),
    MEDIUM: ("NotoSansSC-Medium.ttf", "NotoSansSC_500Medium.ttf"),
    STRONG: ("NotoSansSC-SemiBold.ttf", "NotoSansSC_600SemiBold.ttf"),
    SERIF: ("NotoSerifSC-Regular.ttf", "NotoSerifSC_400Regular.ttf"),
    TITLE: ("NotoSerifSC-Bold.ttf", "NotoSerifSC_700Bold.ttf"),
}
_FALLBACK = {TITLE: (SERIF, SANS), SERIF: (SANS,), STRONG: (SANS,), MEDIUM: (SANS,), SANS: ()}
_BLANKS = frozenset("\t\v\f\r\u00a0\u2028\u2029\u0085")


def settle_library() -> None:
    """Fix what ReportLab would otherwise take from the environment, a settings file or its own defaults."""
    ttfonts.makeToUnicodeCMap = to_unicode_map
    pdfdoc.PDFStream.format = _ended_by_a_line
    rl_config.invariant = 1
    rl_config.pdfComments = 0
    rl_config.useA85 = 0
    rl_config.pdfMultiLine = 0
    rl_config.documentLang = None
    rl_config.canvas_baseColor = None


def _ended_by_a_line(stream: Any, document: Any) -> bytes:
    """A stream as ReportLab writes it, with the line end before `endstream` that ReportLab leaves out and an
    archival file must have (ISO 19005-3, 6.1.7.1)."""
    written: bytes = _written(stream, document)
    body = written.removesuffix(b"endstream\n")
    return body + b"\nendstream\n" if body != written else written


_written = pdfdoc.PDFStream.format
settle_library()


class FontSet:
    """Loaded faces. One set serves every document of a process; loading costs time, drawing does not."""

    def __init__(self, folder: Path) -> None:
        """Load the faces from `folder`.

        Raises:
            FileNotFoundError: when a face is missing.
        """
        self.folder = folder
        self._fonts = {role: _load(role, folder, names) for role, names in _FILES.items()}
        self._glyphs = {role: font.face.charToGlyph for role, font in self._fonts.items()}
        self._place: dict[tuple[str, str], str] = {}
        self._wide = {role: _Widths(self, role) for role in _FILES}

    def font_name(self, face: str) -> str:
        """The name under which ReportLab knows the face."""
        return str(self._fonts[face].fontName)

    def outline_source(self, face: str) -> ttfonts.TTFontFace:
        return self._fonts[face].face

    def runs(self, text: str, face: str) -> Iterator[tuple[str, str]]:
        """The text as (face, piece): neighbours in the same face together, missing characters written out."""
        current, piece = "", ""
        for sign in printable(text):
            for role, drawn in self.placed(sign, face):
                if role != current and piece:
                    yield current, piece
                    piece = ""
                current = role
                piece += drawn
        if piece:
            yield current, piece

    def placed(self, sign: str, face: str) -> list[tuple[str, str]]:
        """One printable character as (face, character); several where it has to be written out."""
        role = self._place.get((face, sign))
        if role is None:
            role = next((r for r in (face, *_FALLBACK[face]) if ord(sign) in self._glyphs[r]), "")
            self._place[face, sign] = role
        if role:
            return [(role, sign)]
        return [(self.placed(each, face)[0][0], each) for each in f"〔U+{ord(sign):04X}〕"]

    def coded(self, role: str, sign: str, document: Any) -> tuple[str, bytes]:
        """The font of ReportLab's document that holds the character in this face, and its code there."""
        font = self._fonts[role]
        [(subset, code)] = font.splitString(sign, document)
        return str(font.getSubsetInternalName(subset, document)), bytes(code)

    def width(self, text: str, face: str, size: float) -> float:
        """Width in points at `size` points, as `runs` would draw it."""
        return sum(map(self._wide[face].__getitem__, text)) * size / 1000

    def measure(self, face: str, size: float) -> Callable[[str], float]:
        """`width` for one face and size, for those who ask it of every character."""
        wide = self._wide[face].__getitem__
        return lambda text: sum(map(wide, text)) * size / 1000


class _Widths(dict[str, float]):
    """By character: its advance in thousandths of an em in a face, learned when it is first asked for."""

    def __init__(self, fonts: FontSet, face: str) -> None:
        super().__init__()
        self._fonts, self._face = fonts, face

    def __missing__(self, sign: str) -> float:
        runs = self._fonts.runs(sign, self._face)
        wide = 0.0
        for role, run in runs:
            wide += sum(map(self._fonts.outline_source(role).getCharWidth, map(ord, run)))
        self[sign] = wide
        return wide


def printable(text: str) -> Iterator[str]:
    """Characters to draw: blanks of every kind as a blank; other invisible signs will be written out."""
    for sign in text:
        if sign in _BLANKS or sign == "\n" or unicodedata.category(sign) == "Zs" and sign != "\u3000":
            yield " "
        else:
            yield sign


def _load(role: str, folder: Path, names: tuple[str, ...]) -> ttfonts.TTFont:
    for name in names:
        if (folder / name).is_file():
            font = ttfonts.TTFont(f"{role}@{folder}", str(folder / name), asciiReadable=False)
            glyphs = font.face.charToGlyph
            for point in [p for p in glyphs if _invisible(p)]:
                del glyphs[point]
            pdfmetrics.registerFont(font)
            return font
    raise FileNotFoundError(f"no face {names[0]} in {folder}")


def _invisible(point: int) -> bool:
    """Control, format and private characters are never drawn: they could hide or turn text."""
    return unicodedata.category(chr(point)) in ("Cc", "Cf", "Co", "Cs")


@functools.lru_cache(maxsize=4)
def fonts_in(folder: Path) -> FontSet:
    """The faces of a folder, loaded once per process."""
    return FontSet(folder)
