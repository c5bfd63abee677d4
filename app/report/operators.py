"""The operators of a page, byte for byte as ReportLab's canvas writes them, at a quarter of its cost.

A report draws some hundred lines of text a page. ReportLab makes an object of each, reads its colour from a
word again, and looks every character up among the subsets anew; here colours and characters are looked up
once a document. What fonts and pages become in the file stays ReportLab's: docs/adr/056-own-operators.md.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.lib.rl_accel import escapePDF, fp_str

from app.report.faces import FontSet, printable
from app.report.outlines import glyph_steps


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """A length or colour as PDF has it, cut to six digits; without a needless zero before or behind."""
    size = abs(value)
    if size <= 1e-7 or size >= 100:
        return str(fp_str(value))
    text = (f"{value:.6f}" if size < 10 else f"{value:.5f}").rstrip("0").rstrip(".")
    return text[1:] if text.startswith("0.") else text


@lru_cache(maxsize=256)
def shade(colour: str) -> str:
    """A colour #RRGGBB as the three numbers before `rg` or `RG`."""
    return " ".join(number(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))


_STEPS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


@lru_cache(maxsize=1024)
def outline(face: Any, sign: str) -> str:
    """The path of a character in font units, empty when it has none. A watermark has the same characters on
    every paper of an office, and to follow their curves takes longer than to draw a page."""
    steps = [" ".join((*map(number, step.at), _STEPS[step.kind])) for step in glyph_steps(face, sign)]
    return " ".join(("n", *steps)) if steps else ""


class Lettering:
    """Text of one document as the operators that show it. Subsets fill in the order of the first use."""

    def __init__(self, document: Any, fonts: FontSet) -> None:
        self._faces: dict[str, _Letters] = {}
        self._document, self._fonts = document, fonts

    def shown(self, text: str, face: str, size: float) -> str:
        """The operators between position and end of a text object: font where it changes, then strings."""
        letters = self._faces.get(face)
        if letters is None:
            letters = self._faces[face] = _Letters(self._document, self._fonts, face)
        font, parts, piece = "", [], ""
        chosen = f" {number(size)} Tf {number(size * 1.2)} TL"
        for sign in text:
            for wanted, drawn in letters[sign]:
                if wanted != font:
                    if piece:
                        parts.append(f"({piece}) Tj")
                        piece = ""
                    parts.append(wanted + chosen)
                    font = wanted
                piece += drawn
        parts.append(f"({piece}) Tj")
        return " ".join(parts)


class _Letters(dict[str, tuple[tuple[str, str], ...]]):
    """By character: the fonts of the file and the escaped codes that draw it in a face."""

    def __init__(self, document: Any, fonts: FontSet, face: str) -> None:
        super().__init__()
        self._document, self._fonts, self._face = document, fonts, face

    def __missing__(self, sign: str) -> tuple[tuple[str, str], ...]:
        found = []
        for each in printable(sign):
            for role, drawn in self._fonts.placed(each, self._face):
                font, code = self._fonts.coded(role, drawn, self._document)
                found.append((font, str(escapePDF(code))))
        self[sign] = tuple(found)
        return self[sign]
