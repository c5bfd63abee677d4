"""What the catalogue says of an item on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from server_stub.catalogue.entries import Category, Edition, Item
from server_stub.catalogue.judging import MOST_DAYS, Catalogue
from server_stub.catalogue.reading import shipped

from .made import SOUND

ON = date(2026, 11, 23)


def catalogue(*rows: dict[str, Any], **head: Any) -> Catalogue:
    items = tuple(msgspec.convert({**SOUND, "code": f"X-{n}", **row}, Item) for n, row in enumerate(rows, 1))
    edition = Edition(
        code="TEST",
        series="local",
        title="目录（示例）",
        version=1,
        effective_from=head.pop("effective_from", date(2017, 1, 1)),
        basis="办法（示例）",
        categories=(Category(code="C1", name="类"),),
        items=items,
        **head,
    )
    return Catalogue([*shipped(), edition])


CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "sound": ({}, "", ""),
    "another section": ({"section": "honour"}, "section", "unmapped"),
    "another kind": ({"kinds": ["person"]}, "kind", "unmapped"),
    "no category": ({"national": "", "national_edition": ""}, "unmapped", "unmapped"),
    "unknown edition": ({"national_edition": "national-2025"}, "unmapped", "unmapped"),
    "category of another edition": ({"national": "ip"}, "unmapped", "unmapped"),
    "no instrument": ({"instrument": ""}, "baseless", "baseless"),
    "no article": ({"article": ""}, "baseless", "baseless"),
    "no basis, about units only": ({"instrument": "", "kinds": ["legal"]}, "", ""),
    "never activated": ({"effective_from": None}, "inactive", "inactive"),
    "not yet": ({"effective_from": "2026-11-24"}, "inactive", "inactive"),
    "ended the day before": ({"effective_to": "2026-11-22"}, "inactive", "inactive"),
    "last day": ({"effective_to": "2026-11-23"}, "", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_each_reason_has_its_state(name: str) -> None:
    row, why, state = CASES[name]
    found = catalogue(row).judge("X-1", "penalty", "legal", ON)
    assert (found.why, found.state) == (why, state)
    assert found.item is not None and found.edition is not None and found.edition.name == "TEST/1"
    assert catalogue(row).judge("X-9", "penalty", "legal", ON).state == "unmapped"


def test_a_category_counts_from_the_edition_that_has_it() -> None:
    found = catalogue({"national": "ip", "national_edition": "national-2024"})
    assert found.judge("X-1", "penalty", "legal", date(2024, 1, 1)).why == ""
    assert found.judge("X-1", "penalty", "legal", date(2023, 12, 31)).why == "unmapped"
    later = catalogue({"national_edition": "national-2024"})
    assert later.judge("X-1", "penalty", "legal", date(2019, 1, 1)).why == ""  # the first edition is asked


def test_an_edition_that_ended_holds_nothing() -> None:
    found = catalogue({}, effective_to=date(2026, 11, 22))
    assert found.judge("X-1", "penalty", "legal", date(2026, 11, 22)).why == ""
    assert found.judge("X-1", "penalty", "legal", ON).why == "unknown"


def test_the_citys_row_comes_before_the_platforms() -> None:
    ended = catalogue({"code": "PT-PENALTY", "effective_to": "2026-01-01"})
    for code in ("", "PT-PENALTY"):
        assert ended.judge(code, "penalty", "legal", ON).why == "inactive"
    assert ended.judge("", "honour", "legal", ON).why == ""


def test_days_in_memory_are_few_and_right_all_the_same() -> None:
    found = catalogue({"effective_to": "2026-11-23"})
    for days in range(3 * MOST_DAYS):
        on = ON - timedelta(days=MOST_DAYS) + timedelta(days=days)
        assert (found.judge("X-1", "penalty", "legal", on).why == "") == (on <= ON)
    assert len(found._days) <= MOST_DAYS
