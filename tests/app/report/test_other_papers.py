"""The summary of one page, large print, the special report: what they have, and that they stay in bounds."""

from __future__ import annotations

import msgspec
import pytest

from app.field.records import Bundle, Record
from app.field.reportdoc import ReportDocument, ReportScope
from app.report import ReportFlaw, fonts_in, render
from app.report.forms import QR_SIDE, qr_side
from app.report.ink import Box, Mark, Rule, Text
from app.report.printed import LISTED, printed
from app.report.rendering import laid_out, lay_out
from app.report.setting import Setter
from app.report.style import A4, LARGE, ONE_PAGE
from app.report.words import words_in
from tests.app.report import samples
from tests.app.report.test_printed import missing
from tests.app.report.tools import FONTS

SPAN = ReportScope("2021-11-23", "2026-11-22")


def heavy() -> Bundle:
    """Long names in every place, and more entries on lists than a page has room for."""
    card = msgspec.structs.replace(
        samples.subject("衡阳" + "某某示例" * 14 + "有限公司（示例）"),
        state="存续（在营、开业、在册、示例）" * 2,
    )
    entry = msgspec.structs.replace(samples.standing()[0], list_name="某某名单（示例之很长的名称）" * 4)
    answer = samples.bundle(card=card, entries=(entry,) * 30)
    return msgspec.structs.replace(answer, case_no="示例-LN-2026-0381-" + "9" * 40)


def text_of(document: ReportDocument) -> str:
    pages, _ = laid_out(document, fonts_in(FONTS), words_in(document.language))
    return "".join(mark.text for page in pages for mark in page if isinstance(mark, Text))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("answer", [samples.bundle(), heavy(), samples.bundle((), card=samples.person())])
def test_the_summary_is_one_page_however_long_its_names_are(answer: Bundle, language: str) -> None:
    document = samples.official(answer, template="summary", language=language)
    pages, sheet = laid_out(document, fonts_in(FONTS), words_in(language))
    assert len(pages) == 1
    assert sheet in ONE_PAGE
    assert qr_side(sheet) * sheet.scale == pytest.approx(QR_SIDE), "the code stays as large as a camera wants"


def test_control_a_paper_that_is_too_long_for_one_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.report.rendering.ONE_PAGE", (ONE_PAGE[0],))
    with pytest.raises(ReportFlaw):
        render(samples.official(heavy(), template="summary"), FONTS)


def test_the_data_of_a_summary_is_what_its_page_says() -> None:
    document = samples.official(heavy(), template="summary")
    data = printed(document)
    assert (data.records, data.rules, data.log.root) == ((), (), "")
    assert len(data.standing) == LISTED
    assert missing(msgspec.to_builtins(data), text_of(document)) == []
    assert "另有 26 项未在此列出" in text_of(document)


def marks_of(document: ReportDocument) -> list[list[Mark]]:
    return laid_out(document, fonts_in(FONTS), words_in(document.language))[0]


def odd() -> Record:
    """A record whose one field has 4,000 characters."""
    return msgspec.structs.replace(samples.penalty(3), fields=(("违法事实", "示例事实之长。" * 572),))


@pytest.mark.parametrize("template", ["standard", "summary", "special"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_large_print_stays_on_its_sheet(template: str, language: str) -> None:
    answer = samples.bundle((*samples.everyday()[:6], odd()))
    scope = SPAN if template == "special" else None
    document = samples.official(answer, template=template, large=True, scope=scope, language=language)
    fonts = fonts_in(FONTS)
    for page in marks_of(document):
        for mark in page:
            if isinstance(mark, Text):
                wide = fonts.width(mark.text, mark.face, mark.size)
                assert mark.x >= LARGE.left - 0.5, mark
                assert mark.x + wide <= LARGE.edge + 0.5, mark
                assert 0 < mark.y < LARGE.height
                assert mark.size * LARGE.scale >= 12
            elif isinstance(mark, Rule | Box):
                right = mark.x2 if isinstance(mark, Rule) else mark.x + mark.width
                assert right <= LARGE.edge + 0.5, mark


def test_large_print_says_the_same_and_sets_records_as_blocks() -> None:
    plain, large = samples.official(), samples.official(large=True)
    one, two = printed(plain), printed(large)
    assert [record.record_no for record in one.records] == [record.record_no for record in two.records]
    assert one.summary == two.summary and one.standing == two.standing
    assert missing(msgspec.to_builtins(two), text_of(large)) == []
    assert len(marks_of(large)) > len(marks_of(plain))


def test_the_special_report_says_of_what_it_is() -> None:
    mended = msgspec.structs.replace(samples.penalty(55), display="label", status="已修复", why=samples.RULE)
    removed = msgspec.structs.replace(samples.penalty(56, "serious"), display="label", status="已移出")
    answer = samples.bundle((samples.penalty(1), mended, removed))
    document = samples.official(answer, template="special", scope=SPAN)
    said = text_of(document)
    assert "已移出 · 已修复" not in said
    assert "2021-11-23 至 2026-11-22" in said and "全部领域" in said
    counts = {one.section: (one.active, one.labelled) for one in printed(document).summary}
    assert (counts["penalty"][1], counts["serious"][1]) == (1, 1)
    assert missing(msgspec.to_builtins(printed(document)), said) == []


@pytest.mark.parametrize(
    "changes", [{"template": "special"}, {"scope": SPAN}, {"template": "summary", "scope": SPAN}]
)
def test_a_period_belongs_to_the_paper_about_one(changes: dict[str, object]) -> None:
    with pytest.raises(ReportFlaw):
        samples.official(**changes)


@pytest.mark.parametrize("count", [80, 181])
def test_long_sections_repeat_their_head_and_lose_no_row(count: int) -> None:
    """One subject had 181 records of one section in one report, another 80."""
    kind = samples.licence if count == 80 else samples.penalty
    answer = samples.bundle(tuple(kind(place) for place in range(count)), entries=())
    setter = Setter(fonts_in(FONTS), words_in("zh_CN"), A4)
    pages = lay_out(samples.official(answer), setter)
    texts = [mark.text for page in pages for mark in page if isinstance(mark, Text)]
    numbers = [text for text in texts if "记录号" in text]
    assert len(numbers) == count
    if count == 80:
        with_rows = [page for page in pages if any(isinstance(m, Text) and "记录号" in m.text for m in page)]
        assert len(with_rows) > 3
        assert all(any(isinstance(m, Text) and m.text == "序号" for m in page) for page in with_rows)


@pytest.mark.parametrize("before", range(1, 6))
def test_a_record_taller_than_a_page_begins_under_its_own_head(before: int) -> None:
    """Wherever on the page the records before it end."""
    answer = samples.bundle(
        (*(samples.penalty(place) for place in range(20, 20 + before)), odd()), entries=()
    )
    setter = Setter(fonts_in(FONTS), words_in("zh_CN"), A4)
    pages = lay_out(samples.official(answer), setter)
    title = f"4.{before + 1} 衡住建罚决字〔2026〕示例 003 号"
    (first,) = [
        page
        for page in pages
        if any(isinstance(m, Text) and m.text.startswith(title) and "（续）" not in m.text for m in page)
    ]
    own = next(m.y for m in first if isinstance(m, Text) and m.text.startswith(title))
    below = [m for m in first if isinstance(m, Text) and m.y > own and "示例事实之长" in m.text]
    assert len(below) >= 3
