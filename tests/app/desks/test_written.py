"""No file leaves unnoted, and none is noted that could not be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desks.written import write_noted
from app.trouble import NotRight, VaultTrouble


def test_the_ledger_has_it_before_it_lies_there(tmp_path: Path) -> None:
    out, told = tmp_path / "out.pdf", []

    def note(number: str, beside: Path) -> None:
        told.append((number, beside.read_bytes(), out.exists()))

    write_noted(out, "Q1", b"%PDF", note)
    assert told == [("Q1", b"%PDF", False)]
    assert out.read_bytes() == b"%PDF"


def test_what_the_ledger_does_not_take_leaves_nothing_and_what_was_there_stays(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    out.write_bytes(b"of before")

    def full(number: str, beside: Path) -> None:
        raise VaultTrouble("vault.disk-full")

    with pytest.raises(VaultTrouble):
        write_noted(out, "Q1", b"%PDF", full)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("out.pdf", b"of before")]


def test_what_cannot_be_written_is_not_noted(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(NotRight) as flaw:
        write_noted(tmp_path / "none" / "out.pdf", "Q1", b"%PDF", lambda number, _: told.append(number))
    assert (flaw.value.code, told) == ("cannot-write", [])
