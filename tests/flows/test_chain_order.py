"""Nothing of the chain is stuck behind another kind, and the log tells deeds from claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.flows.proxy import Proxy
from tests.flows.server import Cli, Server
from tests.flows.test_not_now import MENDED

Proxied = tuple[Cli, Proxy]


def chain(cli: Cli) -> list[tuple[str, str]]:
    """Kind and outcome of every link, the oldest first."""
    rows: list[dict[str, Any]] = cli("ledger", "list").json["entries"]
    return [(row["kind"], row["outcome"]) for row in reversed(rows)]


def test_a_report_that_waited_goes_ahead_of_the_next_query(
    proxied: Proxied, server: Server, tmp_path: Path
) -> None:
    cli, proxy = proxied
    asked = cli.query(server.subject("rich")["code"], case="L-30").json
    assert cli("report", asked["query_no"], "--out", tmp_path / "w.pdf").code == 0
    proxy.path, proxy.refuse = "/reports", MENDED
    waits = cli("report", asked["query_no"], "--out", tmp_path / "r.pdf", "--seal", "--for", "subject")
    assert (waits.code, waits.error) == (4, "maintenance"), waits.out
    assert chain(cli) == [("query", "done"), ("open_cached", ""), ("save", ""), ("issue", "")]
    proxy.refuse = None
    said = cli.query(server.subject("heavy")["code"], case="L-31")
    assert said.code == 0, said.out
    assert chain(cli) == [
        ("query", "done"), ("open_cached", "claimed"), ("save", "claimed"), ("issue", "done"),
        ("query", "done"),
    ]  # fmt: skip
    assert cli("outbox", "list").json["items"] == []
    assert cli("ledger", "verify").json["ok"]


def test_a_missing_seal_holds_up_its_report_and_nothing_else(
    proxied: Proxied, server: Server, tmp_path: Path
) -> None:
    cli, proxy = proxied
    server.stop()
    server.start()  # a server that has not sealed yet still reads its key
    assert proxy.upstream("GET", "/api/", {}, b"")[0] == 200
    asked = cli.query(server.subject("rich")["code"], case="L-32").json
    key = server.home / "seal" / "seal.key"
    away = key.rename(key.with_name("away"))
    try:
        waits = cli("report", asked["query_no"], "--out", tmp_path / "r.pdf", "--seal", "--for", "subject")
        assert (waits.code, waits.error) == (4, "seal-unavailable"), waits.out
        assert cli.query(server.subject("heavy")["code"], case="L-33").code == 0
        assert cli("cached", "show", asked["query_no"]).code == 0
        synced = cli("sync")
        assert (synced.code, synced.json["sent"]) == (0, 0), synced.out
        assert [row["kind"] for row in cli("outbox", "list").json["items"]] == ["report.issue"]
        assert chain(cli)[1:] == [
            ("issue", "refused:seal-unavailable"), ("query", "done"), ("open_cached", "claimed"),
        ]  # fmt: skip
    finally:
        away.rename(key)
    assert cli("sync").json["sent"] == 1
    assert ("issue", "done") in chain(cli)
    assert cli("ledger", "verify").json["ok"]
