"""Pieces hold their rows by columns: a text that comes again in a column is said once."""

from __future__ import annotations

import zlib
from itertools import accumulate

import msgspec
from django.db import migrations

FEW = 256
JOINT = "\x1f"
KNOWN, AS_TOLD, ANOTHER = range(3)


def by_columns(apps, schema_editor) -> None:
    rewritten(apps, turned)


def by_rows(apps, schema_editor) -> None:
    rewritten(apps, turned_back)


def rewritten(apps, turn) -> None:
    piece = apps.get_model("exchange", "StagedPiece")
    for held in piece.objects.order_by("pk").iterator(chunk_size=20):
        body = msgspec.msgpack.encode(turn(msgspec.msgpack.decode(zlib.decompress(held.body))))
        piece.objects.filter(pk=held.pk).update(body=zlib.compress(body, 1))


def turned(old) -> tuple:
    """Numbers, cells, which warnings, warnings, keys, units, facts: as `lines` has them by columns."""
    numbers, cells, warned, warnings, keys, units, facts = old
    widths = [len(row) for row in cells]
    widest = max(widths)
    filled = [[*row, *[""] * (widest - len(row))] for row in cells]
    return (
        [number - before for number, before in zip(numbers, [0, *numbers], strict=False)],
        [column(of) for of in zip(*filled, strict=True)],
        None if min(widths) == widest else widths,
        warned,
        warnings,
        column(keys),
        (-1, -1),
        bytes(KNOWN if unit is None else ANOTHER for unit in units),
        [unit for unit in units if unit is not None],
        {at: one for at, one in enumerate(facts) if one is not None},
    )


def turned_back(new) -> tuple:
    steps, columns, widths, warned, warnings, keys, (name, code), brought, others, facts = new
    numbers, waiting = list(accumulate(steps)), iter(others)
    rows = [list(row) for row in zip(*map(whole, columns), strict=True)] or [[] for _ in numbers]
    units = [
        next(waiting) if how == ANOTHER else [row[name].strip(), row[code].strip(), []] if how == AS_TOLD else None
        for how, row in zip(brought, rows, strict=True)
    ]
    cells = [row[:width] for row, width in zip(rows, widths, strict=True)] if widths is not None else rows
    of_rows = [facts.get(at) for at in range(len(numbers))]
    return numbers, cells, warned, warnings, list(whole(keys)), units, of_rows


def column(cells) -> tuple:
    values, at = list(cells), None
    places = {text: place for place, text in enumerate(dict.fromkeys(values))}
    if len(places) <= min(FEW, len(values) // 2):
        values, at = list(places), bytes(places[text] for text in values)
    joined = JOINT.join(values)
    return joined if joined.count(JOINT) == len(values) - 1 else values, at


def whole(packed) -> list[str]:
    values, at = packed
    values = values.split(JOINT) if isinstance(values, str) else values
    return values if at is None else [values[place] for place in at]


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_rows_of_their_own")]
    operations = [migrations.RunPython(by_columns, by_rows)]
