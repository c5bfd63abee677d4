"""The verdict names both digests, and never one for the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from app.desks.verify_desk import VerifyDesk
from tests.ui import bench, fakes
from ui.verify_page import VerifyPage


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def checked(language: str = "zh_CN", **changes: Any) -> VerifyPage:
    client = fakes.client()
    verdict = client.verifying.verify()
    client.verifying.will(verify=SimpleNamespace(**(vars(verdict) | changes)))
    page = VerifyPage(bench.texts(language))
    desk = VerifyDesk(client, bench.Lanes(), page.show_view)
    page.bind(desk)
    bench.lay(page)
    desk.check(Path("received.pdf"))
    bench.settle()
    return page


def said(page: VerifyPage) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def test_a_genuine_report_shows_both_in_full() -> None:
    words = said(checked())
    content, file = "0F9D 9D88 8CB3 4022 " * 4, "77AB 1C20 E4D9 5F13 " * 4
    assert f"内容摘要\n{content.strip()} · 印在封面和末页" in words
    assert f"文件摘要\n{file.strip()} · 整个文件（SHA-256）" in words


def test_a_file_that_is_no_report_has_only_its_own() -> None:
    words = said(checked(genuine=False, state="unknown", document_sha256="", words="verify.bad"))
    assert "文件摘要" in words and "内容摘要" not in words


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "mode"), [(1072, "full"), (824, "narrow")])
def test_nothing_is_cut(language: str, width: int, mode: str) -> None:
    page = checked(language)
    bench.lay(page, width, 560, mode)
    assert bench.clipped(page) == [] and bench.outside(page) == [] and bench.nameless(page) == []


def test_turning_the_tab_wants_my_reports() -> None:
    page = checked()
    wanted: list[str] = []
    page.page_wanted.connect(wanted.append)
    page.turn(1)
    assert wanted == ["reports"]
