"""Which application is about the same record as the one being written."""

from __future__ import annotations

from dataclasses import dataclass

from ui.repair_rows import about_same


@dataclass
class Case:
    number: str = ""
    rec_id: str = ""


def test_a_case_without_its_record_is_found_by_its_number_and_no_other_is_taken_for_it() -> None:
    hidden, other, shown = Case("XF-1"), Case("XF-2"), Case("XF-3", "R1")
    filed = (hidden, other, shown)
    assert about_same(Case("XF-2"), filed) is other
    assert about_same(Case(), filed) is None
    assert about_same(Case("", "R1"), filed) is shown
    assert about_same(Case("", "R2"), filed) is None
