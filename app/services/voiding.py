"""A report of one's own unit declared void: it is void from the server's word on, for everybody who asks."""

from __future__ import annotations

import hashlib

from app.clock import utc_text
from app.field.canonical import canonical, canonical_sha256
from app.services.delivering import Delivering, Parcel, receipt_rows
from app.services.entries import builder, new_op_id
from app.services.issued import hear, query_of
from app.services.lines import Lines
from app.services.room import Opened, Room
from app.services.seen import keep_newest
from app.trouble import NotRight
from app.typed import require_text
from app.wire.messages import VoidReply
from app.wire.receipts import Seen, check_entry, last_receipt, verify_receipts
from local_cache import ledger, outbox
from local_cache.intents import begin_intent, complete_intent
from local_cache.outbox import OutboxItem

KIND = "report.void"


class Voiding:
    """Written to ledger and outbox first, then said to the server; without a network it goes with the next
    synchronisation."""

    def __init__(self, room: Room, lines: Lines, delivering: Delivering) -> None:
        self.room = room
        self.lines = lines
        self.delivering = delivering
        delivering.carriers[KIND] = self.deliver

    def void(self, number: str, why: str) -> str:
        """Declare a report void; returns the moment (wire text). It need not be one of this computer.

        Raises:
            NotRight: report.void-why without a reason; text-too-long, text-unfit; not-found: another unit's.
            Refused: report-void when it is void already.
            NotNow: net.*; the wish is in the outbox and the report is not void yet.
        """
        reason = why.strip()
        if not reason:
            raise NotRight("report.void-why")
        require_text("void_why", reason)
        body = {"number": number, "why": reason}
        op_id = self.room.run(lambda opened: self._begin(opened, body))
        with self.delivering.waited_for(op_id):
            self.delivering.flush(before=op_id)
            return self.deliver(op_id)

    def deliver(self, op_id: str, lane: str = "wire") -> str:
        """Send one wish and take in what comes back.

        Raises:
            Trouble: as `void`; the outbox row says the same.
        """
        parcel = self.delivering.parcel(op_id)
        body, size = parcel.body, parcel.last.size
        reply = self.delivering.exchange(
            parcel, lambda routes, tokens: routes.void(tokens, op_id, body, size), lane
        )
        own = last_receipt(reply.receipts)
        check_entry(own, parcel.item.op_id, parcel.own.digest())
        seen = verify_receipts(self.lines.trust(), reply.receipts, parcel.last, parcel.last.size)
        self.room.run(lambda opened: _close(opened, parcel, reply, seen))
        return reply.void_at

    def _begin(self, opened: Opened, body: dict[str, str]) -> str:
        raw, number = canonical(body), body["number"]
        for item in outbox.all_items(opened.work, only_open=True):
            if item.kind == KIND and item.body == raw:
                return item.op_id
        op_id, query_no = new_op_id(), query_of(opened, number)
        item = OutboxItem(op_id, KIND, utc_text(self.room.clock.now()), raw, hashlib.sha256(raw).hexdigest())
        build = builder(
            self.room, opened, "void", op_id, query_no=query_no, report_no=number,
            body_sha256=canonical_sha256(body),
        )  # fmt: skip
        begin_intent(opened.work, build, item, ledger.subject_of(opened.work, query_no), query_no)
        return op_id


def _close(opened: Opened, parcel: Parcel, reply: VoidReply, seen: Seen) -> None:
    number = str(parcel.body["number"])
    if query_of(opened, number):
        hear(opened.work, number, "void", reply.void_at)
    complete_intent(
        opened.vault, parcel.item.op_id, receipt_rows(parcel.entries, reply.receipts), result=parcel.item.body
    )
    keep_newest(opened, seen)
