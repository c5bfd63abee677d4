"""From a stored answer to a sealed file, before anything is written: checks, document, pages, seal. A paper
about facts of its own begins in `stated`.
"""

from __future__ import annotations

from datetime import date

import msgspec

from app.field.proofs import read_note
from app.field.records import Bundle, SubjectKind, held_by, write_bundle
from app.field.reportdoc import ReportDocument, ReportTimes
from app.field.templates import Template
from app.report import ReportFlaw, compose
from server_stub.accounts.models import Officer
from server_stub.config.clock import stamp, today
from server_stub.errors import Problem
from server_stub.evidence.services import checkpoint
from server_stub.feed import selectors as feed
from server_stub.queries.models import Query
from server_stub.queries.official import require_carried
from server_stub.queries.selectors import bundle_of, own_query
from server_stub.records.selectors import Shown, shown
from server_stub.reports.drafted import Drafted, Ground, IssueBody, masked
from server_stub.reports.naming import require_same_subject
from server_stub.reports.numbering import new_number
from server_stub.reports.proving import drawn, editions, last_day, proven
from server_stub.reports.receiving import require_receiver
from server_stub.reports.selectors import withdrawn
from server_stub.reports.sourced import paper_row, require_young
from server_stub.reports.special import require_ground, scope_of, within
from server_stub.reports.stated import draft_facts, facts_of
from server_stub.subjects.selectors import find_by_key


def draft(officer: Officer, wanted: IssueBody) -> Drafted:
    """The report on an answer of this officer, rendered and sealed.

    Raises:
        Problem: `not-found` (no query of this officer), `no-information`, `query-stale` (too old, or a
            record in it or its subject's name has changed since), `body-invalid` (no such template),
            `paper-not-about` (none about such a subject),
            `letter-needed`, `letter-expired`, `scope-invalid`, `receiver-needed`, `text-too-long`,
            `text-unfit`, `seal-unavailable`.
    """
    receiver = require_receiver(wanted.receiver)
    facts = facts_of(wanted.template, today())
    if facts:
        return draft_facts(officer, wanted, facts, receiver, today())
    if wanted.rows:
        raise Problem("rows-invalid", "this paper is not about a screening")
    query = own_query(officer, wanted.query_no)
    bundle = bundle_of(query)
    if bundle.no_information:
        raise Problem("no-information", "there is nothing to report on")
    require_fresh(query, officer)
    document = _compose(query, officer, bundle, wanted)
    name = bundle.subject.name if bundle.subject else ""
    kind: SubjectKind = "person" if query.kind == "person" else "legal"
    ground = Ground(
        query.query_no, query.subject_key, kind, masked(name, kind), query.purpose, query.basis_type
    )
    told = write_bundle(document.bundle) if document.scope is not None else bytes(query.bundle)

    def still() -> None:
        require_fresh(query, officer)
        require_unchanged(document, query, officer)

    return drawn(document, officer, ground, receiver, held_by(document.bundle), told, still)


def require_fresh(query: Query, officer: Officer) -> None:
    """The answer is young enough, and everything in it, whom it names and its official letter still stand.

    Raises:
        Problem: `query-stale`; `official-letter-needed` where the letter is stopped or over.
    """
    require_young(query.made_at, today())
    require_carried(query, today())
    bundle, kind = bundle_of(query), officer.organisation.kind
    held = held_by(bundle)
    require_same_subject(bundle)
    if withdrawn(query.subject_key, held, officer.role, kind, query.basis_type):
        raise Problem("query-stale", "a record has changed since the query")


def require_unchanged(document: ReportDocument, query: Query, officer: Officer) -> None:
    """What a paper drew anew at the issue still stands.

    Raises:
        Problem: `query-stale`.
    """
    if document.scope is None or document.layout is None:
        return
    held, kind = held_by(document.bundle), officer.organisation.kind
    chosen = document.layout.report_type
    if withdrawn(query.subject_key, held, officer.role, kind, query.basis_type, chosen):
        raise Problem("query-stale", "a record has changed since the pages were set")


def _compose(query: Query, officer: Officer, bundle: Bundle, wanted: IssueBody) -> ReportDocument:
    on, issued = today(), stamp()
    person = bundle.subject is not None and bundle.subject.kind == "person"
    number = new_number(person=person, on=on)
    log = read_note(checkpoint()).checkpoint
    try:
        layout = paper_row(wanted.template, "person" if person else "legal", on)
        require_ground(layout, query.basis_type, bundle.basis.until, on)
        scope = scope_of(wanted.start, wanted.end, wanted.field, layout, on)
        if scope is not None:
            last_seq, epoch = feed.head()
            anew = _shown(query, officer, layout, on, wanted.language)
            bundle = within(bundle, anew, scope, layout, on)
            bundle = msgspec.structs.replace(bundle, as_of=issued, as_of_seq=last_seq, epoch=epoch)
        elif wanted.language == "en":
            bundle = in_english(bundle, _shown(query, officer, layout, on, "en"))
        document = compose(
            bundle,
            copy="official",
            times=ReportTimes(queried=bundle.made_at, as_of=bundle.as_of, issued=issued),
            language=wanted.language,
            template=wanted.template,
            number=number,
            checkpoint_size=log.size,
            checkpoint_root=log.root.hex(),
            valid_until=last_day(layout, on).isoformat(),
            tables=editions(
                [*(["field"] if scope and scope.field else []), *(rule.table for rule in bundle.rules)]
            ),
            scope=scope,
            large=wanted.large,
        )
    except ReportFlaw as flaw:
        raise Problem("body-invalid", str(flaw)) from flaw
    return proven(document)


def in_english(bundle: Bundle, anew: Shown) -> Bundle:
    """The answer with the English labels and states of the same records; an answer has Chinese ones.

    Raises:
        Problem: `query-stale` when what is shown now is not what was answered.
    """
    labelled = {(record.rec_id, record.rev): record for record in anew.records}
    kept = [(record.rec_id, record.rev) for record in bundle.records]
    if not labelled.keys() >= set(kept):
        raise Problem("query-stale", "a record has changed since the query")
    return msgspec.structs.replace(bundle, records=tuple(labelled[one] for one in kept))


def _shown(query: Query, officer: Officer, layout: Template, on: date, language: str) -> Shown:
    """What the rules of a paper show of the subject of a query, to who asked, on its ground."""
    return shown(
        find_by_key(query.subject_key),
        role=officer.role,
        organisation_kind=officer.organisation.kind,
        report_type=layout.report_type,
        on=on,
        basis=query.basis_type,
        language=language,
    )
