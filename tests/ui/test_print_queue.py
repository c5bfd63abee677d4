"""What CUPS said of a job decides whether it is noted as printed. A real queue: test_real_printer."""

from __future__ import annotations

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
