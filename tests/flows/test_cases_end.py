"""What the centre decides or receives reaches the copies and papers of all holders in one synchronisation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.filing import object_to_one
from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server

PAPER = "示例修复决定〔2026〕1号"


@pytest.fixture
def clerk(proxied: tuple[Cli, Proxy]) -> Cli:
    """A device of its own: nothing that other stories withdrew is on it."""
    return proxied[0]


def printed(clerk: Cli, query_no: str, out: Path) -> Path:
    issued = clerk("report", query_no, "--out", out, "--seal", "--for", "subject")
    assert issued.code == 0, issued.out
    assert clerk("verify", out).json["state"] == "current"
    return out


def gone(clerk: Cli, query_no: str, paper: Path) -> None:
    """One synchronisation, and neither copy nor paper is of use."""
    assert clerk("sync").json["removed_copies"] == 1
    shown = clerk("cached", "show", query_no)
    assert (shown.code, shown.error) == (3, "offline.withdrawn")
    told = clerk("verify", paper)
    assert (told.json["genuine"], told.json["state"]) == (True, "superseded")


def act(server: Server, *words: str) -> Any:
    return json.loads(server.staff(*words, "--as", "centre1"))


@pytest.mark.timeout(300)  # many commands, each its own process
def test_an_objection_that_is_upheld_reaches_every_holder(
    officers: Callable[[str], Cli], clerk: Cli, server: Server, tmp_path: Path
) -> None:
    firm, code = officers("firm1"), server.subject("certified")["code"]
    own = firm.query(code, purpose="B06", case="ZX-60").json
    filed = object_to_one(firm, own)
    record, number = filed["rec_id"], filed["number"]
    assert act(server, "objection", "accept", number)["state"] == "accepted"
    held = clerk.query(code, case="L-60").json
    section = next(one["section"] for one in held["records"] if one["rec_id"] == record)
    field = {
        "licence": "XK_NR",
        "penalty": "CF_SY",
        "serious": "SX_QX",
        "honour": "RY_DJ",
        "commitment": "CN_NR",
    }[section]
    paper = printed(clerk, held["query_no"], tmp_path / "r.pdf")

    for words in (
        ("forward", number, "--to", "示例市监局"),
        ("answer", number, "--answer", "录入有误（示例）"),
        (
            "conclude",
            number,
            "--outcome",
            "supplemented",
            "--set",
            f"{field}=已更正（示例）",
            "--answer",
            "成立（示例）",
        ),
    ):
        done = act(server, "objection", *words)
    assert (done["state"], done["outcome"]) == ("supplemented", "supplemented")
    gone(clerk, held["query_no"], paper)

    assert firm("sync").code == 0
    seen = firm("objection", "show", number)
    assert (seen.json["state"], seen.json["state_text"]) == ("supplemented", "成立，记录已补充")
    again = clerk.query(code, case="L-61").json
    (now,) = [one for one in again["records"] if one["rec_id"] == record]
    assert now["objection"] is None
    assert act(server, "objection", "close", number, "--agreed")["state"] == "closed"
    listed = json.loads(server.staff("objection", "list", "--as", "centre1"))["objections"]
    assert number not in {one["number"] for one in listed}


@pytest.mark.timeout(300)
def test_a_repair_that_is_granted_is_gone_everywhere(clerk: Cli, server: Server, tmp_path: Path) -> None:
    code = server.subject("rich")["code"]
    held = clerk.query(code, case="L-62").json
    today = json.loads(server.staff("repair", "list", "--as", "centre1"))["on"]
    may = (
        one for one in held["records"]
        if one["section"] == "penalty" and one["repair"] and "" < one["repair"]["earliest"] <= today
    )  # fmt: skip
    record = next(may)["rec_id"]
    paper = printed(clerk, held["query_no"], tmp_path / "r.pdf")
    words = ("--kind", "performance", "--statement", "窗口材料（示例）")
    taken = json.loads(server.staff("repair", "take-in", record, *words, "--as", "centre2"))
    number = taken["number"]
    assert act(server, "repair", "hand", number, "--to", "示例市监局")["state"] == "handed"
    assert act(server, "repair", "accept", number)["state"] == "accepted"
    assert clerk("sync").json["removed_copies"] == 0  # control: an application changes no record
    granted = act(server, "repair", "grant", number, "--paper", PAPER)
    assert (granted["state"], granted["result_no"]) == ("granted", PAPER)
    gone(clerk, held["query_no"], paper)

    again = clerk.query(code, case="L-63").json
    assert record not in {one["rec_id"] for one in again["records"]}
    counts = {one["section"]: one["active"] for one in again["counters"]}
    before = {one["section"]: one["active"] for one in held["counters"]}
    assert counts["penalty"] == before["penalty"] - 1
    assert act(server, "repair", "sync", number)["state"] == "synced"


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_what_was_asked_for_what_came_later_and_the_recheck_go_from_the_computer(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    firm = officers("firm1")
    own = firm.query(server.subject("certified")["code"], purpose="B06", case="ZX-63").json
    number = object_to_one(firm, own)["number"]
    act(server, "objection", "return", number, "--what", "缺决定书（示例）")
    assert firm("sync").code == 0
    scan = tmp_path / "决定书.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    words = ("--statement", "见附件（示例）", "--attach", scan)
    assert firm("objection", "recheck", number, *words).error == "objection.no-step"
    assert firm("objection", "supplement", number, *words).json["act"] == "supplement"
    act(server, "objection", "accept", number)
    firm("sync")
    assert (
        firm("objection", "supplement", number, "--statement", "又一份（示例）").error == "objection.no-file"
    )
    assert firm("objection", "supplement", number, *words).json["act"] == "add"
    act(server, "objection", "conclude", number, "--outcome", "kept", "--answer", "一致（示例）")
    firm("sync")
    assert firm("objection", "show", number).json["turn"] == "recheck"
    assert firm("objection", "recheck", number, "--statement", "另有收据（示例）").json["state"] == "sent"
    shown = firm("objection", "show", number).json
    assert [one["state"] for one in shown["history"]] == [
        "filed", "returned", "filed", "accepted", "accepted", "kept", "rechecking",
    ]  # fmt: skip
    kept = json.loads(server.staff("objection", "show", number, "--as", "centre1"))
    assert len(kept["evidence"]) == 2
    assert firm("ledger", "verify").code == 0
