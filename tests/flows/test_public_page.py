"""From the code on paper to the page: a real server under its own certificate, and a scan that is stopped."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from app.field.reportdoc import read_document
from server_stub.portal.words import words
from tests.begun import begun
from tests.flows.server import Cli, Server
from tests.server_stub.api.test_over_tls import knocker
from tests.server_stub.api.test_queries import legal
from tests.server_stub.portal.reading import Reader
from tests.server_stub.serving import Served

pytestmark = pytest.mark.one_engine  # reads the books as a file
SAY = words("zh")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(begun(tmp_path_factory.mktemp("portal") / "home"), "--sample", "small")
    try:
        server.wait()
        yield server
    finally:
        server.stop(signal.SIGKILL)


def link_of(home: Path, number: str) -> str:
    """Where the cover's code leads: what the report was rendered from says it."""
    with contextlib.closing(sqlite3.connect(home / "server.sqlite3")) as books:
        (row,) = books.execute("SELECT document FROM reports_report WHERE number = ?", (number,))
    return read_document(row[0]).verify_link


def test_a_specimens_code_leads_to_its_own_page_and_a_scan_is_stopped(served: Served) -> None:
    url, ca_file = served.card["url"], served.card["ca_file"]
    bank = knocker(served, "bank1")
    rich = next(row for row in served.card["subjects"] if row["why"] == "rich")
    report = bank.report(bank.query(subject=legal(rich)).body["query_no"]).body
    link = link_of(Path(ca_file).parents[1], report["number"])
    assert link.startswith(f"{url}/v/{report['number']}#")
    with requests.Session() as line:
        line.verify, line.trust_env = ca_file, False
        page = line.get(link, timeout=10)
        assert SAY["verify_page.number_current"] in Reader(page.text).text
        assert not page.cookies
        assert "no-store" in page.headers["Cache-Control"]
        file = line.post(f"{url}/v/", {"pdf_sha256": report["pdf_sha256"]}, timeout=10)
        assert SAY["verify_page.state_current"] in Reader(file.text).text
        statuses = [line.get(f"{url}/v/{report['number']}", timeout=10).status_code for _ in range(29)]
        assert statuses == [200] * 8 + [429] * 21
        named = line.get(link, headers={"X-Forwarded-For": "198.51.100.7"}, timeout=10)
        assert named.status_code == 429, "no gateway was named: the header is nobody's word"


def test_window_command_wire_and_page_give_one_verdict(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    """A report while it is true, and after one of its records was annulled."""
    clerk = officers("bank1")
    asked = clerk.query(server.subject("heavy")["code"], case="L-V").json
    file = tmp_path / "r.pdf"
    issued = clerk("report", asked["query_no"], "--out", file, "--seal", "--for", "subject").json
    for state in ("current", "superseded"):
        if state == "superseded":
            held = asked["records"][0]["rec_id"]
            server.staff("record", "annul", held, "--reason", "撤销（示例）", "--as", "centre1")
        by_command = clerk("verify", file).json
        digest = by_command["pdf_sha256"]
        asks = Asks(server)
        wire = asks.wire({"pdf_sha256": digest})
        paper, pdf = asks.page(issued["number"]), asks.file(digest)
        assert by_command["state"] == wire["state"] == state
        assert wire["match"] is True
        assert wire["document_sha256"] == by_command["document_sha256"]
        assert SAY[f"verify_page.number_{state}"] in paper
        assert SAY[f"verify_page.state_{state}"] in pdf
        assert by_command["text"] in pdf
    assert SAY["verify_page.number_superseded"] in clerk("verify", issued["number"], json_=False).out


class Asks:
    """Whoever has no client."""

    def __init__(self, server: Server) -> None:
        self.server, self.line = server, requests.Session()
        self.line.verify, self.line.trust_env = server.ca_file, False

    def wire(self, body: dict[str, str]) -> dict[str, Any]:
        self.server.pace()
        address = f"{self.server.url}/api/v1/reports/verify"
        said = self.line.post(address, json=body, headers={"HYC-Protocol": "1"}, timeout=10)
        found: dict[str, Any] = said.json()
        return found

    def page(self, path: str) -> str:
        self.server.pace()
        return Reader(self.line.get(f"{self.server.url}/v/{path}", timeout=10).text).text

    def file(self, digest: str) -> str:
        self.server.pace()
        return Reader(self.line.post(f"{self.server.url}/v/", {"pdf_sha256": digest}, timeout=10).text).text
