"""A file is what its first bytes say."""

from __future__ import annotations

import pytest

from app.field.file_marks import MARKS, kind_by_mark


@pytest.mark.parametrize("kind", MARKS)
def test_each_kind_is_known_by_its_mark(kind: str) -> None:
    assert kind_by_mark(MARKS[kind] + b"...") == kind
    assert kind_by_mark(MARKS[kind][:-1]) == ""


@pytest.mark.parametrize("start", [b"", b" %PDF-1.7", b"PK\x03\x04", b"GIF89a"])
def test_anything_else_is_of_no_kind(start: bytes) -> None:
    assert kind_by_mark(start) == ""
