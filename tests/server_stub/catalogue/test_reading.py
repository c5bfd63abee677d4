"""An edition that cannot stand is refused whole, with every flaw and its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server_stub.catalogue.errors import MOST_FLAWS, EditionRefused
from server_stub.catalogue.reading import read, shipped

from .made import item, text

NATIONAL = {one.code: one.keys for one in shipped()}


def flaws(folder: Path, content: str, table: bytes | None = None) -> set[tuple[str, str]]:
    """(path, code) of each flaw; empty for a sound edition."""
    path = folder / "edition.toml"
    path.write_text(content, encoding="utf-8")
    if table is not None:
        (folder / "items.csv").write_bytes(table)
    try:
        read(path, NATIONAL)
    except EditionRefused as refused:
        assert refused.code == "body-invalid"
        assert refused.fields
        return {(one["path"], one["code"]) for one in refused.flaws}
    return set()


def test_a_sound_edition_is_read(tmp_path: Path) -> None:
    assert flaws(tmp_path, text(item("X-1"))) == set()


def test_an_item_about_persons_without_a_basis_is_not_activated(tmp_path: Path) -> None:
    for less in ({"instrument": None}, {"article": None}, {"instrument": None, "article": None}):
        for kinds in (["person"], ["legal", "person"]):
            found = flaws(tmp_path, text(item("X-1", kinds=kinds, **less)))
            assert found == {("items/X-1/instrument", "person-without-basis")}
        assert flaws(tmp_path, text(item("X-1", kinds=["legal"], **less))) == set()
        assert flaws(tmp_path, text(item("X-1", effective_from=None, **less))) == set()  # it waits


@pytest.mark.parametrize(
    ("change", "at", "code"),
    [
        ({"section": "gossip"}, "section", "unknown"),
        ({"kinds": []}, "kinds", "form"),
        ({"kinds": ["legal", "legal"]}, "kinds", "form"),
        ({"mode": None}, "mode", "empty"),
        ({"share": "centre"}, "share", "contradicts-mode"),
        ({"mode": "authorised"}, "share", "contradicts-mode"),
        ({"category": "C9"}, "category", "unknown"),
        ({"national": "gossip"}, "national", "national-unknown"),
        ({"national_edition": "national-2025"}, "national", "national-unknown"),
        ({"national": "ip"}, "national", "national-unknown"),
        ({"national": None}, "national", "pair"),
        ({"provider_code": "11430400MA00900064"}, "provider_code", "form"),
        ({"provider": None}, "provider_code", "form"),
        ({"effective_to": "2016-01-01"}, "effective_to", "order"),
        ({"effective_from": None, "effective_to": "2026-01-01"}, "effective_to", "order"),
        ({"retention_months": -1}, "retention_months", "form"),
        ({"name": "甲\u0007乙"}, "code", "form"),
    ],
)
def test_one_wrong_field_is_named(tmp_path: Path, change: dict[str, Any], at: str, code: str) -> None:
    assert (f"items/X-1/{at}", code) in flaws(tmp_path, text(item("X-1", **change)))


@pytest.mark.parametrize(
    ("head", "at", "code"),
    [
        ({"version": 0}, "edition/version", "form"),
        ({"code": "../x"}, "edition/code", "form"),
        ({"basis": " "}, "edition/basis", "empty"),
        ({"effective_to": "2016-12-31"}, "edition/effective_to", "order"),
        ({"series": "gossip"}, "edition", "form"),
        ({"colour": "red"}, "edition", "form"),
        ({"digest": "0" * 64}, "edition/digest", "unknown"),
    ],
)
def test_a_wrong_head_is_named(tmp_path: Path, head: dict[str, Any], at: str, code: str) -> None:
    assert (at, code) in flaws(tmp_path, text(item("X-1"), **head))


def test_codes_stand_once_and_all_flaws_are_told(tmp_path: Path) -> None:
    found = flaws(
        tmp_path, text(item("X-1"), item("X-1"), item("X-2", section="gossip"), item("X-3", kinds=[]))
    )
    assert found >= {("items/X-1", "twice"), ("items/X-2/section", "unknown"), ("items/X-3/kinds", "form")}
    many = text(*(item(f"X-{n}", section="gossip") for n in range(80)))
    (tmp_path / "edition.toml").write_text(many, encoding="utf-8")
    with pytest.raises(EditionRefused) as refused:
        read(tmp_path / "edition.toml", NATIONAL)
    assert (len(refused.value.flaws), len(refused.value.fields)) == (80, MOST_FLAWS)


HEAD = text().replace("[edition]", 'items_file = "items.csv"\n[edition]')
COLUMNS = (
    "code,name,category,section,kinds,provider,provider_code,mode,national_edition,national,effective_from"
)
LINE = (
    "X-1,项（示例）,C1,licence,legal,示例局,11430400MA00900063,open,national-2021,administration,2017-01-01"
)


def test_items_may_stand_in_a_table_beside(tmp_path: Path) -> None:
    table = f"\ufeff{COLUMNS}\r\n{LINE}\r\n".encode()
    assert flaws(tmp_path, HEAD, table) == set()
    edition = read(tmp_path / "edition.toml", NATIONAL)
    assert [(one.code, one.kinds, str(one.effective_from)) for one in edition.items] == [
        ("X-1", ("legal",), "2017-01-01")
    ]
    (tmp_path / "items.csv").write_bytes(table.replace(b"X-1", b"X-2"))
    assert read(tmp_path / "edition.toml", NATIONAL).digest != edition.digest  # the table is part of it


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (b"", "csv"),
        (f"{COLUMNS},colour\n{LINE},red\n".encode(), "csv"),
        (f"{COLUMNS},code\n{LINE},X-9\n".encode(), "csv"),
        (f"{COLUMNS}\n{LINE},one more\n".encode(), "csv"),
        (f"{COLUMNS}\n{LINE}\n".encode("gb18030"), "csv"),
        (f"{COLUMNS}\n{LINE.replace('2017-01-01', '2017年')}\n".encode(), "form"),
        (f"{COLUMNS}\n{LINE.replace('legal', 'legal;person')}\n".encode(), "form"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, table: bytes, code: str) -> None:
    assert code in {found for _, found in flaws(tmp_path, HEAD, table)}


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    assert flaws(tmp_path, "[edition") == {("edition.toml", "toml")}
    assert flaws(tmp_path, "") == {("edition", "form")}
    for wrong in ("edition = 3", "item = 3", "category = 'x'", "items_file = 3", "gossip = 1"):
        part = wrong.partition(" ")[0]
        assert part in {path for path, _ in flaws(tmp_path, wrong)}
    assert ("items/1", "form") in flaws(tmp_path, "item = [3]\n" + text())
    for name in ("../items.csv", "items.txt", "sub/items.csv"):
        assert flaws(tmp_path, f'items_file = "{name}"\n' + text()) == {("items_file", "form")}
    (tmp_path / "edition.toml").write_bytes(b"#" * (8 * 1024 * 1024 + 1))
    with pytest.raises(EditionRefused):
        read(tmp_path / "edition.toml", NATIONAL)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere.toml", NATIONAL)
