"""Says what an object is, and walks a window as Tab does: one line an object, as it would be spoken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.aloud.bus import Bus, Node, NoSuchThingError

STOPS = 120  # more than any page has
SPOKEN = ("checked", "pressed", "selected", "expanded", "collapsed", "read-only", "required")
SILENT = ("filler", "panel", "layered pane", "scroll pane", "viewport", "unknown", "separator", "scroll bar")
ENTRIES = ("text", "password text")
DIGEST = re.compile(r"\b[0-9a-fA-F]{4}(?: [0-9a-fA-F]{4})+\b")


def spoken(bus: Bus, node: Node) -> str:
    """Role, name, what it holds, its states, what more is said of it."""
    role, name, states = bus.role(node), bus.name(node), bus.states(node)
    parts = [f"{role}:", name or label(bus, node) or "(no name)"]
    if role == "combo box" and label(bus, node):
        parts[1] = f"{label(bus, node)} = {name}"
    if role in ENTRIES:
        held = "" if role == "password text" else held_by(bus, node)
        parts.append(f"= {held}" if held else "(empty)")
    said = [one for one in SPOKEN if one in states]
    if "sensitive" not in states:
        said.append("dimmed")
    more = bus.description(node)
    if said:
        parts.append(f"[{', '.join(said)}]")
    if more and more != name:
        parts.append(f"— {more}")
    return " ".join(parts)


def label(bus: Bus, node: Node) -> str:
    """The name of what labels it."""
    try:
        return " ".join(bus.name(one) for one in bus.labels(node))
    except NoSuchThingError:
        return ""


def held_by(bus: Bus, node: Node) -> str:
    try:
        return bus.text(node)
    except NoSuchThingError:
        return ""


def rows(bus: Bus, table: Node) -> Iterator[str]:
    """The first cell of a row is the whole row in a sentence; the others say column and word."""
    count, columns = bus.size(table)
    yield f"{count} rows, {columns} columns"
    for row in range(count):
        first, *others = (bus.name(bus.cell(table, row, column)) for column in range(columns))
        yield f"row {row + 1}: {first or '(no name)'}"
        yield from (f"    cell: {other or '(no name)'}" for other in others)


def from_top(bus: Bus, window: Node) -> Iterator[str]:
    """Everything that is shown and has a word, in the order of the tree."""
    for node in bus.below(window):
        states, role = bus.states(node), bus.role(node)
        if "showing" not in states or (role in (*SILENT, "label") and not bus.name(node)):
            continue
        yield spoken(bus, node)
        if role == "table":
            yield from (f"    {line}" for line in rows(bus, node))


def focused(bus: Bus, window: Node) -> Node | None:
    """Where the keyboard is."""
    found = [node for node in bus.below(window) if "focused" in bus.states(node)]
    return found[-1] if found else None


def by_tab(bus: Bus, window: Node, press: Callable[[str], None]) -> Iterator[str]:
    """From where the focus is, Tab by Tab, once round.

    Raises:
        AssertionError: when the focus is nowhere, or Tab never comes round.
    """
    first = focused(bus, window)
    assert first is not None, "nothing has the focus"
    here: Node | None = first
    for _ in range(STOPS):
        assert here is not None, "the focus was lost"
        yield spoken(bus, here)
        press("Tab")
        here = focused(bus, window)
        if here == first:
            return
    raise AssertionError(f"Tab did not come round in {STOPS} steps")


def stable(line: str) -> str:
    """A line without what is another at every run: numbers, times, digests."""
    return re.sub(r"\d+", "#", DIGEST.sub("(digest)", line))
