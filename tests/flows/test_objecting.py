"""Objections: written offline, delivered once, followed to their end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pytest

from tests.flows.filing import object_to_one
from tests.flows.server import Cli, Said, Server, serving

WORDS = ("--ground", "content", "--wish", "correct", "--statement", "示例：金额与决定书不一致")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of their own: other files object to the few records of the firm as well."""
    with serving(tmp_path_factory.mktemp("server") / "home") as one:
        yield one


@pytest.fixture(scope="module")
def firm(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    cli = Cli(tmp_path_factory.mktemp("firm1"), server, "firm1")
    said = cli.sign_in()
    assert said.code == 0, said.out
    return cli


@pytest.fixture
def back(server: Server) -> Iterator[None]:
    yield
    if not server.is_up:
        server.start()


def own_answer(firm: Cli, server: Server) -> Said:
    """The enterprise asks about itself; no letter is needed for that."""
    said = firm.query(server.subject("certified")["code"], purpose="B06", case="ZX-1")
    assert said.code == 0, said.out
    assert said.json["records"]
    return said


def test_an_objection_written_offline_arrives_once(
    firm: Cli, server: Server, tmp_path: Path, back: None
) -> None:
    answer = own_answer(firm, server).json
    record = answer["records"][0]["rec_id"]
    proof = tmp_path / "proof.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(proof)
    server.stop()
    filed = firm("objection", "file", answer["query_no"], record, *WORDS, "--attach", proof)
    assert filed.code == 4, filed.out
    assert filed.json["state"] == "queued"
    assert [row["state"] for row in firm("objection", "list").json["objections"]] == ["queued"]
    server.start()
    assert firm("sync").json["sent"] == 1
    rows = firm("objection", "list").json["objections"]
    assert len(rows) == 1
    assert rows[0]["number"]
    shown = firm("objection", "show", rows[0]["number"])
    assert shown.json["rec_id"] == record
    assert shown.json["state"] == "filed"
    assert shown.json["state_text"] == "已提交"
    assert shown.json["holder"]
    line = firm("objection", "list", json_=False).out
    assert "已提交" in line
    assert shown.json["holder"] in line
    assert firm("sync").json["sent"] == 0
    assert firm("outbox", "list").json["items"] == []


def test_a_second_objection_to_the_same_record_is_refused(firm: Cli, server: Server) -> None:
    answer = own_answer(firm, server).json
    record = answer["records"][1]["rec_id"]
    first = firm("objection", "file", answer["query_no"], record, *WORDS)
    assert first.code == 0, first.out
    second = firm("objection", "file", answer["query_no"], record, *WORDS)
    assert (second.code, second.error) == (3, "objection-duplicate")
    assert first.json["number"] in second.json["error"]["text"]


def test_a_refused_objection_keeps_words_and_evidence_and_goes_again_or_ends(
    firm: Cli, server: Server, tmp_path: Path
) -> None:
    answer = own_answer(firm, server).json
    query_no, record = answer["query_no"], answer["records"][-1]["rec_id"]
    proof = tmp_path / "决定书.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(proof)
    first = firm("objection", "file", query_no, record, *WORDS)
    assert first.code == 0, first.out
    words = ("--ground", "not_mine", "--wish", "remove", "--statement", "示例：一份写了半小时的说明")
    refused = firm("objection", "file", query_no, record, *words, "--attach", proof)
    assert (refused.code, refused.error) == (3, "objection-duplicate")
    error = refused.json["error"]
    op_id = error["context"]["op_id"]
    assert "材料已作为草稿退回" in error["kept"] and op_id in error["advice"]
    proof.unlink()
    listed = firm("objection", "list", json_=False).out
    assert first.json["number"] in listed and "outbox dismiss" in listed
    shown = firm("objection", "show", op_id)
    assert shown.json["draft"]["statement"] == words[5]
    assert [one["name"] for one in shown.json["proofs"]] == ["决定书.pdf"]
    said = firm("objection", "show", op_id, json_=False).out
    for part in (words[5], "不是本主体", "决定书.pdf", f"objection file {query_no} {record}"):
        assert part in said

    again = firm("objection", "file", query_no, record, "--statement", "示例：改过的说明")  # the rest stays
    assert (again.code, again.error) == (3, "objection-duplicate")
    second = again.json["error"]["context"]["op_id"]
    rows = [row["op_id"] for row in firm("outbox", "list").json["items"] if row["state"] == "refused"]
    assert op_id not in rows and second in rows
    kept = firm("objection", "show", second).json
    assert (kept["draft"]["ground"], kept["draft"]["statement"]) == ("not_mine", "示例：改过的说明")
    assert [one["name"] for one in kept["proofs"]] == ["决定书.pdf"]

    hint = firm("objection", "file", query_no, record, "--kind", "data_error")  # a hint may stand beside it
    assert hint.code == 0, hint.out
    number = hint.json["number"]
    assert f"{number}" in firm("objection", "list", json_=False).out
    with closing(sqlite3.connect(server.home / "server.sqlite3", timeout=20)) as database:
        held = "SELECT name FROM cases_attachment WHERE objection_id = ?"
        assert database.execute(held, (number,)).fetchall() == [("决定书.pdf",)]
    assert {op_id, second}.isdisjoint(row["op_id"] for row in firm("outbox", "list").json["items"])


def test_a_refused_objection_is_dismissed_only_when_somebody_says_so(firm: Cli, server: Server) -> None:
    answer = own_answer(firm, server).json
    query_no, record = answer["query_no"], answer["records"][-1]["rec_id"]
    refused = firm("objection", "file", query_no, record, *WORDS)
    op_id = refused.json["error"]["context"]["op_id"]
    unasked = firm("outbox", "dismiss", op_id)
    assert (unasked.code, unasked.error) == (2, "dismiss.unasked")
    assert firm("objection", "show", op_id).json["state"] == "refused"
    said = firm("outbox", "dismiss", op_id, "--yes", json_=False)
    assert said.code == 0, said.err
    assert "已放弃" in said.out and "台账" in said.out
    assert firm("outbox", "dismiss", op_id, "--yes").error == "outbox.not-refused"
    listed = firm("objection", "list").json
    assert op_id not in [one["refused"] for one in listed["drafts"]]
    assert op_id not in [row["op_id"] for row in listed["objections"]]
    entry = next(row for row in firm("ledger", "list").json["entries"] if row["fate"] == "refused")
    assert entry["why"] == "objection-duplicate"


def test_a_hint_about_wrong_data_is_no_objection(firm: Cli, server: Server) -> None:
    answer = own_answer(firm, server).json
    record = answer["records"][2]["rec_id"]
    said = firm("objection", "file", answer["query_no"], record, "--kind", "data_error", *WORDS, json_=False)
    assert said.code == 0, said.out
    assert "已登记数据纠错" in said.out
    assert "不标注记录，没有法定答复期限" in said.out
    rows = firm("objection", "list").json["objections"]
    (hint,) = [row for row in rows if (row["kind"], row["rec_id"]) == ("data_error", record)]
    assert (hint["state_text"], hint["due_on"]) == ("已登记", "")
    server.staff("objection", "accept", hint["number"], "--as", "centre1")
    firm("sync")
    shown = firm("objection", "show", hint["number"], json_=False).out
    assert "数据纠错" in shown
    assert "核对中" in shown
    for words in ("受理", "异议", "答复期限 "):
        assert words not in shown
    again = own_answer(firm, server).json
    assert [one["objection"] for one in again["records"] if one["rec_id"] == record] == [None]


def test_a_repaired_record_leaves_the_kept_objection_at_the_next_contact(
    firm: Cli, server: Server, tmp_path: Path
) -> None:
    answer = own_answer(firm, server).json
    numbered = {one["rec_id"] for one in answer["records"] if one["document_no"]}
    filed = object_to_one(firm, answer, numbered)
    record = next(one for one in answer["records"] if one["rec_id"] == filed["rec_id"])
    number = filed["number"]
    server.staff("objection", "accept", number, "--as", "centre1")
    reply = "示例答复：与决定书一致"
    server.staff("objection", "conclude", number, "--outcome", "kept", "--answer", reply, "--as", "centre2")
    firm("sync")
    before = firm("objection", "show", number).json
    letter = tmp_path / "letter.pdf"
    wish = ("report", number, "--kind", "answer", "--out", letter, "--seal", "--for", "subject")
    assert firm(*wish).code == 0
    assert firm("verify", letter).json["state"] == "current"
    assert (before["document_no"], before["answer"]) == (record["document_no"], reply)
    server.staff("record", "repair", record["rec_id"], "--as", "centre1", "--reason", "示例修复决定")
    firm("sync")
    after = firm("objection", "show", number)
    assert (after.json["document_no"], after.json["answer"]) == ("", "")
    assert after.json["state"] == before["state"]
    assert record["document_no"] not in after.out
    assert reply not in after.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--ground", "", "--wish", "x", "--statement", "y"), "draft.empty"),
        ((*WORDS, "--attach", "nowhere.pdf"), "attachment.missing"),
        (("--ground", "字" * 61, "--wish", "x", "--statement", "y"), "text-too-long"),
        (("--ground", "x", "--wish", "y", "--statement", "字" * 4001), "text-too-long"),
        ((*WORDS, "--letter-no", "9" * 33), "text-too-long"),
        ((*WORDS, "--wish", "更正"), "draft.choice"),
    ],
)
def test_an_incomplete_objection_keeps_its_draft(
    firm: Cli, server: Server, words: tuple[str, ...], code: str
) -> None:
    answer = own_answer(firm, server).json
    record = answer["records"][0]["rec_id"]
    said = firm("objection", "file", answer["query_no"], record, *words)
    assert (said.code, said.error) == (2, code)
    assert "草稿" in said.json["error"]["kept"]


def test_an_attachment_that_only_looks_like_a_pdf_is_refused(
    firm: Cli, server: Server, tmp_path: Path
) -> None:
    answer = own_answer(firm, server).json
    fake = tmp_path / "proof.pdf"
    fake.write_bytes(b"MZ not a pdf")
    said = firm(
        "objection", "file", answer["query_no"], answer["records"][0]["rec_id"], *WORDS, "--attach", fake
    )
    assert said.error == "attachment.type"
