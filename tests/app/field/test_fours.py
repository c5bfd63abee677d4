"""Groups of four: nothing is lost, the rest stands last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.field.fours import in_fours


def test_a_code_is_cut_after_every_fourth_character() -> None:
    assert in_fours("0F9D9D888CB340221") == "0F9D 9D88 8CB3 4022 1"
    assert in_fours("04X64WA8", "-") == "04X6-4WA8"
    assert in_fours("") == ""


@given(st.text(alphabet="0123456789ABCDEF", max_size=80))
def test_nothing_is_lost(code: str) -> None:
    assert in_fours(code).replace(" ", "") == code
