"""A workbook of text cells, written to its place whole or not at all (the cells: `app.field.text_sheets`)."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.field.text_sheets import column_letters as column
from app.field.text_sheets import workbook_parts

__all__ = ["column", "write"]


def write(path: Path, title: str, rows: Iterable[Sequence[str]]) -> None:
    """Write one sheet named `title`; the first row is its head. `path` appears whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        half = Path(file.name)
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as package:
            for name, pieces in workbook_parts([(title, rows)]):
                with package.open(name, "w", force_zip64=True) as part:
                    for piece in pieces:
                        part.write(piece.encode())
        half.chmod(0o600)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
