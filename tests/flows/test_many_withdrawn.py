"""Many copies to go at once: each is asked about, those that hold stay, those that do not go, and the feed is
read on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.assembly import Client, open_client
from app.services.querying import QueryRequest, SubjectAsk
from tests.flows.server import PASSPHRASE, Cli, Server, serving

pytestmark = pytest.mark.timeout(300)
MANY = 52


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of their own: its feed is written to by hand."""
    with serving(tmp_path_factory.mktemp("server") / "home") as one:
        yield one


@pytest.fixture(scope="module")
def hall(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The services of an officer in this process, with 52 copies that hold the same records."""
    home: Path = tmp_path_factory.mktemp("hall")
    said = Cli(home, server, "hall1").sign_in()
    assert said.code == 0, said.out
    client = open_client(home)
    client.unlocking.unlock(PASSPHRASE)
    code = server.subject("former-name")["code"]
    for number in range(MANY):
        client.querying.query(QueryRequest(SubjectAsk("legal", number=code), "G01", f"BJ-{number}"))
    assert len(client.offline_files.list()) == MANY
    yield client
    client.close()


def first_record(hall: Client) -> str:
    answer = hall.offline_files.open(hall.offline_files.list()[0].query_no)
    return answer.bundle.records[0].rec_id


def write_to_the_feed(server: Server, rec_id: str) -> None:
    """A row that says a record was corrected, which it was not."""
    with closing(sqlite3.connect(server.home / "server.sqlite3", timeout=20)) as database:
        database.execute(
            "INSERT INTO feed_change"
            " (feed, seq, subject_key, rec_id, rev, op, reason, digest, at, body, audience)"
            " SELECT 'main', NULL, subject_key, rec_id, rev + 1, 'revoke', 'corrected', '', ?, NULL, ''"
            " FROM feed_holding WHERE rec_id = ? LIMIT 1",
            ("2026-01-01T00:00:00.000Z", rec_id),
        )
        database.commit()


def test_a_feed_that_errs_takes_no_copy_and_holds_up_nothing(hall: Client, server: Server) -> None:
    write_to_the_feed(server, first_record(hall))
    report = hall.syncing.sync()
    assert (report.judged, report.spared, report.removed_copies) == (MANY, MANY, 0)
    assert len(hall.offline_files.list()) == MANY
    again = hall.syncing.sync()
    assert (again.judged, again.pulled) == (0, 0)  # the place of the feed has moved


def test_a_record_withdrawn_in_truth_takes_all_its_copies_in_the_same_round(
    hall: Client, server: Server
) -> None:
    server.staff("record", "annul", first_record(hall), "--by", "centre1", "--reason", "示例更正")
    report = hall.syncing.sync()
    assert (report.judged, report.spared, report.removed_copies) == (MANY, 0, MANY)
    assert hall.offline_files.list() == ()
    assert hall.syncing.sync().judged == 0
