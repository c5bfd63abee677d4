"""A device whose cursor no longer helps holds its copies against the present."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from server_stub.accounts.models import Device, Officer
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.feed import selectors as feed
from server_stub.feed import services as feeding
from server_stub.queries.models import Query
from server_stub.queries.official import carries
from server_stub.queries.selectors import bundle_of, records_of
from server_stub.records import selectors as records
from server_stub.subjects import selectors as subjects

GONE, OVER = "removed", "publicity_over"


class Told(NamedTuple):
    """What an answer told of records (rec_id -> rev), and which of them would be told today as they were."""

    given: Mapping[str, int]
    seen: Collection[str]


ToldBy = Callable[[Officer, Device, Collection[str]], Mapping[str, Told]]


def reconcile(
    officer: Officer,
    device: Device,
    copies: Mapping[str, Mapping[str, int]],
    screened: ToldBy = lambda officer, device, numbers: {},
) -> dict[str, Any]:
    """What of these copies (query number -> rec_id -> rev) may not be kept, what to mark, and a new cursor.
    `screened` knows the answers that were no queries'.

    A copy this server never gave to the device, or whose official letter carries nothing more, is revoked
    whole, and named in `gone`: it may hold no record. The latter is named in `letter_ended`, too.
    All of it is asked in no transaction: a screening's thousand names, or 500 copies, would hold up everybody
    who writes. What changes meanwhile comes by the feed, whose cursor is read first.
    """
    feeding.number()
    cursor = feed.newest_cursor()  # before anything is looked at: the feed tells of what changes meanwhile
    rows = Query.objects.filter(query_no__in=list(copies), device_id=device.device_id, user=officer.user)
    mine = {query.query_no: query for query in rows}
    own = {number: query for number, query in mine.items() if carries(query, today())}
    told = screened(officer, device, copies.keys() - own.keys())
    held_now = {**told, **{no: Told(records_of(no), _seen_now(officer, query)) for no, query in own.items()}}
    revoke: dict[str, str] = {}
    marks: dict[str, dict[str, Any]] = {}
    for query_no, held in copies.items():
        given, seen = held_now.get(query_no, Told({}, ()))
        for rec_id, rev in held.items():
            if rec_id not in given:
                revoke[rec_id] = GONE
            else:
                _compare(rec_id, min(rev, given[rec_id]), rec_id in seen, revoke, marks)
    return {
        "revoke": [{"rec_id": rec_id, "reason": reason} for rec_id, reason in sorted(revoke.items())],
        "gone": sorted(copies.keys() - held_now.keys()),
        "letter_ended": sorted(mine.keys() - own.keys()),
        "marks": [mark for rec_id, mark in sorted(marks.items()) if rec_id not in revoke],
        "renamed": [one for query in own.values() if (one := _renamed(query)) is not None],
        "cursor": cursor,
    }


def require_held(officer: Officer, query_no: str) -> None:
    """The answer may still be handed out: judged as a copy of it would be. A mark does not end it.

    Raises:
        Problem: `answer-withdrawn`.
    """
    query = Query.objects.get(query_no=query_no)
    if not carries(query, today()):
        raise Problem("answer-withdrawn", "the official letter of this query carries nothing more")
    require_unchanged(records_of(query_no), _seen_now(officer, query))


def require_unchanged(held: Mapping[str, int], seen: Collection[str]) -> None:
    """What an answer told of records (rec_id -> rev) may be told again; `seen` of them would be told today.

    Raises:
        Problem: `answer-withdrawn`.
    """
    revoke: dict[str, str] = {}
    for rec_id, rev in held.items():
        _compare(rec_id, rev, rec_id in seen, revoke, {})
    if revoke:
        raise Problem("answer-withdrawn", "a record of the answer has changed since")


def _renamed(query: Query) -> dict[str, str] | None:
    """The name of an answer's unit where it is another one now."""
    if query.kind != "legal" or query.no_information:
        return None
    seen, unit = bundle_of(query).subject, subjects.find_by_key(query.subject_key)
    if seen is None or unit is None or seen.name == unit.name:
        return None
    return {"query_no": query.query_no, "name": unit.name, "until": subjects.borne_until(unit, seen.name)}


def _seen_now(officer: Officer, query: Query) -> frozenset[str]:
    """What the same question would show today."""
    now = records.shown(
        subjects.find_by_key(query.subject_key),
        role=officer.role,
        organisation_kind=officer.organisation.kind,
        on=today(),
        basis=query.basis_type,
    )
    return frozenset(record.rec_id for record in now.records) | {entry.rec_id for entry in now.standing}


def _compare(
    rec_id: str, rev: int, seen: bool, revoke: dict[str, str], marks: dict[str, dict[str, Any]]
) -> None:
    """Marks may be laid over a copy; every other change since its revision takes the copy away."""
    since = records.reasons_since(rec_id, rev)
    other = [reason for reason in since if reason not in records.MARKS]
    if other:
        revoke[rec_id] = other[-1]
    elif not seen:
        revoke[rec_id] = OVER
    elif since:
        mark = records.mark_of(rec_id)
        marks[rec_id] = {
            "rec_id": rec_id,
            "rev": records.current_revisions([rec_id])[rec_id],
            "reason": since[-1],
            "body": msgspec.to_builtins(mark) if mark else None,
        }
