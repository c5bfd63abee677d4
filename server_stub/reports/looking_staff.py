"""Looks of the centre's own staff at a subject, from the log: no query carries them, a leaf each does.

What was looked at because of a query that the subject is not told of is not told either: the case or the
paper before the staff would say that there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from app.field.evidence import LeafEntry
from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.accounts.staff_looks import LOOKS
from server_stub.config.clock import city_day
from server_stub.evidence.selectors import acts_on_subject
from server_stub.queries.models import Query
from server_stub.reports.models import Report
from server_stub.rules import selectors as rules


def staff_looks(subject_key: str, first: date, last: date, on: date) -> Iterator[dict[str, Any]]:
    """What the statement of a day tells of a period, both days included; as the rows of queries."""
    found = acts_on_subject(subject_key, tuple(LOOKS))
    bodies = dict(
        Officer.objects.filter(role=ROLE, user__in={entry.user for _, entry in found}).values_list(
            "user", "organisation_id"
        )
    )
    rows = [
        (index, entry)
        for index, entry in found
        if entry.user in bodies and first <= city_day(entry.at) <= last
    ]
    behind = _behind([entry for _, entry in rows])
    for index, entry in rows:
        if not all(rules.told_of(purpose, day, on) for purpose, day in behind(entry)):
            continue
        looked = LOOKS[entry.kind]
        yield {
            "at": entry.at, "organisation": bodies[entry.user], "act": looked.function,
            "purpose": looked.purpose, "ground": "duty", "letter_no": "", "reference": str(index),
        }  # fmt: skip


def _behind(entries: Sequence[LeafEntry]) -> Callable[[LeafEntry], Iterator[tuple[str, date]]]:
    """Purpose and day of what a case or a paper before the staff goes back to: its query, and the paper."""
    papers = Report.objects.filter(number__in={entry.report_no for entry in entries if entry.report_no})
    issued = {row.number: row for row in papers.only("number", "query_no", "purpose", "issued_at")}
    wanted = {entry.query_no for entry in entries} | {row.query_no for row in issued.values()}
    rows = Query.objects.filter(query_no__in=wanted).values_list("query_no", "purpose", "made_at")
    queries = {number: (purpose, city_day(at)) for number, purpose, at in rows}

    def of(entry: LeafEntry) -> Iterator[tuple[str, date]]:
        paper = issued.get(entry.report_no)
        if paper is not None:
            yield paper.purpose, city_day(paper.issued_at)
        for number in (entry.query_no, paper.query_no if paper is not None else ""):
            if number in queries:
                yield queries[number]

    return of
