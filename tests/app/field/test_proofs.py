"""Tree arithmetic against foreign vectors, a reference tree and another implementation, with flipped bits."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from app.field.proofs import (
    EMPTY_ROOT,
    Checkpoint,
    checkpoint_body,
    consistent,
    included,
    key_hint,
    leaf_hash,
    read_note,
    root_of,
    write_note,
)

VECTORS = Path(__file__).parents[2] / "vectors"
FOREIGN: dict[str, dict[str, Any]] = json.loads((VECTORS / "merkle_rfc6962_part1.json").read_text("utf-8"))
OURS: dict[str, Any] = json.loads((VECTORS / "rfc6962_reference_tree.json").read_text("utf-8"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def path(row: Mapping[str, Any]) -> list[bytes]:
    return [raw(step) for step in row["proof"] or []]


@pytest.mark.parametrize("name", [name for name in FOREIGN if name.startswith("inclusion")])
def test_foreign_inclusion(name: str) -> None:
    row = FOREIGN[name]
    answer = included(raw(row["leafHash"]), row["leafIdx"], row["treeSize"], path(row), raw(row["root"]))
    assert answer is not row["wantErr"], row["desc"]


@pytest.mark.parametrize("name", [name for name in FOREIGN if name.startswith("consistency")])
def test_foreign_consistency(name: str) -> None:
    row = FOREIGN[name]
    answer = consistent(row["size1"], row["size2"], path(row), raw(row["root1"]), raw(row["root2"]))
    assert answer is not row["wantErr"], row["desc"]


def test_reference_tree() -> None:
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in OURS["leaves_hex"]]
    roots = [bytes.fromhex(root) for root in OURS["roots_hex"]]
    assert [root_of(leaves[:size]) for size in range(len(leaves) + 1)] == roots
    assert roots[0] == EMPTY_ROOT
    for row in OURS["inclusion"]:
        steps = [bytes.fromhex(step) for step in row["proof"]]
        index, size = row["index"], row["size"]
        assert included(leaves[index], index, size, steps, roots[size])
        assert not included(leaves[index], index, size, [*steps, roots[1]], roots[size])
    for row in OURS["consistency"]:
        steps = [bytes.fromhex(step) for step in row["proof"]]
        assert consistent(row["from"], row["to"], steps, roots[row["from"]], roots[row["to"]])


@settings(max_examples=25)
@given(st.integers(1, 40), st.data())
def test_another_implementation_agrees(size: int, data: st.DataObject) -> None:
    tree = InmemoryTree(algorithm="sha256")
    contents = [str(number).encode() for number in range(size)]
    for content in contents:
        tree.append_entry(content)
    leaves = [leaf_hash(content) for content in contents]
    assert root_of(leaves) == tree.get_root(size)
    index = data.draw(st.integers(0, size - 1))
    proof = [bytes.fromhex(step) for step in tree.prove_inclusion(index + 1, size).serialize()["path"]][1:]
    assert included(leaves[index], index, size, proof, root_of(leaves))
    flipped = [bytes([step[0] ^ 1]) + step[1:] for step in proof]
    assert not proof or not included(leaves[index], index, size, flipped, root_of(leaves))


def test_a_note_comes_back_and_bad_notes_are_refused() -> None:
    point = Checkpoint("example.log/test", 7, EMPTY_ROOT)
    hint = key_hint("example.log/test", 1, b"k" * 32)
    text = write_note(point, "example.log/test", hint, b"s" * 64)
    note = read_note(text)
    assert note.checkpoint == point
    assert note.body == checkpoint_body(point)
    assert note.signatures == (("example.log/test", hint, b"s" * 64),)
    for bad in (text.rstrip("\n"), text.replace("\n7\n", "\n07\n"), text.replace("—", "-"), "", "a\n\nb\n"):
        with pytest.raises(ValueError, match=r".*"):
            read_note(bad)
