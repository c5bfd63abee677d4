"""What an enrolment file may say, and what two people compare."""

from __future__ import annotations

import msgspec
import pytest

from app.field.enrolment import Enrolment, compared, enrolment_flaw, same_authority

MARK = "0f9d9d888cb34022" * 4
GOOD = Enrolment(
    made_at="2026-11-22T01:00:00.000Z", url="https://credit.example:8443", ca_pem="-----BEGIN\nEND-----\n",
    city="示例市", specimen=True, organisation="91430400MA00000B2X", organisation_name="示例银行（示例）",
    log_public_b64="a" * 44, answers_public_b64="b" * 44,
)  # fmt: skip


def test_a_good_one_has_no_flaw_with_or_without_an_account() -> None:
    assert enrolment_flaw(GOOD) == ""
    assert enrolment_flaw(msgspec.structs.replace(GOOD, user="bank1")) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("url", "http://credit.example"), ("url", "https://credit.example/path"), ("url", "https://a@b"),
        ("url", "https://" + "a" * 300), ("organisation_name", ""), ("organisation_name", "示例\u202e行银"),
        ("organisation_name", "示例\n银行"), ("user", "x" * 65), ("user", " bank1"), ("city", "示例\u200b市"),
        ("ca_pem", "x" * 9000), ("ca_pem", "a\u0000b"), ("log_public_b64", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_as_it_is_has_a_flaw(name: str, text: str) -> None:
    assert enrolment_flaw(msgspec.structs.replace(GOOD, **{name: text})) == name


def test_eight_groups_of_the_digest_are_compared() -> None:
    assert compared(MARK) == "0F9D 9D88 8CB3 4022 0F9D 9D88 8CB3 4022"
    with pytest.raises(ValueError, match="SHA-256"):
        compared(MARK[:-1])


@pytest.mark.parametrize(
    "typed", [compared(MARK), compared(MARK).lower().replace(" ", ":"), MARK, MARK.upper()]
)
def test_groups_or_the_whole_digest_are_the_same_authority(typed: str) -> None:
    assert same_authority(typed, MARK)


@pytest.mark.parametrize(
    "typed", ["", " ", "0F9D", compared(MARK)[:-1], compared(MARK)[:-1] + "3", MARK[:40]]
)
def test_control_less_or_another_is_not(typed: str) -> None:
    assert not same_authority(typed, MARK)
