"""Persons in running text: found where text, register or record mark them, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.records import third_persons
from server_stub.records.third_persons import (
    Told,
    masks_of,
    with_masks,
    without_numbers,
    without_third_persons,
)
from tests.server_stub.records.planted import KNOWN, Planted, left_in, planted


@given(planted())
def test_nobody_is_left_and_a_second_time_changes_nothing(one: Planted) -> None:
    once = with_masks(one.text, masks_of([KNOWN]))
    assert left_in(once, one) == []
    assert with_masks(once, masks_of([KNOWN])) == once
    assert without_numbers(once) == once


@given(planted())
def test_control_the_person_is_found_in_the_text_as_written(one: Planted) -> None:
    assert left_in(one.text, one) == [one.name, *one.numbers]


@pytest.mark.parametrize(
    "text",
    [
        "当事人销售过期食品，未按规定公示价格",
        "法定代表人未履行生效文书确定的义务，负责人不配合调查",
        "有履行能力而拒不履行，法定代表人或者主要负责人应当到案",
        "负责人安排员工继续生产，联系人电话变更，经营者许可证过期",
        "罚款 15800.000000 元，处罚决定书 衡示市监罚〔2026〕138号，代码 91430400MA00000000",
        "公司名称变更为青竹（示例）商贸有限公司",
        "座机 0734-8000000，2026-11-23 14:30",
    ],
)
def test_what_names_nobody_stays_as_it_is(text: str) -> None:
    assert without_third_persons(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("法定代表人张测试有履行能力而拒不履行", "法定代表人张**有履行能力而拒不履行"),
        ("法定代表人张测未履行", "法定代表人张*未履行"),
        ("法定代表人由欧阳测试变更为于测，", "法定代表人由欧**变更为于*，"),
        ("经李测（身份证号 430400199001010006）申请", "经李*（身份证号 ******************）申请"),
        ("护照号E00000000，买买提·测试为负责人", "护照号*********，买买提·测试为负责人"),
        ("负责人买买提·测试", "负责人买**"),
    ],
)
def test_only_the_person_goes_and_the_meaning_stays(text: str, masked: str) -> None:
    assert without_third_persons(text) == masked


_WORDS = [*third_persons._words().roles, *third_persons._words().papers, *third_persons._words().phones]
_PIECES = st.sampled_from(
    [
        *_WORDS,
        *third_persons._words().becoming,
        KNOWN,
        "王五",
        "委员会",
        "责任人",
        "1380013",
        "8000",
        "（",
        "\u200b",
        " ",
        "，",
    ]
) | st.text(max_size=3)


@given(st.lists(_PIECES, max_size=6).map("".join))
def test_a_text_that_is_plain_at_first_sight_gives_the_same_by_the_whole_search(text: str) -> None:
    masks = masks_of([KNOWN, "王五"])
    said = with_masks(text, masks)
    with pytest.MonkeyPatch.context() as whole:
        for look in ("_plain", "_plain_short"):
            whole.setattr(third_persons, look, lambda text: False)
        assert with_masks(text, masks) == said


def test_control_most_texts_are_plain_and_those_with_persons_are_not() -> None:
    assert third_persons._plain("违反登记管理规定，罚款2000元") and third_persons._plain(
        "示例市卫生健康委员会"
    )
    assert not any(map(third_persons._plain, [*_WORDS, "x\u200b", "13800138000", "1380013\uff0d8000"]))


@given(planted())
def test_texts_of_one_answer_are_told_alike_however_often(one: Planted) -> None:
    told = Told(masks_of([KNOWN]))
    assert [told[one.text], told[one.text]] == [with_masks(one.text, masks_of([KNOWN]))] * 2


def test_control_what_one_answer_told_says_nothing_to_another() -> None:
    """A text that is plain, kept as such, and names a person of one subject only."""
    assert Told(())["云石记"] == "云石记"
    assert Told(masks_of(["云石记"]))["云石记"] == "云**"
    assert Told(())["云石记"] == "云石记"


@given(
    planted(),
    st.sampled_from(["", "  ", "示例市税务局 ", "云 石 记经手", "云石记", "记云石", "由云石记与石云经办"]),
)
def test_an_answers_texts_are_what_each_text_is_by_itself(one: Planted, short: str) -> None:
    masks = masks_of([KNOWN, "云石记", "石云", "记"])
    told = Told(masks)
    for text in (short, one.text, short + one.text[:30]):
        assert told[text] == with_masks(text, masks) == told[text]
