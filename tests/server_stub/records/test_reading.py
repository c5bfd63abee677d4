"""What departments write, read without guessing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from server_stub.records.amounts import Money, money_of, yuan_in
from server_stub.records.reading import fold_document_no, read_date
from server_stub.records.third_persons import without_third_persons


@pytest.mark.parametrize(
    ("payload", "money"),
    [
        ({"CF_NR_FK": "0.2", "CF_NR": "罚款2000元"}, Money(200_000)),
        ({"CF_NR_FK": "20", "CF_NR": "罚款贰拾万元整"}, Money(20_000_000)),
        ({"CF_NR_FK": "200000", "CF_NR": "罚款二十万元"}, Money(None, "unit")),
        ({"CF_NR_FK": "2000", "CF_NR": "罚款２０００元"}, Money(None, "unit")),
        ({"CF_NR_FK": "20000"}, Money(None, "unit")),
        ({"CF_NR_FK": "2", "CF_NR": "罚款"}, Money(2_000_000)),
        ({"CF_NR_FK": "1.5", "CF_NR_WFFF": "0.000001"}, Money(1_500_001)),
        ({"CF_NR_FK": "5", "CF_NR": "罚款30000元"}, Money(5_000_000, "text")),
        ({"CF_NR_FK": "3", "CF_NR_WFFF": "0", "CF_NR": "罚款30000元"}, Money(3_000_000)),
        ({"CF_NR_FK": "3", "CF_NR_WFFF": "1", "CF_NR": "罚款30000元"}, Money(4_000_000, "text")),
        ({"CF_NR_FK": "0.0000001"}, Money(None, "unreadable")),
        ({"CF_NR_FK": "约二万"}, Money(None, "unreadable")),
        ({"CF_NR_FK": "-1"}, Money(None, "unreadable")),
        ({}, Money(None)),
    ],
)
def test_money(payload: dict[str, str], money: Money) -> None:
    assert money_of(payload) == money


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("罚款人民币1,234.50元", ["1234.50"]),
        ("罚款10.5万元，没收违法所得三千二百元", ["105000.0", "3200"]),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元", ["1234567"]),
        ("两亿零五十万元", ["200500000"]),
        ("十五元", ["15"]),
        ("一百零五元", ["105"]),
        ("无", []),
    ],
)
def test_amounts_in_words(text: str, yuan: list[str]) -> None:
    assert list(yuan_in(text)) == [Decimal(one) for one in yuan]


@pytest.mark.parametrize("text", ["2026-5-6", "2026/05/06", "20260506", "2026年5月6日", "２０２６-０５-０６"])
def test_dates(text: str) -> None:
    assert read_date(text) == date(2026, 5, 6)


@pytest.mark.parametrize("text", ["", "—", "2026-13-01", "长期", "2026"])
def test_no_dates(text: str) -> None:
    assert read_date(text) is None


def test_document_numbers_compare_across_brackets() -> None:
    forms = ["衡示罚〔2026〕1号", "衡示罚[2026]1号", "衡示罚【2026】 1号", "衡示罚（２０２６）1号"]
    assert len({fold_document_no(form) for form in forms}) == 1
    assert fold_document_no("衡示罚〔2026〕2号") != fold_document_no(forms[0])


def test_a_unit_code_of_digits_is_no_persons_number() -> None:
    assert without_third_persons("代码114304000060000010") == "代码114304000060000010"
    assert without_third_persons("身份证43040019900101001X") == "身份证" + "*" * 18
