"""Drafting the answer: what the rules show of a subject to this officer today, or no information at all."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from app.field.records import Bundle, Lease, PurposeRef, Requester, write_bundle
from server_stub.accounts.models import Officer
from server_stub.config.city import specimen
from server_stub.config.clock import CITY_ZONE, now, stamp
from server_stub.feed import selectors as feed
from server_stub.queries import ops
from server_stub.queries.grounds import Grounded
from server_stub.queries.policy import figure
from server_stub.queries.question import Meant, Question
from server_stub.records import ahead
from server_stub.subjects import selectors as subjects


class Drafted(msgspec.Struct, frozen=True):
    """A bundle without its number, with what the server keeps beside it; `day` is the day of its number."""

    bundle: Bundle
    subject_key: str
    kind: str
    day: str

    def numbered(self) -> Drafted:
        """The same, ready to be signed; call inside the transaction in which it is kept."""
        number = ops.running_number("CX", self.day)
        bundle = msgspec.structs.replace(self.bundle, query_no=number)
        return msgspec.structs.replace(self, bundle=bundle)

    def payload(self) -> bytes:
        return write_bundle(self.bundle)


def draft(
    officer: Officer,
    op_id: str,
    question: Question,
    meant: Meant,
    grounded: Grounded,
    on: date,
    composed: ahead.Ahead,
) -> Drafted:
    """The answer; its document is the one `composed` ahead where that still holds. Unknown persons, minors
    and persons of whom nothing may be shown look the same.
    """
    shown = ahead.now(composed, meant.subject, circumstances(officer, grounded, on))
    nothing = not shown.records and not shown.standing
    no_information = meant.subject is None or (question.subject.kind == "person" and nothing)
    at, (last_seq, epoch) = now(), feed.head()
    bundle = Bundle(
        type="bundle",
        v=1,
        query_no="",
        op_id=op_id,
        made_at=stamp(at),
        as_of=stamp(at),
        as_of_seq=last_seq,
        epoch=epoch,
        specimen=specimen(),
        subject_key="",
        no_information=no_information,
        requester=requester(officer),
        purpose=PurposeRef(grounded.purpose.id, grounded.purpose.zh, grounded.purpose.en),
        case_no=question.case_no,
        basis=grounded.basis,
        lease=_lease(at, on, grounded, question.want_copy and not no_information),
    )
    if meant.subject is not None and not no_information:
        bundle = msgspec.structs.replace(
            bundle,
            subject_key=meant.subject_key,
            subject=subjects.card(meant.subject),
            counters=shown.counters,
            standing=shown.standing,
            records=shown.records,
            rules=shown.rules,
        )
    return Drafted(bundle, meant.subject_key, question.subject.kind, on.strftime("%Y%m%d"))


def circumstances(officer: Officer, grounded: Grounded, on: date) -> ahead.Circumstances:
    """What a document hangs on besides its subject."""
    return ahead.Circumstances(officer.role, officer.organisation.kind, on, grounded.basis.type)


def requester(officer: Officer) -> Requester:
    """Who asks, as every answer and report states it."""
    organisation = officer.organisation
    return Requester(
        user=officer.user,
        name=officer.name,
        organisation=organisation.code,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        role=officer.role,
    )


def _lease(at: datetime, on: date, grounded: Grounded, wanted: bool) -> Lease:
    """The copy term of the policy, but never beyond the last day of the letter."""
    until = at + timedelta(seconds=figure("copy_term_s", on) if wanted else 0)
    if grounded.until is not None:
        end = datetime.combine(grounded.until + timedelta(days=1), time(), CITY_ZONE).astimezone(UTC)
        until = min(until, end)
    return Lease(str(uuid.uuid4()), stamp(at), stamp(until), int((until - at).total_seconds()))
