"""What a paper has comes from its row of the day: parts, order, notes, masks; the row's words exist."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from app.field.printed import PrintedReport
from app.field.records import ObjectionMark
from app.field.reportdoc import ReportTimes, TableEdition, read_document, write_document
from app.field.templates import read_templates
from app.report import ReportFlaw, compose, paper_for, render
from app.report.printed import printed
from app.report.rendering import OWN_PARTS, PARTS, SHARED
from app.report.templates import layout_of, shipped
from app.report.words import words_in
from tests.app.field.test_templates import TWO
from tests.app.report import samples
from tests.app.report.tools import FONTS, text_of

LATER = ReportTimes("2027-01-04T01:40:05.120Z", "2027-01-04T01:40:05.120Z", "2027-01-04T01:42:16.300Z")
EDITIONS = (TableEdition("display", "0f9d9d888cb34022" * 4), TableEdition("template", "5c" * 32))


def heads(text: str) -> list[str]:
    return re.findall(r"^(?:[一二三四五六七八九十]+、.*|报告说明)$", text, re.MULTILINE)


def test_a_later_version_takes_effect_on_its_day(tmp_path: Path) -> None:
    papers = read_templates(TWO)
    old = samples.official(papers=papers)
    new = samples.official(papers=papers, times=LATER, valid_until="2027-02-03")
    said = [text_of(render(document, FONTS), tmp_path) for document in (old, new)]
    assert "四、严重失信主体名单（1 条）" in heads(said[0])
    assert heads(said[1]) == ["一、信用信息概要", "报告说明", "二、核验"]
    assert "信用承诺及履约" in said[0] and "信用承诺及履约" not in said[1]
    assert "行政处罚" in said[1]


def test_a_document_is_set_by_the_row_it_was_composed_by() -> None:
    """Whatever the table that ships says by then: a reprint looks as the paper did."""
    document = samples.official(papers=read_templates(TWO), times=LATER, valid_until="2027-02-03")
    kept = read_document(write_document(document))
    assert layout_of(kept).id == "standard-legal-3"
    assert render(kept, FONTS) == render(document, FONTS)


def test_the_head_of_december_bears_labels_as_pages_and_data(tmp_path: Path) -> None:
    """Both lists at once, an honour with its year, a contested entry with its mark; none before that day."""
    moments = ReportTimes(*("2026-12-01T01:40:05.120Z",) * 3)
    grave, honour = samples.standing()
    contested = msgspec.structs.replace(grave, objection=ObjectionMark("YY-1", "2026-11-18", "2026-11-27"))
    expected = {
        (grave, honour): ("失信惩戒对象", "守信激励对象（2025 年度）", samples.subject().state),
        (contested, grave): ("失信惩戒对象", samples.subject().state),
        (contested,): ("失信惩戒对象（异议处理中）", samples.subject().state),
        (): (samples.subject().state,),
    }
    for entries, told in expected.items():
        document = samples.official(samples.bundle((), entries=entries), times=moments)
        data = printed(document)
        assert isinstance(data, PrintedReport) and data.labels == told
    flat = "".join(text_of(render(document, FONTS), tmp_path).split())
    assert f"标签{samples.subject().state}" in flat
    before = printed(samples.official())
    assert isinstance(before, PrintedReport) and before.labels == ()


def test_a_document_of_before_is_set_by_the_row_of_its_day() -> None:
    bare = msgspec.json.decode(write_document(samples.official()))
    del bare["layout"], bare["tables"]
    old = read_document(msgspec.json.encode(bare))
    assert old.layout is None
    assert layout_of(old).id == "standard-legal"
    assert render(old, FONTS).startswith(b"%PDF")


def test_the_paper_prints_its_version_and_the_editions_of_the_rules(tmp_path: Path) -> None:
    document = samples.official(tables=EDITIONS)
    flat = "".join(text_of(render(document, FONTS), tmp_path).split())
    assert "版式：标准报告第1版，自2022-09-07起施行，依据公共信用信息报告标准（2022年版）。" in flat
    assert "展示规则0F9D9D888CB34022；报告版式5C5C5C5C5C5C5C5C" in flat
    data = printed(document)
    assert data.v == 2 and data.layout is not None
    assert (data.layout.version, data.layout.since) == (1, "2022-09-07")
    assert [(one.table, one.sha256) for one in data.tables] == [
        ("display", "0f9d9d888cb34022"),
        ("template", "5c5c5c5c5c5c5c5c"),
    ]


def test_what_the_row_masks_is_masked_even_where_the_answer_is_not() -> None:
    bare = msgspec.structs.replace(samples.person(), code="430499190001010006")
    paper = printed(samples.official(samples.bundle(card=bare)))
    assert paper.subject.code == "4" + "*" * 15 + "06"
    unit = msgspec.structs.replace(samples.subject(), representative="李示例")
    assert printed(samples.official(samples.bundle(card=unit))).subject.representative == "李**"
    already = printed(samples.official(samples.bundle(card=samples.person()))).subject.code
    assert already == samples.person().code


def test_the_layout_of_a_person_says_that_it_is_by_analogy(tmp_path: Path) -> None:
    one, two = (samples.bundle((), card=card, entries=()) for card in (samples.person(), samples.subject()))
    person, unit = (text_of(render(samples.official(answer), FONTS), tmp_path) for answer in (one, two))
    assert "类推" in person
    assert "类推" not in unit


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_row_that_ships_has_its_words_and_its_parts(language: str) -> None:
    words = words_in(language)
    for row in shipped():
        assert words.say(f"paper_template.{row.paper}")
        for note in row.notes:
            assert words.say(f"paper_note.{note}")
        for section in {*row.sections, *row.counters, *row.tables}:
            assert words.say(f"paper_section.{section}")
        known = {"cover", *SHARED, *(OWN_PARTS if row.facts else PARTS)}
        assert set(row.parts) <= known
        if row.facts:
            for section in ("paper_title", "paper_subtitle", "paper_this"):
                assert words.say(f"{section}.{row.paper}")
        assert {name for name, _ in row.masks} <= set(samples.subject().__struct_fields__)


def test_a_row_of_another_paper_is_refused() -> None:
    person = paper_for("standard", "person", samples.DAY)
    wrong = msgspec.structs.replace(samples.official(), layout=person)
    with pytest.raises(ReportFlaw):
        render(wrong, FONTS)


def test_a_paper_that_no_row_speaks_of_is_refused() -> None:
    early = ReportTimes(*("2021-01-04T01:40:05.120Z",) * 3)
    with pytest.raises(ReportFlaw, match="no template 'standard' for a legal on 2021-01-04"):
        compose(samples.bundle(), copy="preview", times=early)
