"""No record of an item that the catalogue does not cover is seen or counted, by anybody, on any day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.catalogue.judging import Catalogue, Finding
from server_stub.catalogue.selectors import current
from server_stub.records import services
from server_stub.records.asking import facts_of
from server_stub.records.models import Record, Revision
from server_stub.records.selectors import Shown
from server_stub.rules.selectors import explain
from server_stub.subjects.models import Subject
from tests.server_stub.catalogue.made import approved, item
from tests.server_stub.records.made import BY, COMPANY, ON, PERSON, debtor, licence, penalty, see

pytestmark = pytest.mark.django_db

ALWAYS: Callable[[date], bool] = lambda on: True  # noqa: E731
NEVER: Callable[[date], bool] = lambda on: False  # noqa: E731
# what is wrong with an item -> its fields, and on which days its records may be seen nevertheless
ITEMS: dict[str, tuple[dict[str, Any], Callable[[date], bool]]] = {
    "SOUND": ({}, ALWAYS),
    "UNMAPPED": ({"national": None, "national_edition": None}, NEVER),
    "TWENTY22": (
        {"national": "compliance", "national_edition": "national-2022"},
        lambda on: on >= date(2022, 1, 1),
    ),
    "BASELESS": ({"instrument": None, "article": None, "effective_from": None}, NEVER),
    "WAITING": ({"effective_from": None}, NEVER),
    "BEGINS": ({"effective_from": "2026-08-01"}, lambda on: on >= date(2026, 8, 1)),
    "ENDED": ({"effective_to": "2026-07-31"}, lambda on: on <= date(2026, 7, 31)),
    "ABSENT": ({}, NEVER),
}
SECTIONS = {"penalty": penalty, "licence": licence, "serious": debtor}


def facts(section: str, number: int, **more: Any) -> Any:
    made = penalty(no=f"衡示〔2026〕{number}号") if section == "penalty" else SECTIONS[section]()
    return {**made, "document_no": f"衡示〔2026〕{number}号", "decided_on": "2026-05-06", **more}


@pytest.fixture
def held(company: Subject, person: Subject, tmp_path: Path) -> dict[str, str]:
    """Record -> name of its item: one of each item, section and kind of subject, all else sound."""
    rows = [
        item(f"{name}-{section.upper()}", section=section, **fields)
        for name, (fields, _) in ITEMS.items()
        for section in SECTIONS
        if name != "ABSENT"
    ]
    approved(tmp_path, *rows)
    found = {}
    for number, (name, section, key) in enumerate(
        (name, section, key) for name in ITEMS for section in SECTIONS for key in (COMPANY, PERSON)
    ):
        code = f"{name}-{section.upper()}"
        found[services.put(facts(section, number, subject_key=key, item_code=code), by=BY)] = name
    return found


def told(seen: Shown) -> set[str]:
    return {one.rec_id for one in seen.records} | {one.rec_id for one in seen.standing}


def counted(seen: Shown) -> int:
    return sum(one.active for one in seen.counters)


ASKED = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["bank_officer", "government_officer", "enterprise_officer", "centre_staff"]),
        "report_type": st.sampled_from(["standard", "special"]),
        "basis": st.sampled_from(["open", "letter", "duty", "own"]),
        "on": st.dates(date(2019, 7, 1), date(2032, 12, 31)),
    }
)


def test_nothing_uncovered_is_seen_or_counted(
    held: dict[str, str], company: Subject, person: Subject
) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked=ASKED)
    def look(asked: dict[str, Any]) -> None:
        for subject in (company, person):
            seen = see(subject, **asked)
            for rec_id in told(seen):
                name = held[rec_id]
                assert ITEMS[name][1](asked["on"]), (name, asked)
            labelled = sum(one.display == "label" for one in seen.records)
            assert counted(seen) == len(seen.records) - labelled
            covered = {f"TEST/{held[one]}-" for one in told(seen)}
            for rule in seen.rules:
                assert rule.table != "catalogue" or any(rule.row.startswith(one) for one in covered)

    look()


def test_control_each_kind_of_record_is_seen_where_it_may_be(
    held: dict[str, str], company: Subject, person: Subject
) -> None:
    seen = {held[one] for subject in (company, person) for one in told(see(subject, basis="letter"))}
    assert seen == {"SOUND", "TWENTY22", "BEGINS"}
    before = see(company, on=date(2026, 7, 31))
    assert {held[one] for one in told(before)} == {"SOUND", "TWENTY22", "ENDED"}
    assert counted(before) == 9


def test_control_without_the_catalogues_word_they_would_be_seen(
    held: dict[str, str], company: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Catalogue.judge

    def silent(self: Catalogue, code: str, section: str, kind: str, on: date) -> Finding:
        found = real(self, code, section, kind, on)
        return Finding("", found.item, found.edition)

    monkeypatch.setattr(Catalogue, "judge", silent)
    assert {held[one] for one in told(see(company))} == set(ITEMS)


def test_the_verdict_names_item_and_edition(held: dict[str, str], company: Subject) -> None:
    said = {}
    for rec_id, name in held.items():
        record = Record.objects.get(pk=rec_id)
        if record.section == "penalty":
            payload = json.loads(Revision.objects.get(record=record, rev=record.rev).payload)
            facts = facts_of(record, payload, company.kind, company.born_on)
            found = explain(facts, "bank_officer", "standard", ON, basis="open", catalogue=current())
            said[name] = (found.state, found.display, found.rule.row, found.item and found.item.row)
    assert said["SOUND"] == ("current", "show", "D-current", "TEST/SOUND-PENALTY")
    assert said["UNMAPPED"] == ("unmapped", "hide", "D-unmapped", "TEST/UNMAPPED-PENALTY")
    assert said["ABSENT"] == ("unmapped", "hide", "D-unmapped", None)
    assert said["BASELESS"] == ("baseless", "hide", "D-baseless", "TEST/BASELESS-PENALTY")
    assert said["ENDED"] == ("inactive", "hide", "D-inactive", "TEST/ENDED-PENALTY")


def test_the_mode_comes_from_the_item_of_the_day(company: Subject, person: Subject, tmp_path: Path) -> None:
    approved(
        tmp_path,
        item("X-1", mode="authorised", share="conditional"),
        item("X-2", mode="sharing", share="conditional"),
        item("X-3", mode="sharing", share="centre"),
        item("X-4"),
    )
    ids = {}
    for number in range(1, 5):
        for key in (COMPANY, PERSON):
            more = {"subject_key": key, "item_code": f"X-{number}"}
            ids[services.put(facts("penalty", number, **more), by=BY)] = number

    def numbers(subject: Subject, role: str, basis: str) -> set[int]:
        return {ids[one.rec_id] for one in see(subject, role=role, basis=basis).records}

    assert numbers(company, "bank_officer", "open") == {4}
    assert numbers(company, "bank_officer", "letter") == {1, 4}
    assert numbers(company, "government_officer", "open") == {4}
    assert numbers(company, "government_officer", "duty") == {1, 2, 4}
    assert numbers(company, "centre_staff", "open") == {1, 2, 3, 4}
    # an item cannot open a person's records: the table of disclosure speaks too
    assert numbers(person, "bank_officer", "open") == set()
    assert numbers(person, "bank_officer", "letter") == {1, 4}
    assert numbers(person, "government_officer", "duty") == {1, 2, 4}


def test_an_items_retention_ends_it_earlier(company: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1", section="licence", retention_months=12), item("X-2", section="licence"))
    for number in (1, 2):
        more = {"effect_until": "2025-11-23", "item_code": f"X-{number}"}
        services.put(facts("licence", number, **more), by=BY)
    assert len(see(company, on=date(2026, 11, 22)).records) == 2
    assert len(see(company, on=date(2026, 11, 23)).records) == 1


def test_a_record_that_names_no_item_stays_where_it_is(company: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1"))
    rec_id = services.put(penalty(), by=BY)
    assert Record.objects.get(pk=rec_id).item_code == "PT-PENALTY"
    assert services.put(penalty(item_code="X-1"), by=BY) == rec_id
    assert (Record.objects.get(pk=rec_id).item_code, Record.objects.get(pk=rec_id).rev) == ("X-1", 2)
    assert services.put(penalty(), by=BY) == rec_id  # the next delivery says nothing of an item
    assert (Record.objects.get(pk=rec_id).item_code, Record.objects.get(pk=rec_id).rev) == ("X-1", 2)


def test_an_empty_item_is_the_sections_own(company: Subject) -> None:
    """A server of the release before writes none while both run."""
    rec_id = services.put(penalty(), by=BY)
    Record.objects.update(item_code="")
    assert told(see(company)) == {rec_id}
    assert [one.row for one in see(company).rules if one.table == "catalogue"] == ["platform/PT-PENALTY"]


def test_one_question_asks_the_catalogue_once(
    held: dict[str, str], company: Subject, django_assert_num_queries: Any
) -> None:
    current()
    see(company)
    for subject in (company, None):
        with django_assert_num_queries(2):  # the approved editions, the records at their revisions
            see(subject)
