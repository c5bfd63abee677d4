"""Masks hide what they promise, for every length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field.masks import (
    mask_address,
    mask_id,
    mask_id_public,
    mask_id_short,
    mask_name,
    mask_number,
    mask_phone,
)


def test_numbers_keep_what_the_medium_allows() -> None:
    assert mask_id("43040019900101001X") == "430400********001X"
    assert mask_id_short("43040019900101001X") == "430***********001X"
    assert mask_id_public("43040019900101001X") == "430400************"
    assert mask_id("430400900101000", "resident_id_15") == "430400******000"
    assert mask_id("E12345678", "passport") == "E******78"
    assert mask_id("H12345678", "hm_pass") == "H*****678"
    assert mask_id("USA123456789012", "pr_card_2017") == "USA**********12"
    assert mask_phone("13800000001") == "138****0001"
    assert mask_phone("0734-000001") == "073****0001"


def test_names() -> None:
    assert mask_name("李四") == "李*"
    assert mask_name("李示例") == "李**"
    assert mask_name("阿里木·测试") == "阿**"
    assert mask_name("𬭊测") == "𬭊*"
    assert mask_name("李") == "李*"
    assert mask_name("") == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("湖南省衡阳市蒸湘区示例路1号2栋303", "湖南省衡阳市蒸湘区****"),
        ("湖南省衡阳市耒阳市示例乡示例村3组", "湖南省衡阳市耒阳市****"),
        ("衡阳市祁东县示例镇", "衡阳市祁东县****"),
        ("示例路1号", "****"),
        ("", ""),
    ],
)
def test_addresses_end_at_the_county(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(st.text(min_size=1, max_size=30), st.integers(0, 8), st.integers(0, 8))
def test_a_number_is_never_shown_whole(number: str, head: int, tail: int) -> None:
    shown = mask_number(number, head, tail)
    assert len(shown) == len(number)
    assert len(number) == 1 or "*" in shown
