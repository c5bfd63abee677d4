"""Following a server that was put back from a backup; never by itself when more was seen than is left.

What was seen before stays as evidence; what the log lost of this computer's entries is sent again with the
receipts it gave for them, and the new leaves have to say the same as the lost ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from app.clock import epoch_ms, from_epoch_ms, utc_text
from app.field.evidence import LeafEntry, Receipt
from app.field.records import Signed
from app.field.restorations import folded_code
from app.services.entries import EPOCH
from app.services.lines import Lines
from app.services.returning import LINKS
from app.services.room import Opened, Room
from app.services.seen import as_state, seen_of
from app.trouble import NotTrusted
from app.wire.problems import Answered
from app.wire.receipts import Seen, verify_receipts
from app.wire.restores import Cut, check_history, read_cut
from app.wire.routes import told
from app.wire.trust import Trust, of_about
from local_cache import drafts, ledger, outbox, state
from local_cache.database import transaction

RESTORED, AGAIN = "restoration", "receipt-again"
CUT, NEXT, LAST = "log.cut", "log.again.next", "log.again.last"
AT_ONCE = 50
REOFFER_MS = 90 * 86_400_000
REOFFERED = (*LINKS, "copy.release")
_PLACES = ("subject_seq", "prev_subject_leaf", "org_seq", "prev_org_leaf")


@dataclass(frozen=True)
class Followed:
    """A restored log that this vault goes on with. `lost`: how many of its own entries are sent again."""

    at: str
    lost: int


@dataclass(frozen=True)
class _Known:
    """What this vault holds against the new log. `pending`: entries that an earlier cut took and that were
    not sent again yet; their receipts speak of a tree that is no more. `cut`: where that was."""

    epoch: str
    seen: Seen
    receipts: dict[int, Receipt]
    pending: frozenset[int]
    cut: int


class Rejoining:
    """The way back after a restore."""

    def __init__(self, room: Room, lines: Lines) -> None:
        self.room = room
        self.lines = lines

    def follow(self, code: str = "") -> Followed:
        """Judge what the server declares and go on with it, or stop. Nothing is changed before all holds.

        `code` is the confirmation that the officer got from his security administrator; it is asked for when
        this computer saw more than the restored log holds.

        Raises:
            NotTrusted: log.restored (context seen, left) when a code is needed, log.code for a wrong one;
                log.inconsistent, log.unsigned, log.smaller, trust.changed: nothing is believed.
            NotNow: net.*.
        """
        trust, routes = self.lines.trust(), self.lines.stranger()
        with told():
            about = routes.about()
            if not trust.same_pins(of_about(trust.url, trust.ca_pem, about)):
                raise NotTrusted("trust.changed")
            known = self.room.run(lambda opened: _known(opened, trust))
            if about.epoch == known.epoch:
                raise NotTrusted("log.smaller")
            statements = routes.restorations().statements
            cut = read_cut(trust, statements, known.epoch, about.epoch)
            note = routes.checkpoint().checkpoint
            head = trust.open_note(note).checkpoint
            loses = known.seen.size > cut.size
            anchors = [_anchor(trust, known, cut)] if loses else [known.seen]
            check_history(cut, head, anchors, lambda m, n: routes.consistency(m, n).path)
        if loses:
            _confirm(code, cut, known.seen)
        lost = _lost(trust, known, cut, loses)
        seen = Seen(head.size, head.root, note)
        self.room.run(lambda opened: self._adopt(opened, cut, statements, known, seen, lost))
        self.lines.drop()
        self.send_again()
        return Followed(cut.newest.at, len(lost))

    def send_again(self, lane: str = "courier") -> int:
        """Send what the restored log lost, from where an earlier try ended; returns how many entries.

        Raises:
            NotTrusted: receipt.missing, receipt.entry when a new leaf says something else than the lost one.
            Trouble: as the wire; the rest is sent next time.
        """
        sent = 0
        while True:
            first, last = self.room.run(_range)
            if not first:
                return sent
            sent += self._send_some(first, last, lane)

    def _send_some(self, first: int, last: int, lane: str) -> int:
        up_to = min(last, first + AT_ONCE - 1)
        since = self.room.run(lambda opened: ledger.entries(opened.work, first - 1))
        entries = [one for one in since if one.n <= up_to]
        try:
            receipts = self._exchange(entries, lane)
        except Answered as said:
            if said.body.code != "chain-gap":
                raise said.trouble from said
            known = int(said.body.context.get("last_n", 0))
            base, _ = self.room.run(lambda opened: ledger.base(opened.work))
            if not base <= known < first - 1:
                raise NotTrusted("log.inconsistent") from said
            self.room.run(lambda opened: state.put(opened.work, {NEXT: str(known + 1)}))
            return 0
        trust = self.lines.trust()
        last_seen = self.room.run(seen_of)
        seen = verify_receipts(trust, receipts, last_seen, last_seen.size)
        by_digest = {receipt.entry.entry_sha256: receipt for receipt in receipts}
        olds = self.room.run(lambda opened: _receipts(opened))
        cut = int(self.room.run(lambda opened: state.get(opened.work, CUT, "0")))
        again: list[tuple[int, Receipt]] = []
        for entry in entries:
            new, old = by_digest.get(entry.digest), olds.get(entry.n)
            if new is None:
                raise NotTrusted("receipt.missing")
            if old is not None and not _says_the_same(old, new, cut):
                raise NotTrusted("receipt.entry")
            again.append((entry.n, new))
        held = frozenset(olds)
        self.room.run(lambda opened: _store(opened, again, held, seen, done=entries[-1].n >= last))
        return len(again)

    def _exchange(self, entries: Sequence[ledger.Entry], lane: str) -> tuple[Receipt, ...]:
        size, olds = self.room.run(lambda opened: (seen_of(opened).size, _receipts(opened)))
        lost = [msgspec.structs.replace(olds[one.n], consistency=()) for one in entries if one.n in olds]
        routes = self.lines.routes(lane)
        return routes.entries([entry.jws for entry in entries], size, lost).receipts

    def _adopt(
        self,
        opened: Opened,
        cut: Cut,
        statements: Sequence[Signed],
        known: _Known,
        seen: Seen,
        lost: Sequence[int],
    ) -> None:
        """One transaction: what was seen is kept with the declarations, and the new log is believed."""
        at = opened.now_text()
        evidence = {
            "seen": known.seen.note,
            "epoch": known.epoch,
            "code": cut.code,
            "statements": msgspec.to_builtins(list(statements)),
        }
        values = {
            **as_state(seen),
            EPOCH: cut.epoch,
            CUT: str(min(cut.size, known.cut) if known.pending else cut.size),
            NEXT: str(lost[0]) if lost else "",
            LAST: str(lost[-1]) if lost else "",
        }
        with transaction(opened.work, "work"):
            kept = drafts.Body(RESTORED, cut.epoch, msgspec.json.encode(evidence), at)
            drafts.save(opened.work, "kept", kept)
            state.put(opened.work, values)
            if known.seen.size > cut.size:
                for kind in ("letter", "objection", "repair"):  # the server may not know them any more
                    for body in drafts.listed(opened.work, "kept", kind):
                        drafts.discard(opened.work, "kept", kind, body.key)
            since = utc_text(from_epoch_ms(epoch_ms(self.room.clock.now()) - REOFFER_MS))
            for row in outbox.all_items(opened.work):
                if row.state == "done" and row.kind in REOFFERED and row.made_at >= since:
                    outbox.set_state(opened.work, row.op_id, "waiting")


def _known(opened: Opened, trust: Trust) -> _Known:
    first, last = _range(opened)
    return _Known(
        state.get(opened.work, EPOCH, trust.epoch),
        seen_of(opened),
        _receipts(opened),
        frozenset(range(first, last + 1) if first else ()),
        int(state.get(opened.work, CUT, "0")),
    )


def _lost(trust: Trust, known: _Known, cut: Cut, loses: bool) -> list[int]:
    """The entries to send again: those whose receipts speak of a tree larger than the cut."""
    cut_off = {n for n, one in known.receipts.items() if loses and _size(trust, one) > cut.size}
    return sorted(cut_off | known.pending)


def _receipts(opened: Opened) -> dict[int, Receipt]:
    """The newest receipt of each entry: one given again after a restore stands for the first."""
    first = ledger.receipts(opened.work)
    found = {n: msgspec.json.decode(row.body, type=Receipt) for n, row in first.items()}
    for body in drafts.listed(opened.work, "kept", AGAIN):
        found[int(body.key)] = msgspec.json.decode(body.body, type=Receipt)
    return found


def _size(trust: Trust, receipt: Receipt) -> int:
    return trust.open_note(receipt.checkpoint).checkpoint.size


def _anchor(trust: Trust, known: _Known, cut: Cut) -> Seen:
    """The largest tree this vault saw that the cut left whole; the empty one when it saw none."""
    best = Seen()
    for n, receipt in known.receipts.items():
        if n in known.pending:
            continue
        claim = trust.open_note(receipt.checkpoint).checkpoint
        if best.size < claim.size <= cut.size:
            best = Seen(claim.size, claim.root, receipt.checkpoint)
    return best


def _confirm(code: str, cut: Cut, seen: Seen) -> None:
    if not code.strip():
        raise NotTrusted("log.restored", context={"seen": seen.size, "left": cut.size})
    if folded_code(code) != folded_code(cut.code):
        raise NotTrusted("log.code")


def _range(opened: Opened) -> tuple[int, int]:
    return int(state.get(opened.work, NEXT) or 0), int(state.get(opened.work, LAST) or 0)


def _says_the_same(old: Receipt, new: Receipt, cut: int) -> bool:
    """A leaf that the cut left is still there; a lost one comes back in another place with the same words."""
    if old.leaf_index < cut:
        return new.leaf_index < cut
    return _words(old.entry) == _words(new.entry)


def _words(entry: LeafEntry) -> dict[str, object]:
    said = msgspec.to_builtins(entry)
    return {name: value for name, value in said.items() if name not in _PLACES}


def _store(
    opened: Opened, again: Sequence[tuple[int, Receipt]], held: frozenset[int], seen: Seen, *, done: bool
) -> None:
    """An entry that had a receipt keeps it as evidence, with the new one beside it."""
    at = opened.now_text()
    with transaction(opened.work, "work"):
        for n, receipt in again:
            if n not in held:
                row = ledger.ReceiptRow(
                    n, receipt.leaf_index, receipt.entry.outcome, msgspec.json.encode(receipt)
                )
                ledger.add_receipts(opened.work, [row])
                continue
            body = drafts.Body(AGAIN, str(n), msgspec.json.encode(receipt), at)
            drafts.save(opened.work, "kept", body)
        state.put(
            opened.work,
            {
                **as_state(seen),
                NEXT: "" if done else str(again[-1][0] + 1),
            },
        )
