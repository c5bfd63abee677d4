"""The purposes of an officer are listed from the vault, and a wrong one points to the list."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from app.assembly import Client
from app.cli import asking, running
from app.policy import Purpose
from app.services.room import Opened
from app.texts import LANGUAGES, Texts
from app.trouble import NotRight, NotYou, Refused, Trouble
from tests.app.cli.conftest import Run

LOAN = Purpose("B01", "贷前审查", "Before a loan", True, True, False, "须有合同", "a contract")


def stated(client: Client, *purposes: Purpose) -> Any:
    """As the verb does once the vault is open: the policy of the last sign-in, changed for the test."""

    def change(opened: Opened) -> None:
        assert opened.policy is not None
        opened.policy = msgspec.structs.replace(opened.policy, purposes=purposes)

    client.unlocking.room.run(change)
    return client.unlocking.policy()


def test_codes_and_words_are_listed_without_a_network(client: Client, run: Run) -> None:
    known = client.unlocking.policy().purposes
    assert known
    done = run(asking.purposes)
    assert [one["code"] for one in done.facts["purposes"]] == [one.code for one in known]
    for line, one in zip(done.lines, known, strict=True):
        assert line.startswith(f"{one.code}  {one.zh}")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_CN", "B01  贷前审查  须有合同  查自然人须授权书  查企业须授权书"),
        ("en", "B01  Before a loan  a contract  letter needed for a person  letter needed for an enterprise"),
    ],
)
def test_a_line_says_what_the_purpose_asks_for(client: Client, language: str, said: str) -> None:
    client.texts.language = language
    assert asking._stated(client, LOAN) == said
    inquiry = Purpose("G06", "依法调查", "Inquiry", False, False, True)
    assert asking._stated(client, inquiry).endswith(client.texts.say("cli.letter_official"))
    window = Purpose("S01", "本人查询", "Own", False, document_for_person=True)
    assert asking._stated(client, window).endswith(client.texts.say("cli.document_person"))
    assert asking._stated(client, Purpose("E01", "本单位查询", "Own", False)).count("  ") == 1


def test_an_inquiry_prints_the_letter_that_it_stands_on(client: Client) -> None:
    stated(client, Purpose("G06", "依法调查", "Inquiry", False, False, True), LOAN)
    assert asking._on_official_letter(client, "G06", "示例纪函〔2026〕1号") == (
        "依据本单位的公函 示例纪函〔2026〕1号",
    )
    assert asking._on_official_letter(client, LOAN.code, "L-1") == ()  # the control


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_purpose_names_the_verb_that_lists_them(
    client: Client, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = stated(client, LOAN)
    for code, kind in (("", NotRight), ("X99", Refused)):
        with pytest.raises(kind) as flaw:
            policy.purpose(code)
        assert "hengxin purposes" in advice(flaw.value, language, capsys)
    assert "hengxin purposes" not in advice(NotYou("vault.locked"), language, capsys)


def advice(flaw: Trouble, language: str, capsys: pytest.CaptureFixture[str]) -> str:
    running._tell(flaw, Texts(language), True)
    return str(json.loads(capsys.readouterr().out)["error"]["advice"])
