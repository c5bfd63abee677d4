"""A reason stays in the log for good: there is one, it is short, and it names nobody by a number."""

from __future__ import annotations

import pytest

from server_stub.reasons import LONGEST_REASON, reason_of

NUMBERS = (
    "原登记身份证 110105194912310020 有误",
    "母亲电话 13800138000",
    "１１０１０５１９４９１２３１００２０",
    "110105 19491231 0020",
)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_of_a_person_is_no_part_of_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        reason_of(text, "a correction")


def test_a_reason_is_there_and_short() -> None:
    assert (
        reason_of(" 依据法院文书（2026）示0104号 ", "a correction") == "依据法院文书（2026）示0104号"
    )  # the control
    for text in ("", "  ", "长" * (LONGEST_REASON + 1)):
        with pytest.raises(ValueError, match="--why"):
            reason_of(text, "a correction")
