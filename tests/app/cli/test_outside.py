"""A command's file goes where nothing is lost by it; what is wrong with the place is said before the act."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.cli.outside import require_place
from app.desks.written import write_noted
from app.trouble import NotRight


def code(out: Path, suffix: str = ".pdf", replaces: bool = False) -> str:
    try:
        require_place(out, suffix, replaces)
    except NotRight as flaw:
        return flaw.code
    return ""


def test_a_new_file_in_a_folder_that_is_there(tmp_path: Path) -> None:
    assert code(tmp_path / "r.pdf") == ""
    assert code(tmp_path / "R.PDF") == ""


def test_what_is_there_is_not_written_over_unless_it_is_said(tmp_path: Path) -> None:
    out = tmp_path / "r.pdf"
    out.write_bytes(b"another firm's report")
    assert code(out) == "out.there"
    assert code(out, replaces=True) == ""


def test_no_other_kind_no_folder_no_device_no_link(tmp_path: Path) -> None:
    link, pipe = tmp_path / "l.pdf", tmp_path / "p.pdf"
    link.symlink_to(tmp_path / "elsewhere.pdf")
    os.mkfifo(pipe)
    assert code(tmp_path / "secrets.json") == "out.kind"
    assert code(tmp_path / "none" / "r.pdf") == "out.folder"
    for special in (tmp_path, link, pipe, Path("/dev/full")):
        assert code(special, replaces=True) == "out.special"


def test_a_pipe_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "p.pdf"
    os.mkfifo(pipe)
    with pytest.raises(NotRight):
        write_noted(pipe, "Q1", b"%PDF", lambda number, path: None)
    assert pipe.is_fifo()


def test_a_link_that_the_window_was_given_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "t.pdf", tmp_path / "l.pdf"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_noted(link, "Q1", b"%PDF", lambda number, path: None)
    assert link.is_symlink() and target.read_bytes() == b"%PDF"
