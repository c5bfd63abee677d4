"""Papers about facts of their own: pages and data say the same, and no such paper can be made otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.paper_facts import (
    EarlierFact,
    EntryFact,
    Facts,
    LookFact,
    LooksFacts,
    ScreeningFacts,
    UnitFact,
)
from app.field.printed import PrintedPaper, read_attached
from app.field.records import SubjectKind
from app.field.reportdoc import FactsDocument
from app.report import ReportFlaw, compose, paper_for, papers_for, render
from app.report.faces import fonts_in
from app.report.ink import Text
from app.report.printed import attachment, printed
from app.report.rendering import laid_out
from app.report.style import AMBER, SEAL
from app.report.words import words_in
from tests.app.report import facts_samples, samples
from tests.app.report.tools import FONTS, text_of

GRAVE = msgspec.structs.replace(facts_samples.LISTED, objection=None)


SECOND = msgspec.structs.replace(
    facts_samples.answer(),
    subject_kind="person",
    code="430405********0007",
    copy_no=2,
    first_copy=samples.NUMBER,
)

RECHECKED = msgspec.structs.replace(
    facts_samples.answer(),
    rechecked_on="2026-11-24",
    finding="stands",
    result="经复核，维持 2026-11-17 的处理结论（异议成立，记录已更正）",
    changes=(),
    earlier=EarlierFact("2026-11-17", "异议成立，记录已更正", facts_samples.answer().changes, stands=True),
    ended=True,
)


LOOKED = facts_samples.who_looked("legal")
INQUIRED = msgspec.structs.replace(
    LOOKED,
    looks=(msgspec.structs.replace(LOOKED.looks[0], ground="official", letter_no="示例纪函〔2026〕1号"),),
)


def only(found: UnitFact) -> ScreeningFacts:
    return msgspec.structs.replace(facts_samples.screening(), units=(found,))


def texts(value: Any) -> Iterator[str]:
    """Every text of the facts that is no code of a program."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in ("about", "kind", "subject_kind", "state", "at", "act", "ground", "finding"):
                yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str) and value:
        yield value


@pytest.mark.parametrize(
    ("paper", "facts"),
    [
        ("screening", facts_samples.screening()),
        ("looks", facts_samples.who_looked("legal")),
        ("looks", facts_samples.who_looked("person")),
        ("answer", facts_samples.answer()),
        ("answer", SECOND),
        ("answer", RECHECKED),
        ("looks", INQUIRED),
    ],
)
def test_all_that_the_data_say_stands_on_the_pages(paper: str, facts: Facts, tmp_path: Path) -> None:
    document = facts_samples.stated(facts, paper)
    attached, _ = read_attached(attachment(document))
    assert isinstance(attached.document, PrintedPaper)
    assert attached.document.facts == document.facts
    flat = "".join(text_of(render(document, FONTS), tmp_path).split())
    missing = [one for one in texts(msgspec.to_builtins(document.facts)) if "".join(one.split()) not in flat]
    assert missing == []


def test_a_question_that_told_nothing_is_marked_and_counts_as_no_look(tmp_path: Path) -> None:
    looks = tuple(msgspec.structs.replace(one, organisation="示例银行", times=1) for one in LOOKED.looks[:3])
    for nothing, counted in ((False, "3"), (True, "2")):
        told = msgspec.structs.replace(
            LOOKED, looks=(msgspec.structs.replace(looks[0], told_nothing=nothing), *looks[1:])
        )
        flat = text_of(render(facts_samples.stated(told, "looks"), FONTS), tmp_path)
        assert ("未提供信息，不计入次数" in "".join(flat.split())) == nothing
        assert f"查询和查看记录（{counted}条）" in "".join(flat.split())


def test_a_letter_after_a_recheck_denies_nothing_that_stays_and_says_what_is_not_shown(
    tmp_path: Path,
) -> None:
    flat = "".join(text_of(render(facts_samples.stated(RECHECKED, "answer"), FONTS), tmp_path).split())
    for said in (
        "维持已作的更正",
        "2026-11-17所作的更正继续有效",
        "20万元",
        "该记录已停止展示",
        "复核未再更改",
    ):
        assert said in flat, said
    assert not any(denied in flat for denied in ("异议不成立", "记录内容未作更改"))
    moved = msgspec.structs.replace(RECHECKED.earlier, stands=False)
    other = msgspec.structs.replace(RECHECKED, earlier=moved, ended=False)
    flat = "".join(text_of(render(facts_samples.stated(other, "answer"), FONTS), tmp_path).split())
    assert ("其后又有变动" in flat, "继续有效" in flat, "停止展示" in flat) == (True, False, False)


def test_a_letter_says_a_finding_once_and_counts_no_day_that_is_none(tmp_path: Path) -> None:
    same = msgspec.structs.replace(
        facts_samples.answer(), finding="upheld", result="异议成立，记录已更正", days_taken=0, reasons="有误"
    )
    other = msgspec.structs.replace(same, finding="rejected", result="经核查维持原记录", days_taken=1)
    for facts, said in ((same, (1, 0)), (other, (1, 1))):
        page = text_of(render(facts_samples.stated(facts, "answer"), FONTS), tmp_path).partition("二、")[2]
        flat = "".join(page.partition("三、")[0].split())
        assert flat.count(facts.result.partition("，")[0]) == said[0]
        assert flat.count("异议不成立") == said[1]
    whole = [
        "".join(text_of(render(facts_samples.stated(one, "answer"), FONTS), tmp_path).split())
        for one in (same, other)
    ]
    assert ["第0个工作日" in one for one in whole] == [False, False]
    assert ["第1个工作日" in one for one in whole] == [False, True]


def test_nothing_found_has_no_colour_of_its_own_and_a_grave_hit_has() -> None:
    words = words_in("zh_CN")
    pages, _ = laid_out(facts_samples.stated(), fonts_in(FONTS), words)
    looks = {mark.text: mark.colour for page in pages for mark in page if isinstance(mark, Text)}
    plain = looks[facts_samples.unit(2).name]
    assert looks["未命中"] == plain
    assert next(colour for text, colour in looks.items() if text.startswith("命中：严重")) == AMBER != plain
    undisputed = facts_samples.unit(1, state="hit", entries=(GRAVE,))
    pages, _ = laid_out(facts_samples.stated(only(undisputed)), fonts_in(FONTS), words)
    looks = {mark.text: mark.colour for page in pages for mark in page if isinstance(mark, Text)}
    assert next(colour for text, colour in looks.items() if text.startswith("命中：严重")) == SEAL != plain


@pytest.mark.parametrize(("entry", "marked"), [(facts_samples.LISTED, True), (GRAVE, False)])
def test_a_disputed_entry_says_so_in_its_head_and_in_the_finding(entry: EntryFact, marked: bool) -> None:
    found = facts_samples.unit(1, state="hit", entries=(entry, facts_samples.HONOURED))
    pages, _ = laid_out(facts_samples.stated(only(found)), fonts_in(FONTS), words_in("zh_CN"))
    marks = [mark for page in pages for mark in page if isinstance(mark, Text)]
    amber = "".join(mark.text for mark in marks if mark.colour == AMBER)  # a word may go over the line
    assert amber.count("异议处理中") == (2 if marked else 0)


@pytest.mark.parametrize(
    ("paper", "facts", "own"),
    [
        ("screening", facts_samples.screening(), "请重新筛查、出具"),
        ("looks", facts_samples.who_looked("person"), "记录其后的更正、修复、撤销不改变核验结果"),
        ("answer", facts_samples.answer(), "记录其后的更正、修复、撤销不改变核验结果"),
    ],
)
def test_what_superseded_means_is_said_of_each_paper(paper: str, facts: Facts, own: str) -> None:
    pages, _ = laid_out(facts_samples.stated(facts, paper), fonts_in(FONTS), words_in("zh_CN"))
    flat = "".join(mark.text for page in pages for mark in page if isinstance(mark, Text))
    assert own in flat
    assert "表示出具后所列记录有更正、修复或撤销" not in flat
    pages, _ = laid_out(samples.official(), fonts_in(FONTS), words_in("zh_CN"))  # control: the report's own
    flat = "".join(mark.text for page in pages for mark in page if isinstance(mark, Text))
    assert "表示出具后所列记录有更正、修复或撤销" in flat


@pytest.mark.parametrize(("first", "said"), [(samples.NUMBER, "首份编号为"), ("", "此前已向他人出具")])
def test_a_further_letter_says_that_it_is_one(first: str, said: str) -> None:
    facts = msgspec.structs.replace(SECOND, first_copy=first)
    pages, _ = laid_out(facts_samples.stated(facts, "answer"), fonts_in(FONTS), words_in("zh_CN"))
    assert said in "".join(mark.text for page in pages for mark in page if isinstance(mark, Text))


def test_facts_and_answers_do_not_take_each_others_row() -> None:
    row = paper_for("screening", "legal", samples.DAY)
    with pytest.raises(ReportFlaw):
        compose(samples.bundle(), copy="preview", times=samples.TIMES, template="screening")
    with pytest.raises(ReportFlaw):
        facts_samples.stated(paper="standard")
    with pytest.raises(ReportFlaw):
        render(msgspec.structs.replace(samples.official(), layout=row, template="screening"), FONTS)
    assert "screening" not in papers_for("legal", "own", samples.DAY)


def test_a_paper_of_facts_is_no_preview() -> None:
    with pytest.raises(ReportFlaw):
        render(msgspec.structs.replace(facts_samples.stated(), copy="preview"), FONTS)


def test_what_is_printed_decides_the_digest() -> None:
    one = printed(facts_samples.stated())
    other = printed(facts_samples.stated(facts_samples.screening(True)))
    assert isinstance(one, PrintedPaper) and isinstance(one.facts, ScreeningFacts)
    assert one.facts != other.facts


def city_day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(timezone(timedelta(hours=8))).date().isoformat()


def contradictions(document: FactsDocument) -> list[str]:
    """Where a statement who looked says of its own times and numbers what cannot be."""
    facts, times = document.facts, document.times
    assert isinstance(facts, LooksFacts)
    days = [city_day(look.at) for look in facts.looks]
    wrong = [f"{look.at} is after the data" for look in facts.looks if look.at > times.as_of]
    wrong += [f"{day} is of another period" for day in days if not facts.start <= day <= facts.end]
    wrong += ["not the newest first"] if days != sorted(days, reverse=True) else []
    wrong += ["data before the query"] if times.as_of < times.queried else []
    for day, look in zip((day.replace("-", "") for day in days), facts.looks, strict=True):
        numbered = look.act in ("query", "screening")
        wrong += [look.reference] if numbered and look.reference.split("-")[1] != day else []
        wrong += [look.letter_no] if look.letter_no and look.letter_no.split("-")[1] > day else []
    return wrong


@pytest.mark.parametrize("kind", ["legal", "person"])
def test_the_specimen_of_who_looked_does_not_contradict_itself(kind: SubjectKind) -> None:
    for many in (False, True):
        facts = facts_samples.who_looked(kind, many)
        assert contradictions(facts_samples.stated(facts, "looks")) == []
        assert facts.looks[0].reference[:11] == "CX-20261122"


def test_control_a_specimen_that_contradicts_itself_is_told() -> None:
    facts = facts_samples.who_looked("legal")
    later = {"reference": "CX-20261121-000001", "letter_no": "SQ-20261120-000381"}
    spoiled = msgspec.structs.replace(
        facts, looks=(facts.looks[0], msgspec.structs.replace(facts.looks[1], **later))
    )
    assert contradictions(facts_samples.stated(spoiled, "looks")) == list(later.values())
    assert contradictions(facts_samples.stated(facts, "looks", times=samples.TIMES)) == [
        "2026-11-22T01:40:05.120Z is after the data", "data before the query"
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "当日3次"), ("en", "3timesthatday")])
def test_looks_that_were_counted_together_say_how_often(tmp_path: Path, language: str, said: str) -> None:
    def flat(facts: LooksFacts) -> str:
        document = facts_samples.stated(facts, "looks", language=language)
        return "".join(text_of(render(document, FONTS), tmp_path).split())

    facts = facts_samples.who_looked("legal", language=language)
    assert said in flat(facts)
    once = tuple(msgspec.structs.replace(look, times=1) for look in facts.looks)
    assert said not in flat(msgspec.structs.replace(facts, looks=once))


def test_a_look_that_was_one_is_written_as_it_was_before_there_was_a_count() -> None:
    one = facts_samples.look(1)
    assert b"times" not in msgspec.json.encode(one)
    assert msgspec.json.decode(msgspec.json.encode(one), type=LookFact) == one
    assert b'"times":3' in msgspec.json.encode(msgspec.structs.replace(one, times=3))
