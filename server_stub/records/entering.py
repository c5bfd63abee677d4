"""Many new records at once: each with its own revision, feed row and leaf, as if it had come alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from server_stub.catalogue.judging import Catalogue
from server_stub.evidence import services as evidence
from server_stub.feed import services as feed
from server_stub.pouring import pour_models, row_of
from server_stub.records.facts import RecordFacts
from server_stub.records.models import Record, Revision
from server_stub.records.services import drafted
from server_stub.statements import every


class Draft(NamedTuple):
    """A record that is not saved, with its first revision, made before the lock is taken."""

    record: Record
    rows: tuple[tuple[Any, ...], tuple[Any, ...]]
    change: tuple[Any, ...]
    sha256: str


def draft(facts: RecordFacts, *, by: str, catalogue: Catalogue) -> Draft:
    """What `enter` will write of these facts.

    Raises:
        Problem: `body-invalid` when the facts do not fit.
    """
    record, revision = drafted(facts, by=by, catalogue=catalogue)
    (change,) = feed.drafted([(record.subject_key, record.rec_id, 1)])
    return Draft(record, (row_of(record), row_of(revision)), change, revision.digest)


def known_acts(drafts: Sequence[Draft]) -> set[str]:
    """Record ids of those drafts that may be an act on record already: they go through `services.put`."""
    keys = list({one.record.subject_key for one in drafts})
    if not keys:
        return set()
    marks = ", ".join("%s" for _ in keys)
    rows = every(
        "SELECT subject_key, section, document_no_folded, decided_on FROM records_record "  # noqa: S608
        f"WHERE status <> 'annulled' AND subject_key IN ({marks})",
        *keys,
    )
    held = {(key, section, document, str(day)) for key, section, document, day in rows}
    return {one.record.rec_id for one in drafts if _act(one.record) in held}


def enter(drafts: Sequence[Draft], *, by: str) -> None:
    """Write drafts that are no known acts; inside the transaction of their cause."""
    pour_models(Record, [one.rows[0] for one in drafts])
    pour_models(Revision, [one.rows[1] for one in drafts])
    feed.announce_many(one.change for one in drafts)
    evidence.append_many(
        [
            {
                "kind": "record.put",
                "source": "server",
                "user": by,
                "organisation": "",
                "subject_key": one.record.subject_key,
                "records_sha256": one.sha256,
                "outcome": f"done:{one.record.rec_id}:1",
            }
            for one in drafts
        ]
    )


def _act(record: Record) -> tuple[str, str, str, str]:
    return record.subject_key, record.section, record.document_no_folded, str(record.decided_on)
