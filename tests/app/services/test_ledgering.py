"""The chain holds as written and breaks at the very row that was altered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app.field.canonical import canonical
from app.field.evidence import EntryKind, LeafEntry, Receipt
from app.keys.device import DeviceKey
from app.lanes import Lane
from app.services.entries import builder, note_act
from app.services.ledgering import Ledger
from app.services.room import Opened
from app.services.unlocking import Unlocking
from app.trouble import NotYou
from local_cache import ledger, outbox
from local_cache.intents import begin_intent
from local_cache.outbox import OutboxItem
from tests.app.services.vaults import LONG, TurnedClock, grant, unlocking

TRIGGERS = ("ledger_is_fixed", "ledger_is_kept", "ledger_follows", "receipts_are_fixed")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Unlocking]:
    clock, lane = TurnedClock(), Lane("vault")
    key = DeviceKey.generate(clock)
    made = unlocking(tmp_path / "home", clock, lane=lane)
    made.create_vault("u0", grant(key), LONG, key, "柜台一")
    yield made
    made.lock()
    lane.close()


@pytest.fixture
def chain(client: Unlocking) -> Ledger:
    for number in range(5):
        kind = "print" if number == 2 else "view"
        note_act(client.room, kind, "红隼科技(示例)", query_no=f"Q{number}", purpose="loan")
    return Ledger(client.room)


def receipt(client: Unlocking, n: int, leaf_index: int = 10) -> None:
    def put(opened: object) -> None:
        work = opened.work  # type: ignore[attr-defined]
        digest = ledger.entries(work)[n - 1].digest
        leaf = LeafEntry(1, "device", "view", "t", "u1", "o", entry_sha256=digest)
        body = msgspec.json.encode(Receipt(leaf, "0" * 64, leaf_index, "note", ()))
        ledger.add_receipts(work, [ledger.ReceiptRow(n, leaf_index, "done", body)])

    client.room.run(put)


def alter(client: Unlocking, statement: str, *values: object) -> None:
    """What an insider with every key could do: take the triggers away and change a row."""

    def change(opened: object) -> None:
        work = opened.work  # type: ignore[attr-defined]
        for name in TRIGGERS:
            work.execute(f"DROP TRIGGER IF EXISTS {name}")
        work.execute("PRAGMA foreign_keys = OFF")
        assert work.execute(statement, values).rowcount > 0

    client.room.run(change)


def test_a_chain_as_written_holds(client: Unlocking, chain: Ledger) -> None:
    receipt(client, 1)
    verdict = chain.verify()
    assert (verdict.ok, verdict.length, verdict.receipted, verdict.broken_at) == (True, 5, 1, 0)


def test_the_list_shows_words_and_states(client: Unlocking, chain: Ledger) -> None:
    receipt(client, 5)
    rows = chain.list(3)
    assert [(row.n, row.state, row.leaf_index) for row in rows] == [
        (5, "receipted", 10), (4, "waiting", None), (3, "waiting", None),
    ]  # fmt: skip
    assert (rows[0].subject, rows[0].query_no, rows[0].purpose) == ("红隼科技(示例)", "Q4", "loan")
    assert [row.n for row in chain.list(10, "print")] == [3]


@pytest.mark.parametrize(
    ("statement", "where", "why"),
    [
        ("UPDATE ledger SET purpose = 'other' WHERE n = 3", 3, "words"),
        ("UPDATE ledger SET claimed_at = '2020-01-01T00:00:00.000Z' WHERE n = 2", 2, "words"),
        ("UPDATE ledger SET digest = printf('%064d', 7) WHERE n = 3", 3, "digest"),
        ("UPDATE ledger SET payload = (SELECT payload FROM ledger WHERE n = 1) WHERE n = 4", 4, "digest"),
        ("UPDATE ledger SET payload = x'00' WHERE n = 4", 4, "text"),
        ("UPDATE ledger SET jws = (SELECT jws FROM ledger WHERE n = 1) WHERE n = 4", 4, "signature"),
        ("UPDATE ledger SET jws = 'a.b.c' WHERE n = 1", 1, "signature"),
        ("UPDATE ledger SET prev = printf('%064d', 7) WHERE n = 5", 5, "link"),
        ("DELETE FROM ledger WHERE n = 3", 4, "number"),
        ("DELETE FROM ledger WHERE n = 1", 2, "number"),
        ("UPDATE receipts SET leaf_index = 99", 1, "receipt"),
        ("UPDATE receipts SET body = x'7B7D'", 1, "receipt"),
    ],
)
def test_an_altered_row_is_named(
    client: Unlocking, chain: Ledger, statement: str, where: int, why: str
) -> None:
    receipt(client, 1)
    assert chain.verify().ok
    alter(client, statement)
    verdict = chain.verify()
    assert (verdict.ok, verdict.broken_at, verdict.detail) == (False, where, why)


def test_a_row_signed_by_another_key_is_named(client: Unlocking, chain: Ledger) -> None:
    def forge(opened: object) -> tuple[str, str]:
        last = ledger.entries(opened.work)[-1]  # type: ignore[attr-defined]
        other = DeviceKey.generate()
        from_other = msgspec.json.decode(last.payload)
        jws = other._sign({"typ": "hyc-entry+jws", "kid": from_other["device_id"]}, last.payload)
        return jws, replace(last, jws=jws).jws

    jws, _ = client.room.run(forge)
    alter(client, "UPDATE ledger SET jws = ? WHERE n = 5", jws)
    assert chain.verify().detail == "signature"


def test_a_missing_end_is_seen_by_the_server_only(client: Unlocking, chain: Ledger) -> None:
    """What the local check cannot see, said here: a cut tail is a shorter chain (the server answers
    chain-gap)."""
    alter(client, "DELETE FROM ledger WHERE n = 5")
    assert chain.verify().ok


def test_a_locked_vault_shows_no_ledger(client: Unlocking, chain: Ledger) -> None:
    client.lock()
    with pytest.raises(NotYou):
        chain.list(5)


def test_a_hint_about_wrong_data_is_told_from_an_objection(client: Unlocking) -> None:
    def file(opened: Opened, kind: str) -> None:
        raw = canonical({"kind": kind, "query_no": "Q1"})
        item = OutboxItem(f"op-{kind}", "objection.file", "t", raw, "0" * 64)
        begin_intent(opened.work, builder(client.room, opened, "objection", item.op_id), item)
        outbox.set_state(opened.work, item.op_id, "done")

    for kind in ("objection", "data_error"):
        client.room.run(lambda opened, kind=kind: file(opened, kind))  # type: ignore[misc]
    rows = Ledger(client.room).list(10)
    assert [(row.kind, row.data_error) for row in rows] == [("objection", True), ("objection", False)]


@pytest.mark.parametrize(
    ("kind", "outcome", "state", "why", "fate"),
    [
        ("query", "done", "done", "", ("done", "")),
        ("query", "no-information", "done", "", ("done", "")),
        ("query", "refused:letter-expired", "refused", "letter-expired", ("refused", "letter-expired")),
        ("query", "claimed", "waiting", "", ("open", "")),
        ("query", "", "unknown", "", ("open", "")),
        ("query", "claimed", "refused", "outbox.elsewhere", ("refused", "outbox.elsewhere")),
        ("objection", "claimed", "done", "", ("done", "")),
        ("objection", "claimed", "refused", "objection-duplicate", ("refused", "objection-duplicate")),
        ("objection", "claimed", "", "", ("open", "")),
        ("issue", "claimed", "waiting", "", ("open", "")),
        ("print", "claimed", "", "", ("done", "")),
        ("save", "", "", "", ("done", "")),
    ],
)
def test_an_act_is_done_only_when_the_server_did_it(
    client: Unlocking, kind: EntryKind, outcome: str, state: str, why: str, fate: tuple[str, str]
) -> None:
    """The log's own word first; where it knows only a claim, what the outbox was answered. What this computer
    does by itself is done."""

    def made(opened: Opened) -> None:
        build = builder(client.room, opened, kind, "op1")
        if state:
            begin_intent(opened.work, build, OutboxItem("op1", "query", "t", b"{}", "0" * 64))
            outbox.set_state(opened.work, "op1", state, why)
        else:
            ledger.append(opened.work, build)
        if outcome:
            leaf = LeafEntry(1, "device", kind, "t", "u1", "o", outcome=outcome)
            body = msgspec.json.encode(Receipt(leaf, "0" * 64, 5, "note", ()))
            ledger.add_receipts(opened.work, [ledger.ReceiptRow(1, 5, outcome, body)])

    client.room.run(made)
    (row,) = Ledger(client.room).list(10)
    assert (row.fate, row.why) == fate
