"""Evidence beside its outbox row: encrypted, counted, gone with the answer, and the file small again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local_cache import evidence, faults, outbox
from local_cache.database import transaction
from local_cache.evidence import Progress, Proof
from local_cache.outbox import OutboxItem
from local_cache.vault import Vault

MIB = 1024 * 1024


def with_files(vault: Vault, op_id: str, *contents: bytes) -> None:
    with transaction(vault.work, "work"):
        outbox.add(vault.work, OutboxItem(op_id, "objection.file", "t", b"{}", "0" * 64))
        evidence.add(
            vault.work,
            [Proof(op_id, n, f"{n}.pdf", "a" * 64, f"{op_id}-{n}", one) for n, one in enumerate(contents)],
        )


def test_what_arrived_is_counted_and_asked_for_no_more(vault: Vault) -> None:
    with_files(vault, "op-1", b"x" * 10, b"y" * 20)
    with_files(vault, "op-2", b"z")
    assert evidence.missing(vault.work, "op-1") == [0, 1]
    evidence.note_sent(vault.work, "op-1", 0, 10)
    evidence.note_sent(vault.work, "op-1", 1, 5)
    assert evidence.missing(vault.work, "op-1") == [1]
    assert evidence.progress(vault.work) == {"op-1": Progress(15, 30), "op-2": Progress(0, 1)}
    assert evidence.begin_anew(vault.work, "op-1")
    assert evidence.progress(vault.work)["op-1"] == Progress(0, 30)
    assert not evidence.begin_anew(vault.work, "op-3")
    assert evidence.discard(vault.work, "op-1") == 2
    assert [one.op_id for one in evidence.everything(vault.work)] == ["op-2"]


def test_more_than_there_is_cannot_have_arrived_and_no_file_stands_alone(vault: Vault) -> None:
    with_files(vault, "op-1", b"x" * 10)
    with pytest.raises(faults.Sealed):
        evidence.note_sent(vault.work, "op-1", 0, 11)
    with pytest.raises(faults.Sealed):
        evidence.add(vault.work, [Proof("op-9", 0, "x", "a" * 64, "u", b"x")])


def test_a_file_that_was_large_is_small_again_and_never_readable(vault: Vault, folder: Path) -> None:
    secret = os.urandom(64)
    with_files(vault, "op-1", secret + os.urandom(12 * MIB))
    files = list(folder.glob("work.db*"))
    assert sum(path.stat().st_size for path in files) > 12 * MIB
    assert [path for path in files if secret in path.read_bytes()] == []
    assert not evidence.give_back_room(vault.work)
    evidence.discard(vault.work, "op-1")
    assert evidence.give_back_room(vault.work)
    assert sum(path.stat().st_size for path in folder.glob("work.db*")) < MIB
    vault.check()


def test_files_of_what_the_server_has_taken_go_at_the_next_start(vault: Vault) -> None:
    for op_id in ("op-done", "op-refused", "op-waiting"):
        with_files(vault, op_id, b"x")
    assert evidence.discard_settled(vault.work) == 0  # the control
    outbox.set_state(vault.work, "op-done", "done")
    outbox.set_state(vault.work, "op-refused", "refused")  # these go again with the draft
    assert evidence.discard_settled(vault.work) == 1
    assert {one.op_id for one in evidence.everything(vault.work)} == {"op-refused", "op-waiting"}
