"""Carrying intents to the server: what was signed and written down first, sent once or as often as needed.

Order matters: the log takes a device's entries in their order, and an entry that comes in before its own
request is logged as a claim first. So intents of every kind go in the order of the chain, each with the bare
entries before it, and what is left of the chain goes last.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from app.clock import epoch_ms
from app.field.evidence import ClientEntry, Receipt
from app.services.lines import Lines
from app.services.room import Opened, Room
from app.services.seen import keep_newest, seen_of
from app.trouble import NotNow, NotTrusted, Trouble
from app.wire.problems import Answered, told
from app.wire.receipts import Seen, verify_receipts
from app.wire.routes import Routes
from app.wire.session import REVOKED
from local_cache import ledger, outbox

T = TypeVar("T")
ENDING = ("token-invalid", "session.none", REVOKED)
PASSING = {
    "op-in-progress", "proof-replayed", "chain-gap", "nonce-needed", "token-invalid", "session.none",
    "storage-full", "maintenance", "rate-limited", "seal-unavailable", "epoch-changed",
}  # fmt: skip
AT_ONCE = 200
LONGEST_WAIT_S = 3600


@dataclass(frozen=True)
class Parcel:
    """What one request carries: the intent, its own entry, all entries before it, and the tree seen last."""

    item: outbox.OutboxItem
    own: ClientEntry
    entries: tuple[ledger.Entry, ...]
    last: Seen

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.item.body)
        return found

    def tokens(self, after: int = -1) -> list[str]:
        """The signed entries, or those after a number; the intent's own is always the last."""
        rest = [entry.jws for entry in self.entries[:-1] if entry.n > after]
        return [*rest, self.entries[-1].jws]


class Delivering:
    """The courier of one client. `carriers`: for each kind of intent that is a link of the chain the verb
    that sends one (op_id, lane); their services enter them."""

    def __init__(self, room: Room, lines: Lines) -> None:
        self.room = room
        self.lines = lines
        # what a restored log lost goes first, with its receipts: a link alone would not say as much
        self.before_sending: Callable[[str], object] = lambda lane: None
        self.carriers: dict[str, Callable[[str, str], object]] = {}

    def flush(self, before: str = "", lane: str = "wire", again: bool = False) -> int:
        """Deliver the intents that stand in the chain ahead of one (of none: all), whatever their kind, in
        the order of the chain; returns how many the server carried out.

        One whose entry the log has already is in nobody's way: it is tried only with `again`. A refusal of
        one is its own affair. What waits for a passing reason stops the others unless its entry is logged.

        Raises:
            NotNow, NotTrusted, VaultTrouble: of the intent that stopped the others.
            NotYou, Refused: the session or the device has ended.
        """
        done = 0
        for item in self.room.run(lambda opened: _ahead(opened, before, tuple(self.carriers), again)):
            self.send_entries(lane, item.entry_n or 0, AT_ONCE)
            try:
                self.carriers[item.kind](item.op_id, lane)
                done += 1
            except NotNow as flaw:
                if not flaw.context.get("logged"):
                    raise
            except Trouble as flaw:
                if flaw.exit_code in (5, 6) or flaw.code in ENDING:
                    raise
        if before:
            self.send_entries(lane, self.room.run(lambda opened: _number(opened, before)), AT_ONCE)
        return done

    def parcel(self, op_id: str) -> Parcel:
        """Take an intent out of the outbox for sending; from now on its fate is unknown until an answer.

        Raises:
            VaultTrouble: vault.missing when there is no such intent.
        """

        def take(opened: Opened) -> Parcel:
            item = outbox.get(opened.work, op_id)
            own = ledger.by_op(opened.work, op_id)
            if item is None or own is None:
                raise NotNow("outbox.none")
            before = _waiting(opened, own.n)
            outbox.set_state(opened.work, op_id, "sending", tried_at=epoch_ms(self.room.clock.now()))
            entry = msgspec.json.decode(own.payload, type=ClientEntry)
            return Parcel(item, entry, (*before[-AT_ONCE:], own), seen_of(opened))

        return self.room.run(take)

    @contextmanager
    def waited_for(self, op_id: str) -> Iterator[None]:
        """Somebody waits for this intent: when it is refused meanwhile, he is told by the Trouble that leaves
        here, if he still waits then. Who tells it notes that (`Syncing.note_heard`); what the courier offers
        on its own nobody is told in passing."""
        try:
            yield
        except Trouble as flaw:
            flaw.tells = op_id
            raise

    def exchange(self, parcel: Parcel, send: Callable[[Routes, list[str]], T], lane: str) -> T:
        """Send a parcel; a gap that the server names is filled once. What failed is noted in the outbox.

        Raises:
            Trouble: what the server or the network said, after the outbox row says so, too. A refusal whose
                entry is in the log has `logged` in its context.
        """
        try:
            self.before_sending(lane)
            routes = self.lines.routes(lane)
            try:
                return send(routes, parcel.tokens())
            except Answered as gap:
                if gap.body.code != "chain-gap":
                    raise
                self._fill(routes, gap, parcel.entries[0].n - 1)
                return send(routes, parcel.tokens())
        except Answered as said:
            if self.room.is_open:  # a revoked device has no outbox any more
                self._refused(parcel, said)
            if isinstance(said.trouble, NotNow) or said.status >= 500:
                said.trouble.kept = "kept.intent"
            raise said.trouble from said
        except Trouble as flaw:
            self.failed(parcel.item.op_id, flaw)
            raise

    def failed(self, op_id: str, flaw: Trouble) -> None:
        """Note that an intent's fate is unknown, or that it never left."""
        word = "waiting" if flaw.context.get("sent") == 0 or flaw.code in PASSING else "unknown"
        if not self.room.is_open:
            return
        self.room.run(lambda opened: self._later(opened, op_id, word, flaw.code))

    def put_off(self, op_id: str, why: str, wait_s: int = 0) -> None:
        """An intent that could not leave yet is due again later."""

        def wait(opened: Opened) -> None:
            outbox.set_state(opened.work, op_id, "waiting", why, tried_at=epoch_ms(self.room.clock.now()))
            self._later(opened, op_id, "waiting", why, wait_s)

        if self.room.is_open:
            self.room.run(wait)

    def keep_receipts(self, entries: Sequence[ledger.Entry], receipts: Sequence[Receipt], seen: Seen) -> None:
        """Store receipts that were checked, and the newest checkpoint."""
        self.room.run(lambda opened: store_receipts(opened, entries, receipts, seen))

    def send_entries(self, lane: str = "courier", ahead_of: int = 0, most: int = 0) -> int:
        """Send entries on their own until at most `most` wait, those before number `ahead_of` or (0) all;
        returns how many the log has now.

        Raises:
            Trouble: as the wire; NotTrusted when a receipt is missing or does not hold. Nothing is lost.
        """
        self.before_sending(lane)
        sent = 0
        while True:
            entries = self.room.run(lambda opened: _waiting(opened, ahead_of))
            if len(entries) <= most:
                return sent
            batch, routes = entries[:AT_ONCE], self.lines.routes(lane)
            with told():
                try:
                    self._log(routes, batch)
                except Answered as gap:
                    if gap.body.code != "chain-gap":
                        raise
                    self._fill(routes, gap, batch[0].n - 1)
                    self._log(routes, batch)
            sent += len(batch)

    def _log(self, routes: Routes, entries: Sequence[ledger.Entry]) -> None:
        """Have the log take entries, and keep a receipt for each."""
        last = self.room.run(seen_of)
        reply = routes.entries([entry.jws for entry in entries], last.size)
        seen = verify_receipts(self.lines.trust(), reply.receipts, last, last.size)
        if len(receipt_rows(entries, reply.receipts)) < len(entries):
            raise NotTrusted("receipt.missing")
        self.keep_receipts(entries, reply.receipts, seen)

    def _fill(self, routes: Routes, gap: Answered, up_to: int) -> None:
        """Send what the server says it lacks, up to a number."""
        known = int(gap.body.context.get("last_n", 0))
        held = self.room.run(lambda opened: ledger.entries(opened.work, known))
        lacking = [entry for entry in held if entry.n <= up_to]
        for start in range(0, len(lacking), AT_ONCE):
            self._log(routes, lacking[start : start + AT_ONCE])

    def _refused(self, parcel: Parcel, said: Answered) -> None:
        """A refusal is logged, too: keep its receipts, if they hold."""
        receipts = _receipts_of(said)
        if receipts:
            seen = verify_receipts(self.lines.trust(), receipts, parcel.last, parcel.last.size)
            self.keep_receipts(parcel.entries, receipts, seen)
            said.trouble.context["logged"] = 1
        passing = said.status == 429 or said.status >= 500 or said.body.code in PASSING
        word = "waiting" if passing else "refused"
        wait = said.body.retry_after_s or 0
        op_id, code = parcel.item.op_id, said.body.code
        self.room.run(lambda opened: self._later(opened, op_id, word, code, wait))

    def _later(self, opened: Opened, op_id: str, word: str, why: str, wait_s: int = 0) -> None:
        item = outbox.get(opened.work, op_id)
        attempts = item.attempts if item else 1
        pause = max(wait_s, min(LONGEST_WAIT_S, 2 ** min(attempts, 12)))
        jitter = pause * (0.5 + random.random())  # noqa: S311 - spreads load, keeps no secret
        due = epoch_ms(self.room.clock.now()) + int(jitter * 1000)
        outbox.set_state(opened.work, op_id, word, why, next_try=0 if word == "refused" else due)


def store_receipts(
    opened: Opened, entries: Sequence[ledger.Entry], receipts: Sequence[Receipt], seen: Seen
) -> list[ledger.ReceiptRow]:
    """Put receipts beside their entries and remember the checkpoint; returns the rows."""
    rows = receipt_rows(entries, receipts)
    ledger.add_receipts(opened.work, rows)
    keep_newest(opened, seen)
    return rows


def receipt_rows(entries: Sequence[ledger.Entry], receipts: Sequence[Receipt]) -> list[ledger.ReceiptRow]:
    """Receipts by the entry whose digest their leaf names; strangers are left out."""
    numbers = {entry.digest: entry.n for entry in entries}
    return [
        ledger.ReceiptRow(
            numbers[receipt.entry.entry_sha256],
            receipt.leaf_index,
            receipt.entry.outcome,
            msgspec.json.encode(receipt),
        )
        for receipt in receipts
        if receipt.entry.entry_sha256 in numbers
    ]


def _waiting(opened: Opened, ahead_of: int = 0) -> list[ledger.Entry]:
    """Entries without a receipt, oldest first: those before a number, or (0) all."""
    return [entry for entry in ledger.waiting(opened.work) if not ahead_of or entry.n < ahead_of]


def _ahead(opened: Opened, before: str, kinds: Sequence[str], again: bool) -> list[outbox.OutboxItem]:
    """Open intents of these kinds that stand in the chain ahead of one, in its order."""
    place = _number(opened, before) if before else 0
    logged = set() if again else ledger.receipted(opened.work)
    items = [item for item in outbox.all_items(opened.work, only_open=True) if item.kind in kinds]
    found = [item for item in items if item.entry_n is not None and item.entry_n not in logged]
    ahead = [item for item in found if not place or (item.entry_n or 0) < place]
    return sorted(ahead, key=lambda item: item.entry_n or 0)


def _number(opened: Opened, op_id: str) -> int:
    """Where an intent stands in the chain."""
    own = ledger.by_op(opened.work, op_id)
    if own is None:
        raise NotNow("outbox.none")
    return own.n


def _receipts_of(said: Answered) -> tuple[Receipt, ...]:
    found = said.body.context.get("receipts")
    if not found:
        return ()
    try:
        return msgspec.convert(found, tuple[Receipt, ...])
    except msgspec.ValidationError as flaw:
        raise NotTrusted("answer.malformed") from flaw
