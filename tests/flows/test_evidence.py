"""Evidence of an objection on its way: nine megabytes, a line that breaks, a server that forgets."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.flows.conftest import through_a_proxy
from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Said, Server, serving

WORDS = ("--kind", "data_error", "--ground", "content", "--wish", "correct", "--statement", "示例：金额不符")
PART = 512 * 1024
LARGE = 9 * 1024 * 1024
Line = tuple[Cli, Proxy]


@pytest.fixture(scope="module")
def line(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A further device of a bank, behind the man in the middle."""
    with through_a_proxy(server, tmp_path_factory.mktemp("proxied"), "bank1") as both:
        yield both


@pytest.fixture(scope="module")
def answer(line: Line, server: Server) -> dict[str, Any]:
    said = line[0].query(server.subject("rich")["code"], case="L-9")
    assert said.code == 0, said.out
    assert len(said.json["records"]) > 6
    return said.json


def proof(path: Path, size: int = LARGE) -> Path:
    """A PDF with a stream of noise: a scan cannot be made smaller either."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Scan = document.make_stream(os.urandom(size))
        document.save(path)
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file(line: Line, answer: dict[str, Any], place: int, *proofs: Path) -> Said:
    attach = [word for one in proofs for word in ("--attach", one)]
    record = answer["records"][place]["rec_id"]
    return line[0]("objection", "file", answer["query_no"], record, *WORDS, *attach)


def waiting(cli: Cli) -> dict[str, Any]:
    (row,) = [row for row in cli("outbox", "list").json["items"] if row["kind"] == "objection.file"]
    return dict(row)


def at_server(server: Server, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(server.home / "server.sqlite3", timeout=20)) as database:
        rows = database.execute(statement, values).fetchall()
        database.commit()
    return rows


def kept(server: Server, sha256: str) -> Path:
    return server.home / "attachments" / sha256


def test_nine_megabytes_over_a_line_that_breaks_arrive_once_and_leave_this_computer(
    line: Line, server: Server, answer: dict[str, Any], tmp_path: Path
) -> None:
    cli, proxy = line
    scan = proof(tmp_path / "扫描件.pdf")
    secret = scan.read_bytes()[1_000_000:1_000_064]
    size = scan.stat().st_size
    proxy.parts_left, proxy.parts = 7, 0
    said = file(line, answer, 0, scan)
    assert (said.code, said.json["state"]) == (4, "queued"), said.out
    row = waiting(cli)
    assert (row["state"], row["evidence_sent"], row["evidence_size"]) == ("waiting", 7 * PART, size)
    assert "3.5 MB" in cli("outbox", "list", json_=False).out
    assert "3.5 MB" in cli("objection", "list", json_=False).out
    files = [path for path in cli.home.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) > size
    assert [path for path in files if secret in path.read_bytes()] == []
    scan.unlink()
    proxy.parts_left = None
    assert cli("sync").json["sent"] == 1
    assert proxy.parts == -(-size // PART)  # seven before the cut, and none of them again
    rows = [row for row in cli("objection", "list").json["objections"] if row["number"]]
    held = at_server(server, "SELECT sha256, size, media, name FROM cases_attachment WHERE size = ?", size)
    assert len(rows) == len(held) == 1
    assert held[0][1:] == (size, "pdf", "扫描件.pdf")
    assert hashlib.sha256(kept(server, held[0][0]).read_bytes()).hexdigest() == held[0][0]
    assert at_server(server, "SELECT count(*) FROM cases_upload") == [(0,)]
    assert list((server.home / "uploads").iterdir()) == []
    assert cli("sync").json["sent"] == 0
    assert sum(path.stat().st_size for path in cli.home.rglob("work.db*")) < 2 * 1024 * 1024


def test_an_answer_that_is_lost_is_asked_for_and_nothing_is_sent_twice(
    line: Line, server: Server, answer: dict[str, Any], tmp_path: Path
) -> None:
    cli, proxy = line
    scan = proof(tmp_path / "a.pdf", 3 * PART)
    proxy.path, proxy.lose, proxy.parts, proxy.passed = "/uploads/", 1, 0, []
    said = file(line, answer, 1, scan)
    assert (said.code, said.json["state"]) == (0, "sent"), said.out
    assert proxy.parts == -(-scan.stat().st_size // PART)
    assert proxy.lose == 0
    assert kept(server, digest(scan)).exists()
    assert at_server(server, "SELECT * FROM cases_upload") == []


def test_a_request_that_arrives_twice_counts_once(
    line: Line, server: Server, answer: dict[str, Any], tmp_path: Path
) -> None:
    cli, proxy = line
    scan = proof(tmp_path / "b.pdf", 2 * PART)
    proxy.path, proxy.twice = "/uploads/", True
    file(line, answer, 2, scan)
    proxy.twice = False
    row = waiting(cli)
    assert (row["state"], row["why"]) == ("waiting", "proof-replayed")
    proxy.path, proxy.lose = "/outbox", 1
    assert cli("sync").code == 4
    proxy.parts = 0
    assert cli("sync").json["sent"] == 1
    assert kept(server, digest(scan)).exists()
    assert at_server(server, "SELECT * FROM cases_upload") == []
    assert at_server(server, "SELECT count(*) FROM cases_attachment WHERE sha256 = ?", digest(scan)) == [(1,)]
    assert proxy.parts == 0  # what the filing had used up did not travel again


def test_an_upload_that_ran_out_begins_again(
    line: Line, server: Server, answer: dict[str, Any], tmp_path: Path
) -> None:
    cli, proxy = line
    scan = proof(tmp_path / "c.pdf", 4 * PART)
    proxy.parts_left, proxy.parts = 2, 0
    assert file(line, answer, 3, scan).code == 4
    at_server(server, "UPDATE cases_upload SET expires_at = '2026-01-01 00:00:00'")
    proxy.parts_left = None
    assert cli("sync").json["sent"] == 1
    assert proxy.parts == 2 + -(-scan.stat().st_size // PART)
    assert kept(server, digest(scan)).exists()


def test_evidence_that_ran_out_before_its_filing_came_goes_again(
    line: Line, server: Server, answer: dict[str, Any], tmp_path: Path
) -> None:
    cli, proxy = line
    scan = proof(tmp_path / "z.pdf", 1000)
    proxy.path, proxy.refuse = "/outbox", (503, "text/html", b"<h1>Service Unavailable</h1>")
    assert file(line, answer, 7, scan).json["state"] == "queued"
    size = scan.stat().st_size
    assert (waiting(cli)["evidence_sent"], waiting(cli)["evidence_size"]) == (size, size)
    at_server(server, "UPDATE cases_upload SET expires_at = '2026-01-01 00:00:00'")
    proxy.refuse, proxy.parts = None, 0
    assert cli("sync").json["sent"] == 1
    assert proxy.parts == 1
    assert kept(server, digest(scan)).exists()
    assert at_server(server, "SELECT * FROM cases_upload") == []


def test_a_file_that_acts_is_refused_with_its_filing_and_others_go_on(
    line: Line, server: Server, answer: dict[str, Any], tmp_path: Path
) -> None:
    cli, _ = line
    bad = tmp_path / "d.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(bad)
    said = file(line, answer, 4, bad)
    assert (said.code, said.error) == (3, "attachment-refused"), said.out
    assert "“d.pdf”含有脚本" in said.json["error"]["text"]
    assert at_server(server, "SELECT * FROM cases_upload") == []
    good = proof(tmp_path / "e.pdf", 1000)
    stands = file(line, answer, 4, good)
    assert (stands.code, stands.error) == (2, "attachment.stands"), stands.out
    assert "“d.pdf”含有脚本" in stands.json["error"]["text"] and "--leave-out d.pdf" in stands.out
    (row,) = cli("outbox", "list").json["items"]
    assert row["file"] == {"place": 0, "name": "d.pdf", "why": "active", "others": []}
    told = cli("objection", "show", row["op_id"], json_=False).out
    assert "d.pdf" in told and "未被接受：含可执行内容" in told
    assert "“d.pdf”含有脚本" in cli("objection", "list", json_=False).out
    record = answer["records"][4]["rec_id"]
    mended = cli("objection", "file", answer["query_no"], record, "--leave-out", "d.pdf", "--attach", good)
    assert mended.json["state"] == "sent", mended.out
    names = at_server(
        server, "SELECT name FROM cases_attachment WHERE objection_id = ?", mended.json["number"]
    )
    assert names == [("e.pdf",)]
    assert cli("outbox", "list").json["items"] == []


def test_too_large_and_too_many_are_told_here_by_the_policy(
    line: Line, answer: dict[str, Any], tmp_path: Path
) -> None:
    large = proof(tmp_path / "g.pdf", 10 * 1024 * 1024)
    said = file(line, answer, 5, large)
    assert (said.code, said.error) == (2, "attachment.large")
    assert "10 MB" in said.json["error"]["text"]
    small = [proof(tmp_path / f"{place}.pdf", 10) for place in range(6)]
    said = file(line, answer, 5, *small)
    assert (said.code, said.error) == (2, "attachment.many")
    assert "5" in said.json["error"]["text"]


def test_a_server_that_lost_the_filing_gets_no_promise_of_evidence_that_is_gone(
    tmp_path: Path,
) -> None:
    """After a restore the filing is offered again; what went with it left this computer with the answer."""
    with serving(tmp_path / "server") as server:
        cli = Cli(tmp_path / "bank", server, "bank1")
        assert cli.sign_in().code == 0
        filed_and_lost(server, cli, tmp_path)


def filed_and_lost(server: Server, cli: Cli, tmp_path: Path) -> None:
    asked = cli.query(server.subject("rich")["code"], case="L-9").json
    scan, record = proof(tmp_path / "h.pdf", 1000), asked["records"][0]["rec_id"]
    said = cli("objection", "file", asked["query_no"], record, *WORDS, "--attach", scan)
    op_id, number = said.json["op_id"], said.json["number"]
    at_server(server, "DELETE FROM queries_op WHERE op_id = ?", op_id)
    for table in ("step", "attachment"):
        at_server(server, f"DELETE FROM cases_{table} WHERE objection_id = ?", number)  # noqa: S608
    at_server(server, "DELETE FROM cases_objection WHERE number = ?", number)
    server.stop()
    words = ("--as", "centre1", "--second", "centre2", "--why", "示例：磁盘损坏", "--unnoticed")
    server.staff("restored", *words)
    server.start()
    assert cli.sign_in().code == 0
    assert cli("sync").code == 0
    assert cli("sync").code == 0
    row = next(one for one in cli("outbox", "list").json["items"] if one["op_id"] == op_id)
    assert (row["state"], row["why"]) == ("refused", "evidence.gone")
    assert "重新提出" in cli("outbox", "list", json_=False).out


def test_a_server_that_others_are_signed_in_at_is_never_restored(server: Server) -> None:
    with pytest.raises(AssertionError, match="a server of its own"):
        server.staff("restored", "--as", "centre1", "--second", "centre2", "--why", "示例")
