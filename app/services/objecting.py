"""Objections: drafts that survive, filings that wait in the outbox, and how far each one has come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from app.field.beijing import BEIJING
from app.field.objections import CHOICES
from app.services.answer import label
from app.services.attaching import keepable, read_attached
from app.services.cases import Cases
from app.services.entries import new_op_id
from app.services.filing import FiledItem, queue
from app.services.objection_drafts import FILE, KIND, STEPS, Draft, body_of
from app.services.objection_rows import SEEN, ObjectionRow, filed_row, rows_of
from app.services.picked_files import not_picked_anew
from app.services.refused_files import require_left_out
from app.services.returning import give_back_room, let_go
from app.services.room import Opened
from app.trouble import NotRight, Value
from app.typed import require_text, require_whole
from local_cache import drafts, evidence, outbox

__all__ = ["FILE", "KIND", "Draft", "ObjectionRow", "Objecting"]


class Objecting(Cases):
    """Objections of this officer."""

    draft_kind, seen_kind, duplicate = KIND, SEEN, "objection.dup"

    def draft(self, query_no: str, rec_id: str) -> Draft:
        """A new draft about a record of an answer, or the kept one.

        Raises:
            Refused: copy.none, answer.withdrawn. NotRight: draft.record.
        """
        for kept in self.drafts():
            if (kept.query_no, kept.rec_id, kept.number) == (query_no, rec_id, ""):
                return kept
        bundle, document = self._answered(query_no, rec_id)
        made = Draft(new_op_id(), query_no, rec_id, document, label(bundle))
        self.save_draft(made)
        return made

    def step(self, number: str) -> Draft:
        """What the officer may do now about an objection that was filed, as a new draft or the kept one.

        Raises:
            NotRight: not-found; objection.no-step when it is not the officer's turn.
        """
        row = self.show(number)
        view = row.view
        if view is None or not row.turn:
            raise NotRight("objection.no-step")
        for kept in self.drafts():
            if kept.number == view.number and not kept.moved:
                return kept  # what was written for another act stays beside it
        made = Draft(
            new_op_id(), view.query_no, view.rec_id, row.document_no, row.subject,
            "data_error" if row.kind == "data_error" else "objection",
            act=row.turn, number=view.number, rev=view.rev, turn=row.turn,
        )  # fmt: skip
        self.save_draft(made)
        return made

    def turned(self, draft: Draft) -> Draft:
        """The words and the evidence of a step, for what may be done now: because somebody chose it.

        Raises:
            NotRight: objection.no-step when nothing may be done now.
        """
        made, rev = self.room.run(lambda opened: self._as_it_is(opened, draft))
        if not made.turn:
            raise NotRight("objection.no-step", kept="kept.draft")
        made = msgspec.structs.replace(made, act=made.turn, rev=rev)
        self.save_draft(made)
        return made

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft as it is now, however long. The document's number stays with the answer it is from,
        and ends with it.

        Raises:
            NotRight: text-unfit for a text that cannot be kept; the draft before is still there.
        """
        require_whole("draft", (text for text in msgspec.structs.astuple(draft) if isinstance(text, str)))
        picked = tuple(path for path in draft.picked if keepable(path))
        marks = tuple(one for one in draft.as_picked if one.path in picked)
        bare = msgspec.structs.replace(draft, document_no="", turn="", picked=picked, as_picked=marks)
        raw = msgspec.json.encode(bare)
        self.room.run(
            lambda opened: drafts.save(
                opened.work, "drafts", drafts.Body(KIND, draft.draft_id, raw, opened.now_text())
            )
        )

    def drafts(self) -> tuple[Draft, ...]:
        """Kept drafts, the newest first, among them the filings that were refused; each with its document's
        number while there is an answer to read it from."""

        def read(opened: Opened) -> tuple[Draft, ...]:
            kept = [
                msgspec.json.decode(item.body, type=Draft)
                for item in drafts.listed(opened.work, "drafts", KIND)
            ]
            return tuple(
                msgspec.structs.replace(self._as_it_is(opened, one)[0], document_no=self._number(opened, one))
                for one in kept
            )

        return self.room.run(read)

    def _as_it_is(self, opened: Opened, draft: Draft) -> tuple[Draft, int]:
        """A step with what may be done now, and the version of the objection by now (-1: not known). It goes
        on at that version where it is for the same act; for another one somebody has to choose."""
        kept = drafts.load(opened.work, "kept", KIND, draft.number) if draft.number else None
        row = filed_row(kept.body, {}, self._today()) if kept is not None else None
        if row is None or row.view is None:
            return msgspec.structs.replace(draft, turn=""), -1
        rev = row.view.rev if row.turn == draft.act else draft.rev
        return msgspec.structs.replace(draft, turn=row.turn, rev=rev), row.view.rev

    def _today(self) -> str:
        return self.room.clock.now().astimezone(BEIJING).date().isoformat()

    def dismiss(self, op_id: str) -> None:
        """Done with a refused row of the outbox, whatever its kind: nobody is reminded of it any more. With a
        filing its draft and its evidence go.

        Raises:
            NotRight: outbox.none without such a row; outbox.not-refused for one that may still be taken, or
                that was taken or dismissed before.
        """

        def drop(opened: Opened) -> None:
            row = outbox.get(opened.work, op_id)
            if row is None:
                raise NotRight("outbox.none")
            if row.state != "refused" or row.dismissed:
                raise NotRight("outbox.not-refused")
            if let_go(opened, op_id):
                give_back_room(opened)
            else:
                outbox.dismiss(opened.work, op_id, row.body)

        self.room.run(drop)

    def file(self, draft: Draft, attach: Sequence[Path] = ()) -> FiledItem:
        """Write the filing down (chain entry, outbox row and evidence in one step), then try to hand it in.

        Without a connection it stays queued, encrypted, and the next sync delivers it; the draft is gone in
        both cases. The files that the draft names go as they were picked, those of `attach` as they are.
        A draft of a refused filing goes with the evidence that is kept for it, but what it leaves out, and
        the refusal is dismissed. What the server refuses comes back as a draft.

        Raises:
            NotRight: draft.empty, text-too-long, text-unfit, draft.choice (context field, permitted),
                objection.moved-on for a step that was written for another act than may be done now,
                attachment.missing, attachment.type, attachment.large, attachment.many,
                attachment.changed (context file) where another file lies now than was picked,
                attachment.stands (context file) while a kept file that the server refused would go again.
            NotYou: attachment.limits when no limits are known here yet.
            Refused: what the server says, with the row's name (context op_id): the draft is then that of
                the same op_id; objection-duplicate names the open one (context number).
        """
        if not draft.statement.strip() or not (draft.number or (draft.ground.strip() and draft.wish.strip())):
            raise NotRight("draft.empty", kept="kept.draft")
        for name in ("ground", "wish", "statement", "should_be", "letter_no"):
            require_text(name, getattr(draft, name), kept="kept.draft")
        for name, permitted in () if draft.number else CHOICES.items():
            if getattr(draft, name).strip() not in permitted:
                known: dict[str, Value] = {"field": name, "permitted": ", ".join(permitted)}
                raise NotRight("draft.choice", context=known, kept="kept.draft")
        if self.room.run(lambda opened: self._as_it_is(opened, draft))[0].moved:
            raise NotRight("objection.moved-on", kept="kept.draft")
        kept = self._kept(draft)
        picked, limits = not_picked_anew([Path(one) for one in draft.picked], attach), self.limits()
        proofs = (*kept, *read_attached(picked, kept, limits, draft.as_picked))
        proofs = (*proofs, *read_attached(tuple(dict.fromkeys(attach)), proofs, limits))
        if draft.act == "add" and not proofs:
            raise NotRight("objection.no-file", kept="kept.draft")
        body = body_of(draft, proofs)
        op_id = self.room.run(lambda opened: self._queue(opened, draft, body, proofs))
        return self._offer(op_id, "kept.returned")

    def list(self) -> tuple[ObjectionRow, ...]:
        """Filed objections: those on their way first, then by what the server said last."""

        return self.room.run(lambda opened: rows_of(opened, self._today()))

    def show(self, number_or_op: str) -> ObjectionRow:
        """One filed objection with its history.

        Raises:
            NotRight: not-found.
        """
        for row in self.list():
            if number_or_op in (row.number, row.op_id) and number_or_op:
                return row
        item = self.room.run(lambda opened: outbox.get(opened.work, number_or_op))
        if item is not None and item.result:
            number = str(msgspec.json.decode(item.result).get("number", ""))
            if number:
                return self.show(number)
        raise NotRight("not-found", "problem.not-found")

    def _kept(self, draft: Draft) -> tuple[tuple[str, bytes], ...]:
        """The evidence of a refused filing that goes again."""
        if not draft.refused:
            return ()
        require_left_out(draft.file, draft.left_out)
        found = self.room.run(lambda opened: evidence.of_row(opened.work, draft.refused))
        return tuple((one.name, one.content) for one in found if one.place not in draft.left_out)

    def _queue(
        self, opened: Opened, draft: Draft, body: dict[str, Any], proofs: Sequence[tuple[str, bytes]]
    ) -> str:
        def done_with() -> None:
            drafts.discard(opened.work, "drafts", KIND, draft.draft_id)
            if draft.refused:
                let_go(opened, draft.refused)

        about = (draft.subject_name, draft.query_no)
        kind = STEPS.get(draft.act, FILE)
        return queue(self.room, opened, kind, "objection", body, about, proofs, done_with)
