"""Canonical bytes: the rules of RFC 8785 that our values touch, and refusals for what has no single text."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field import canonical as room
from app.field.canonical import canonical, canonical_sha256, canonical_struct
from app.field.evidence import LeafEntry

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_known_bytes() -> None:
    value = {"b": [1, True, None], "a": '衡阳\n\u0001"\\/', "": -0}
    assert canonical(value).decode() == '{"":0,"a":"衡阳\\n\\u0001\\"\\\\/","b":[1,true,null]}'
    assert canonical_sha256({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_keys_sort_by_utf16_units() -> None:
    # U+1F600 begins with the unit D83D and therefore stands before U+FB33, although its code point is larger.
    order = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    text = canonical(dict.fromkeys(order, 0)).decode()
    assert list(json.loads(text)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("value", [1.0, 2**53, -(2**53), {1: 2}, "\ud800", {"\udfff": 1}, {1, 2}, b"x"])
def test_values_without_a_single_text_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical({"v": value} if not isinstance(value, dict) else value)


@given(VALUES)
def test_a_round_trip_is_stable(value: object) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)
    assert b"\n" not in canonical(value)


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=6)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_the_librarys_writer_is_taken_only_where_it_gives_the_same(value: object) -> None:
    own = room._text(value)
    assert canonical(value) == own.encode()
    if room._plain(value):
        assert room._PLAIN(value) == own


@pytest.mark.parametrize(
    "value", [{"\U0001f600": 1, "\uffff": 2}, {1: 2}, [1.0], 2**53, {"a": {"b": {1}}}], ids=repr
)
def test_control_what_it_would_write_otherwise_goes_the_own_way(value: object) -> None:
    assert not room._plain(value)


@given(_TEXTS, _TEXTS, st.integers(0, 2**53 - 1))
def test_a_struct_has_the_same_bytes_as_its_values(text: str, other: str, number: int) -> None:
    entry = LeafEntry(1, "server", text, "", other, '\x00\x1f\x7f\u2028"\\/', subject_seq=number)
    told = {"blind": text, "entry": entry}
    assert canonical_struct(told) == canonical({"blind": text, "entry": msgspec.to_builtins(entry)})


def test_a_struct_with_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical_struct(LeafEntry(1, "server", "\ud800", "", "", ""))
