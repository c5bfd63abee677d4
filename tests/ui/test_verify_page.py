"""The verdict names both digests, and never one for the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.desks.verify_desk import VerifyDesk
from app.trouble import NotNow, NotRight
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
    assert f"内容摘要\n{content.strip()} · 封面印前 16 位，末页印全部" in words
    assert f"文件摘要\n{file.strip()} · 整个文件（SHA-256）" in words


def test_what_was_seen_is_said_in_words() -> None:
    checks = (
        ("time_stamp", True, "2026-11-22T01:42:16.000Z"), ("attachment", True, "absent"),
        ("data_signature", True, "answers-0123456789abcdef"),
    )  # fmt: skip
    words = said(checked(checks=checks))
    assert "2026-11-22 09:42:16" in words and "无，出具当时尚不附带" in words
    assert "absent" not in words and "T01:42" not in words
    assert "answers-0123456789abcdef" in words
    assert "次登录后可以判断" in said(checked(checks=(("time_stamp", True, "unjudged"),)))


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


class Numbers:
    """The page as a holder of a paper meets it: `say` is what the register answers."""

    def __init__(self, language: str = "zh_CN", say: Any = None) -> None:
        client = fakes.client()
        if say is not None:
            client.verifying.will(look_up=say)
        self.calls = client.verifying
        self.page = VerifyPage(bench.texts(language))
        self.desk = VerifyDesk(client, bench.Lanes(), self.page.show_view)
        self.page.bind(self.desk)
        bench.lay(self.page)

    def ask(self, text: str) -> str:
        self.page.number.field.setText(text)
        QTest.keyClick(self.page.number.field, Qt.Key.Key_Return)
        bench.settle()
        return said(self.page)


def registered(state: str, **more: Any) -> Any:
    return dataclasses.replace(fakes.client().verifying.look_up(""), state=state, **more)


def test_a_number_alone_gets_its_state_and_no_word_of_being_verified() -> None:
    words = Numbers().ask("hyxye 2026")
    assert "平台登记有此报告，为最新" in words
    assert "编号在册不等于纸面未被改动" in words
    assert "衡阳***有限公司" in words and "2026-12-22" in words
    assert "核验通过" not in words and "真实" not in words


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("superseded", "已非最新"),
        ("expired", "已过有效期"),
        ("void", "已作废"),
        ("unknown", "平台查无此编号"),
    ],
)
def test_every_state_has_words(state: str, told: str) -> None:
    assert told in Numbers(say=registered(state)).ask("x")


def test_an_unknown_number_shows_no_facts() -> None:
    assert "有效期至" not in Numbers(say=registered("unknown", subject_masked="", valid_until="")).ask("x")


def test_a_trouble_is_told_and_what_was_typed_stays() -> None:
    stage = Numbers(say=NotNow("net.offline", "report.ask-later"))
    assert "现在问不到平台" in stage.ask("HYXYE 2026")
    assert stage.page.number.field.text() == "HYXYE 2026"
    assert "不是报告编号" in Numbers(say=NotRight("report.number")).ask("123")


def test_nothing_is_asked_for_an_empty_field() -> None:
    stage = Numbers()
    stage.ask("   ")
    assert stage.page.findChildren(QLabel) and "平台登记" not in said(stage.page)


def test_a_file_after_a_number_replaces_its_answer() -> None:
    stage = Numbers()
    stage.ask("x")
    stage.page.drop.taken.emit(Path("received.pdf"))
    bench.settle()
    assert "真实，且为最新" in said(stage.page) and "平台登记有此报告" not in said(stage.page)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("width", "mode"), [(1072, "full"), (824, "narrow")])
def test_the_answer_to_a_number_is_not_cut(language: str, width: int, mode: str) -> None:
    stage = Numbers(language)
    stage.ask("x")
    bench.lay(stage.page, width, 560, mode)
    page = stage.page
    assert bench.clipped(page) == [] and bench.outside(page) == [] and bench.nameless(page) == []


def test_a_verdict_says_its_result_once() -> None:
    words = said(checked())
    assert words.count("核验通过") == 1
    assert "核验码\n04X6 4WA8 YCC1 94FY · 印在封面和末页" in words
