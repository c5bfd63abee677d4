"""A repair from an officer's command to the centre and back, over TLS with a real upload."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.flows.server import Cli, Server


def explainable(firm: Cli, query_no: str, records: list[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """A record for which an explanation may be handed in and nobody has, with how it stands."""
    stands = []
    for record in records:
        told = firm("repair", "standing", query_no, record["rec_id"], "--kind", "explanation")
        assert told.code == 0, told.out
        kind = next(one for one in told.json["kinds"] if one["code"] == "explanation")
        if kind["may"] and not told.json["open"]:
            return record["rec_id"], told.json
        stands.append((record["section"], told.json["standing"]))
    raise AssertionError(f"no record may be explained: {stands}")


@pytest.mark.nightly
def test_an_application_is_handed_in_handed_over_and_given_up(
    bank: Cli, server: Server, letter: Callable[..., Path], tmp_path: Path
) -> None:
    firm, paper, out = bank, tmp_path / "explanation.pdf", tmp_path / "list.txt"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(paper)
    rich = server.subject("rich")
    since = (date.today() - timedelta(days=3)).isoformat()
    leave = letter(rich, signed_on=since, valid_from=since)
    answer = firm.query(rich["code"], "--letter", leave, case="XF-1").json
    letter_no = answer["basis"]["ref"]
    rec_id, standing = explainable(firm, answer["query_no"], answer["records"])
    assert standing["keeper_words"]["zh"] and standing["rule"]["row"]
    listed = firm("repair", "standing", answer["query_no"], rec_id, "--kind", "explanation", "--out", out)
    assert listed.code == 0 and "[ ]" in out.read_text("utf-8-sig")
    words = ("repair", "file", answer["query_no"], rec_id, "--kind", "explanation")
    bare = firm(*words, "--paper", f"explanation={paper}")
    assert (bare.code, bare.error) == (3, "repair-letter"), bare.out
    firm("outbox", "dismiss", firm("outbox", "list").json["items"][0]["op_id"], "--yes")
    words = (*words, "--letter-no", letter_no)
    refused = firm(*words, "--paper", f"commitment={paper}")
    assert (refused.code, refused.error) == (2, "repair.papers"), refused.out
    assert firm("outbox", "list").json["items"] == []
    filed = firm(*words, "--paper", f"explanation={paper}", "--statement", "示例：已整改")
    assert filed.code == 0, filed.out
    number = filed.json["number"]
    again = firm(*words, "--paper", f"explanation={paper}")
    assert again.error == "repair-duplicate" and number in again.out
    firm("outbox", "dismiss", firm("outbox", "list").json["items"][0]["op_id"], "--yes")
    server.staff("repair", "hand", number, "--as", "centre1", "--to", "示例决定机关")
    assert firm("sync").code == 0
    shown = firm("repair", "show", number).json
    assert (shown["state"], shown["handed_to"]) == ("handed", "示例决定机关")
    gone = firm("repair", "withdraw", number, "--why", "示例：不再申请")
    assert gone.code == 0, gone.out
    assert firm("repair", "show", number).json["state"] == "withdrawn"
    assert {"repair", "export"} <= {row["kind"] for row in firm("ledger", "list").json["entries"]}
