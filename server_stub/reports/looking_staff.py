"""Looks of the centre's own staff at a subject, from the log: no query carries them, a leaf each does.

What was looked at because of a query that the subject is not told of is not told either: the case or the
paper before the staff would say that there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.field.evidence import LeafEntry
from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.accounts.staff_looks import LOOKS
from server_stub.config.clock import city_day
from server_stub.evidence.selectors import acts_on_subject
from server_stub.queries import official
from server_stub.queries.models import Query
from server_stub.reports.models import Report


def staff_looks(subject_key: str, first: date, last: date, on: date) -> Iterator[dict[str, Any]]:
    """What the statement of a day tells of a period, both days included; as the rows of queries, but looks of
    one user at the like on one day of the city are one row, of the last of them, with their count as `times`.
    """
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
    withheld = _withheld([entry for _, entry in rows], _filed_on([entry for _, entry in found]), on)
    told = [row for row in rows if not withheld & {row[1].query_no, row[1].report_no}]
    of_a_day = Counter(_alike(entry) for _, entry in told)
    newest = {_alike(entry): (index, entry) for index, entry in told}
    for alike, (index, entry) in newest.items():
        looked = LOOKS[entry.kind]
        yield {
            "at": entry.at, "organisation": bodies[entry.user], "act": looked.function,
            "purpose": looked.purpose, "ground": "duty", "letter_no": "", "reference": str(index),
            "times": of_a_day[alike],
        }  # fmt: skip


def _alike(entry: LeafEntry) -> tuple[str, str, date]:
    """What is one row: or who looks often enough would make a day that no statement can list."""
    return entry.user, LOOKS[entry.kind].function, city_day(entry.at)


def _filed_on(entries: Sequence[LeafEntry]) -> dict[str, str]:
    """Of each case of the subject the query it was filed on, as its steps say it; none of a paper's."""
    steps = (entry for entry in entries if entry.kind == "objection" and entry.query_no)
    return {entry.outcome.split(":")[1]: entry.query_no for entry in steps if ":" in entry.outcome}


def _withheld(entries: Sequence[LeafEntry], filed_on: Mapping[str, str], on: date) -> set[str]:
    """Numbers of the queries and papers behind these looks of which the subject is not told on a day.
    A paper on a query, or on a case that was filed on one, is told as that query is; one without by its own
    purpose and day. What else the organisation keeps silent about says nothing.
    """
    papers = Report.objects.filter(number__in={entry.report_no for entry in entries if entry.report_no})
    issued = list(papers.only("number", "query_no", "purpose", "organisation", "issued_at"))
    behind = {row.number: filed_on.get(row.query_no, row.query_no) for row in issued}
    wanted = {entry.query_no for entry in entries} | set(behind.values())
    silent = {
        query.query_no
        for query in Query.objects.filter(query_no__in=wanted - {""}).only(*_ASKED)
        if not official.told(query.purpose, query.organisation, query.case_no, query.made_at, on)
    }
    bare = [row for row in issued if not behind[row.number]]
    return (
        silent
        | {number for number, query_no in behind.items() if query_no in silent}
        | {row.number for row in bare if not official.told(row.purpose, "", "", row.issued_at, on)}
    )


_ASKED = ("query_no", "purpose", "organisation", "case_no", "made_at")
