"""From the code on paper to the page: a real server under its own certificate, and a scan that is stopped."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from app.field.reportdoc import read_document
from server_stub.portal.words import words
from tests.server_stub.api.test_over_tls import knocker
from tests.server_stub.api.test_queries import legal
from tests.server_stub.portal.reading import Reader
from tests.server_stub.serving import Served

pytestmark = pytest.mark.one_engine  # reads the books as a file
SAY = words("zh")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("portal") / "home", "--sample", "small")
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
