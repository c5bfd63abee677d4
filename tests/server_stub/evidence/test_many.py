"""Leaves that are added at once are the leaves that would have been added one by one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.field.evidence import LeafEntry, leaf_of
from server_stub.evidence import log, tree
from server_stub.evidence.models import Head, Leaf

pytestmark = pytest.mark.django_db
FREE = ("at",)  # the one call has one time


def entries() -> list[dict[str, Any]]:
    """Leaves about two subjects, none, and both, by two organisations and none."""
    whose = [
        ("S1", "O1"),
        ("", "O1"),
        ("S2", ""),
        ("", "O2"),
        ("S1", "O2"),
        ("", ""),
        ("", "O1"),
        ("S1", "O1"),
    ]
    return [
        {
            "source": "server", "kind": "search", "user": f"u{at}", "organisation": body,
            "subject_key": subject, "op_id": f"op{at}", "outcome": "done",
        }
        for at, (subject, body) in enumerate(whose)
    ]  # fmt: skip


def told() -> list[dict[str, Any]]:
    """Every leaf but its hash, its blind and the hashes before it, which hang on what was drawn."""
    rows = []
    for row in Leaf.objects.order_by("index"):
        entry = msgspec.json.decode(row.entry, type=LeafEntry)
        assert leaf_of(entry, row.blind).hex() == row.leaf
        kept = {name: getattr(row, name) for name in log._FOUND_BY}
        rows.append(
            kept | {name: value for name, value in msgspec.structs.asdict(entry).items() if name not in FREE}
        )
    return rows


def linked(rows: list[dict[str, Any]]) -> list[tuple[int | None, int | None]]:
    """For each leaf the place of the one before it about its subject and by its organisation."""
    places = {row.leaf: row.index for row in Leaf.objects.all()}
    return [(places.get(row["prev_subject_leaf"]), places.get(row["prev_org_leaf"])) for row in rows]


def test_one_call_adds_what_many_would(db: None) -> None:
    given = entries()
    for one in given:
        log.append(**one)
    singly, root = told(), tree.root(Head.objects.get(pk=1).size)
    log.append_many(given)
    both = told()
    assert len(both) == 2 * len(given)
    at_once = both[len(given) :]
    hashes = ("prev_subject_leaf", "prev_org_leaf", "subject_seq", "org_seq")
    for one, other in zip(singly, at_once, strict=True):
        assert {k: v for k, v in one.items() if k not in hashes} == {
            k: v for k, v in other.items() if k not in hashes
        }
    # histories go on without a gap across both ways
    for key, seq in (("subject_key", "subject_seq"), ("organisation", "org_seq")):
        for name in {row[key] for row in both if row[key]}:
            assert [row[seq] for row in both if row[key] == name] == [
                *range(1, 1 + sum(row[key] == name for row in both))
            ]
    links = linked(both)
    for place, row in enumerate(both):
        for at, key in enumerate(("subject_key", "organisation")):
            before = [n for n in range(place) if row[key] and both[n][key] == row[key]]
            assert links[place][at] == (before[-1] if before else None)
    # and the older tree is a beginning of the newer one
    size = Head.objects.get(pk=1).size
    assert size == len(both)
    assert tree.root(len(given)) == root
