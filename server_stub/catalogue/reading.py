"""Reading an edition from a TOML file, with its items there or in a CSV file beside it."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from server_stub.catalogue.checking import Flaw, flaw, flaws_of
from server_stub.catalogue.entries import Category, Edition, Item
from server_stub.catalogue.errors import EditionRefused
from server_stub.catalogue.judging import Catalogue

FOLDER = Path(__file__).parent / "tables"
MOST_BYTES = 8 * 1024 * 1024
SHIPPED = ("national_2021", "national_2022", "national_2024", "platform")
_PARTS: dict[str, type] = {"edition": dict, "category": list, "item": list, "items_file": str}


def read(path: Path, national: Mapping[str, frozenset[str]]) -> Edition:
    """The edition in a file; its digest covers the CSV file it names too.

    Raises:
        EditionRefused: when it cannot stand; every flaw that was found.
        OSError: when a file is missing.
    """
    raw = _bytes(path)
    found: list[Flaw] = []
    content = _toml(path, raw)
    found += [flaw(name, "unknown", "no such part") for name in content if name not in _PARTS]
    wrong = [name for name, shape in _PARTS.items() if not isinstance(content.get(name, shape()), shape)]
    if wrong:
        raise EditionRefused([flaw(name, "form", f"a {_PARTS[name].__name__} is needed") for name in wrong])
    items, digest = list(content.get("item", ())), hashlib.sha256(raw)
    if "items_file" in content:
        beside = path.parent / _beside(content["items_file"])
        table = _bytes(beside)
        digest = hashlib.sha256(digest.digest() + hashlib.sha256(table).digest())
        items += _csv(beside, table, found)
    head = content.get("edition", {})
    given = {
        "categories": _rows(content.get("category", ()), Category, "categories", found),
        "items": _rows(items, Item, "items", found),
        "digest": digest.hexdigest(),
    }
    for name in given:
        if name in head:
            found.append(flaw(f"edition/{name}", "unknown", "no such field"))
    try:
        edition = msgspec.convert({**head, **given}, Edition)
    except msgspec.ValidationError as fault:
        raise EditionRefused([flaw("edition", "form", str(fault)), *found]) from fault
    found += flaws_of(edition, national)
    if found:
        raise EditionRefused(found)
    return edition


@cache
def shipped() -> tuple[Edition, ...]:
    """The editions of this release: the national ones and the platform's own, read once.

    Raises:
        EditionRefused: when a table does not fit, or one person entered and approved it.
    """
    editions: list[Edition] = []
    for name in SHIPPED:
        edition = read(FOLDER / f"{name}.toml", {one.code: one.keys for one in editions})
        if not edition.entered_by or not edition.approved_by or edition.entered_by == edition.approved_by:
            raise EditionRefused([flaw("edition/approved_by", "people", f"{name} needs two people")])
        editions.append(edition)
    return tuple(editions)


@cache
def without_city() -> Catalogue:
    """The catalogue of what this release ships and nothing else."""
    return Catalogue(shipped())


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise EditionRefused([flaw(path.name, "too-large", f"more than {MOST_BYTES} bytes")])
    return path.read_bytes()


def _toml(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise EditionRefused([flaw(path.name, "toml", str(fault))]) from fault


def _beside(name: str) -> str:
    if Path(name).name != name or not name.endswith(".csv"):
        raise EditionRefused([flaw("items_file", "form", "the plain name of a .csv file in the same folder")])
    return name


def _csv(path: Path, raw: bytes, found: list[Flaw]) -> list[dict[str, Any]]:
    """Rows of the table: first line the names of fields, an empty cell is the field's default."""
    try:
        table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise EditionRefused([flaw(path.name, "csv", f"UTF-8 is needed: {fault}")]) from fault
    head = table[0] if table else []
    wrong = [name for name in head if name not in Item.__struct_fields__ or head.count(name) > 1]
    if wrong or not head:
        raise EditionRefused([flaw(path.name, "csv", f"columns {wrong or 'missing'}")])
    rows: list[dict[str, Any]] = []
    for line, cells in enumerate(table[1:], 2):
        if len(cells) != len(head):
            found.append(flaw(f"{path.name}:{line}", "csv", f"{len(cells)} cells, not {len(head)}"))
            continue
        row: dict[str, Any] = {name: cell for name, cell in zip(head, cells, strict=True) if cell}
        if "kinds" in row:
            row["kinds"] = row["kinds"].split("+")
        rows.append(row)
    return rows


def _rows(rows: Any, shape: type[Category] | type[Item], part: str, found: list[Flaw]) -> list[Any]:
    done: list[Any] = []
    for at, row in enumerate(rows, 1):
        try:
            done.append(msgspec.convert(row, shape, strict=False))
        except msgspec.ValidationError as fault:
            code = row.get("code", "") if isinstance(row, dict) else ""
            found.append(flaw(f"{part}/{code or at}", "form", str(fault)))
    return done
