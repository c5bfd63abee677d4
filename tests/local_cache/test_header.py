"""The header is whole after a crash, and what it binds changes its bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from local_cache import faults, files
from local_cache.header import (
    Card,
    Header,
    drop_previous,
    read_header,
    read_previous,
    write_header,
)

CARD = Card("u1", "示例柜员", "示例银行", "柜台一", "d" * 43)
HEADER = Header(
    "v1", "u0", "suite", 1, {"name": "argon2id", "t": 3}, "SecretService", "s1",
    {"work": "f" * 32}, CARD, {"work": {"nonce_b64": "AA==", "box_b64": "AA=="}},
)  # fmt: skip


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_header(tmp_path / "vault.json", HEADER)
    assert read_header(tmp_path / "vault.json") == HEADER
    assert (tmp_path / "vault.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "change",
    [{"gen": 2}, {"keyring": ""}, {"kdf": {"name": "argon2id", "t": 1}}, {"share_id": "s2"}, {"suite": "x"},
     {"vault_id": "v2"}, {"profile": "u1"}, {"fingerprints": {}}, {"card": replace(CARD, name="x")}],
)  # fmt: skip
def test_every_part_of_the_sealed_header_is_bound(change: dict[str, object]) -> None:
    other = replace(HEADER, **change)  # type: ignore[arg-type]
    assert other.sealed_bytes() != HEADER.sealed_bytes()
    assert other.digest() != HEADER.digest()


def test_the_open_part_is_not_bound() -> None:
    other = replace(HEADER, tries=4, why="idle", kept_drafts=3)
    assert other.digest() == HEADER.digest()


def test_other_wraps_are_another_header() -> None:
    assert HEADER.without_wraps("revoked").digest() != HEADER.digest()


def test_the_old_header_helps_when_the_new_one_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    write_header(path, HEADER)
    write_header(path, replace(HEADER, gen=2), keep_previous=True)
    assert read_header(path).gen == 2
    previous = read_previous(path)
    assert previous is not None
    assert previous.gen == 1
    path.write_bytes(path.read_bytes()[:40])
    assert read_header(path).gen == 1
    drop_previous(path)
    assert read_previous(path) is None
    with pytest.raises(faults.Damaged):
        read_header(path)


def test_a_crash_before_the_rename_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vault.json"
    write_header(path, HEADER)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        write_header(path, replace(HEADER, gen=2))
    monkeypatch.undo()
    assert read_header(path) == HEADER


def test_no_header_a_newer_one_and_a_foreign_one_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    with pytest.raises(faults.Missing):
        read_header(path)
    write_header(path, HEADER)
    value = json.loads(path.read_bytes())
    value["sealed"]["format"] = 2
    path.write_text(json.dumps(value))
    with pytest.raises(faults.NewerFile):
        read_header(path)
    path.write_text("{}")
    with pytest.raises(faults.Damaged):
        read_header(path)
    path.write_text("[]")
    with pytest.raises(faults.Damaged):
        read_header(path)


def test_a_closed_place_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    write_header(path, HEADER)
    with pytest.raises(faults.ReadOnly):
        write_header(Path("/sys/vault.json"), HEADER)
    assert read_header(path) == HEADER
