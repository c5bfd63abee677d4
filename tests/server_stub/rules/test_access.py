"""What a role may see of which items, on which day, on which ground."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from server_stub.catalogue.reading import without_city
from server_stub.catalogue.selectors import current
from server_stub.rules.access import ItemAccess, items_for
from server_stub.rules.explain import explain
from server_stub.rules.facts import Facts
from tests.server_stub.catalogue.made import approved, item

ON = date(2026, 11, 23)
ROLES = ("bank_officer", "government_officer", "enterprise_officer", "centre_staff")
GROUNDS = ("open", "letter", "duty", "own")


def seen(role: str, ground: str, kind: str) -> set[str]:
    """Sections of the platform's own items that a role may see."""
    found = items_for(role, ON, ground, catalogue=without_city())
    return {one.item.removeprefix("PT-").lower() for one in found if one.kind == kind and one.seen}


def test_a_bank_sees_persons_with_their_letter_only() -> None:
    everything = seen("bank_officer", "letter", "person")
    assert len(everything) == 8
    assert seen("bank_officer", "open", "person") == {"serious"}
    assert seen("bank_officer", "open", "legal") == everything - {"other"}
    assert seen("government_officer", "duty", "person") == everything
    assert seen("government_officer", "open", "person") == {"serious"}
    assert seen("centre_staff", "open", "person") == everything


def test_every_yes_names_its_row_and_every_no_its_reason() -> None:
    for role in ROLES:
        for one in items_for(role, ON, "letter", catalogue=without_city()):
            assert one.seen == bool(one.rows)
            assert one.modes and one.basis and one.edition == "platform/1"
            assert all(row.table == "access" and row.basis for row in one.rows)


def asked(one: ItemAccess, role: str, ground: str) -> bool:
    """The rule engine on a sound record of the item."""
    facts = Facts(
        section="penalty",
        subject_kind=one.kind,
        subject_born_on=date(1980, 1, 1),
        decided_on=date(2026, 9, 1),
        tier="general",
        item_code=one.item,
    )
    return explain(facts, role, "standard", ON, basis=ground, catalogue=current()).visible


@pytest.mark.django_db
def test_it_says_what_the_engine_does(tmp_path: Path) -> None:
    approved(
        tmp_path,
        item("X-OPEN"),
        item("X-SHARED", mode="sharing"),
        item("X-COND", mode="sharing", share="conditional"),
        item("X-CENTRE", mode="authorised", share="centre"),
        item("X-AUTH", mode="authorised", share="conditional"),
        item("X-UNMAPPED", national=None, national_edition=None),
        item("X-WAITING", effective_from=None),
    )
    states = set()
    for role in ROLES:
        for ground in GROUNDS:
            for one in items_for(role, ON, ground):
                if one.item.startswith("X-"):
                    assert one.seen == asked(one, role, ground), (one, role, ground)
                    states.add((one.item, one.state, one.seen))
    assert ("X-UNMAPPED", "unmapped", False) in states
    assert ("X-WAITING", "inactive", False) in states
    assert {("X-CENTRE", "", True), ("X-CENTRE", "", False)} <= states
    assert items_for("bank_officer", date(2016, 1, 1)) == ()
