"""What CUPS said of a job decides whether it is noted as printed. A real queue: test_real_printer."""

from __future__ import annotations

import resource
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.fakes import pdf_bytes
from ui import print_queue, printing


@pytest.mark.parametrize(
    ("word", "took"),
    [(0, True), (7, True), (-1, True), (0x0400, False), (0x0502, False), (0x0506, False), (0x1000, False)],
)
def test_a_job_was_taken_where_nothing_went_wrong(
    monkeypatch: pytest.MonkeyPatch, word: int, took: bool
) -> None:
    library = SimpleNamespace(cupsLastError=lambda: word)
    monkeypatch.setattr(print_queue, "_library", lambda: library)
    assert print_queue.took_the_job() is took


def test_without_cups_the_word_of_the_toolkit_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_queue, "LIBRARY", "libcups-that-is-not-there.so")
    monkeypatch.setattr(print_queue, "_library", print_queue._library.__wrapped__)
    assert print_queue.took_the_job()


def test_pages_that_the_queue_refused_are_not_on_paper_and_a_file_asks_no_queue(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp: QApplication
) -> None:
    pages = printing.draw_pages(pdf_bytes(), 36)
    monkeypatch.setattr(printing, "took_the_job", lambda: False)
    for name, queue in (("file.pdf", False), ("queue.pdf", True)):
        printer = printing.paper("HY-1")
        printer.setOutputFileName(str(tmp_path / name))
        if queue:  # what is written is the same; only nobody named a file
            monkeypatch.setattr(printer, "outputFileName", lambda: "", raising=False)
        assert printing.put_on_paper(printer, pages) is not queue
        assert (tmp_path / name).read_bytes().startswith(b"%PDF")


def test_a_job_that_breaks_off_leaves_nothing_to_be_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp: QApplication
) -> None:
    """The engine of files, as that of CUPS, ends with what it has, and cannot be told otherwise."""
    pages = printing.draw_pages(pdf_bytes(), 36) * 2
    for name, newer, room in (("whole.pdf", True, True), ("cut.pdf", False, True), ("full.pdf", True, False)):
        printer = printing.paper("HY-1")
        printer.setOutputFileName(str(tmp_path / name))
        turn = printer.newPage if newer else lambda: False
        monkeypatch.setattr(printer, "newPage", turn, raising=False)
        monkeypatch.setattr(printing, "has_room", lambda _, room=room: room)
        assert printing.put_on_paper(printer, pages) is (newer and room)
    assert [path.name for path in tmp_path.iterdir()] == ["whole.pdf"]


def test_a_full_disk_is_noticed_before_the_pages_are_handed_over(tmp_path: Path) -> None:
    assert print_queue.has_room(tmp_path)
    assert print_queue.has_room(tmp_path / "not there")  # not known, and so not in the way
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (print_queue.ROOM // 2, before[1]))
    try:
        assert not print_queue.has_room(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_the_pages_of_a_job_are_found_where_they_lie(tmp_path: Path) -> None:
    before = print_queue.open_files()
    with (tmp_path / "notes.txt").open("wb"), (tmp_path / "00a1f6746fb0c").open("wb"):
        assert print_queue.spool_of(before) == tmp_path / "00a1f6746fb0c"
        with (tmp_path / "00a1f6746fb0d").open("wb"):  # which of the two is not known
            assert print_queue.spool_of(before) is None
    assert print_queue.spool_of(before) is None
