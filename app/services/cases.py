"""What objecting and repairing do alike with what is being written, and with what was filed."""

from __future__ import annotations

from typing import ClassVar, Protocol

from app.field.records import Bundle, read_bundle
from app.policy import EvidenceLimits
from app.services import case_rows
from app.services.case_rows import CaseRow
from app.services.documents import document_no, documents_of
from app.services.filing import FiledItem, number_of
from app.services.returning import give_back_room, let_go
from app.services.room import Opened, Room
from app.services.showing import Showing, require_kept
from app.services.syncing import Syncing
from app.trouble import NotNow, NotRight, NotYou, Refused
from local_cache import answers, drafts, evidence
from local_cache.evidence import Named


class Written(Protocol):
    """A draft about a record of an answer; `refused` names the filing that the server did not take."""

    @property
    def query_no(self) -> str: ...
    @property
    def rec_id(self) -> str: ...
    @property
    def refused(self) -> str: ...


class Cases:
    """`draft_kind` is that of the drafts, `seen_kind` that of the notes of what was looked at;
    `duplicate` is the text for another case that is in the way."""

    draft_kind: ClassVar[str]
    seen_kind: ClassVar[str]
    duplicate: ClassVar[str]

    def __init__(self, room: Room, syncing: Syncing, showing: Showing) -> None:
        self.room = room
        self.syncing = syncing
        self.showing = showing

    def discard(self, draft_id: str) -> None:
        """Drop a draft for good; that of a refused filing with its files, and the refusal is dismissed."""

        def drop(opened: Opened) -> None:
            if let_go(opened, draft_id):
                give_back_room(opened)
            else:
                drafts.discard(opened.work, "drafts", self.draft_kind, draft_id)

        self.room.run(drop)

    def proofs(self, draft: Written) -> tuple[Named, ...]:
        """The files of a refused filing, as they are kept here for the next one; empty for a new draft."""
        if not draft.refused:
            return ()
        return tuple(self.room.run(lambda opened: evidence.named(opened.work, draft.refused)))

    def limits(self) -> EvidenceLimits | None:
        """What may be attached by the policy of the last sign-in; None when it does not say."""
        return self.room.run(lambda opened: opened.policy.evidence if opened.policy else None)

    def note_seen(self, row: CaseRow) -> None:
        """The officer has looked at a case as the server told it last."""
        if row.view is not None and not row.seen:
            self.room.run(lambda opened: case_rows.note_seen(opened, self.seen_kind, row))

    def _offer(self, op_id: str, kept: str) -> FiledItem:
        """Try to hand in what was written down; without a connection the next sync delivers it.

        Raises:
            Refused: what the server says; `kept` tells what became of what was filed.
        """
        try:
            self.syncing.deliver_items()
        except (NotNow, NotYou):
            return FiledItem(op_id, "queued", "")
        number = number_of(self.room, op_id, self.duplicate, kept)
        return FiledItem(op_id, "sent" if number else "queued", number)

    def _answered(self, query_no: str, rec_id: str) -> tuple[Bundle, str]:
        """The answer that a draft is begun from, and the document's number of the record.

        Raises:
            Refused: copy.none without the answer; answer.withdrawn when it no longer holds: the record may
                be another one by now, and is looked at before anything is filed about it.
            NotRight: draft.record when the answer holds no such record.
        """
        bundle = self.showing.bundle(query_no) or self.room.run(lambda opened: _bundle_of(opened, query_no))
        documents = documents_of(bundle)
        if rec_id not in documents:
            raise NotRight("draft.record")
        return bundle, documents[rec_id]

    def _number(self, opened: Opened, draft: Written) -> str:
        """The document's number of a kept draft while there is an answer to read it from, else empty."""
        shown = self.showing.bundle(draft.query_no)
        if shown is not None:
            return documents_of(shown).get(draft.rec_id, "")
        return document_no(opened, draft.query_no, draft.rec_id)


def _bundle_of(opened: Opened, query_no: str) -> Bundle:
    """The answer that a copy holds.

    Raises:
        Refused: copy.none, answer.withdrawn.
    """
    found = answers.get(opened.copies(), query_no)
    if found is None:
        require_kept(opened, query_no)
        raise Refused("copy.none")
    return read_bundle(found.payload)
