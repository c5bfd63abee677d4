"""Copies held against the server, each for itself: what of a copy no longer holds, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.services.showing import LETTER_ENDED
from app.wire.messages import Marked, RenamedCopy
from app.wire.routes import Routes, told

AT_ONCE = 100
Held = Mapping[str, Sequence[tuple[str, int]]]


@dataclass
class Verdict:
    """`gone`: the queries whose copy may not be kept, with the reason (LETTER_ENDED: what its query stood on
    carries nothing more); `revoked` the records that ended the others.
    `cursor` is the place of the feed before the first copy was judged."""

    gone: dict[str, str] = field(default_factory=dict)
    revoked: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Marked] = field(default_factory=dict)
    cursor: str = ""
    renamed: list[RenamedCopy] = field(default_factory=list)


def judge(routes: Routes, held: Held) -> Verdict:
    """Ask about copies (query number -> rec_id and rev of what it holds).

    The server names records, not copies: two copies that hold the same record are never asked about together,
    or the older one would take the newer along.

    Raises:
        Trouble: as the wire; nothing is decided then.
    """
    found = Verdict()
    for batch in apart(held):
        copies = [
            {
                "query_no": query_no,
                "records": [{"rec_id": rec_id, "rev": rev} for rec_id, rev in held[query_no]],
            }
            for query_no in batch
        ]
        with told():
            reply = routes.reconcile(copies)
        found.cursor = found.cursor or reply.cursor
        lapsed = [query_no for query_no in batch if query_no in reply.letter_ended]
        theirs = {rec_id for query_no in lapsed for rec_id, _ in held[query_no]}
        revoked = {one.rec_id: one.reason for one in reply.revoke if one.rec_id not in theirs}
        found.revoked |= revoked
        found.renamed += reply.renamed
        found.marks |= {mark.rec_id: mark for mark in reply.marks}
        for query_no in batch:
            ended = [revoked[rec_id] for rec_id, _ in held[query_no] if rec_id in revoked]
            if query_no in lapsed:  # its records are named for older clients, and may be as they were
                found.gone[query_no] = LETTER_ENDED
            elif ended or query_no in reply.gone:
                found.gone[query_no] = next(iter(ended), "")
    return found


def apart(held: Held) -> Iterator[list[str]]:
    """The copies in the batches they are asked about in; one empty batch where there are none, for the place
    of the feed."""
    batches: list[tuple[list[str], set[str]]] = []
    for query_no, records in held.items():
        names = {rec_id for rec_id, _ in records}
        for batch, taken in batches:
            if len(batch) < AT_ONCE and taken.isdisjoint(names):
                batch.append(query_no)
                taken |= names
                break
        else:
            batches.append(([query_no], names))
    return iter([batch for batch, _ in batches] or [[]])
