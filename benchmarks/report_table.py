"""What the report's benchmarks draw: documents, and the same rows as bare cells for other libraries."""

from __future__ import annotations

import csv
import random
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from app.field.records import Record
from app.field.reportdoc import ReportDocument
from app.report.facts import columns_of, more_of, provenance, state_of
from app.report.setting import Setter
from app.report.words import words_in
from tests.app.report.samples import bundle, licence, other, penalty

FONTS = Path(str(files("resources"))) / "fonts"
COMMON = 3500
_TITLES = ("no", "document", "matter", "provider", "decided", "valid_to", "state")
_SHARES = (6.2, 21.0, 20.0, 22.6, 11.0, 11.0, 11.6)


def mixed(rows: int) -> ReportDocument:
    """Half penalties as blocks, half licences as rows of a table; few different characters."""
    half = rows // 2
    return other(
        "working", bundle((*map(penalty, range(1, half + 1)), *map(licence, range(1, rows - half + 1))))
    )


def table(rows: int) -> ReportDocument:
    """Licences only, each with a matter of its own out of the 3,500 characters that are common."""
    return other("working", bundle(_licences(rows)))


def _licences(rows: int) -> tuple[Record, ...]:
    chance = random.Random(20261126)
    with (FONTS / "tgh8105.csv").open(encoding="utf-8", newline="") as listed:
        signs = [row["char"] for row in csv.DictReader(listed)][:COMMON]
    return tuple(
        msgspec.structs.replace(licence(place), matter="许可" + "".join(chance.choices(signs, k=10)))
        for place in range(1, rows + 1)
    )


def cells(rows: int, setter: Setter) -> dict[str, Any]:
    """The table as texts: what heads the page, columns with their shares, each row with its small print."""
    words = words_in("zh_CN")
    found = []
    for place, record in enumerate(_licences(rows), 1):
        columns = columns_of(record, words)
        first, *rest = provenance(record, words, named=False)
        more = more_of(record, set(columns), words)
        below = [*setter.joined(more, first, setter.sheet.inner - 44), *rest]
        found.append({"cells": [str(place), *columns], "below": below, "colour": state_of(record, words)[1]})
    return {
        "title": words.say("paper.title_working"),
        "heads": [words.say(f"paper_record.{title}") for title in _TITLES],
        "shares": _SHARES,
        "centred": [0, 4, 5, 6],
        "rows": found,
    }
