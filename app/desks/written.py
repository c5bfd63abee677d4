"""A sealed file put outside: it stands beside its place until the ledger has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.trouble import NotRight


def write_noted(path: Path, number: str, pdf: bytes, noted: Callable[[str, Path], None]) -> None:
    """Written beside its place, noted in the ledger, and only then put there: no file leaves unnoted.

    A link is followed to its file; what is no file (a device, a folder) is left alone.

    Raises:
        NotRight: cannot-write when the folder does not take it.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise NotRight("cannot-write", "report.saveFail", {"reason": path.name})
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(pdf)
        noted(number, beside)
        beside.replace(path)
    except OSError as flaw:
        raise NotRight("cannot-write", "report.saveFail", {"reason": flaw.strerror or ""}) from flaw
    finally:
        beside.unlink(missing_ok=True)
