"""Queries, as an officer makes them: of an enterprise, of a person, of a name that several bear."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.field.identifiers import id_card_check
from tests.app.report.tools import text_of
from tests.flows.server import Cli, Server

Letters = Callable[..., Path]
BODY = "43040519900101000"  # serial number 000: no real person has it
TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()


def recent(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def test_an_enterprise_is_answered_logged_and_kept(bank: Cli, server: Server) -> None:
    code = server.subject("rich")["code"]
    said = bank.query(code)
    assert said.code == 0, said.out
    answer = said.json
    assert answer["source"] == "server"
    assert answer["subject"]["code"] == code
    assert answer["receipt"]["tree_size"] > answer["receipt"]["leaf_index"] >= 0
    assert {counter["section"] for counter in answer["counters"]} >= {"penalty", "licence", "serious"}
    assert answer["cached"]
    entries = bank("ledger", "list").json["entries"]
    mine = next(row for row in entries if row["query_no"] == answer["query_no"])
    assert (mine["kind"], mine["purpose"], mine["state"]) == ("query", "B01", "receipted")
    assert bank("ledger", "verify").json["ok"]


def test_an_amount_in_doubt_is_said_to_be_in_doubt(bank: Cli, server: Server) -> None:
    """The sample has one fine whose yuan stand in a field of 10,000 yuan."""
    said = bank.query(server.subject("rich")["code"], json_=False)
    (line,) = [line for line in said.out.splitlines() if "存疑" in line]
    assert "以处罚内容为准" in line
    records = bank.query(server.subject("rich")["code"]).json["records"]
    (doubtful,) = [one for one in records if one["amount_doubt"]]
    assert (doubtful["amount_doubt"], doubtful["amount_fen"]) == ("unit", None)
    assert "2,000,000,000" not in said.out


def test_a_code_with_one_wrong_character_never_leaves(bank: Cli, server: Server) -> None:
    code = server.subject("rich")["code"]
    before = len(bank("ledger", "list").json["entries"])
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    said = bank.query(wrong)
    assert (said.code, said.error) == (2, "number-invalid")
    assert len(bank("ledger", "list").json["entries"]) == before


def test_purpose_and_case_are_needed(bank: Cli, server: Server) -> None:
    code = server.subject("rich")["code"]
    assert bank.query(code, purpose="").error == "query.purpose"
    assert bank.query(code, case=" ").error == "case-needed"
    said = bank.query(code, purpose="G01")
    assert (said.code, said.error) == (3, "purpose-not-allowed")
    assert "hengxin purposes" in said.json["error"]["advice"]
    listed = [one["code"] for one in bank("purposes").json["purposes"]]
    assert "B01" in listed and "G01" not in listed


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--case", "字" * 121), "text-too-long"),
        (("--case", "L-1\udcff"), "text-unfit"),
        (("--case", "L\x1b-1"), "text-unfit"),
        (("--case", "\u200b"), "case-needed"),
    ],
)
def test_a_case_number_that_does_not_fit_never_leaves(
    bank: Cli, server: Server, words: tuple[str, ...], code: str
) -> None:
    before = len(bank("ledger", "list").json["entries"])
    said = bank("query", server.subject("rich")["code"], "--purpose", "B01", *words)
    assert (said.code, said.error) == (2, code), said.out
    if code == "text-too-long":
        assert said.json["error"]["text"] == "「业务编号」太长，至多 120 个字符。"
    assert len(bank("ledger", "list").json["entries"]) == before


def test_a_name_that_is_too_long_never_leaves(bank: Cli, server: Server, letter: Letters) -> None:
    before = len(bank("ledger", "list").json["entries"])
    assert bank.query("字" * 201).error == "text-too-long"
    person = {**server.subject("person"), "name": "字" * 201}
    for said in (bank.person(person), bank.person(server.subject("person"), "--letter", letter(person))):
        assert (said.code, said.error) == (2, "text-too-long"), said.out
    assert len(bank("ledger", "list").json["entries"]) == before
    longest = bank.query(server.subject("rich")["code"], case="字" * 120)  # control
    assert longest.code == 0, longest.out


def test_a_report_of_a_number_that_is_none_never_leaves(bank: Cli, tmp_path: Path) -> None:
    """An entry that the server could not take would stop the chain for good."""
    before = len(bank("ledger", "list").json["entries"])
    said = bank("report", "CX-" + "9" * 20_000, "--out", tmp_path / "r.pdf", "--seal", "--for", "subject")
    assert (said.code, said.error) == (2, "text-too-long")
    assert len(bank("ledger", "list").json["entries"]) == before


def test_an_ambiguous_name_shows_register_identity_only(bank: Cli, server: Server) -> None:
    name = server.subject("ambiguous")["name"][:4]
    before = len(bank("ledger", "list").json["entries"])
    said = bank.query(name)
    assert said.code == 2
    assert said.error == "query.ambiguous"
    assert len(said.json["candidates"]) > 1
    shown = set().union(*(set(one) for one in said.json["candidates"]))
    assert shown <= {
        "subject_key", "kind", "name", "code", "state", "founded", "representative", "district", "match",
        "matched_name",
    }  # fmt: skip
    assert len(bank("ledger", "list").json["entries"]) == before


def test_exactly_one_exact_name_goes_on(bank: Cli, server: Server) -> None:
    subject = server.subject("rich")
    said = bank.query(subject["name"])
    assert said.code == 0, said.out
    assert said.json["subject"]["code"] == subject["code"]


def test_a_person_without_a_letter_is_refused(bank: Cli, server: Server) -> None:
    said = bank.person(server.subject("person"))
    assert (said.code, said.error) == (3, "letter-needed")


def test_at_the_centres_window_the_document_shown_stands_in_the_ground_and_on_the_statement(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    centre, person = officers("centre1"), server.subject("person")
    said = centre.person(person, purpose="S01", case="窗-1")
    assert (said.code, said.error) == (2, "document-needed")
    assert "--document-seen" in said.json["error"]["advice"]
    said = centre.person(person, "--document-seen", purpose="S01", case="窗-1")
    masked = f"{person['number'][:6]}********{person['number'][-4:]}"
    assert (said.code, said.json["basis"]["type"]) == (0, "own"), said.out
    assert said.json["basis"]["ref"] == f"resident_id {masked}"
    out = tmp_path / "looked.pdf"
    words = ("--kind", "looks", "--seal", "--for", "subject", "--out", out)
    assert centre("report", said.json["query_no"], *words).code == 0
    text = "".join(text_of(out.read_bytes(), tmp_path).split())
    assert f"已核对居民身份证{masked}" in text
    assert text.count("已核对居民身份证") >= 2  # the ground of the paper, and the look among the looks


def test_a_person_with_a_letter_is_answered_masked(bank: Cli, server: Server, letter: Letters) -> None:
    person = server.subject("person")
    said = bank.person(person, "--letter", letter(person, signed_on=recent(3), valid_from=recent(3)))
    assert said.code == 0, said.out
    assert said.json["basis"]["type"] == "letter"
    assert "*" in said.json["subject"]["code"]
    assert person["number"] not in said.out


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"purposes": ["B02"]}, "letter-scope"),
        ({"valid_to": recent(1)}, "letter-expired"),
        ({"valid_from": "2099-01-01"}, "letter-not-yet"),
        ({"institution": "示例银行别处分行"}, "letter-mismatch"),
        ({"authoriser_name": "测试别人"}, "letter-mismatch"),
        ({"purposes": []}, "letter.card-broken"),
        ({"signed_on": "昨天"}, "letter.card-broken"),
    ],
)
def test_a_letter_that_does_not_fit_stops_the_query(
    bank: Cli, server: Server, letter: Letters, changes: dict[str, Any], code: str
) -> None:
    person = server.subject("person")
    facts = {"signed_on": recent(3), "valid_from": recent(3)} | changes
    said = bank.person(person, "--letter", letter(person, **facts))
    assert (said.code, said.error) == (2, code)


def test_a_mistyped_card_is_mended_and_the_same_scan_works(
    bank: Cli, server: Server, letter: Letters
) -> None:
    person = server.subject("person")
    dated = {"signed_on": recent(3), "valid_from": recent(3)}
    scan = letter(person, **dated, authoriser_name="测试别人", institution="示例银行别处分行")
    beside = scan.with_name(scan.name + ".json")
    right = json.loads(beside.read_text("utf-8"))
    for wrong in ({}, {"institution": "示例银行衡阳分行"}):
        right |= wrong
        beside.write_text(json.dumps(right), "utf-8")
        assert bank.person(person, "--letter", scan).error == "letter-mismatch"
    beside.write_text(json.dumps(right | {"authoriser_name": person["name"]}), "utf-8")
    said = bank.person(person, "--letter", scan)
    assert said.code == 0, said.out


def test_a_single_letter_says_for_which_case_it_was_used(bank: Cli, server: Server, letter: Letters) -> None:
    person = server.subject("person")
    once = letter(person, kind="single", signed_on=recent(2), valid_from=recent(2))
    assert bank.person(person, "--letter", once, case="L-60").code == 0
    said = bank.person(person, "--letter", once, case="L-61")
    assert (said.code, said.error) == (2, "letter-used")
    assert TODAY.isoformat() in said.json["error"]["text"]
    assert "「L-60」" in said.json["error"]["text"]
    assert "新的授权书" in said.json["error"]["advice"]
    english = bank.person(person, "--letter", once, "--language", "en", case="L-61")
    assert 'for case "L-60"' in english.json["error"]["text"]
    assert bank.person(person, "--letter", once, case="L-60").code == 0


def test_a_scan_without_its_card_says_what_the_card_holds(bank: Cli, server: Server, letter: Letters) -> None:
    person = server.subject("person")
    scan = letter(person)
    scan.with_name(scan.name + ".json").unlink()
    said = bank.person(person, "--letter", scan)
    assert (said.code, said.error) == (2, "letter.card-missing")
    assert "被授权机构" in said.json["error"]["text"]


def test_a_minor_looks_like_nobody(bank: Cli, server: Server, letter: Letters) -> None:
    minor = server.subject("minor")
    nobody = {"name": "测试查无", "id_type": "resident_id", "number": f"{BODY}{id_card_check(BODY)}"}
    answers = []
    for person in (minor, nobody):
        made = letter(person, signed_on=recent(3), valid_from=recent(3))
        said = bank.person(person, "--letter", made)
        assert said.code == 0, said.out
        answers.append(said.json)
    assert all(one["lease"]["max_offline_s"] == 0 for one in answers)
    alike = {"query_no", "as_of", "made_at", "basis", "lease", "receipt"}
    first, second = ({k: v for k, v in one.items() if k not in alike} for one in answers)
    assert first == second
    assert first["no_information"] is True
    assert first["subject"] is None
    assert not first["cached"]
    assert not any(first[part] for part in ("counters", "standing", "records"))


def test_an_identity_number_on_the_command_line_is_refused(bank: Cli, server: Server) -> None:
    said = bank.query(server.subject("person")["number"])
    assert (said.code, said.error) == (2, "subject.person-file")


def test_a_repeated_question_of_ten_minutes_opens_the_copy_when_asked_to(bank: Cli, server: Server) -> None:
    code = server.subject("certified")["code"]
    first = bank.query(code, case="L-7").json
    again = bank.query(code, "--recent", case="L-7").json
    assert (again["query_no"], again["source"]) == (first["query_no"], "cache")
    other = bank.query(code, "--recent", case="L-8").json
    assert other["query_no"] != first["query_no"]


def test_a_human_reads_chinese_and_may_ask_for_english(bank: Cli, server: Server) -> None:
    code = server.subject("rich")["code"]
    said = bank.query(code, json_=False)
    assert said.code == 0
    assert "登记凭证已核对" in said.out
    english = bank("cached", "list", "--language", "en", json_=False)
    assert "as of" in english.out
