"""Second opinions on a PDF by poppler's tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


def run(*command: str, stdin: bytes = b"") -> str:
    done = subprocess.run(command, input=stdin, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def text_of(pdf: bytes, tmp_path: Path, *options: str) -> str:
    """Extracted text, pages separated by form feeds."""
    file = tmp_path / "looked-at.pdf"
    file.write_bytes(pdf)
    return run("pdftotext", "-enc", "UTF-8", *options, str(file), "-")


def pages_of(pdf: bytes, tmp_path: Path) -> list[str]:
    return text_of(pdf, tmp_path, "-layout").split("\f")[:-1]


def fonts_of(pdf: bytes, tmp_path: Path) -> list[list[str]]:
    """Rows of pdffonts: name, type, encoding, emb, sub, uni, object, generation."""
    file = tmp_path / "looked-at.pdf"
    file.write_bytes(pdf)
    return [row.split() for row in run("pdffonts", str(file)).splitlines()[2:]]
