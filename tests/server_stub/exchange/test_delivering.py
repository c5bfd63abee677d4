"""Nothing enters for an item that does not hold: each row is kept with the reason."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from server_stub.exchange.models import Batch
from server_stub.exchange.services import apply, reverse, stage
from server_stub.records.models import Record
from server_stub.sample.numbers import unit_code
from server_stub.subjects.services import PersonEntry, register
from tests.server_stub.catalogue.made import PROVIDER, approved, item

from .conftest import counted, faults_in
from .test_stage import PENALTY, code, number

pytestmark = pytest.mark.django_db
UNIT = {"CF_XDR_SHXYM": code(1)}
ADULT = number("19900101")
PERSON = {
    "CF_XDR_MC": "测试甲", "CF_XDR_LB": "自然人", "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": ADULT,
    "CF_XDR_SHXYM": "",
}  # fmt: skip


def staged(
    folder: Path, by: str, item_code: str, *rows: dict[str, str], provider: str = PROVIDER["provider"]
) -> Batch:
    path = folder / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PENALTY)
        writer.writeheader()
        writer.writerows([{**PENALTY, **row} for row in rows])
    return stage(path, provider, by=by, item=item_code)


def faults(batch: Batch) -> list[list[str]]:
    assert batch.read == batch.accepted + batch.refused == counted(batch)
    return faults_in(batch)


CASES: dict[str, tuple[dict[str, Any], dict[str, str], str]] = {
    "sound unit": ({}, UNIT, ""),
    "sound person": ({}, PERSON, ""),
    "person without basis": ({"instrument": None, "effective_from": None}, PERSON, "item-baseless"),
    "unit of an item about persons": ({"kinds": ["person"]}, UNIT, "item-kind"),
    "person of an item about units": ({"kinds": ["legal"]}, PERSON, "item-kind"),
    "unmapped": ({"national": None, "national_edition": None}, UNIT, "item-unmapped"),
    "never activated": ({"effective_from": None}, UNIT, "item-inactive"),
    "ended": ({"effective_to": "2026-11-22"}, UNIT, "item-inactive"),
    "another section": ({"section": "honour"}, UNIT, "item-section"),
    "another unit's": (
        {"provider": "示例市税务局", "provider_code": unit_code(9006, head="11")}, UNIT, "item-provider",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_reason_refuses_the_row(name: str, tmp_path: Path, staff: tuple[str, str]) -> None:
    fields, row, why = CASES[name]
    register([PersonEntry(name="测试甲", number=ADULT, id_type="resident_id")])
    approved(tmp_path, item("X-1", **fields))
    batch = staged(tmp_path, staff[0], "X-1", row)
    assert faults(batch) == [[why] if why else []]
    if why:
        assert "X-1" in batch.rows.get().faults[0]["reason"]
    apply(batch, staff[1])
    assert [one.item_code for one in Record.objects.all()] == ([] if why else ["X-1"])


def test_an_item_nobody_knows_is_refused(tmp_path: Path, staff: tuple[str, str]) -> None:
    assert faults(staged(tmp_path, staff[0], "X-9", UNIT)) == [["item-unknown"]]
    with pytest.raises(ValueError, match="at most"):
        staged(tmp_path, staff[0], "X" * 25, UNIT)


def test_the_provider_is_known_by_name_or_code(tmp_path: Path, staff: tuple[str, str]) -> None:
    approved(tmp_path, item("X-1"))
    for provider in PROVIDER.values():
        assert faults(staged(tmp_path, staff[0], "X-1", UNIT, provider=provider)) == [[]]
    assert faults(staged(tmp_path, staff[0], "X-1", UNIT, provider="示例局")) == [["item-provider"]]


def test_without_an_item_rows_stand_under_the_sections_own(tmp_path: Path, staff: tuple[str, str]) -> None:
    apply(staged(tmp_path, staff[0], "", UNIT, provider="示例局"), staff[1])
    assert Record.objects.get().item_code == "PT-PENALTY"
    approved(tmp_path, item("PT-PENALTY", effective_to="2026-01-01"))
    batch = staged(tmp_path, staff[0], "", {**UNIT, "CF_WSH": "衡罚字〔2026〕2号"}, provider="示例局")
    assert faults(batch) == [["item-inactive"]]


def test_a_catalogue_that_changed_since_refuses_at_apply(tmp_path: Path, staff: tuple[str, str]) -> None:
    approved(tmp_path, item("X-1"))
    batch = staged(tmp_path, staff[0], "X-1", UNIT)
    assert (batch.accepted, batch.refused) == (1, 0)
    approved(tmp_path, item("X-1", effective_to="2026-11-22"), version=2)
    done = apply(batch, staff[1])
    assert (done.accepted, done.refused, faults(done)) == (0, 1, [["item-inactive"]])
    assert not Record.objects.exists()


def test_taking_back_gives_the_record_its_earlier_item(tmp_path: Path, staff: tuple[str, str]) -> None:
    apply(staged(tmp_path, staff[0], "", UNIT), staff[1])
    record = Record.objects.get()
    Record.objects.update(item_code="")  # as a release before the catalogue entered it
    approved(tmp_path, item("X-1"))
    batch = apply(staged(tmp_path, staff[0], "X-1", UNIT), staff[1])
    record.refresh_from_db()
    assert (record.item_code, record.rev) == ("X-1", 2)
    reverse(batch, staff[0], "示例")
    record.refresh_from_db()
    assert (record.item_code, record.rev) == ("", 3)


def test_an_act_is_not_moved_by_a_record_of_another_day(tmp_path: Path, staff: tuple[str, str]) -> None:
    """The item of a hand-in is that of its own rows only."""
    apply(staged(tmp_path, staff[0], "", UNIT), staff[1])
    approved(tmp_path, item("X-1"))
    apply(staged(tmp_path, staff[0], "X-1", {**UNIT, "CF_WSH": "衡罚字〔2026〕2号"}), staff[1])
    assert sorted(Record.objects.values_list("item_code", flat=True)) == ["PT-PENALTY", "X-1"]
