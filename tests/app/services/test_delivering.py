"""The chain's order on the way out: no kind waits behind another, and what is logged stops nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.assembly import Client, open_client
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.entries import builder, note_act
from app.trouble import NotNow, NotTrusted, NotYou, Refused, Trouble
from local_cache import ledger, outbox
from local_cache.intents import begin_intent
from tests.app.services.vaults import LIGHT, TurnedClock, create

KINDS = {"query": "query", "report.issue": "issue", "objection.file": "objection"}


@pytest.fixture
def whole(home: Path, clock: TurnedClock, key: DeviceKey) -> Iterator[Client]:
    client = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(client.unlocking, key)
    yield client
    client.close()


class Carried:
    """Stands where the services send: notes what was sent and raises what it was told to."""

    def __init__(self, client: Client) -> None:
        self.sent: list[str] = []
        self.flaws: dict[str, Trouble] = {}
        self.client = client
        client.querying.delivering.carriers.update(dict.fromkeys(("query", "report.issue"), self))

    def __call__(self, op_id: str, lane: str) -> None:
        self.sent.append(op_id)
        if op_id in self.flaws:
            raise self.flaws[op_id]
        room = self.client.unlocking.room
        room.run(lambda opened: outbox.set_state(opened.work, op_id, "done"))

    def flush(self, before: str = "", again: bool = False) -> list[str]:
        self.sent.clear()
        self.client.querying.delivering.flush(before, again=again)
        return list(self.sent)


@pytest.fixture
def carried(whole: Client) -> Carried:
    return Carried(whole)


@pytest.fixture
def wish(whole: Client) -> Callable[..., None]:
    """Write an intent down, with its link."""

    def begin(op_id: str, kind: str, made_at: str = "t") -> None:
        def write(opened: object) -> None:
            build = builder(whole.unlocking.room, opened, KINDS[kind], op_id)  # type: ignore[arg-type]
            item = outbox.OutboxItem(op_id, kind, made_at, b"{}", "0" * 64)
            begin_intent(opened.work, build, item)  # type: ignore[attr-defined]

        whole.unlocking.room.run(write)

    return begin


def receipt(client: Client, op_id: str) -> None:
    def put(opened: object) -> None:
        work = opened.work  # type: ignore[attr-defined]
        entry = ledger.by_op(work, op_id)
        assert entry is not None
        ledger.add_receipts(work, [ledger.ReceiptRow(entry.n, 5, "refused:seal-unavailable", b"{}")])

    client.unlocking.room.run(put)


def test_every_kind_goes_in_the_order_of_the_chain(
    whole: Client, carried: Carried, wish: Callable[..., None]
) -> None:
    """Not in the order of a clock that was turned back in between."""
    wish("a", "report.issue", "2026-11-23T09")
    note_act(whole.unlocking.room, "view", query_no="Q1")
    wish("b", "query", "2026-11-23T08")
    wish("c", "objection.file", "2026-11-23T07")
    wish("d", "report.issue", "2026-11-23T06")
    wish("e", "query", "2026-11-23T05")
    assert carried.flush(before="d") == ["a", "b"]
    assert carried.flush() == ["d", "e"]
    assert carried.flush() == []


def test_what_is_logged_stops_nobody(whole: Client, carried: Carried, wish: Callable[..., None]) -> None:
    wish("a", "report.issue")
    wish("b", "query")
    wish("c", "query")
    carried.flaws["a"] = NotNow("seal-unavailable", context={"logged": 1})
    assert carried.flush(before="c") == ["a", "b"]
    receipt(whole, "a")
    assert carried.flush(before="c") == []  # its link is through: a query does not wait for the seal again
    assert carried.flush(again=True) == ["a", "c"]


@pytest.mark.parametrize(
    ("flaw", "goes_on"),
    [
        (NotNow("net.offline", context={"sent": 0}), False),
        (NotTrusted("receipt.entry"), False),
        (NotYou("session.none"), False),
        (Refused("device-revoked"), False),
        (Refused("letter-needed"), True),
    ],
    ids=lambda one: str(getattr(one, "code", "")),
)
def test_a_refusal_is_its_own_affair_and_a_broken_line_is_everybodys(
    carried: Carried, wish: Callable[..., None], flaw: Trouble, goes_on: bool
) -> None:
    wish("a", "query")
    wish("b", "report.issue")
    carried.flaws["a"] = flaw
    if goes_on:
        assert carried.flush() == ["a", "b"]
        return
    with pytest.raises(type(flaw), match=flaw.code):
        carried.flush()
    assert carried.sent == ["a"]


def test_each_service_carries_its_kind(whole: Client) -> None:
    carriers = whole.querying.delivering.carriers
    assert carriers == {
        "query": whole.querying.deliver,
        "report.issue": whole.reporting.deliver,
        "report.void": whole.voiding.deliver,
    }
