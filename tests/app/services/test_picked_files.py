"""What a draft names goes as it was picked; what lies in its place since is told and stays here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.services.picked_files import AsPicked, as_picked, look_for, not_picked_anew, require_as_picked
from app.trouble import NotRight

ROOM = 100


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file_is_known_by_size_time_and_bytes(tmp_path: Path) -> None:
    path = put(tmp_path / "扫描件.pdf", b"%PDF-1.7 A")
    mark = as_picked(path, ROOM)
    assert (mark.path, mark.size, mark.changed_ns) == (str(path), 10, path.stat().st_mtime_ns)
    assert len(mark.sha256) == 64
    assert as_picked(path, 4) == AsPicked(str(path), 10, mark.changed_ns, "")  # too large: weighed only
    with pytest.raises(NotRight, match=r"attachment\.missing"):
        as_picked(tmp_path / "none.pdf", ROOM)


def test_another_file_in_its_place_is_told_and_a_touched_one_is_the_same(tmp_path: Path) -> None:
    same, touched, other, unmarked, gone = (put(tmp_path / f"{n}.pdf", b"%PDF A") for n in "abcde")
    marks = [as_picked(path, ROOM) for path in (same, touched, other, gone)]
    os.utime(touched, ns=(1, 1))
    put(other, b"%PDF B")  # of the same length
    os.utime(other, ns=(2, 2))
    gone.unlink()
    found = look_for((same, touched, other, unmarked, gone), marks)
    assert (found.sizes, found.changed) == ({same: 6, touched: 6}, (other, unmarked))


def test_the_bytes_decide_at_the_filing_whatever_size_and_time_say(tmp_path: Path) -> None:
    path = put(tmp_path / "a.pdf", b"%PDF A")
    mark = as_picked(path, ROOM)
    require_as_picked(path, mark.sha256, [mark])
    put(path, b"%PDF B")
    os.utime(path, ns=(mark.changed_ns, mark.changed_ns))
    assert look_for((path,), [mark]).changed == ()  # control: time and size alone would let it pass
    for digest, marks in ((as_picked(path, ROOM).sha256, [mark]), (mark.sha256, [])):
        with pytest.raises(NotRight, match=r"attachment\.changed") as flaw:
            require_as_picked(path, digest, marks)
        assert (flaw.value.context["file"], flaw.value.kept) == ("a.pdf", "kept.draft")


def test_what_is_picked_again_counts_as_it_is_now(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    one, two = tmp_path / "a.pdf", tmp_path / "b.pdf"
    assert not_picked_anew([one, two, two], [Path("a.pdf")]) == (two,)
    assert not_picked_anew([("x", one), ("y", one)], [("x", Path("a.pdf"))]) == (("y", one),)
