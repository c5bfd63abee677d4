"""Rows of a closed segment: records that are new here enter many at a time, everything else row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from server_stub.config.clock import stamp
from server_stub.errors import Problem
from server_stub.exchange.province import applying, persons
from server_stub.exchange.province.applying import Outcome, RowRefusedError
from server_stub.exchange.province.models import Foreign, Partner
from server_stub.exchange.province.words import Row
from server_stub.records import services as records
from server_stub.records.facts import RecordFacts

AT_ONCE = 500
_Entry = tuple[dict[str, Any], Row, RecordFacts]


def load(partner: Partner, said: Sequence[dict[str, Any]]) -> Outcome:
    """Apply the rows of a segment, a transaction for some hundred; applied before, they do nothing.

    What is new here gets no row in the feed: nobody can hold a copy of it.
    """
    persons.index(partner)
    whole = Outcome()
    for at in range(0, len(said), AT_ONCE):
        chunk = said[at : at + AT_ONCE]
        with transaction.atomic():
            new = _enter(partner, list(_new(partner, chunk)))
            rest = [raw for raw in chunk if str(raw.get("rec_id", "")) not in new]
            done = applying.apply(partner, rest)
        whole.accepted += len(new) + done.accepted
        whole.refused += done.refused
    return whole


def _new(partner: Partner, chunk: Sequence[dict[str, Any]]) -> Iterator[_Entry]:
    """The puts of records that never were here and can enter as they are; doubts go the careful way."""
    ids = Counter(str(raw.get("rec_id", "")) for raw in chunk)
    held = Foreign.objects.filter(origin=partner.partner_id, origin_rec_id__in=list(ids))
    known = set(held.values_list("origin_rec_id", flat=True))
    acts: set[tuple[str, ...]] = set()
    for raw in chunk:
        rec_id = str(raw.get("rec_id", ""))
        if raw.get("op") != "put" or rec_id in known or ids[rec_id] > 1:
            continue
        try:
            row = applying.read(raw)
            facts = applying.facts_of(partner, row, applying.checked(partner, row))
        except (RowRefusedError, Problem):
            continue  # told with its reason on the careful way
        act = (facts["subject_key"], row.section, facts["document_no"], facts["decided_on"])
        if act in acts or applying.same_act(facts):
            continue
        acts.add(act)
        yield raw, row, facts


def _enter(partner: Partner, new: list[_Entry]) -> set[str]:
    """Enter all of them or none; returns the ids of those that are in."""
    if not new:
        return set()
    try:
        with transaction.atomic():
            records.put_many([facts for _, _, facts in new], by=partner.partner_id)
            for _, row, facts in new:
                applying.confirmed(facts["rec_id"], row)
            at = stamp()
            Foreign.objects.bulk_create(
                Foreign(
                    origin=partner.partner_id,
                    origin_rec_id=row.rec_id,
                    rec_id=facts["rec_id"],
                    rev=row.rev,
                    op="put",
                    reason=row.reason,
                    digest=row.digest,
                    provenance=row.provenance or {},
                    at=at,
                )
                for _, row, facts in new
            )
    except (RowRefusedError, Problem):
        return set()  # one of them does not fit: each goes the careful way
    return {row.rec_id for _, row, _ in new}
