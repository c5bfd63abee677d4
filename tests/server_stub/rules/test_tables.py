"""The shipped tables fit, and a table that does not fit stops the start."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server_stub.evidence.models import Leaf
from server_stub.rules import selectors
from server_stub.rules.models import TableEdition
from server_stub.rules.services import load_tables
from server_stub.rules.tables_file import FOLDER, Row, Tables, read, shipped

ON = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "tables"))


def rows_of(tables: Tables) -> dict[str, tuple[Row, ...]]:
    """Every table that has rows, by its name."""
    found = {name: getattr(tables, name) for name in Tables.__struct_fields__}
    return {name: rows for name, rows in found.items() if name not in ("calendar", "digests")}


def unfounded(tables: Tables) -> list[str]:
    """Rows that lack an id, a ground, a day, a version, or two people."""
    return [
        f"{name}:{row.id}"
        for name, rows in rows_of(tables).items()
        for row in rows
        if not (row.id and row.basis.strip() and row.effective_from and row.version >= 1)
        or not row.entered_by.strip()
        or not row.approved_by.strip()
        or row.entered_by == row.approved_by
    ]


def test_every_row_of_every_table_says_its_ground_and_two_people() -> None:
    tables = shipped()
    assert all(rows_of(tables).values())
    assert unfounded(tables) == []
    assert set(tables.digests) >= {"publicity", "display", "calendar", "deadline", "disclosure", "retention"}
    assert all(year.basis for year in tables.calendar.years.values())


@pytest.mark.parametrize("table", ["retention", "access", "code", "objection_kind"])
@pytest.mark.parametrize("gap", [{"basis": " "}, {"approved_by": ""}, {"version": 0}])
def test_control_a_row_without_its_ground_is_named(table: str, gap: dict[str, Any]) -> None:
    tables = shipped()
    first, *others = getattr(tables, table)
    broken = msgspec.structs.replace(tables, **{table: (msgspec.structs.replace(first, **gap), *others)})
    assert unfounded(broken) == [f"{table}:{first.id}"]


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("display", 'approved_by = "规则审核岗（示例）"', 'approved_by = "规则录入岗（示例）"'),
        ("display", 'display = "archive"', 'display = "maybe"'),
        ("publicity", 'id = "P58-simple"', 'id = "P58-penalty"'),
        ("publicity", "effective_to = 2026-03-31", "effective_to = 2020-03-31"),
        ("deadline", "days = 3", 'dayz = "3"'),
        ("policy", "number = 18", 'number = "18"'),
    ],
)
def test_control_a_table_that_does_not_fit_is_refused(folder: Path, table: str, old: str, new: str) -> None:
    read(folder)
    path = folder / f"{table}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((ValueError, msgspec.ValidationError)):
        read(folder)


def test_purposes_follow_the_role() -> None:
    codes = {role: [p["code"] for p in selectors.purposes_for(role, ON)] for role in
             ("bank_officer", "government_officer", "enterprise_officer", "centre_staff")}  # fmt: skip
    assert codes["bank_officer"] == ["B01", "B02", "B03", "B04", "B05", "B06"]
    assert codes["government_officer"] == ["G01", "G02", "G03", "G04", "G05", "G06"]
    assert codes["enterprise_officer"] == ["B06", "S01"]
    assert codes["centre_staff"] == ["C01", "S01"]
    assert selectors.purposes_for("nobody", ON) == ()
    rows = {p["code"]: p for p in selectors.purposes_for("enterprise_officer", ON)}
    assert rows["B06"]["letter_for_enterprise"] is True
    officials = selectors.purposes_for("government_officer", ON)
    assert [p["code"] for p in officials if p["official_letter"]] == ["G06"]
    assert rows["S01"]["letter_for_person"] is False
    assert selectors.purposes_for("bank_officer", date(2016, 1, 1)) == ()


def test_an_inquiry_that_is_not_told_of_begins_with_the_ground_for_silence() -> None:
    before, after = date(2021, 10, 31), date(2021, 11, 1)
    assert selectors.purpose("G06", before) is None
    found = selectors.purpose("G06", after)
    assert found is not None
    assert (found.roles, found.grounds_person, found.evidence_zh) == (
        ("government_officer",),
        ("duty",),
        "公函编号",
    )
    assert found.official_letter
    silent = {row.effective_from for row in shipped().telling if row.by_letter and "G06" in row.purposes}
    assert silent == {found.effective_from}


def test_silence_about_an_inquiry_ends_by_the_letter_or_after_three_years() -> None:
    asked = date(2026, 1, 1)
    assert not selectors.told_of("G06", asked, date(2028, 12, 30))
    assert selectors.told_of("G06", asked, date(2028, 12, 31))
    for until, on, told in (
        (date(2026, 3, 1), date(2026, 3, 1), False),
        (date(2026, 3, 1), date(2026, 3, 2), True),
        (date(2030, 3, 1), date(2029, 1, 1), False),
    ):
        assert selectors.told_of("G06", asked, on, silent_until=until) is told
    # a letter silences the purpose that its row names, and no other
    assert selectors.told_of("B01", asked, date(2026, 1, 2), silent_until=date(2030, 1, 1))


def test_every_purpose_that_telling_names_is_a_row() -> None:
    known = {row.id for row in shipped().purpose}
    assert {one for row in shipped().telling for one in row.purposes} <= known


def test_a_measure_is_addressed_to_those_it_binds() -> None:
    bank = {m.text: m.for_you for m in selectors.measures_for("wages", "bank", ON)}
    assert [text[:6] for text, mine in bank.items() if mine] == ["从严审慎授信"]
    state = [m for m in selectors.measures_for("wages", "government", ON) if m.for_you]
    assert {m.group for m in state} == {"II"}


def test_clocks_of_the_policy() -> None:
    rows = {row["step"]: row for row in selectors.deadlines_for(ON)}
    assert rows["objection.total"]["days"] == 7
    assert rows["objection.total"]["unit"] == "working"
    assert "withdraw.delete" not in rows


def test_a_bank_needs_the_letter_to_object() -> None:
    rule = selectors.objection_rule("objection", "bank_officer", ON)
    assert rule is not None and rule.letter
    window = selectors.objection_rule("objection", "centre_staff", ON)
    assert window is not None and not window.letter
    assert selectors.objection_kinds("bank_officer", ON) == ["objection", "data_error"]


def test_each_place_has_its_own_clock() -> None:
    start, places = date(2026, 9, 28), ("city", "zhejiang", "pboc")
    assert {place: selectors.due(place, "objection", "total", start) for place in places} == {
        "city": date(2026, 10, 13), "zhejiang": date(2026, 10, 30), "pboc": date(2026, 10, 18),
    }  # fmt: skip
    assert selectors.due("shenzhen", "objection", "mark", start) == start
    assert "complaint.answer" not in {row["step"] for row in selectors.deadlines_for(ON)}


@pytest.mark.django_db
def test_loading_again_changes_nothing() -> None:
    first = load_tables(by="operator")
    assert "publicity" in first and "calendar" in first
    assert load_tables(by="operator") == ()
    changed = msgspec.structs.replace(shipped(), digests={**shipped().digests, "purpose": "0" * 64})
    assert load_tables(by="operator", tables=changed) == ("purpose",)
    assert TableEdition.objects.filter(table="purpose").count() == 2
    assert Leaf.objects.filter(kind="rules").count() == len(first) + 1
