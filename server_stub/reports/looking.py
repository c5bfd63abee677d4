"""The statement who looked at a subject: every query and screening of a period that it may be told of, and
every look of the centre's own staff (`looking_staff`).

It is told to the subject alone: a letter for a loan opens what the lender may read, not with whom else the
subject deals. So the paper's row names the purpose, too. What law withholds is a row of the table `telling`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, cast

import msgspec

from app.field.paper_facts import LookFact, LooksFacts, ScreeningFacts
from app.field.records import Bundle, SubjectKind
from app.field.reportdoc import FactsDocument, ReportScope
from app.field.screening import NUMBERS
from app.field.shown import read_shown
from server_stub.accounts.models import Officer, Organisation
from server_stub.config.clock import city_day
from server_stub.errors import Problem
from server_stub.lists.models import UNKNOWN
from server_stub.lists.selectors import Look, looks_at
from server_stub.queries import official
from server_stub.queries.models import Query
from server_stub.queries.selectors import bundle_of, own_query
from server_stub.reports.drafted import Ground, IssueBody, masked
from server_stub.reports.looking_staff import staff_looks
from server_stub.reports.models import Report
from server_stub.reports.naming import require_same_subject
from server_stub.reports.sourced import Sourced, paper_row, require_young
from server_stub.reports.special import require_ground, scope_of
from server_stub.rules import selectors as rules


def source(officer: Officer, wanted: IssueBody, on: date) -> Sourced:
    """Who looked at the subject of a query that the subject itself, or somebody with its letter, made.

    Raises:
        Problem: `not-found`, `query-stale`, `no-information` (nobody the register knows), `letter-needed`
            and `letter-expired` (not on the subject's own ground), `purpose-not-allowed` (the query was for
            another purpose than the subject's own), `scope-invalid` (also more looks than a statement lists),
            `rows-invalid`.
    """
    if wanted.rows:
        raise Problem("rows-invalid", "this paper is not about a screening")
    query = own_query(officer, wanted.query_no)
    require_young(query.made_at, on)
    bundle = bundle_of(query)
    if bundle.no_information or bundle.subject is None:
        raise Problem("no-information", "there is nobody to tell")
    require_same_subject(bundle)
    kind: SubjectKind = bundle.subject.kind
    layout = paper_row(wanted.template, kind, on)
    require_ground(layout, query.basis_type, bundle.basis.until, on)
    if layout.purposes and query.purpose not in layout.purposes:
        raise Problem("purpose-not-allowed", "only a query of the subject's own carries this paper")
    scope = scope_of(wanted.start, wanted.end, "", layout, on)
    if scope is None or wanted.field:
        raise Problem("scope-invalid", "who looked is told of a period and of every field")
    found = looks(query.subject_key, scope, on, wanted.language, bundle.subject.code)
    if len(found) > layout.most:
        raise Problem("scope-invalid", "more looks than one statement lists", context={"limit": layout.most})
    facts = LooksFacts(kind, bundle.subject.code, scope.start, scope.end, found)
    name = bundle.subject.name
    return Sourced(
        layout=layout,
        facts=facts,
        subject=name,
        ground=Ground(
            query.query_no, query.subject_key, kind, masked(name, kind), query.purpose, query.basis_type
        ),
        basis=bundle.basis,
        purpose=bundle.purpose,
        case_no=bundle.case_no,
        queried=query.made_at,
        held={},
        tables=("telling",),
        still=partial(_still, query.made_at, bundle, on),
    )


def _still(made_at: str, bundle: Bundle, on: date) -> None:
    require_young(made_at, on)
    require_same_subject(bundle)


def looks(
    subject_key: str, scope: ReportScope, on: date, language: str, code: str = ""
) -> tuple[LookFact, ...]:
    """Every look of the period, both days included, that the subject may be told of on a day. `code` is the
    number by which certificates of a screening state it.
    """
    first, last = date.fromisoformat(scope.start), date.fromisoformat(scope.end)
    rows = [*_queries(subject_key, first, last), *_screenings(subject_key, first, last)]
    told = [_on_letter(row) for row in rows if _told(row, on)]
    told += staff_looks(subject_key, first, last, on)
    bodies = Organisation.objects.filter(code__in={row["organisation"] for row in told})
    names = dict(bodies.values_list("code", "name"))
    papers = _papers([row["reference"] for row in told], code)
    told.sort(key=lambda row: (row["at"], row["reference"]), reverse=True)
    return tuple(
        LookFact(
            at=row["at"],
            organisation=names.get(row["organisation"], row["organisation"]),
            act=row["act"],
            purpose=_purpose(row["purpose"], city_day(row["at"]), language),
            ground=row["ground"],
            letter_no=row["letter_no"],
            reference=row["reference"],
            papers=papers[row["reference"]],
            times=row.get("times", 1),
            shown=row.get("shown", ""),
            told_nothing=row.get("told_nothing", False),
        )
        for row in told
    )


def _told(row: dict[str, Any], on: date) -> bool:
    return official.told(row["purpose"], row["organisation"], row["case_no"], row["at"], on)


def _on_letter(row: dict[str, Any]) -> dict[str, Any]:
    """A look that an official letter alone could carry is told with it: no open information needs one."""
    number = official.letter_behind(row["purpose"], row["organisation"], row["case_no"], row["at"])
    return {**row, "ground": "official", "letter_no": number} if number else row


def _papers(references: Sequence[str], code: str) -> Counter[str]:
    """How many papers were issued on each look; a certificate counts where it states the subject."""
    found: Counter[str] = Counter()
    for number, document in Report.objects.filter(query_no__in=references).values_list(
        "query_no", "document"
    ):
        if number.startswith(NUMBERS):
            facts = msgspec.json.decode(bytes(document), type=FactsDocument).facts
            units = facts.units if isinstance(facts, ScreeningFacts) else ()
            found[number] += any(code and unit.code == code for unit in units)
        else:
            found[number] += 1
    return found


def _queries(subject_key: str, first: date, last: date) -> Iterator[dict[str, Any]]:
    low = f"{first - timedelta(days=1)}T16:00"  # moments are UTC: the city's day begins eight hours before
    rows = Query.objects.filter(subject_key=subject_key, made_at__gte=low, made_at__lt=f"{last}T16:00")
    columns = (
        "made_at",
        "organisation",
        "purpose",
        "basis_type",
        "basis_ref",
        "query_no",
        "case_no",
        "no_information",
    )
    for at, organisation, purpose, basis, ref, number, case_no, nothing in rows.values_list(*columns):
        ground = cast(Any, basis)
        yield {
            "at": at, "organisation": organisation, "act": "query", "purpose": purpose, "ground": ground,
            "letter_no": ref if basis == "letter" else "", "reference": number, "case_no": case_no,
            "shown": ref if basis == "own" and read_shown(ref) else "", "told_nothing": nothing,
        }  # fmt: skip


def _screenings(subject_key: str, first: date, last: date) -> Iterator[dict[str, Any]]:
    """One look a screening, however many of its rows named the subject; it told nothing where none of them
    did."""
    all_looks = looks_at(subject_key)
    found: dict[str, Look] = {look.screening_no: look for look in all_looks}
    telling = {look.screening_no for look in all_looks if look.state != UNKNOWN}
    for look in found.values():
        if first <= city_day(look.at) <= last:
            yield {
                "at": look.at, "organisation": look.organisation, "act": "screening", "purpose": look.purpose,
                "ground": "open", "letter_no": "", "reference": look.screening_no, "case_no": look.case_no,
                "told_nothing": look.screening_no not in telling,
            }  # fmt: skip


def _purpose(code: str, on: date, language: str) -> str:
    row = rules.purpose(code, on)
    return code if row is None else row.en if language == "en" else row.zh
