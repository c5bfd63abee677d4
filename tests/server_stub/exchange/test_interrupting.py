"""What is cut off leaves no batch to apply; many leaves at once are the same tree as one by one."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from django.db import transaction

from app.field.evidence import LeafEntry
from app.field.proofs import node_hash
from server_stub.config.clock import clock
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.evidence import tree
from server_stub.evidence.models import Leaf
from server_stub.exchange import applying, staging
from server_stub.exchange.applying import FEWEST, FIRST, LEAST, LONGEST, MOST, Box
from server_stub.exchange.models import Batch, StagedPiece, StagedRow
from server_stub.exchange.services import apply, stage

from .oddities import HEAD, plain, rows

pytestmark = pytest.mark.django_db


def test_a_file_that_breaks_on_the_way_leaves_nothing(tmp_path: Path, staff: tuple[str, str]) -> None:
    path = tmp_path / "in.csv"
    plain([[*HEAD], *rows(3)])(path)
    path.write_bytes(path.read_bytes() + b'"x"y,2\n')
    with pytest.raises(Problem):
        stage(path, "示例局", by=staff[0])
    assert not Batch.objects.exists()
    assert not StagedRow.objects.exists()
    assert not StagedPiece.objects.exists()


def test_what_a_killed_import_left_is_never_applied_and_goes(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "in.csv"
    plain([[*HEAD], *rows(3)])(path)
    with monkeypatch.context() as killed:  # nothing tidies up after a process that was killed
        killed.setattr(staging, "discard", lambda batch: None)
        killed.setattr(staging, "keep", _dies)
        with pytest.raises(KeyboardInterrupt):
            stage(path, "示例局", by=staff[0])
    left = Batch.objects.get()
    assert left.state == "staging"
    with pytest.raises(Problem) as refused:
        apply(left, staff[1])
    assert refused.value.code == "not-found"
    stage(path, "示例局", by=staff[0])
    assert Batch.objects.filter(state="staging").count() == 1  # it may still be alive
    with clock(lambda: datetime(2026, 11, 23, 4, 0, tzinfo=UTC)):
        stage(path, "示例局", by=staff[0])
    assert not Batch.objects.filter(state="staging").exists()


def _dies(batch: Batch, *_: object) -> None:
    raise KeyboardInterrupt


def test_many_leaves_at_once_are_the_same_tree(staff: tuple[str, str]) -> None:
    for count in (1, 3, 5, 8):
        with transaction.atomic():
            evidence.append(kind="bench", subject_key="S1")
            whole = {"kind": "bench", "source": "server", "user": "", "organisation": ""}
            evidence.append_many([{**whole, "subject_key": f"S{at % 2}"} for at in range(count)])
    leaves = list(Leaf.objects.order_by("index"))
    assert [leaf.index for leaf in leaves] == list(range(len(leaves)))
    assert tree.root(len(leaves)) == _root([bytes.fromhex(leaf.leaf) for leaf in leaves])
    last: dict[str, tuple[str, int]] = {}
    for leaf in leaves:
        entry = msgspec.json.decode(leaf.entry, type=LeafEntry)
        if entry.subject_key:
            assert (entry.prev_subject_leaf, entry.subject_seq - 1) == last.get(entry.subject_key, ("", 0))
            last[entry.subject_key] = (leaf.leaf, entry.subject_seq)


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(_root(leaves[:split]), _root(leaves[split:]))


def test_chunks_follow_the_time_they_hold_the_lock() -> None:
    box = Box()

    def took(worked: float, disk: float) -> None:
        box.took(worked, box.rows, worked + disk)

    took(LONGEST / 10, 0.0)
    assert box.rows == 2 * FIRST
    for _ in range(6):
        took(LONGEST / 10, 0.0)
    assert box.rows == MOST
    took(9.0, 0.0)
    assert box.rows == MOST  # once may be a neighbour's doing
    took(LONGEST * 4, 0.0)
    assert box.rows == MOST // 4
    for _ in range(2):
        took(9.0, 0.0)
    assert box.rows == FEWEST


def test_a_slow_disk_leaves_less_time_for_rows_but_some() -> None:
    fast, slow, stuck = Box(), Box(), Box()
    for box, disk in ((fast, 0.0), (slow, LONGEST / 2), (stuck, LONGEST * 9)):
        for _ in range(8):
            box.took(box.rows * LONGEST / 50, box.rows, box.rows * LONGEST / 50 + disk)
    assert (fast.rows, stuck.rows) == (50, int(50 * LEAST / LONGEST))
    assert slow.rows in (24, 25)  # half of the time, down to whole rows


def test_no_look_for_lost_objects_while_the_lock_is_held(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    real = applying.enter
    monkeypatch.setattr(applying, "enter", lambda *a, **k: (seen.append(gc.isenabled()), real(*a, **k)))
    path = tmp_path / "in.csv"
    plain([[*HEAD], *rows(3)])(path)
    assert gc.isenabled()
    apply(stage(path, "示例局", by=staff[0]), staff[1])
    assert (seen, gc.isenabled()) == ([False], True)
