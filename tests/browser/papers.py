"""A served city with one report of each state, and papers and files of them."""

from __future__ import annotations

import base64
import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.field.reportdoc import read_document
from tests import engines
from tests.server_stub.api.test_over_tls import knocker
from tests.server_stub.api.test_queries import legal
from tests.server_stub.serving import Served

STATES = ("current", "superseded", "expired", "void")
GATEWAY = {"HENGXIN_GATEWAYS": "127.0.0.1"}


@dataclass
class Paper:
    """An issued report: its number, where its code leads, its file."""

    number: str
    link: str
    file: Path
    masked: str


def papers(server: Served, home: Path, folder: Path) -> dict[str, Paper]:
    """State -> a report in it."""
    bank = knocker(server, "bank1")
    codes = [row for row in server.card["subjects"] if row["kind"] == "legal"]
    made = {}
    for state, subject in zip(STATES, codes, strict=False):
        answer = bank.query(subject=legal(subject))
        assert answer.status == 201, answer.body
        report = bank.report(answer.body["query_no"])
        assert report.status == 201, report.body
        file = folder / f"{state}.pdf"
        file.write_bytes(base64.b64decode(report.body["pdf_b64"]))
        made[state] = _paper(home, report.body["number"], file)
    _age(home, made)
    return made


def _paper(home: Path, number: str, file: Path) -> Paper:
    with books(home) as rows:
        wanted = "SELECT document, subject_masked FROM reports_report WHERE number = ?"
        document, masked = rows.execute(wanted, (number,)).fetchone()
    return Paper(number, read_document(document).verify_link, file, masked)


def _age(home: Path, made: dict[str, Paper]) -> None:
    """One report loses a record by the staff's own command; what takes a month, or a decision about a report
    itself, is written into the books.
    """
    changes = (
        ("UPDATE reports_report SET valid_until = '2020-01-01' WHERE number = ?", "expired"),
        ("UPDATE reports_report SET void_at = '2026-11-20T00:00:00.000Z' WHERE number = ?", "void"),
    )
    with books(home) as rows:
        for change, state in changes:
            assert rows.execute(change, (made[state].number,)).rowcount == 1, state
        rows.commit()
        wanted = "SELECT rec_id FROM reports_heldrecord WHERE report_id = ? ORDER BY rec_id"
        held = rows.execute(wanted, (made["superseded"].number,)).fetchone()[0]
    words = ["record", "annul", held, "--reason", "撤销（示例）", "--as", "centre1", "--home", str(home)]
    command = [sys.executable, "-m", "server_stub.command", *words]
    subprocess.run(command, check=True, capture_output=True, timeout=90, env=engines.environment(home))


@contextlib.contextmanager
def books(home: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(home / "server.sqlite3", timeout=30)) as rows:
        yield rows
