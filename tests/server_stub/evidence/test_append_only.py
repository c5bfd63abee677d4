"""Evidence can be added to and nothing else: by the models and by the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from server_stub.evidence.log import append
from server_stub.evidence.models import AppendOnlyError, Head, Leaf

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaf() -> Leaf:
    with transaction.atomic():
        append(kind="import", subject_key="S" * 26, organisation="org")
        append(kind="import", subject_key="S" * 26, organisation="org")
    return Leaf.objects.get(index=1)


def test_the_model_refuses(leaf: Leaf) -> None:
    leaf.kind = "other"
    with pytest.raises(AppendOnlyError):
        leaf.save()
    with pytest.raises(AppendOnlyError):
        leaf.delete()
    with pytest.raises(AppendOnlyError):
        Leaf.objects.filter(index=1).update(kind="x")
    with pytest.raises(AppendOnlyError):
        Leaf.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_leaf SET kind = 'x'",
        "DELETE FROM evidence_leaf",
        "UPDATE evidence_node SET level = 9",
        "DELETE FROM evidence_node",
    ],
)
def test_the_database_refuses(leaf: Leaf, statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="evidence stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Leaf.objects.count() == 2


def test_no_table_is_emptied_whole(leaf: Leaf) -> None:
    """SQLite has no TRUNCATE: there the guard over DELETE holds, and the words are unknown."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE evidence_leaf")
    assert ("evidence stays" in str(caught.value)) == (connection.vendor == "postgresql")
    assert Leaf.objects.count() == 2


def test_control_a_table_without_the_trigger_changes(leaf: Leaf) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_head SET size = size")
        assert cursor.rowcount == 1
        where = " ON evidence_leaf" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER evidence_leaf_no_update{where}")
        cursor.execute("UPDATE evidence_leaf SET kind = 'x'")
        assert cursor.rowcount == 2


def test_histories_of_a_subject_and_an_organisation_are_linked(leaf: Leaf) -> None:
    with transaction.atomic():
        other = append(kind="import", subject_key="T" * 26, organisation="org")
        none = append(kind="import")
    assert (other.entry.subject_seq, other.entry.prev_subject_leaf) == (1, "")
    assert (other.entry.org_seq, other.entry.prev_org_leaf) == (3, leaf.leaf)
    assert (none.entry.subject_seq, none.entry.org_seq) == (0, 0)


def test_a_leaf_is_taken_back_with_its_act() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append(kind="import")
        raise ZeroDivisionError
    assert Head.objects.get(pk=1).size == 0
    assert Leaf.objects.count() == 0
