"""The next morning: the vault opens, yesterday's sign-in has ended, and it is renewed over the open work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from app.assembly import Client, open_client
from app.services.querying import QueryRequest, SubjectAsk
from app.trouble import NotYou
from tests.flows.proxy import Proxy
from tests.flows.server import PASSPHRASE, Cli, Server


@pytest.fixture
def client(proxied: tuple[Cli, Proxy]) -> Iterator[Client]:
    opened = open_client(proxied[0].home)
    opened.unlocking.unlock(PASSPHRASE)
    yield opened
    opened.close()


def end_sign_ins(server: Server, device_id: str) -> None:
    """As twelve hours do."""
    with closing(sqlite3.connect(server.home / "server.sqlite3", timeout=20)) as database:
        database.execute(
            "UPDATE accounts_token SET ended_at = '2026-01-01 00:00:00' WHERE device_id = ?", [device_id]
        )
        database.commit()


def test_a_sign_in_that_has_ended_is_renewed_with_the_vault_open(
    client: Client, proxied: tuple[Cli, Proxy], server: Server
) -> None:
    cli, _ = proxied
    subject = SubjectAsk("legal", number=server.subject("rich")["code"])
    kept = client.querying.query(QueryRequest(subject, "B01", "L-80", want_copy=True))
    who = client.unlocking.user()
    assert client.syncing.online().signed_in  # control
    end_sign_ins(server, who.device_id)

    with pytest.raises(NotYou) as ended:
        client.querying.query(QueryRequest(subject, "B01", "L-81"))
    assert ended.value.code == "token-invalid"
    connection = client.syncing.online()
    assert (connection.state, connection.signed_in) == ("online", False)
    assert client.offline_files.open(kept.query_no).query_no == kept.query_no  # the copies are there

    signing, account = client.signing_in, server.account(cli.user)
    known = signing.remembered()
    assert known is not None and known.user == cli.user
    signing.reach(known.url, known.ca_file)
    signing.password(cli.user, account["password"])
    step = signing.code(server.code_of(cli.user))
    assert step.state == "active"  # the computer is known by the vault's key: no enrolment, no new passphrase
    signing.seal("")

    assert client.syncing.online().signed_in
    assert client.unlocking.user().device_id == who.device_id
    assert client.querying.query(QueryRequest(subject, "B01", "L-82")).query_no
    assert client.offline_files.open(kept.query_no).query_no == kept.query_no
    assert client.syncing.sync().unknown == 0
    assert client.ledger.verify().ok
    client.unlocking.lock()
    client.unlocking.unlock(PASSPHRASE)  # of before: nothing but the sign-in is new
