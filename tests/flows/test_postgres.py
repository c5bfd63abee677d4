"""One officer's morning on a server whose database is PostgreSQL: the real command, over TLS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.flows.server import Cli, Server
from tests.flows.test_asking import recent
from tests.own_postgres import cluster


@pytest.fixture
def beside_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with cluster() as url:
        monkeypatch.setenv(engines.URL, url)
        server = Server(tmp_path / "home")
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.mark.timeout(300)
def test_asking_searching_reporting_and_hearing_of_a_correction(
    beside_postgres: Server, tmp_path: Path, letter: Callable[..., Path]
) -> None:
    server, bank = beside_postgres, Cli(tmp_path / "bank", beside_postgres, "bank1")
    said = bank.sign_in()
    assert said.code == 0, said.out + said.err
    rich, person = server.subject("rich"), server.subject("person")
    answer = bank.query(rich["code"]).json
    assert answer["subject"]["code"] == rich["code"]
    assert answer["receipt"]["tree_size"] > answer["receipt"]["leaf_index"] >= 0
    card = letter(person, signed_on=recent(3), valid_from=recent(3))
    asked = bank.person(person, "--letter", card)
    assert asked.code == 0, asked.out + asked.err
    name = server.subject("ambiguous")["name"][:4]
    candidates = bank.query(name).json["candidates"]
    assert len(candidates) > 1 and all(name in one["matched_name"] for one in candidates)

    report = tmp_path / "report.pdf"
    assert bank("report", answer["query_no"], "--out", report, "--seal", "--for", "subject").code == 0
    assert bank("verify", report).json["genuine"] is True

    record = next(one for one in answer["records"] if one["section"] == "penalty")
    words = ("--as", "centre1", "--reason", "corrected", "--set", "CF_SY=更正后（示例）")
    server.staff("record", "correct", record["rec_id"], *words)
    assert bank("sync").code == 0
    again = bank.query(rich["code"]).json
    assert (
        next(one["rev"] for one in again["records"] if one["rec_id"] == record["rec_id"]) == record["rev"] + 1
    )
    assert bank("ledger", "verify").json["ok"]

    with engines.opened(server.home) as database:
        row = database.execute("SELECT count(*) FROM queries_query").fetchone()
    assert row is not None and row[0] >= 3
    assert not list(server.home.glob("*.sqlite3*")), "the control: nothing was kept beside it"

    server.stop()
    server.start()
    assert bank.query(rich["code"], case="L-2").code == 0
