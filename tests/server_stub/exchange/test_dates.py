"""Every spelling of a day that departments use; what can be read in two ways is refused."""

from __future__ import annotations

from datetime import date

import pytest

from server_stub.exchange.dates import LONG_TERM, DateRefused, read_day, read_end


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017-09-10", date(2017, 9, 10)),
        ("2017年4月24日", date(2017, 4, 24)),
        ("2017/4/7", date(2017, 4, 7)),
        ("20171024", date(2017, 10, 24)),
        ("42833", date(2017, 4, 8)),
        ("2016.12.5", date(2016, 12, 5)),
        ("2016-12-26 00:00:00", date(2016, 12, 26)),
        ("19/11/2016", date(2016, 11, 19)),
        ("二〇一七年6月4日", date(2017, 6, 4)),
        ("二○一七年十二月二十一日", date(2017, 12, 21)),
        ("2017年09月03号", date(2017, 9, 3)),
        ("2017-08-13T00:00:00+08:00", date(2017, 8, 13)),
        ("2017－9－5", date(2017, 9, 5)),
        ("1502928000000", date(2017, 8, 17)),
        (" 2017-02-08 ", date(2017, 2, 8)),
        ("2017 年 2 月 8 日", date(2017, 2, 8)),
        ("２０１７－０２－０８", date(2017, 2, 8)),
    ],
)
def test_days_are_read(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("06/11/17", "date-ambiguous"),
        ("06/11/2017", "date-ambiguous"),
        ("2016-11", "date-imprecise"),
        ("2016年11月", "date-imprecise"),
        ("201611", "date-imprecise"),
        ("1899-12-31", "date-early"),
        ("2017-02-30", "date-impossible"),
        ("2017-13-01", "date-impossible"),
        ("长期", "date-unreadable"),
        ("见附件", "date-unreadable"),
        ("7", "date-unreadable"),
        ("#REF!", "date-unreadable"),
    ],
)
def test_what_is_no_day_says_why(text: str, why: str) -> None:
    with pytest.raises(DateRefused) as refused:
        read_day(text)
    assert refused.value.why == why


@pytest.mark.parametrize("text", ["", "\\N", "NULL", "无", "—", "  "])
def test_nothing_is_nothing(text: str) -> None:
    assert read_day(text) is None
    assert read_end(text) is None


@pytest.mark.parametrize("text", ["长期", "2099-12-31", "2099-01-31", "2099-12-31 00:00;00", "永久"])
def test_no_end_is_long_term(text: str) -> None:
    assert read_end(text) == LONG_TERM
