"""The first page can be had before the others are written, and it is the page that the whole file has."""

from __future__ import annotations

import pypdfium2
import pytest

from app.field.reportdoc import ReportDocument
from app.report import compose, render, set_pages
from tests.app.report import samples
from tests.app.report.tools import FONTS

DOCUMENTS = {
    "preview": lambda: samples.other("preview"),
    "offline": lambda: samples.other("offline"),
    "official": samples.official,
    "large": lambda: _preview(large=True),
    "english summary": lambda: _preview(language="en", template="summary"),
}


def _preview(**choice: object) -> ReportDocument:
    answer = samples.bundle()
    return compose(answer, copy="preview", times=samples.official().times, **choice)  # type: ignore[arg-type]


def picture(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    seen = bytes(document[0].render(scale=0.8).buffer)
    document.close()
    return seen


@pytest.mark.parametrize("which", DOCUMENTS)
def test_the_first_page_alone_looks_as_in_the_whole_file(which: str) -> None:
    pages = set_pages(DOCUMENTS[which](), FONTS)
    first = pages.first()
    assert len(pypdfium2.PdfDocument(first)) == 1
    assert picture(first) == picture(pages.whole())


def test_control_another_paper_is_seen_to_differ() -> None:
    one, other = (set_pages(DOCUMENTS[which](), FONTS).first() for which in ("preview", "offline"))
    assert picture(one) != picture(other)


def test_looking_at_the_first_page_changes_nothing_in_the_file() -> None:
    document = samples.official()
    pages = set_pages(document, FONTS)
    pages.first()
    assert pages.whole() == render(document, FONTS)
