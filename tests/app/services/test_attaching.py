"""What may be attached is judged by its bytes before anything is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.policy import EvidenceLimits
from app.services.attaching import Named, digest, keepable, read_attached
from app.trouble import NotRight, NotYou, Trouble

LIMITS = EvidenceLimits(file_max=20, files_max=2, media=("pdf", "png"))
PDF, PNG, JPG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n x", b"\xff\xd8\xff x"


def code(*files: Path, kept: tuple[Named, ...] = (), limits: EvidenceLimits | None = LIMITS) -> str:
    with pytest.raises((NotRight, NotYou)) as flaw:
        read_attached(files, kept, limits)
    assert isinstance(flaw.value, Trouble) and flaw.value.kept == "kept.draft"
    return flaw.value.code


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_name_and_bytes_of_each_file(tmp_path: Path) -> None:
    one, other = put(tmp_path, "一.pdf", PDF), put(tmp_path, "b.dat", PNG)
    assert read_attached((one, other), (), LIMITS) == (("一.pdf", PDF), ("b.dat", PNG))
    assert read_attached((one,), (("old.pdf", PDF),), LIMITS) == ()  # the same bytes are the same evidence
    assert read_attached((), (), None) == ()
    assert len(digest(PDF)) == 64


def test_a_file_of_another_kind_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    assert code(put(tmp_path, "a.pdf", b"MZ")) == "attachment.type"
    assert code(put(tmp_path, "empty.pdf", b"")) == "attachment.type"
    assert code(put(tmp_path, "b.jpg", JPG)) == "attachment.type"  # not among those of this policy


def test_the_last_byte_that_may_be_and_one_more(tmp_path: Path) -> None:
    whole = PDF + b"0" * (LIMITS.file_max - len(PDF))
    assert read_attached((put(tmp_path, "a.pdf", whole),), (), LIMITS) == (("a.pdf", whole),)
    assert code(put(tmp_path, "b.pdf", whole + b"0")) == "attachment.large"


def test_no_more_files_than_may_go_together(tmp_path: Path) -> None:
    files = [put(tmp_path, f"{n}.pdf", PDF + b"%d" % n) for n in range(3)]
    assert code(*files) == "attachment.many"
    assert code(*files[:2], kept=(("old.png", PNG),)) == "attachment.many"


def test_what_is_not_there_and_what_nobody_limits(tmp_path: Path) -> None:
    assert code(tmp_path / "none.pdf") == code(tmp_path) == "attachment.missing"
    assert code(put(tmp_path, "a.pdf", PDF), limits=None) == "attachment.limits"


def test_a_name_that_is_no_text_is_not_kept_in_a_draft() -> None:
    assert keepable("/示例/决定书.pdf")
    assert not keepable(b"/x/\xff.pdf".decode("utf-8", "surrogateescape"))
