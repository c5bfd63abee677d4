"""Screening: units held against the lists, as one act with one receipt. What is kept is the caller's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from app.clock import utc_text
from app.field.canonical import canonical, canonical_sha256
from app.field.names import printable
from app.field.records import Signed
from app.field.screening import Screening, read_screening
from app.lists.preparing import ListRow
from app.services.delivering import Delivering, Parcel, receipt_rows, store_receipts
from app.services.entries import builder, new_op_id, note_act
from app.services.lines import Lines
from app.services.room import Opened, Room
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, Refused
from app.typed import require_text
from app.wire.messages import ScreeningReply
from app.wire.receipts import check_entry, check_records, last_receipt, verify_receipts
from local_cache import outbox
from local_cache.intents import begin_intent, complete_intent
from local_cache.outbox import OutboxItem

KIND = "screen"


@dataclass(frozen=True)
class Taken:
    """An answer that was checked, as it was signed, before its intent is closed."""

    op_id: str
    said: Screening
    signed: Signed
    leaf_index: int


Keep = Callable[[Opened, Taken], None]


@dataclass(frozen=True)
class Screened:
    """The answer as it was signed, and its place in the log."""

    said: Screening
    leaf_index: int
    tree_size: int
    replayed: bool


def named(numbers: Sequence[str]) -> dict[str, str]:
    """How a link of the chain names the screenings of one task: the first, and where there are more the
    digest of the list of them all, as where several copies are looked through."""
    if len(numbers) == 1:
        return {"query_no": numbers[0]}
    return {"query_no": numbers[0], "body_sha256": canonical_sha256({"query_nos": sorted(numbers)})}


class ScreeningLists:
    """Screenings of this officer. An intent without an answer stays in the outbox until the same list is
    asked about again: no sync delivers it, for nobody would take the answer in."""

    def __init__(self, room: Room, lines: Lines, delivering: Delivering) -> None:
        self.room = room
        self.lines = lines
        self.delivering = delivering

    def screen(
        self,
        rows: Sequence[ListRow],
        purpose: str,
        case_no: str,
        lane: str = "wire",
        keep: Keep = lambda opened, taken: None,
    ) -> Screened:
        """Ask. The link of the chain and the outbox row are there before anything is sent. `keep` stores the
        answer before the intent is closed: a crash in between asks for it again and counts nothing twice.

        Raises:
            NotRight: case-needed, text-too-long, text-unfit, list-too-long; number-invalid of the server.
            Refused: role-denied, purpose-not-allowed.
            NotNow: rate-limited for the rows of this day; net.*, the same list asked again goes on.
            NotTrusted: the answer was dropped, nothing of it is shown.
        """
        body = self._body(rows, purpose, case_no)
        op_id = self.room.run(lambda opened: self._begin(opened, body))
        with self.delivering.waited_for(op_id):
            return self._carry(op_id, lane, keep)

    def _carry(self, op_id: str, lane: str, keep: Keep) -> Screened:
        try:
            self.delivering.flush(before=op_id, lane=lane)
            parcel = self.delivering.parcel(op_id)
            sent, size = parcel.body, parcel.last.size
            reply = self.delivering.exchange(
                parcel, lambda routes, tokens: routes.screening(tokens, op_id, sent, size), lane
            )
        except NotNow as flaw:
            if flaw.code.startswith("net."):
                raise NotNow(flaw.code, "screen.again", flaw.context, kept="kept.screen") from flaw
            raise
        except (NotRight, Refused) as flaw:
            if flaw.context.get("logged"):  # an answer for good: the ledger keeps it, nothing is left to send
                why = flaw.code
                self.room.run(lambda opened: outbox.set_state(opened.work, op_id, "done", why))
            raise
        try:
            return self._taken(parcel, reply, keep)
        except NotTrusted as flaw:
            self.delivering.failed(op_id, flaw)
            raise

    def exported(self, numbers: Sequence[str], purpose: str, path: Path) -> None:
        """The result is about to leave as a file: one more link, with the digest of what was written.
        `numbers` are the screenings that it is made of."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        note_act(self.room, "export", purpose=purpose, report_sha256=digest, **named(numbers))

    def _body(self, rows: Sequence[ListRow], purpose: str, case_no: str) -> dict[str, Any]:
        policy = self.room.run(lambda opened: opened.policy)
        if policy is None:
            raise NotYou("policy.missing")
        stated, most = policy.purpose(purpose), policy.screen_rows_max
        if 0 < most < len(rows):
            raise NotRight("list-too-long", "problem.list-too-long", {"limit": most, "rows": len(rows)})
        if not printable(case_no):
            raise NotRight("case-needed", "problem.case-needed")
        require_text("case_no", case_no)
        asked = [{"code": row.code, "name": row.name} for row in rows]
        return {"rows": asked, "purpose": stated.code, "case_no": case_no.strip()}

    def _begin(self, opened: Opened, body: dict[str, Any]) -> str:
        """An open row for the same list is taken up, so that it is logged and counted once."""
        for item in outbox.all_items(opened.work, only_open=True):
            if item.kind == KIND:
                asked = msgspec.json.decode(item.body)
                asked.pop("salt", None)
                if asked == body:
                    return item.op_id
        op_id, sent = new_op_id(), {**body, "salt": secrets.token_hex(16)}
        raw = canonical(sent)
        item = OutboxItem(op_id, KIND, utc_text(self.room.clock.now()), raw, hashlib.sha256(raw).hexdigest())
        build = builder(
            self.room, opened, "screen", op_id, purpose=body["purpose"], body_sha256=canonical_sha256(sent)
        )
        begin_intent(opened.work, build, item)
        return op_id

    def _taken(self, parcel: Parcel, reply: ScreeningReply, keep: Keep) -> Screened:
        trust = self.lines.trust()
        payload = trust.open_signed(reply.answer)
        said = _read(payload)
        _require_mine(said, parcel, reply.screening_no)
        own = last_receipt(reply.receipts)
        check_entry(own, parcel.item.op_id, parcel.own.digest())
        check_records(own, payload)
        seen = verify_receipts(trust, reply.receipts, parcel.last, parcel.last.size)
        result = msgspec.json.encode({"screening_no": said.screening_no})

        def close(opened: Opened) -> None:
            keep(opened, Taken(parcel.item.op_id, said, reply.answer, own.leaf_index))
            kept = receipt_rows(parcel.entries, reply.receipts)
            complete_intent(opened.vault, parcel.item.op_id, kept, result=result, query_no=said.screening_no)
            store_receipts(opened, parcel.entries, reply.receipts, seen)

        self.room.run(close)
        return Screened(said, own.leaf_index, seen.size, reply.replayed)


def _read(payload: bytes) -> Screening:
    try:
        return read_screening(payload)
    except msgspec.DecodeError as flaw:
        raise NotTrusted("answer.malformed") from flaw


def _require_mine(said: Screening, parcel: Parcel, number: str) -> None:
    """The answer is to this very list, each row in its place, for this officer and purpose.

    Raises:
        NotTrusted: answer.foreign, answer.purpose, answer.requester.
    """
    asked = [(place, row["code"], row["name"]) for place, row in enumerate(parcel.body["rows"])]
    answered = [(row.place, row.code, row.name) for row in said.rows]
    if said.op_id != parcel.item.op_id or said.screening_no != number or asked != answered:
        raise NotTrusted("answer.foreign")
    if said.purpose.code != parcel.own.purpose:
        raise NotTrusted("answer.purpose")
    if said.requester.user != parcel.own.user:
        raise NotTrusted("answer.requester")
