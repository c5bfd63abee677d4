"""A text that passes can be signed, kept and sent; one that does not is told why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field.canonical import canonical
from app.field.limits import FILE_NAME, LONGEST, file_name, text_flaw

ANY = st.text(st.characters(), max_size=300)


@given(st.sampled_from(sorted(LONGEST)), ANY)
def test_what_passes_has_canonical_bytes_and_its_length(field: str, text: str) -> None:
    if text_flaw(field, text) == "":
        assert canonical({field: text})
        assert len(text) <= LONGEST[field]


@pytest.mark.parametrize("field", sorted(LONGEST))
def test_the_longest_text_passes_and_one_more_does_not(field: str) -> None:
    assert text_flaw(field, "字" * LONGEST[field]) == ""
    assert text_flaw(field, "𠮷" * LONGEST[field]) == ""  # characters, not code units
    assert text_flaw(field, "字" * (LONGEST[field] + 1)) == "length"


@pytest.mark.parametrize("sign", ["\x00", "\x1f", "\x7f", "\ud800", "\udcff"])
def test_what_neither_signature_nor_database_takes(sign: str) -> None:
    assert text_flaw("case_no", f"L-1{sign}") == "characters"
    assert text_flaw("statement", f"一\n二{sign}") == "characters"


def test_lines_belong_to_long_texts_only() -> None:
    assert text_flaw("statement", "一\r\n\t二") == ""
    assert text_flaw("case_no", "一\n二") == "characters"


@pytest.mark.parametrize("field", ["receiver", "void_why"])
def test_no_number_of_a_person_stands_in_a_register(field: str) -> None:
    for number in ("110105 19491231 0001", "11010519491231000X", "１１０１０５194912310001", "138 0013 8000"):
        assert text_flaw(field, f"示例代理人 {number}") == "person-number", number
    assert text_flaw(field, "示例律师事务所（2026）第 12 号") == ""
    assert text_flaw("case_no", "110105194912310001") == "", "control: other fields are not looked at"


@given(ANY)
def test_a_file_name_always_travels(name: str) -> None:
    assert len(file_name(name)) <= FILE_NAME
    assert canonical(file_name(name))
