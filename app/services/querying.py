"""Asking: checked here, written down, sent, verified, and only then shown. One round trip."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import msgspec

from app.clock import utc_text
from app.field import identifiers
from app.field.beijing import AHEAD
from app.field.canonical import canonical, canonical_sha256
from app.field.names import printable
from app.field.records import RegisterCard
from app.letters import Letter, LetterCard
from app.policy import Policy
from app.services.answer import Answer, Changes
from app.services.asking import check_subject, subject_body
from app.services.copies import keep, recent_copy
from app.services.delivering import Delivering, Parcel
from app.services.entries import builder, new_op_id, note_act
from app.services.lettering import KeptLetter, Lettering
from app.services.lines import Lines
from app.services.opening import Opening
from app.services.room import Opened, Room
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, Refused
from app.typed import require_text
from app.wire.messages import QueryReply
from app.wire.receipts import Intent, verify_answer
from app.wire.routes import told
from local_cache import ledger, outbox, reports
from local_cache.intents import begin_intent
from local_cache.outbox import OutboxItem

REUSE_MIN = 10


@dataclass(frozen=True)
class SubjectAsk:
    """Whom to ask for: a code or a candidate's key; a person by type, number and name, all three."""

    kind: Literal["legal", "person"]
    number: str = ""
    name: str = ""
    id_type: str = ""
    subject_key: str = ""


@dataclass(frozen=True)
class QueryRequest:
    """A question with its ground. `reuse`: a copy of the last ten minutes will do, if it still holds. A
    letter that was only read is handed in when it has been held against the subject. `document_seen`: the
    person is at the window, and the original of the document asked by was seen; it can be said of a person,
    without a letter, for a purpose that takes it (`document_for_person`)."""

    subject: SubjectAsk
    purpose: str
    case_no: str
    letter: KeptLetter | Letter | None = None
    want_copy: bool = True
    reuse: bool = False
    document_seen: bool = False


@dataclass(frozen=True)
class PurposeChoice:
    code: str
    zh: str
    en: str
    letter_for_person: bool
    letter_for_enterprise: bool
    official_letter: bool = False
    document_for_person: bool = False


@dataclass(frozen=True)
class Candidates:
    rows: tuple[RegisterCard, ...]
    more: bool


@dataclass(frozen=True)
class RecentQuery:
    query_no: str
    name: str
    kind: str
    purpose_zh: str
    at: str
    cached: bool
    ended: bool


class Querying:
    """Queries of this officer."""

    def __init__(self, room: Room, lines: Lines, delivering: Delivering, lettering: Lettering) -> None:
        self.room = room
        self.lines = lines
        self.delivering = delivering
        self.lettering = lettering
        self.opening = Opening(room, lambda signed: lines.trust().open_signed(signed))
        delivering.carriers["query"] = self.deliver
        self.before_reuse: Callable[[], object] = lambda: None
        self.on_answer: list[Callable[[Answer], None]] = []

    def recognise(self, text: str) -> identifiers.Recognised:
        """What a typed text is."""
        return identifiers.recognise(text)

    def purposes(self) -> tuple[PurposeChoice, ...]:
        """What this officer may state, in the order of the policy."""
        return tuple(
            PurposeChoice(
                one.code,
                one.zh,
                one.en,
                one.letter_for_person,
                one.letter_for_enterprise,
                one.official_letter,
                one.document_for_person,
            )
            for one in self._policy().purposes
        )

    def candidates(self, text: str, purpose: str) -> Candidates:
        """Register identity of the subjects that a name may mean. Nothing of credit, no query is counted.

        Raises:
            NotRight: query.purpose, subject.empty, text-too-long, text-unfit; candidates-many.
        """
        self._policy().purpose(purpose)
        if not text.strip():
            raise NotRight("subject.empty")
        require_text("search", text)
        with told():
            found = self.lines.routes().candidates(new_op_id(), text.strip(), purpose)
        return Candidates(found.candidates, found.more)

    def query(self, request: QueryRequest, op_id: str = "") -> Answer:
        """Ask. Repeating an unanswered question carries the same number: it is logged once.

        Raises:
            NotRight, Refused: what is wrong before anything is written or handed in, the letter's too; what
                the server's rules say, as `Lettering.hand_in` of a new letter.
            NotNow: net.*; the question is in the outbox, `kept` says so.
            NotTrusted: the answer was dropped, nothing of it is shown or kept.
        """
        policy = self._policy()
        body = self._checked(policy, request)
        if request.reuse:
            again = self.reusable(request)
            if again is not None:
                return again
        letter = request.letter
        kept = self.lettering.hand_in(letter) if isinstance(letter, Letter) else letter
        body["basis"] = _basis(request, kept)
        op_id = self.room.run(lambda opened: self._begin(opened, request, body, op_id))
        with self.delivering.waited_for(op_id):
            return self._carry(op_id)

    def _carry(self, op_id: str) -> Answer:
        try:
            self.delivering.flush(before=op_id)
        except NotNow as flaw:
            if flaw.code.startswith("net."):  # an older one's fate may be unknown; this one never left
                raise NotNow(flaw.code, "query.queued", flaw.context, kept="kept.intent") from flaw
            raise
        try:
            return self.deliver(op_id)
        except NotNow as flaw:
            code = "query.queued" if flaw.context.get("sent") == 0 else "query.unknown"
            if flaw.code.startswith("net."):
                raise NotNow(flaw.code, code, flaw.context, kept="kept.intent") from flaw
            raise

    def deliver(self, op_id: str, lane: str = "wire") -> Answer:
        """Send one query of the outbox and take in its answer.

        Raises:
            Trouble: the outbox row says the same.
        """
        parcel = self.delivering.parcel(op_id)
        body, size = parcel.body, parcel.last.size
        reply = self.delivering.exchange(
            parcel, lambda routes, tokens: routes.query(tokens, op_id, body, size), lane
        )
        return self._taken(parcel, reply)

    def reusable(self, request: QueryRequest) -> Answer | None:
        """A live copy of the last ten minutes for the same subject, purpose and case, untouched since.

        Raises:
            NotNow: when the server cannot be asked whether it still holds.
        """
        ask = request.subject
        if ask.kind != "legal":
            return None
        self.before_reuse()
        since = utc_text(self.room.clock.now() - timedelta(minutes=REUSE_MIN))
        wanted = ask.subject_key or identifiers.fold_number(ask.number)
        return self.room.run(
            lambda opened: recent_copy(opened, self.opening, wanted, request.purpose, request.case_no, since)
        )

    def recent(self, limit: int) -> tuple[RecentQuery, ...]:
        """The latest queries, while the copies' file is open."""

        def read(opened: Opened) -> tuple[RecentQuery, ...]:
            if opened.vault.cache is None or opened.lease_state() != "live":
                return ()
            rows = reports.recents(opened.copies(), limit)
            return tuple(
                RecentQuery(row.query_no, row.name, row.kind, row.purpose, row.at, kept, not kept)
                for row, kept in rows
            )

        return self.room.run(read)

    def today_count(self) -> int:
        """Queries made since midnight in Beijing."""
        local = self.room.clock.now() + AHEAD
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) - AHEAD
        return self.room.run(lambda opened: ledger.count_since(opened.work, "query", utc_text(midnight)))

    def viewed(self, query_no: str) -> None:
        """An answer of this session was looked at again: one more link."""
        note_act(self.room, "view", query_no=query_no)

    # ---- inside ------------------------------------------------------------------------------------------

    def _policy(self) -> Policy:
        found = self.room.run(lambda opened: opened.policy)
        if found is None:
            raise NotYou("policy.missing")
        return found

    def _checked(self, policy: Policy, request: QueryRequest) -> dict[str, Any]:
        """The request body without its basis, after every check that needs no server."""
        purpose = policy.purpose(request.purpose)
        if not printable(request.case_no):
            raise NotRight("case-needed", "problem.case-needed")
        require_text("case_no", request.case_no)
        ask = check_subject(
            request.subject.kind,
            request.subject.number,
            request.subject.name,
            request.subject.id_type,
            request.subject.subject_key,
        )
        person = request.subject.kind == "person"
        user = self.room.run(lambda opened: opened.user)
        letter = request.letter
        takes_document = person and letter is None and purpose.document_for_person
        if request.document_seen and not takes_document:  # it would stand in no ground, or in a wrong one
            raise NotRight("query.document-not-taken")
        if letter is None:
            # whether a candidate's key is the own unit's only the server knows
            own = not person and ask.get("number", user.organisation) == user.organisation
            needed = purpose.letter_for_person if person else purpose.letter_for_enterprise
            if needed and not own:
                raise Refused("letter-needed", "query.authNeeded" if person else "problem.letter-needed")
            if takes_document and not request.document_seen:
                raise NotRight("document-needed", "problem.document-needed")
        elif letter.card is not None:
            whom = request.subject
            document = (whom.id_type, whom.name) if person else ("uscc", "")
            self.lettering.check_use(letter.card, purpose.code, *document, whom.number)
        return {
            "subject": subject_body(request.subject.kind, ask),
            "purpose": purpose.code,
            "case_no": request.case_no.strip(),
            "want_copy": request.want_copy,
        }

    def _begin(self, opened: Opened, request: QueryRequest, body: dict[str, Any], op_id: str) -> str:
        """Chain entry and outbox row in one transaction; an open row for the same question is taken up."""
        for item in outbox.all_items(opened.work, only_open=True):
            if item.kind != "query":
                continue
            asked = msgspec.json.decode(item.body)
            asked.pop("salt", None)
            if asked == body:
                return item.op_id
        op_id = op_id or new_op_id()
        sent = {**body, "salt": secrets.token_hex(16)}
        raw = canonical(sent)
        item = OutboxItem(
            op_id, "query", utc_text(self.room.clock.now()), raw, hashlib.sha256(raw).hexdigest()
        )
        build = builder(
            self.room, opened, "query", op_id, purpose=body["purpose"], body_sha256=canonical_sha256(sent)
        )
        begin_intent(opened.work, build, item)
        return op_id

    def _taken(self, parcel: Parcel, reply: QueryReply) -> Answer:
        op_id = parcel.item.op_id
        try:
            intent = Intent(op_id, parcel.own.purpose, parcel.own.user, parcel.own)
            passed = verify_answer(
                self.lines.trust(), intent, reply.answer, reply.receipts, parcel.last, parcel.last.size
            )
            if passed.bundle.query_no != reply.query_no:
                raise NotTrusted("answer.foreign")
        except NotTrusted as flaw:
            self.delivering.failed(op_id, flaw)
            raise
        own = reply.receipts[-1]
        changed, kept, released = self.room.run(
            lambda opened: keep(opened, op_id, passed, reply, parcel.entries)
        )
        answer = Answer(
            query_no=reply.query_no,
            bundle=passed.bundle,
            signed=reply.answer,
            cached=kept,
            source="server",
            as_of=passed.bundle.as_of,
            changed=changed,
            leaf_index=own.leaf_index,
            tree_size=passed.seen.size,
            replayed=reply.replayed,
            released=released,
        )
        for told_of in self.on_answer:
            told_of(answer)
        return answer


def _basis(request: QueryRequest, letter: KeptLetter | None) -> dict[str, str]:
    if letter is not None:
        return {"type": "letter", "ref": letter.letter_no, "sha256": letter.sha256}
    if request.document_seen:
        return {"type": "own", "ref": request.subject.id_type, "sha256": ""}
    return {"type": "duty" if request.subject.kind == "person" else "open", "ref": "", "sha256": ""}


__all__ = ["Answer", "Candidates", "Changes", "KeptLetter", "Letter", "LetterCard", "PurposeChoice"]
__all__ += ["QueryRequest", "Querying", "RecentQuery", "SubjectAsk"]
