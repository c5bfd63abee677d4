"""Repair: how a record stands, applications that wait in the outbox, and how far each one has come.

The platform takes an application and hands it over; who determined the record (its `keeper`) decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from app.field.records import Bundle, Record, RuleRef, read_bundle
from app.services.answer import label
from app.services.attaching import Named, digest, keepable, read_attached
from app.services.case_rows import CaseRow, is_seen, looked_at, unsettled, with_subjects
from app.services.cases import Cases
from app.services.entries import new_op_id, note_act
from app.services.filing import FiledItem, queue
from app.services.lines import Lines
from app.services.picked_files import not_picked_anew
from app.services.refused_files import require_left_out
from app.services.repair_drafts import APPLY, KIND, SUPPLEMENT, WITHDRAW, RepairDraft
from app.services.returning import let_go
from app.services.room import Opened, Room
from app.services.showing import Showing
from app.services.syncing import Syncing
from app.trouble import NotRight
from app.typed import require_text, require_whole
from app.wire.problems import told
from app.wire.repair_messages import RepairStanding, RepairView
from local_cache import answers, drafts, evidence
from local_cache.outbox import OutboxItem

SEEN, OWN = "repair.seen", "enterprise_officer"
Papers = Sequence[tuple[str, Path]]


@dataclass(frozen=True)
class RepairRow(CaseRow):
    """An application, or a supplement or withdrawal that is on its way (`act`); `code` is the kind of repair.
    `due_on` is the earlier of the keeper's term and the answer to who applied."""

    act: str = ""
    code: str = ""
    view: RepairView | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Outlook:
    """A record of the own unit with a day of repair, as a kept answer tells it (`as_of`, wire text).
    `earliest` and `end` are days, empty where the rule has none."""

    query_no: str
    rec_id: str
    document_no: str
    title: str
    provider: str
    earliest: str
    end: str
    rule: RuleRef
    as_of: str


class Repairing(Cases):
    """Applications for repair of this officer."""

    draft_kind, seen_kind, duplicate = KIND, SEEN, "repair_page.duplicate"

    def __init__(self, room: Room, lines: Lines, syncing: Syncing, showing: Showing) -> None:
        super().__init__(room, syncing, showing)
        self.lines = lines

    def standing(self, query_no: str, rec_id: str) -> RepairStanding:
        """How a record of an own answer stands today. Asked each time: the rules, and what others have
        applied for, may be others by now.

        Raises:
            NotNow, NotYou, NotTrusted: the platform does not answer.
            Refused: not-found for a record that this answer does not show.
        """
        with told():
            return self.lines.routes("wire").repair_standing(query_no, rec_id)

    def draft(self, query_no: str, rec_id: str) -> RepairDraft:
        """A new application about a record of an answer, kept from now on, or the kept one.

        Raises:
            Refused: copy.none, answer.withdrawn. NotRight: draft.record.
        """
        made = self.blank(query_no, rec_id)
        if all(kept.draft_id != made.draft_id for kept in self.drafts()):
            self.save_draft(made)
        return made

    def blank(self, query_no: str, rec_id: str) -> RepairDraft:
        """As `draft`, but a new one is not kept: somebody looks only.

        Raises:
            Trouble: as `draft`.
        """
        for kept in self.drafts():
            if (kept.query_no, kept.rec_id, kept.number) == (query_no, rec_id, ""):
                return kept
        bundle, document = self._answered(query_no, rec_id)
        own = bundle.basis.type == "own"
        return RepairDraft(new_op_id(), query_no, rec_id, document, label(bundle), own=own)

    def supplement_of(self, number: str) -> RepairDraft:
        """The supplement that an application was given back for, or the kept one.

        Raises:
            NotRight: not-found; repair.not-returned when it is not the officer's turn.
        """
        row = self.show(number)
        if row.view is None or row.state != "returned":
            raise NotRight("repair.not-returned")
        for kept in self.drafts():
            if kept.number == row.number:
                return kept
        view = row.view
        made = RepairDraft(
            new_op_id(), view.query_no, view.rec_id, row.document_no, row.subject, view.kind,
            number=view.number, rev=view.rev,
        )  # fmt: skip
        self.save_draft(made)
        return made

    def save_draft(self, draft: RepairDraft) -> None:
        """Keep a draft as it is now; the document's number stays with the answer it is from.

        Raises:
            NotRight: text-unfit; the draft before is still there.
        """
        require_whole("draft", (draft.statement, draft.letter_no))
        bare = draft.standing and msgspec.structs.replace(draft.standing, document_no="")
        picked = tuple((check, path) for check, path in draft.picked if keepable(path))
        paths = {path for _, path in picked}
        marks = tuple(one for one in draft.as_picked if one.path in paths)
        raw = msgspec.json.encode(
            msgspec.structs.replace(draft, document_no="", standing=bare, picked=picked, as_picked=marks)
        )
        self.room.run(
            lambda opened: drafts.save(
                opened.work, "drafts", drafts.Body(KIND, draft.draft_id, raw, opened.now_text())
            )
        )

    def drafts(self) -> tuple[RepairDraft, ...]:
        """Kept drafts, the newest first, among them what was refused."""

        def read(opened: Opened) -> tuple[RepairDraft, ...]:
            kept = [
                msgspec.json.decode(item.body, type=RepairDraft)
                for item in drafts.listed(opened.work, "drafts", KIND)
            ]
            return tuple(msgspec.structs.replace(one, document_no=self._number(opened, one)) for one in kept)

        return self.room.run(read)

    def file(self, draft: RepairDraft, attach: Papers = ()) -> FiledItem:
        """Hand an application, or a supplement, in: written down first, as an objection. Each paper comes
        with the check that it proves; those that the draft names go as well, as they were picked.

        Raises:
            NotRight: draft.empty (no kind, or a supplement without words), text-too-long, text-unfit,
                repair.standing when nobody has asked how the record stands, repair.papers,
                attachment.* (attachment.stands: a kept paper that was refused would go again).
            NotYou: attachment.limits. Refused: what the server says (context op_id).
        """
        if not draft.code or (draft.number and not draft.statement.strip()):
            raise NotRight("draft.empty", kept="kept.draft")
        if not draft.number and draft.standing is None and not draft.refused:
            raise NotRight("repair.standing", kept="kept.draft")
        for name in ("statement", "letter_no"):
            require_text(name, getattr(draft, name), kept="kept.draft")
        kept = self._kept(draft)
        papers = [*kept]
        picked = not_picked_anew([(check, Path(path)) for check, path in draft.picked], attach)
        going = (*((one, draft.as_picked) for one in picked), *((one, None) for one in dict.fromkeys(attach)))
        for (check, path), marks in going:
            fresh = read_attached((path,), [one for _, one in papers], self.limits(), marks)
            papers += [(check, one) for one in fresh]
        _require_papers(draft, {check for check, _ in papers})
        body = _body(draft, papers)

        def write(opened: Opened) -> str:
            def done_with() -> None:
                drafts.discard(opened.work, "drafts", KIND, draft.draft_id)
                if draft.refused:
                    let_go(opened, draft.refused)

            kind, about = SUPPLEMENT if draft.number else APPLY, (draft.subject_name, draft.query_no)
            return queue(
                self.room, opened, kind, "repair", body, about, [one for _, one in papers], done_with
            )

        return self._offer(self.room.run(write), "kept.application")

    def withdraw(self, number: str, why: str) -> FiledItem:
        """Give an application up before its keeper has accepted it.

        Raises:
            NotRight: draft.empty without a reason; text-too-long, text-unfit; not-found.
            Refused: rev-conflict when it has gone on meanwhile.
        """
        if not why.strip():
            raise NotRight("draft.empty")
        require_text("statement", why)
        row = self.show(number)
        body = {"number": number, "base_rev": row.view.rev if row.view else 0, "why": why.strip()}
        about = (row.subject, row.query_no)
        return self._offer(
            self.room.run(lambda opened: queue(self.room, opened, WITHDRAW, "repair", body, about)), ""
        )

    def _kept(self, draft: RepairDraft) -> tuple[tuple[str, Named], ...]:
        if not draft.refused:
            return ()
        require_left_out(draft.file, draft.left_out)
        found = self.room.run(lambda opened: evidence.of_row(opened.work, draft.refused))
        checks = dict(enumerate(draft.checks))
        return tuple(
            (checks.get(one.place, ""), (one.name, one.content))
            for one in found
            if one.place not in draft.left_out
        )

    def list(self) -> tuple[RepairRow, ...]:
        """What is on its way first, then by what the server said last."""

        def read(opened: Opened) -> tuple[RepairRow, ...]:
            looked = looked_at(opened, SEEN)
            known = [_known(item.body, looked) for item in drafts.listed(opened.work, "kept", KIND)]
            cases = {row.number: row for row in known}
            going = unsettled(opened, (APPLY, SUPPLEMENT, WITHDRAW))
            waiting = [_waiting(item, facts, cases) for item, facts in going]
            return with_subjects(opened, (*waiting, *known))

        return self.room.run(read)

    def show(self, number_or_op: str) -> RepairRow:
        """One of them with its history.

        Raises:
            NotRight: not-found.
        """
        for row in self.list():
            if number_or_op and number_or_op in (row.op_id, "" if row.op_id else row.number):
                return row
        raise NotRight("not-found", "problem.not-found")

    def fetch(self) -> None:
        """Ask the server for this officer's applications, of other computers and of the window, too.

        Raises:
            NotNow, NotYou, NotTrusted: as the wire.
        """
        self.syncing.refresh_repairs()

    def exported(self, query_no: str, path: Path) -> None:
        """A checklist was written outside: one more link, with the digest of what was written."""
        note_act(self.room, "export", query_no=query_no, report_sha256=digest(path.read_bytes()))

    def outlooks(self) -> tuple[Outlook, ...]:
        """The records of the officer's own unit that have a day of repair, the earliest first; empty for an
        officer who asks about others, and while the copies are shut away."""

        def read(opened: Opened) -> tuple[Outlook, ...]:
            if opened.user.role != OWN or opened.vault.cache is None or opened.lease_state() != "live":
                return ()
            found: dict[str, Outlook] = {}
            now = opened.time.now_ms()
            for copy in answers.all_copies(opened.copies()):
                bundle = read_bundle(copy.payload)
                if bundle.basis.type == "own" and copy.expires_ms > now:
                    _gather(found, bundle)
            return tuple(sorted(found.values(), key=lambda one: (one.earliest or one.end, one.rec_id)))

        return self.room.run(read)


def _gather(found: dict[str, Outlook], bundle: Bundle) -> None:
    """Of each record the newest word."""
    for record in bundle.records:
        known = found.get(record.rec_id)
        if record.repair is not None and (known is None or known.as_of < bundle.as_of):
            found[record.rec_id] = outlook_of(record, bundle)


def outlook_of(record: Record, bundle: Bundle) -> Outlook:
    """What an answer says of a record's repair.

    Raises:
        ValueError: for a record without an outlook.
    """
    if record.repair is None:
        raise ValueError("the record has no outlook")
    seen = record.repair
    return Outlook(
        bundle.query_no, record.rec_id, record.document_no, record.title, record.provider, seen.earliest,
        seen.end, seen.rule, bundle.as_of,
    )  # fmt: skip


def _require_papers(draft: RepairDraft, brought: set[str]) -> None:
    """Raises NotRight repair.papers (context papers: the checks) when the kind asks for others."""
    kind = draft.standing.kind(draft.code) if draft.standing is not None and not draft.number else None
    wrong = set(kind.papers) ^ brought if kind is not None else set()
    if wrong:
        raise NotRight("repair.papers", context={"papers": ", ".join(sorted(wrong))}, kept="kept.draft")


def _body(draft: RepairDraft, papers: Sequence[tuple[str, Named]]) -> dict[str, Any]:
    """The body of `repair.apply` or `repair.supplement`; optional members only where they say something."""
    sent = [
        {"check": check, "name": name, "sha256": digest(content), "size": len(content)}
        for check, (name, content) in papers
    ]
    statement = draft.statement.strip()
    if draft.number:
        return {"number": draft.number, "base_rev": draft.rev, "statement": statement, "papers": sent}
    body: dict[str, Any] = {
        "kind": draft.code,
        "query_no": draft.query_no,
        "rec_id": draft.rec_id,
        "base_rev": draft.standing.rev if draft.standing is not None else draft.rev,
        "papers": sent,
    }
    if statement:
        body["statement"] = statement
    if draft.letter_no.strip():
        body["letter_no"] = draft.letter_no.strip()
    return body


def _waiting(item: OutboxItem, facts: dict[str, Any], cases: Mapping[str, RepairRow]) -> RepairRow:
    body = msgspec.json.decode(item.body)
    number = str(body.get("number", ""))
    of = cases.get(number)
    return RepairRow(
        number=number, act=item.kind.partition(".")[2],
        code=str(body.get("kind", "")) or (of.code if of else ""),
        query_no=str(body.get("query_no", "")) or (of.query_no if of else ""),
        rec_id=str(body.get("rec_id", "")) or (of.rec_id if of else ""), **facts,
    )  # fmt: skip


def _known(raw: bytes, looked: Mapping[str, bytes]) -> RepairRow:
    facts = msgspec.json.decode(raw)
    defaults = {"kind": "", "query_no": "", "rec_id": "", "state": "", "filed_at": ""}
    view = msgspec.convert(defaults | facts, RepairView)
    due = min((day for day in (view.due_on, view.site_due) if day), default="")
    return RepairRow(
        "", view.number, view.query_no, view.rec_id, view.document_no, view.state, view.filed_at, due,
        act="apply", code=view.kind, view=view, seen=is_seen(looked, view.number, view.rev),
    )  # fmt: skip
