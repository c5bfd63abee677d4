"""A man in the middle who loses, repeats and alters answers: every intent counts once, no lie is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server

Proxied = tuple[Cli, Proxy]


def test_an_answer_lost_on_the_way_is_fetched_again_and_counted_once(
    proxied: Proxied, server: Server
) -> None:
    cli, proxy = proxied
    code = server.subject("rich")["code"]
    proxy.lose = 1
    lost = cli.query(code)
    assert lost.code == 4, lost.out
    assert "待" in lost.json["error"]["text"] or "未知" in lost.json["error"]["text"]
    rows = cli("outbox", "list").json["items"]
    assert [(row["kind"], row["state"]) for row in rows] == [("query", "unknown")]
    assert cli("cached", "list").json["copies"] == []
    report = cli("sync").json
    assert (report["sent"], report["unknown"]) == (1, 0)
    copies = cli("cached", "list").json["copies"]
    assert len(copies) == 1
    assert cli("outbox", "list").json["items"] == []
    entries = [row for row in cli("ledger", "list").json["entries"] if row["kind"] == "query"]
    assert [row["state"] for row in entries] == ["receipted"]


def test_asking_again_after_a_lost_answer_is_the_same_question(proxied: Proxied, server: Server) -> None:
    cli, proxy = proxied
    code = server.subject("rich")["code"]
    proxy.lose = 1
    assert cli.query(code).code == 4
    again = cli.query(code)
    assert again.code == 0
    assert again.json["replayed"]
    entries = [row for row in cli("ledger", "list").json["entries"] if row["kind"] == "query"]
    assert len(entries) == 1


def test_a_lost_answer_with_a_withdrawn_record_is_not_shown_later(proxied: Proxied, server: Server) -> None:
    cli, proxy = proxied
    code = server.subject("heavy")["code"]
    record = next(row["rec_id"] for row in cli.query(code).json["records"] if row["section"] == "licence")
    proxy.lose = 1
    assert cli.query(code, case="L-77").code == 4
    server.staff("record", "annul", record, "--by", "centre1", "--reason", "示例更正")
    said = cli.query(code, case="L-77")
    assert (said.code, said.error) == (3, "answer-withdrawn"), said.out
    assert "已登记" in said.json["error"]["text"]
    assert "重新查询" in said.json["error"]["advice"]
    (row,) = cli("outbox", "list").json["items"]
    assert (row["state"], row["why"]) == ("refused", "answer-withdrawn")
    assert cli("sync").code == 0
    assert cli("cached", "list").json["copies"] == []
    entries = [row for row in cli("ledger", "list").json["entries"] if row["kind"] == "query"]
    assert [(row["state"], row["outcome"]) for row in entries] == [("receipted", "done")] * 2
    again = cli.query(code, case="L-77")
    assert again.code == 0, again.out
    assert record not in {row["rec_id"] for row in again.json["records"]}


def test_a_younger_question_waits_for_the_older_one(proxied: Proxied, server: Server) -> None:
    cli, proxy = proxied
    proxy.lose = 1
    assert cli.query(server.subject("rich")["code"]).code == 4
    said = cli.query(server.subject("heavy")["code"])
    assert said.code == 0, said.out
    assert not said.json["replayed"]
    assert len(cli("cached", "list").json["copies"]) == 2
    assert cli("ledger", "verify").json == {
        "ok": True, "length": 2, "receipted": 2, "broken_at": 0, "detail": "",
    }  # fmt: skip


def test_a_request_that_arrives_twice_has_one_effect(proxied: Proxied, server: Server) -> None:
    cli, proxy = proxied
    proxy.twice = True
    said = cli.query(server.subject("rich")["code"])
    proxy.twice = False
    assert said.code == 5, said.out  # the proof of the second copy is refused, and that is what comes back
    assert said.error == "proof-replayed"
    assert cli("sync").json["sent"] == 1
    assert len(cli("cached", "list").json["copies"]) == 1


def flip(text: str) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[len(raw) // 2] ^= 1
    return base64.b64encode(raw).decode()


def other_records(answer: dict[str, Any]) -> None:
    bundle = json.loads(base64.b64decode(answer["answer"]["payload_b64"]))
    bundle["records"] = []
    answer["answer"]["payload_b64"] = base64.b64encode(json.dumps(bundle).encode()).decode()


def other_signature(answer: dict[str, Any]) -> None:
    answer["answer"]["sig_b64"] = flip(answer["answer"]["sig_b64"])


def no_receipts(answer: dict[str, Any]) -> None:
    answer["receipts"] = []


def other_blind(answer: dict[str, Any]) -> None:
    answer["receipts"][-1]["blind"] = "0" * 64


def other_entry(answer: dict[str, Any]) -> None:
    answer["receipts"][-1]["entry"]["purpose"] = "B02"


def other_checkpoint(answer: dict[str, Any]) -> None:
    lines = answer["receipts"][-1]["checkpoint"].split("\n")
    lines[1] = str(int(lines[1]) + 1)
    answer["receipts"][-1]["checkpoint"] = "\n".join(lines)


def other_path(answer: dict[str, Any]) -> None:
    answer["receipts"][-1]["inclusion"] = ["0" * 64 for _ in answer["receipts"][-1]["inclusion"]]


def other_number(answer: dict[str, Any]) -> None:
    answer["query_no"] = "CX-20260105-999999"


def missing_answer(answer: dict[str, Any]) -> None:
    del answer["answer"]


@pytest.mark.parametrize(
    "alter",
    [
        other_records, other_signature, no_receipts, other_blind, other_entry, other_checkpoint, other_path,
        other_number, missing_answer,
    ],
)  # fmt: skip
def test_an_altered_answer_is_neither_shown_nor_kept(
    proxied_once: Proxied, server: Server, alter: Callable[[dict[str, Any]], None]
) -> None:
    cli, proxy = proxied_once
    subject = server.subject("rich")
    kept = len(cli("cached", "list").json["copies"])
    proxy.alter = alter
    said = cli.query(subject["code"], case=alter.__name__)
    assert said.code == 5, said.out
    assert subject["name"] not in said.out
    assert len(cli("cached", "list").json["copies"]) == kept
    proxy.alter = None
    honest = cli.query(subject["code"], case=alter.__name__)  # control: the same question, honestly carried
    assert honest.code == 0, honest.out
    assert len(cli("cached", "list").json["copies"]) == kept + 1


def test_a_revoked_device_loses_its_keys_at_the_next_contact(server: Server, tmp_path: Path) -> None:
    cli = Cli(tmp_path / "lost", server, "hall2")
    device = cli.sign_in().json["device_id"]
    asked = cli.query(server.subject("rich")["code"], purpose="G01")
    assert asked.code == 0
    server.staff("device", "revoke", device)
    said = cli("sync")
    assert (said.code, said.error) == (3, "device-revoked")
    assert not list((tmp_path / "lost").rglob("cache.db"))
    after = cli("cached", "list")
    assert after.code in (3, 6)
    assert server.subject("rich")["name"] not in after.out
