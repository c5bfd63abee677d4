"""Issued reports are found again: with their file, without it, with and without a server."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.flows.filing import object_to_one
from tests.flows.server import Cli, Server


@pytest.fixture
def back(server: Server) -> Iterator[None]:
    yield
    if not server.is_up:
        server.start()


def listed(cli: Cli, number: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in cli("reports", "list").json["reports"] if one["number"] == number
    )
    return found


def entries(cli: Cli, number: str) -> list[tuple[str, str, str]]:
    rows = cli("ledger", "list", "--limit", "200").json["entries"]
    return [(one["kind"], one["subject"], one["copy"]) for one in rows if one["report_no"] == number]


def printed(path: Path) -> str:
    """The words of all pages, as anybody could read them from the paper."""
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


@pytest.mark.timeout(300)  # a server is stopped and started between many commands
def test_a_report_is_listed_offline_and_leaves_only_with_the_platform(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path, back: None
) -> None:
    """An objection marks a record of it: nothing is withdrawn, and the paper is no longer the latest."""
    firm, subject = officers("firm1"), server.subject("certified")
    asked = firm.query(subject["code"], purpose="B06", case="ZX-30").json
    out, again = tmp_path / "r.pdf", tmp_path / "again.pdf"
    issued = firm("report", asked["query_no"], "--out", out, "--seal", "--for", "subject")
    assert issued.code == 0, issued.out
    number = issued.json["number"]
    row = listed(firm, number)
    assert (row["state"], row["file"], row["query_no"]) == ("current", "here", asked["query_no"])
    assert row["subject"] == subject["name"]
    assert row["issued_at"] == issued.json["issued_at"]
    assert row["valid_until"] == issued.json["valid_until"]

    filed = object_to_one(firm, asked)
    server.staff("objection", "accept", str(filed["number"]), "--by", "centre1")
    assert firm("sync").code == 0
    assert (listed(firm, number)["state"], listed(firm, number)["file"]) == ("superseded", "here")

    server.stop()
    before = len(entries(firm, number))
    kept_in = firm("reports", "save", number, "--out", again)
    assert (kept_in.code, kept_in.error) == (3, "offline.print-off"), kept_in.out
    assert "不打印、不另存" in kept_in.json["error"]["text"] and not again.exists()
    assert (listed(firm, number)["file"], len(entries(firm, number))) == ("here", before)
    server.start()
    saved = firm("reports", "save", number, "--out", again)
    assert (saved.code, saved.json["state"]) == (3, "superseded"), saved.out
    assert again.read_bytes() == out.read_bytes()
    assert firm("ledger", "verify").json["ok"]
    rows = entries(firm, number)
    assert len(rows) == before + 2
    assert rows[:2] == [("save", subject["name"], "here"), ("open_cached", subject["name"], "here")]
    assert firm("sync").code == 0
    assert all(one["state"] == "receipted" for one in firm("ledger", "list").json["entries"])


def test_a_file_goes_with_the_correction_and_the_report_stays_in_the_list(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    clerk, subject = officers("bank1"), server.subject("former-name")
    asked = clerk.query(subject["code"], case="L-31").json
    issued = clerk(
        "report", asked["query_no"], "--out", tmp_path / "r.pdf", "--seal", "--for", "subject"
    ).json
    record = asked["records"][0]["rec_id"]
    server.staff("record", "annul", record, "--by", "centre1", "--reason", "示例更正")
    assert clerk("sync").json["removed_copies"] >= 1
    row = listed(clerk, issued["number"])
    assert (row["state"], row["file"], row["subject"]) == ("superseded", "gone", subject["name"])
    assert row["valid_until"] == issued["valid_until"]
    assert record not in json.dumps(clerk("reports", "list").json)
    judged = clerk("verify", tmp_path / "r.pdf")
    assert (judged.code, judged.json["state"]) == (3, "superseded")
    gone = clerk("reports", "save", issued["number"], "--out", tmp_path / "x.pdf")
    assert (gone.code, gone.error) == (3, "report.erased")
    assert not (tmp_path / "x.pdf").exists()
    assert entries(clerk, issued["number"]) == [
        ("save", subject["name"], "gone"), ("issue", subject["name"], "gone"),
    ]  # fmt: skip
    assert "本机已无副本" in clerk("ledger", "list", json_=False).out


def test_each_digest_has_its_name_and_only_one_is_on_the_paper(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    clerk, out = officers("bank1"), tmp_path / "r.pdf"
    asked = clerk.query(server.subject("heavy")["code"], case="L-32").json
    issued = clerk("report", asked["query_no"], "--out", out, "--seal", "--for", "subject").json
    said = clerk("verify", out).json
    document, file = said["document_sha256"], said["pdf_sha256"]
    assert (issued["document_sha256"], issued["pdf_sha256"]) == (document, file)
    assert file == hashlib.sha256(out.read_bytes()).hexdigest()
    words = printed(out)
    cover = re.search(r"内容摘要\s+((?:[0-9A-F]{4} ){3}[0-9A-F]{4})", words)
    assert cover is not None and document.upper().startswith(cover.group(1).replace(" ", ""))
    bare = re.sub(r"\s", "", words).lower()
    assert document in bare and file[:16] not in bare
    lines = clerk("verify", out, json_=False).out.splitlines()
    assert any("内容摘要" in line and line.endswith(document) for line in lines)
    assert any("文件摘要" in line and line.endswith(file) for line in lines)
    assert (
        clerk("reports", "save", issued["number"], "--out", tmp_path / "again.pdf").json["document_sha256"]
        == document
    )


def test_a_report_of_nobody_is_none(officers: Callable[[str], Cli], tmp_path: Path) -> None:
    said = officers("bank1")("reports", "save", "HYXYE0", "--out", tmp_path / "x.pdf")
    assert (said.code, said.error) == (3, "report.none")


@pytest.mark.timeout(300)  # a server is stopped and started between many commands
def test_a_paper_names_its_receiver_and_is_void_from_the_word_of_its_unit_on(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path, back: None
) -> None:
    clerk, out = officers("bank1"), tmp_path / "r.pdf"
    asked = clerk.query(server.subject("heavy")["code"], case="L-35").json
    for words in ((), ("--for", "office")):
        nobody = clerk("report", asked["query_no"], "--out", out, "--seal", *words)
        assert (nobody.code, nobody.error, out.exists()) == (2, "receiver-needed", False), nobody.out
    issued = clerk(
        "report", asked["query_no"], "--out", out, "--seal", "--for", "agent", "--receiver", "示例代理人"
    ).json
    number = issued["number"]
    row = listed(clerk, number)
    assert (row["receiver_kind"], row["receiver"]) == ("agent", "示例代理人")
    assert "代理人" in clerk("reports", "list", json_=False).out
    kept = json.loads(server.staff("report", "show", number, "--by", "centre1"))
    assert kept["receiver"] == {"kind": "agent", "name": "示例代理人"}

    server.stop()
    waits = clerk("reports", "void", number, "--why", "打印有误（示例）")
    assert waits.code == 4, waits.out
    assert listed(clerk, number)["state"] == "current"
    server.start()
    assert clerk("verify", out).json["state"] == "current"
    assert clerk("sync").code == 0
    judged = clerk("verify", out)
    assert (judged.code, judged.json["state"], judged.json["genuine"]) == (3, "void", True)
    assert listed(clerk, number)["state"] == "void"
    assert [kind for kind, _, _ in entries(clerk, number)] == ["void", "save", "issue"]
    again = clerk("reports", "void", number, "--why", "打印有误（示例）")
    assert (again.code, again.error) == (3, "report-void"), again.out
    shut = clerk("reports", "save", number, "--out", tmp_path / "again.pdf")
    assert (shut.code, shut.error) == (3, "report-void"), shut.out
    told = json.loads(server.staff("report", "show", number, "--by", "centre1"))
    assert (told["state"], told["void_why"]) == ("void", "打印有误（示例）")
    assert clerk("ledger", "verify").json["ok"]
