"""The stored tree against the arithmetic of the field and against another implementation."""

from __future__ import annotations

import hashlib
import json

import pymerkle
import pytest
from django.db import connection, transaction

from app.field.canonical import canonical
from app.field.evidence import leaf_of
from app.field.proofs import consistent, included, root_of
from server_stub.evidence import sql, tree
from server_stub.evidence.log import append
from server_stub.evidence.models import Head, Leaf

SIZE = 130
pytestmark = pytest.mark.django_db


def _fill() -> list[bytes]:
    with transaction.atomic():
        return [append(kind="import", op_id=f"op-{n}").leaf for n in range(SIZE)]


@pytest.mark.one_engine
def test_every_size_has_the_root_of_the_arithmetic_and_every_path_holds() -> None:
    leaves = _fill()
    roots = [tree.root(size) for size in range(SIZE + 1)]
    assert roots == [root_of(leaves[:size]) for size in range(SIZE + 1)]
    for size in (1, 2, 3, 7, 8, 9, 64, 65, 127, 128, 129, 130):
        for index in range(size):
            path = tree.inclusion(index, size)
            assert included(leaves[index], index, size, path, roots[size])
            assert not included(leaves[index], index, size, path, roots[size - 1])
        for older in range(size + 1):
            path = tree.consistency(older, size)
            assert consistent(older, size, path, roots[older], roots[size])
            if older:
                assert not consistent(older, size, path, hashlib.sha256(b"x").digest(), roots[size])


def test_roots_equal_those_of_another_implementation() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    with transaction.atomic():
        for n in range(40):
            append(kind="import", op_id=f"op-{n}")
            row = Leaf.objects.get(index=n)
            other.append_entry(canonical({"blind": row.blind, "entry": json.loads(row.entry)}))
            assert other.get_root(n + 1) == tree.root(n + 1)


def test_reading_a_path_in_a_large_tree_costs_few_rows(django_assert_max_num_queries: object) -> None:
    _fill()
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        tree.inclusion(70, SIZE)


def test_a_leaf_is_the_hash_of_entry_and_blind_and_the_head_counts() -> None:
    with transaction.atomic():
        one = append(kind="sign-in", user="u", organisation="o")
    assert one.leaf == leaf_of(one.entry, one.blind)
    assert Head.objects.get(pk=1).size == 1
    assert connection.in_atomic_block  # the test's own


def test_nodes_are_found_by_their_index() -> None:
    """A path must not read the whole tree: it did, and every answer grew dearer with the log."""
    if connection.vendor != "sqlite":
        return
    plan = _plan(sql._subtrees(2, 1, "sqlite"), [1, 2, 3, 4, 5])
    assert any(step.startswith("SEARCH n USING") for step in plan)
    assert any(step.startswith("SEARCH evidence_leaf USING") for step in plan)
    assert not any(step.startswith(("SCAN n", "SCAN evidence_node", "SCAN evidence_leaf")) for step in plan)


def test_the_ends_of_two_histories_are_found_by_index() -> None:
    if connection.vendor == "sqlite":
        plan = _plan(sql._OF_BOTH, ["S", "B"])
        assert len([step for step in plan if step.startswith("SEARCH evidence_leaf USING INDEX")]) == 2
        assert not any("SCAN evidence_leaf" in step or "TEMP B-TREE" in step for step in plan)


def _plan(statement: str, values: list[object]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row[3] for row in cursor.fetchall()]


def test_one_statement_gives_what_one_for_each_history_gives() -> None:
    for organisation, subject in (("B1", "S1"), ("B2", "S1"), ("B1", "S2"), ("B1", "S1")):
        with transaction.atomic():
            append(kind="bench", organisation=organisation, subject_key=subject)
            append(kind="bench", organisation="B3")
    for subject in ("S1", "S2", "nobody"):
        for organisation in ("B1", "B2", "B3", "nobody"):
            both = sql.last_of_both(subject, organisation)
            assert both == (sql.last_of_subject(subject), sql.last_of_organisation(organisation))
    assert (
        sql.last_of_both("S1", "B3")[0] != sql.last_of_both("S2", "B3")[0]
    )  # the comparison sees a difference
