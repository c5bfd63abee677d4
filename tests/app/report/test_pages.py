"""What stands on the pages: order, marks of each kind of copy, repeated heads, whole rows, both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec
import pikepdf
import pytest

from app.field.identifier_kinds import PERSONS
from app.field.records import Basis, Standing
from app.report import ReportFlaw, compose, document_sha256, fonts_in, render
from app.report.flow import ROOM, Flow, split
from app.report.ink import Block, Rule, Text
from app.report.rendering import lay_out
from app.report.setting import Setter
from app.report.style import CEILING, FLOOR
from app.report.words import words_in
from tests.app.report import samples
from tests.app.report.tools import FONTS, pages_of, text_of


def test_the_cover_says_what_for_whom_and_on_what_ground(tmp_path: Path) -> None:
    document = samples.official()
    cover = pages_of(render(document, FONTS), tmp_path)[0]
    flat = "".join(cover.split())
    for said in (
        "公共信用信息报告",
        "衡阳𬭊䶮建设工程有限公司（示例）",
        "91430400MA00000A1X",
        "示例银行衡阳分行",
        "贷前审查（业务编号示例-LN-2026-0381）",
        "主体书面授权SQ-2026-0381，有效至2026-12-31",
        "2026-11-2209:40:05（北京时间）",
        "2026-11-2202:00:00（北京时间）",
        "2026-11-2209:42:16（北京时间）",
        "二〇二六年十一月二十二日",
        "8K2M4RTX9QWZ3VAB",
        samples.NUMBER,
        document_sha256(document)[:16].upper(),
    ):
        assert said in flat, said


def test_a_former_name_is_printed_with_its_last_day(tmp_path: Path) -> None:
    flat = "".join(text_of(render(samples.official(), FONTS), tmp_path).split())
    assert "衡阳旧名建筑有限公司（示例）" in flat
    assert "2019-06-30" in flat


def test_the_parts_come_in_order(tmp_path: Path) -> None:
    text = text_of(render(samples.official(), FONTS), tmp_path)
    heads = re.findall(r"^(?:[一二三四五六七八九十]+、.*|报告说明)$", text, re.MULTILINE)
    assert heads == [
        "报告说明",
        "一、主体基本信息",
        "二、重点提示",
        "三、信用信息概要",
        "四、严重失信主体名单（1 条）",
        "五、行政处罚（3 条）",
        "六、行政许可（41 条）",
        "七、守信激励（1 条）",
        "八、司法判决与执行（1 条）",
        "九、信用承诺及履约（1 条）",
        "十、异议与修复",
        "十一、本报告适用的规则",
        "十二、核验",
    ]


def test_the_bookmarks_follow_the_parts() -> None:
    from io import BytesIO

    with pikepdf.open(BytesIO(render(samples.official(), FONTS))) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles[0] == "公共信用信息报告"
    assert titles[2] == "一、主体基本信息"
    assert titles[-1] == "十二、核验"


def test_every_page_has_head_foot_and_its_number(tmp_path: Path) -> None:
    pages = pages_of(render(samples.official(), FONTS), tmp_path)
    for place, page in enumerate(pages, 1):
        assert f"第{place}页共{len(pages)}页" in "".join(page.split())
    for page in pages[1:]:
        flat = "".join(page.split())
        assert f"报告编号{samples.NUMBER}" in flat
        assert "申请机构示例银行衡阳分行用途贷前审查数据截至2026-11-2202:00" in flat


@pytest.mark.parametrize(
    ("language", "ended", "head", "told"),
    [("zh_CN", "已过有效期", "条数", "已过有效期的许可计在内"), ("en", "Expired", "Records", "run out")],
)
def test_the_summary_calls_no_record_valid_whose_time_is_over(
    tmp_path: Path, language: str, ended: str, head: str, told: str
) -> None:
    over = msgspec.structs.replace(samples.licence(1), valid_to="2020-08-28", status=ended)
    answer = samples.bundle((over,))
    assert [counter.active for counter in answer.counters if counter.section == "licence"] == [1]
    document = msgspec.structs.replace(samples.official(answer), language=language)
    whole = text_of(render(document, FONTS), tmp_path)
    assert ended in whole and head in whole and told in " ".join(whole.split())
    words = {word.strip('（），。；：「」"') for word in whole.split()}
    assert not words & {"有效", "Active", "active"}


def test_marks_and_provenance_stand_with_the_record(tmp_path: Path) -> None:
    flat = "".join(text_of(render(samples.official(), FONTS), tmp_path).split())
    assert "公示中·异议处理中" in flat
    assert "来源衡阳市住房和城乡建设局（示例2）·接收2026-05-2003:12·记录号Rpenalty14" in flat
    assert "异议YY-2026-0093于2026-11-18受理，答复期限2026-11-27" in flat
    assert "2026-07-0110:00更正原登记8.6元" in flat
    assert "2099" not in flat
    assert flat.count("长期") >= 20


def test_what_the_fields_say_already_is_not_said_twice(tmp_path: Path) -> None:
    record = samples.penalty(1)
    flat = "".join(text_of(render(samples.official(samples.bundle((record,))), FONTS), tmp_path).split())
    assert flat.count("86,000.00") == 1
    bare = msgspec.structs.replace(record, fields=())
    flat = "".join(text_of(render(samples.official(samples.bundle((bare,))), FONTS), tmp_path).split())
    assert "金额86,000.00元" in flat


def test_an_amount_in_doubt_is_said_to_be_and_is_no_number(tmp_path: Path) -> None:
    plain = samples.penalty(1)
    for why, words in (("unit", "元或万元"), ("unreadable", "无法识别"), ("later", "未能确认")):
        record = msgspec.structs.replace(plain, fields=(), amount_fen=None, amount_doubt=why)
        flat = "".join(text_of(render(samples.official(samples.bundle((record,))), FONTS), tmp_path).split())
        assert "金额存疑：" in flat and words in flat
        assert "86,000" not in flat
    said = (("罚款金额", "存疑：金额栏无法识别，以处罚内容为准"),)
    record = msgspec.structs.replace(plain, fields=said, amount_fen=None, amount_doubt="unreadable")
    flat = "".join(text_of(render(samples.official(samples.bundle((record,))), FONTS), tmp_path).split())
    assert flat.count("存疑：") == 1


@pytest.mark.parametrize(
    ("copy", "mark", "title"),
    [
        ("preview", "预览", "公共信用信息报告"),
        ("working", "查询结果打印件", "查询结果打印件"),
        ("offline", "离线副本", "离线副本打印件"),
    ],
)
def test_other_copies_are_marked_on_every_page_and_bear_nothing_official(
    copy: str, mark: str, title: str, tmp_path: Path
) -> None:
    pdf = render(samples.other(copy), FONTS)  # type: ignore[arg-type]
    pages = pages_of(pdf, tmp_path)
    assert title in pages[0]
    for page in pages:
        assert mark in page
        assert "HYXY" not in page
        assert "核验本报告" not in page
    assert b"/FormXob.qr" not in pdf
    assert b"/FormXob.seal" not in pdf
    assert "不是正式报告，不能核验" in "".join(pages[-1].split())


def test_the_official_report_has_seal_and_qr() -> None:
    """Control for the test above; and only a specimen bears the specimen's seal."""
    pdf = render(samples.official(), FONTS)
    assert b"/FormXob.qr" in pdf
    assert b"/FormXob.seal" in pdf
    assert b"/FormXob.seal" not in render(samples.official(samples.bundle(specimen=False)), FONTS)


def test_specimens_say_so_on_every_page_and_others_never(tmp_path: Path) -> None:
    pages = pages_of(render(samples.official(), FONTS), tmp_path)
    assert all("样例 SPECIMEN" in page for page in pages)
    real = samples.official(samples.bundle(specimen=False))
    pdf = render(real, FONTS)
    assert not any("SPECIMEN" in page for page in pages_of(pdf, tmp_path))


def test_the_watermark_and_the_seal_are_no_text(tmp_path: Path) -> None:
    """Their words are outlines: once on the cover, in the foot of each page, and nowhere else."""
    text = text_of(render(samples.official(), FONTS), tmp_path)
    assert "仅限" not in text.replace("仅限于", "")
    assert "样章" not in text
    assert "不具效力" not in text


def test_the_watermark_is_on_every_page_behind_the_text() -> None:
    setter = Setter(fonts_in(FONTS), words_in("zh_CN"))
    for marks in lay_out(samples.official(), setter):
        assert getattr(marks[0], "name", "") == "watermark"


def test_heavy_subjects_paginate_with_repeated_heads_and_whole_blocks(tmp_path: Path) -> None:
    records = (
        *(samples.penalty(place, "serious") for place in range(181)),
        *(samples.licence(place) for place in range(80)),
    )
    pages = pages_of(render(samples.official(samples.bundle(records)), FONTS), tmp_path)
    flat = ["".join(page.split()) for page in pages]
    assert sum("4.181衡住建罚决字" in page for page in flat) == 1
    for page in flat:
        heads = re.findall(r"4\.(\d+)衡住建罚决字〔2026〕示例", page)
        origins = re.findall(r"记录号Rserious(\d+)", page)
        assert len(heads) == len(origins)
    with_rows = [page for page in flat if re.search(r"记录号Llicence\d", page)]
    assert len(with_rows) > 4
    assert all("序号文书号事项提供单位决定日期有效期至状态" in page for page in with_rows)
    assert len(re.findall(r"记录号Llicence\d", with_rows[-1])) >= 2
    assert sum(len(re.findall(r"记录号Llicence\d+", page)) for page in flat) == 80


def test_pages_grow_with_the_records_and_no_faster() -> None:
    setter = Setter(fonts_in(FONTS), words_in("zh_CN"))

    def marks(count: int) -> int:
        records = tuple(samples.licence(place) for place in range(count))
        return sum(len(page) for page in lay_out(samples.official(samples.bundle(records)), setter))

    small, large = marks(400), marks(4000)
    assert large < 10.5 * small


def test_a_record_taller_than_a_page_is_cut_between_lines(tmp_path: Path) -> None:
    long = "㛃，当事人未按照施工图设计文件施工（示例）；" * 400
    record = msgspec.structs.replace(samples.penalty(1), fields=(("违法事实", long),))
    pages = pages_of(render(samples.official(samples.bundle((record,))), FONTS), tmp_path)
    flat = "".join("".join(page.split()) for page in pages)
    assert flat.count("㛃") == 400
    assert sum("行政处罚决定书（续）" in "".join(page.split()) for page in pages) >= 2


def test_no_mark_leaves_its_page() -> None:
    setter = Setter(fonts_in(FONTS), words_in("zh_CN"))
    records = tuple(samples.penalty(place) for place in range(40))
    for page in lay_out(samples.official(samples.bundle(records)), setter)[1:]:
        for mark in page:
            if isinstance(mark, Text) and CEILING <= mark.y <= FLOOR + 1:
                assert mark.y + 0.2 * mark.size <= FLOOR + 0.5
            if isinstance(mark, Rule):
                assert mark.y1 <= FLOOR + 0.5 or mark.y1 > FLOOR + 10


def test_the_last_page_of_a_table_keeps_two_rows() -> None:
    row = Block(100.0)
    for count in range(3, 40):
        flow = Flow()
        flow.table(
            [], Block(20.0, (Rule(0, 0, 1, 0, 1, "#000000"),)), [_row(row.height, n) for n in range(count)]
        )
        last = [mark for mark in flow.pages[-1] if isinstance(mark, Text)]
        assert len(last) >= 2 or count < 2, count


def _row(height: float, number: int) -> Block:
    return Block(height, (Text(0, 10, str(number), "sans", 8),))


def test_a_cut_never_goes_through_a_line() -> None:
    block = Block(3000.0, tuple(Text(0, 10.0 + 13 * n, "字", "sans", 9) for n in range(230)))
    upper, rest = split(block, ROOM)
    assert rest is not None
    assert len(upper.marks) + len(rest.marks) == 230
    assert upper.height <= ROOM
    assert max(mark.y for mark in upper.marks if isinstance(mark, Text)) + 9 * 0.35 <= upper.height
    assert min(mark.y for mark in rest.marks if isinstance(mark, Text)) - 9 * 0.8 >= 0


def test_persons_have_their_own_page(tmp_path: Path) -> None:
    answer = samples.bundle((samples.penalty(1),), card=samples.person(), entries=())
    pages = pages_of(render(samples.official(answer), FONTS), tmp_path)
    flat = "".join(pages[0].split())
    assert "自然人·银行业务专用版" in flat
    assert "证件号码居民身份证430405********0007" in flat
    assert "统一社会信用代码" not in flat
    assert "法定代表人" not in pages[1]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", [*PERSONS, "", "kind_of_tomorrow"])
def test_the_kind_of_a_persons_document_is_told_in_words(language: str, kind: str) -> None:
    document = samples.official(samples.bundle((), card=samples.person(kind), entries=()), language=language)
    setter = Setter(fonts_in(FONTS), words_in(language))
    pages = [[mark.text for mark in page if isinstance(mark, Text)] for page in lay_out(document, setter)]
    said = setter.words.identity_kind(kind)
    assert any(said in text for text in pages[0])
    assert any(said in text for page in pages[1:] for text in page)
    assert not any("_" in text for page in pages for text in page)  # no word of the wire


@pytest.mark.parametrize(("basis", "own"), [("own", True), ("letter", False)])
def test_what_a_subject_asked_about_himself_is_for_him(
    basis: Literal["own", "letter"], own: bool, tmp_path: Path
) -> None:
    asked = samples.bundle((), card=samples.person(), entries=())
    centre = msgspec.structs.replace(asked.requester, organisation_kind="centre")
    answer = msgspec.structs.replace(asked, requester=centre, basis=Basis(basis, ""))
    flat = "".join(text_of(render(samples.official(answer), FONTS), tmp_path).split())
    assert ("主体自用版" in flat, "平台核查版" in flat) == (own, not own)
    assert ("由其自行保管和使用" in flat, "仅供申请机构用于" in flat) == (own, not own)


def test_list_entries_come_gravest_first_with_their_measures(tmp_path: Path) -> None:
    entry = Standing("A1", 1, "abnormal", "经营异常名录", "示例市监局", "2026-02-01", reason="未年报（示例）")
    answer = samples.bundle(entries=(samples.standing()[1], entry, samples.standing()[0]))
    flat = "".join(text_of(render(samples.official(answer), FONTS), tmp_path).split())
    places = [
        flat.index(word)
        for word in (
            "列入严重失信主体名单·拖欠",
            "列入经营异常名录",
            "守信激励对象·纳税信用A级纳税人·2025年度",
        )
    ]
    assert places == sorted(places)
    assert "由市场主体自主决定，不产生拒绝义务" in flat
    assert "①〔与申请机构相关〕从严审慎授信" in flat


def test_nothing_listed_is_not_called_safe(tmp_path: Path) -> None:
    flat = "".join(text_of(render(samples.official(samples.bundle(entries=())), FONTS), tmp_path).split())
    assert "未见列示不等于平台以外没有相关信息" in flat


def test_the_english_report_has_english_words(tmp_path: Path) -> None:
    pages = pages_of(render(samples.official(language="en"), FONTS), tmp_path)
    assert "Public Credit Information Report" in pages[0]
    assert f"Page 2 of {len(pages)}" in pages[1]
    assert "1. Subject" in pages[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"number": ""},
        {"valid_until": ""},
        {"template": "other"},
        {"language": "fr"},
        {"copy": "preview"},
        {"copy": "offline", "number": "", "verify_link": "", "check_code": ""},
    ],
)
def test_misleading_documents_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ReportFlaw):
        samples.official(**changes)


def test_no_information_makes_no_report() -> None:
    answer = msgspec.structs.replace(samples.bundle(), no_information=True, subject=None)
    with pytest.raises(ReportFlaw):
        compose(answer, copy="preview", times=samples.TIMES)


def test_the_renderer_does_not_trust_its_caller() -> None:
    smuggled = msgspec.structs.replace(samples.other("offline"), number=samples.NUMBER)
    with pytest.raises(ReportFlaw):
        render(smuggled, FONTS)
    hidden = msgspec.structs.replace(samples.official(), specimen=False)
    with pytest.raises(ReportFlaw):
        render(hidden, FONTS)


def test_the_digest_covers_the_content_but_not_what_is_made_from_it() -> None:
    document = samples.official()
    bare = msgspec.structs.replace(document, verify_link="", check_code="")
    assert document_sha256(document) == document_sha256(bare)
    assert document_sha256(document) != document_sha256(msgspec.structs.replace(document, number="X"))
