"""The gallery has every paper that ships, and its pictures are pages."""

from __future__ import annotations

from pathlib import Path

from app.report.templates import shipped
from tests.shots.papers import documents, draw

PNG = b"\x89PNG\r\n\x1a\n"


def test_every_paper_is_there_with_little_and_with_much_to_say() -> None:
    names = [name for name, _ in documents()]
    assert len(set(names)) == len(names)
    for row in shipped():
        for kind in row.subjects:
            for weight in ("small", "heavy"):
                assert f"{row.paper}-{kind}-{weight}-zh" in names
                assert f"{row.paper}-{kind}-{weight}-en-large" in names


def test_a_picture_is_a_page(tmp_path: Path) -> None:
    name, document = next(documents())
    drawn = draw(document, name, tmp_path, dpi=20)
    assert len(drawn) >= 3
    assert all(file.read_bytes().startswith(PNG) for file in drawn)
