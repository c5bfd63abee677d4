"""Reads of the queries room for other rooms."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.field.records import Bundle, read_bundle
from server_stub.accounts.models import Officer
from server_stub.errors import Problem
from server_stub.evidence.services import Accepted
from server_stub.queries.models import Query


class _Shown(msgspec.Struct, frozen=True):
    rec_id: str
    rev: int


class _Answer(msgspec.Struct, frozen=True):
    """Of an answer's bytes what tells which records it showed."""

    records: tuple[_Shown, ...] = ()
    standing: tuple[_Shown, ...] = ()


_READ = msgspec.json.Decoder(_Answer).decode


def own_query(officer: Officer, query_no: str) -> Query:
    """A query of the officer's own organisation and name.

    Raises:
        Problem: `not-found` for queries of others and for none.
    """
    found = Query.objects.filter(query_no=query_no, user=officer.user, organisation=officer.organisation_id)
    query = found.first()
    if query is None:
        raise Problem("not-found", "no such query of this officer")
    return query


def bundle_of(query: Query) -> Bundle:
    """What was answered."""
    return read_bundle(bytes(query.bundle))


def records_of(query_no: str) -> dict[str, int]:
    """rec_id -> rev of everything the answer showed, as its signed bytes say it; of no query nothing."""
    kept = Query.objects.filter(query_no=query_no).values_list("bundle", flat=True).first()
    if kept is None:
        return {}
    answer = _READ(bytes(kept))
    return {one.rec_id: one.rev for one in (*answer.records, *answer.standing)}


def subject_keys_of(officer: Officer, accepted: Sequence[Accepted]) -> list[str]:
    """For each link the subject of the query it names, empty when it names none of this officer's."""
    numbers = {one.entry.query_no for one in accepted if one.entry.query_no}
    if not numbers:
        return [""] * len(accepted)
    rows = Query.objects.filter(query_no__in=numbers, user=officer.user)
    keys = dict(rows.values_list("query_no", "subject_key"))
    return [keys.get(one.entry.query_no, "") for one in accepted]
