"""The end of a report: the last page says how to check it, and nothing on it is a word for programs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.fours import in_fours
from app.field.records import RuleRef
from app.field.report_numbers import grouped
from app.report import document_sha256, render
from tests.app.report import samples
from tests.app.report.tools import FONTS, pages_of, text_of

INTERNAL_KEY = re.compile(
    r"\b[a-z]+(?:_[a-z]+)*/[A-Za-z0-9]|\b[a-z]+_[a-z_]+\b|\b[A-Z]\d*-[a-z]+\b", re.ASCII
)


def rule(place: int) -> RuleRef:
    return RuleRef("list_type", f"D-row{place}", place % 4 + 1, f"示例条例第{place}条", f"示例规则之{place}")


@pytest.mark.parametrize("rules", [0, 1, 30, 75])
@pytest.mark.parametrize("records", [0, 2, 5, 9])
def test_the_whole_digest_stands_on_the_last_page_and_its_beginning_on_the_cover(
    rules: int, records: int, tmp_path: Path
) -> None:
    answer = samples.bundle(tuple(samples.penalty(place) for place in range(records)))
    answer = msgspec.structs.replace(answer, rules=tuple(rule(place) for place in range(rules)))
    document = samples.official(answer)
    digest = document_sha256(document).upper()
    pages = pages_of(render(document, FONTS), tmp_path)
    flat = ["".join(page.split()) for page in pages]
    assert digest in flat[-1]
    assert f"内容摘要{digest[:16]}…" in flat[0]
    assert not any(digest in page for page in flat[:-1])
    assert grouped(document.number) in pages[-1]


def test_long_codes_break_between_groups_only(tmp_path: Path) -> None:
    document = samples.official()
    last = pages_of(render(document, FONTS), tmp_path)[-1]
    for code in (document_sha256(document).upper(), document.checkpoint_root.upper(), document.check_code):
        assert re.search(r"\s+".join(in_fours(code).split()), last), code


def test_no_word_for_programs_is_printed(tmp_path: Path) -> None:
    answer = msgspec.structs.replace(samples.bundle(), rules=tuple(rule(place) for place in range(9)))
    assert any(change.reason == "corrected" for record in answer.records for change in record.corrections)
    text = text_of(render(samples.official(answer), FONTS), tmp_path)
    assert "corrected" not in text
    assert "示例规则之8" in text and "示例条例第8条" in text
    assert not INTERNAL_KEY.search(text)
    assert answer.subject_key not in text
    assert answer.op_id not in text


@pytest.mark.parametrize("key", ["catalogue/HY-2017", "display/D-current", "list_type/tax_a", "P36-general"])
def test_control_the_pattern_knows_a_key_when_it_sees_one(key: str) -> None:
    assert INTERNAL_KEY.search(f"规则 {key} 1")


def test_a_rule_is_said_once_and_one_without_words_points_to_its_basis(tmp_path: Path) -> None:
    twice = (rule(1), msgspec.structs.replace(rule(1), row="D-other"), RuleRef("a_b", "c", 1, "示例办法"))
    answer = msgspec.structs.replace(samples.bundle(), rules=twice)
    flat = "".join(text_of(render(samples.official(answer), FONTS), tmp_path).split())
    assert flat.count("示例规则之1") == 1
    assert "按所列依据执行示例办法" in flat


def test_the_record_number_on_paper_is_the_platforms_own(tmp_path: Path) -> None:
    """What the centre's commands take, and not the line of a file in which the record came."""
    record = msgspec.structs.replace(samples.penalty(1), source_no="B20261126-0a1b2c3d/17")
    text = text_of(render(samples.official(samples.bundle((record,))), FONTS), tmp_path)
    assert f"记录号 {record.rec_id}" in text
    assert "B20261126-0a1b2c3d" not in text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_platforms_own_word_for_a_basis_is_explained_once_where_it_stands(
    language: Any, tmp_path: Path
) -> None:
    words = "本平台自行确定的做法" if language == "zh_CN" else "this platform decided it itself"
    own = (
        RuleRef("display", "D-a", 1, "平台默认：示例", "示例甲"),
        RuleRef("display", "D-b", 1, "平台默认：另一", "乙"),
    )
    for rules, times in ((own, 1), ((rule(1),), 0)):
        answer = msgspec.structs.replace(samples.bundle(), rules=rules)
        document = msgspec.structs.replace(samples.official(answer), language=language)
        text = text_of(render(document, FONTS), tmp_path)
        assert "".join(text.split()).count("".join(words.split())) == times
