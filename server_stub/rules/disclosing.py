"""Which modes of disclosure a record has, and whether a role meets them all on its ground."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from server_stub.catalogue.entries import Item
from server_stub.rules.days import first
from server_stub.rules.tables_file import Access, Tables


def modes(section: str, kind: str, given: str, item: Item | None, rules: Tables, on: date) -> tuple[str, ...]:
    """Every mode that has to let a reader in: the record's own, its item's, and the table's.

    The table speaks where nobody else does. For a person it speaks beside an item that names a mode: no
    catalogue of a city opens what national rules do not open.
    """
    own = item_mode(item) if item else ""
    return _modes(section, kind, given, own, bool(item and item.mode), rules, on)


def _modes(
    section: str, kind: str, given: str, own: str, item_says: bool, rules: Tables, on: date
) -> tuple[str, ...]:
    named = [mode for mode in (given, own) if mode]
    if not named or (item_says and kind == "person"):
        row = first(rules, "mode", on, sections=section, kinds=kind)
        named.append(row.mode if row else "authorised")
    return tuple(dict.fromkeys(named))


def let_in(
    section: str,
    kind: str,
    given: str,
    item: Item | None,
    rules: Tables,
    on: date,
    role: str,
    ground: str,
) -> bool:
    """Whether `role` meets on `ground` every mode that a record has."""
    own = item_mode(item) if item else ""
    return _let_in(section, kind, given, own, bool(item and item.mode), rules, on, role, ground)


@lru_cache(maxsize=4096)
def _let_in(
    section: str,
    kind: str,
    given: str,
    own: str,
    item_says: bool,
    rules: Tables,
    on: date,
    role: str,
    ground: str,
) -> bool:
    return bool(admitted(_modes(section, kind, given, own, item_says, rules, on), role, ground, rules, on))


def item_mode(item: Item) -> str:
    """The mode of an item narrowed by its scope of sharing; empty when it leaves the mode to the table."""
    if item.mode and item.share == "centre":
        return "centre"
    if item.mode == "sharing" and item.share == "conditional":
        return "sharing_conditional"
    return item.mode


def admitted(wanted: tuple[str, ...], role: str, ground: str, rules: Tables, on: date) -> tuple[Access, ...]:
    """The rows that let `role` in on `ground`, one for each mode; empty when one of them does not."""
    rows = [first(rules, "access", on, modes=mode, roles=role, grounds=ground) for mode in wanted]
    found = tuple(row for row in rows if row is not None)
    return found if len(found) == len(rows) else ()
