"""Reading the log: checkpoints, proofs, one history."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import models, transaction

from app.field.evidence import LeafEntry
from server_stub.errors import Problem
from server_stub.evidence import tree
from server_stub.evidence.log import stored
from server_stub.evidence.models import Head, Leaf, Replacement


def size() -> int:
    """Number of leaves."""
    return Head.objects.get(pk=1).size


def consistency(older: int, newer: int) -> list[str]:
    """The path (hex) from the tree of `older` leaves to the one of `newer`.

    Raises:
        Problem: `not-found` when the log never had these sizes in this order.
    """
    if not 0 <= older <= newer <= size():
        raise Problem("not-found", "no such tree")
    return [step.hex() for step in tree.consistency(older, newer)]


def proof(leaf: str) -> dict[str, object]:
    """Index, size and inclusion path (hex) of a leaf hash (hex).

    Raises:
        Problem: `not-found` when no leaf has this hash.
    """
    with transaction.atomic():
        row = Leaf.objects.filter(leaf=leaf).first()
        if row is None:
            raise Problem("not-found", "no such leaf")
        leaves = size()
        path = [step.hex() for step in tree.inclusion(row.index, leaves)]
    return {"index": row.index, "size": leaves, "path": path}


def public_at(name: str, at: str) -> str | None:
    """The public half (base64) of a signing key with which something of the moment `at` was signed: None for
    the present key; empty where the replaced one's is not known.
    """
    done = Replacement.objects.filter(name=name, done_at__gt=at).order_by("done_at")
    return done.values_list("earlier_public_b64", flat=True).first()


def latest(kind: str, user: str) -> LeafEntry | None:
    """The newest entry of a kind by a user."""
    row = Leaf.objects.filter(kind=kind, user=user).order_by("-index").first()
    return stored(row).entry if row else None


def outcomes_of(kind: str, user: str, subject_keys: Collection[str]) -> set[str]:
    """What came of the acts of a kind by a user on some subjects."""
    rows = Leaf.objects.filter(kind=kind, user=user, subject_key__in=subject_keys)
    return {stored(row).entry.outcome for row in rows}


def acts_on_report(report_no: str, subject_key: str, user: str, since: int) -> list[dict[str, object]]:
    """What the log holds of a report from its issue (leaf `since`) on, in its order: under its subject's key,
    or by the officer who had it issued, whose links may have named another query.
    """
    own = models.Q(subject_key=subject_key) | models.Q(user=user)
    rows = Leaf.objects.filter(own, index__gte=since, report_no=report_no).order_by("index")
    found = [stored(row).entry for row in rows]
    return [
        {"at": entry.at, "kind": entry.kind, "user": entry.user, "outcome": entry.outcome} for entry in found
    ]


def acts_on_subject(subject_key: str, kinds: Sequence[str]) -> list[tuple[int, LeafEntry]]:
    """The server's own leaves of some kinds in a subject's history with their places, the oldest first."""
    rows = Leaf.objects.filter(subject_key=subject_key, kind__in=kinds, source="server").order_by("index")
    return [(row.index, stored(row).entry) for row in rows]
