"""The signed items of the outbox: evidence first, then the items, then what the server made of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from app.clock import epoch_ms
from app.services.delivering import Delivering
from app.services.refused_files import KEY, RefusedFile, at_the_filing
from app.services.returning import LINKS, OTHER, give_back, give_back_room
from app.services.room import Opened, Room
from app.services.uploading import Uploading
from app.trouble import NotNow, NotTrusted, Trouble
from app.wire.messages import ItemResult, ObjectionView
from app.wire.problems import problem_of_item
from app.wire.repair_messages import RepairView
from app.wire.routes import item, told
from local_cache import drafts, evidence, outbox
from local_cache.database import transaction
from local_cache.outbox import OutboxItem

ITEMS = (*LINKS, "copy.release")
AT_ONCE, TRIES = 50, 2
BODY_MOST = 900_000
AWAITED, GONE = "evidence-awaited", "evidence.gone"


class Posting:
    """The courier's rounds with items."""

    def __init__(self, room: Room, delivering: Delivering, uploading: Uploading) -> None:
        self.room = room
        self.delivering = delivering
        self.uploading = uploading

    def deliver(self) -> int:
        """Objections, repairs and releases, up to 50 at a time; returns how many the server settled.

        Raises:
            Trouble: as the wire; every item that is not settled is due again later.
        """
        settled = 0
        tried: Counter[str] = Counter()

        def due(opened: Opened) -> list[OutboxItem]:
            return self._due(opened, tried)

        while rows := self.room.run(due):
            tried.update(row.op_id for row in rows)
            ready, refused = self._with_evidence(rows)
            settled += refused
            if ready:
                settled += self._send(ready)
        return settled

    def _due(self, opened: Opened, tried: Counter[str]) -> list[OutboxItem]:
        """Due items that fit one request; one whose evidence ran out is tried a second time."""
        ready: list[OutboxItem] = []
        size = 0
        now = epoch_ms(self.room.clock.now())
        for row in outbox.due(opened.work, now, AT_ONCE + len(tried), ITEMS):
            if tried[row.op_id] == TRIES or len(ready) == AT_ONCE:
                continue
            size += len(row.body)
            if ready and size > BODY_MOST:
                break
            ready.append(row)
        return ready

    def _with_evidence(self, rows: list[OutboxItem]) -> tuple[list[OutboxItem], int]:
        """The items whose evidence the server has, and how many it refused for theirs."""
        ready: list[OutboxItem] = []
        refused = 0
        for row in rows:
            try:
                held = self.uploading.bring(row.op_id)
            except NotNow as flaw:
                self.delivering.put_off(row.op_id, flaw.code)
                flaw.kept = flaw.kept or "kept.intent"
                raise
            if held is None:
                ready.append(row)
            elif held.word == "waiting":
                self.delivering.put_off(row.op_id, held.why, held.wait_s)
            else:
                refused += 1
                self._close(row.op_id, "refused", held.why, file=held.file)
        return ready, refused

    def _send(self, rows: list[OutboxItem]) -> int:
        now = epoch_ms(self.room.clock.now())
        self.room.run(lambda opened: _mark_sending(opened, rows, now))
        parcels = [
            item(row.op_id, row.kind, row.made_at, msgspec.json.decode(row.body), row.jws) for row in rows
        ]
        try:
            with told():
                reply = self.delivering.lines.routes("courier").outbox(parcels)
        except Trouble as flaw:
            for row in rows:
                self.delivering.failed(row.op_id, flaw)
            flaw.kept = flaw.kept or ("kept.intent" if isinstance(flaw, NotNow) else "")
            raise
        known = {row.op_id for row in rows}
        settled = 0
        for result in reply.results:
            if result.op_id in known:
                known.discard(result.op_id)
                settled += self._settle(result)
        for op_id in known:
            self.delivering.failed(op_id, NotTrusted("answer.foreign"))
        return settled

    def _settle(self, result: ItemResult) -> int:
        if 200 <= result.status < 300:
            self._close(result.op_id, "done", result=result)
            return 1
        trouble = problem_of_item(result.problem)
        if trouble.code == AWAITED:
            return self._awaited(result.op_id)
        if result.status in (409, 429) and trouble.retry or result.status >= 500:
            self.delivering.failed(result.op_id, NotNow(trouble.code, context={"sent": 0}))
            return 0
        files = self.room.run(lambda opened: evidence.named(opened.work, result.op_id))
        number, file = str(trouble.context.get("number", "")), at_the_filing(result.problem, files)
        self._close(result.op_id, "refused", trouble.code, number=number, file=file)
        return 1

    def _awaited(self, op_id: str) -> int:
        """The server lacks evidence that it had: it ran out, and goes again. After a restore of the server a
        filing may be offered whose evidence left this computer with the first answer: that one cannot go on.
        """

        def again(opened: Opened) -> bool:
            outbox.set_state(opened.work, op_id, "waiting", AWAITED)
            return evidence.begin_anew(opened.work, op_id)

        if self.room.run(again):
            return 0
        self._close(op_id, "refused", GONE)
        return 1

    def _close(
        self,
        op_id: str,
        word: str,
        why: str = "",
        result: ItemResult | None = None,
        number: str = "",
        file: RefusedFile | None = None,
    ) -> None:
        """The server has settled it. What it took is no longer needed here; a filing that it refused is given
        back. `number`, `file`: the case or the file that it named as the reason of a refusal."""

        def close(opened: Opened) -> None:
            body = msgspec.json.encode(_settled(result)) if result is not None else None
            if number or file is not None:
                body = msgspec.json.encode({OTHER: number, KEY: file})
            with transaction(opened.work, "work"):  # else a kill would leave papers here, and a case unlisted
                outbox.set_state(opened.work, op_id, word, why, result=body)
                if word == "refused":
                    give_back(opened, op_id)
                row = outbox.get(opened.work, op_id)
                if result is not None and row is not None and LINKS.get(row.kind) == "objection":
                    keep_objections(opened, (msgspec.convert(result.body, ObjectionView),), opened.now_text())
                elif result is not None and row is not None and row.kind in LINKS:
                    keep_repairs(opened, (msgspec.convert(result.body, RepairView),), opened.now_text())
                gone = evidence.discard(opened.work, op_id) if word == "done" else 0
            if gone:
                give_back_room(opened)

        self.room.run(close)


def keep_objections(opened: Opened, views: tuple[ObjectionView, ...], at: str) -> None:
    """Keep what the server says of objections; an older word does not replace a newer one."""
    _keep(opened, "objection", views, at)


def keep_repairs(opened: Opened, views: tuple[RepairView, ...], at: str) -> None:
    """Keep what the server says of applications for repair, in the same way."""
    _keep(opened, "repair", views, at)


def _keep(opened: Opened, kind: str, views: Sequence[ObjectionView | RepairView], at: str) -> None:
    for view in views:
        known = drafts.load(opened.work, "kept", kind, view.number)
        if known is None or int(msgspec.json.decode(known.body).get("rev", -1)) <= view.rev:
            body = drafts.Body(kind, view.number, msgspec.json.encode(view), at)
            drafts.save(opened.work, "kept", body)


def _settled(result: ItemResult) -> dict[str, str]:
    """Of what was answered, the number alone: what is said of the record ends when the server says so."""
    return {"number": str((result.body or {}).get("number", ""))}


def _mark_sending(opened: Opened, rows: list[OutboxItem], now_ms: int) -> None:
    for row in rows:
        outbox.set_state(opened.work, row.op_id, "sending", tried_at=now_ms)
