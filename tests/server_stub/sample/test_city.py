"""The made-up city: nobody in it exists, it is the same each time, and every rule finds something to do."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from app.field.identifiers import age_on, born_on, id_card_fault, uscc_fault
from server_stub.accounts.models import Officer
from server_stub.cases.selectors import views
from server_stub.cases.services import conclude
from server_stub.config.clock import clock, today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.records.models import Record, Revision
from server_stub.records.selectors import shown
from server_stub.rules.ages import is_minor
from server_stub.sample import Sample, load
from server_stub.sample.people import people
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import candidates, find_legal, find_person
from tests import engines, poured

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def small() -> Sample:
    return poured.poured()


def unit(sample: Sample, why: str) -> Subject:
    row = next(row for row in sample.subjects if row["why"] == why and row["kind"] == "legal")
    subject = find_legal(row["code"])
    assert subject is not None
    return subject


def person(sample: Sample, why: str) -> Subject:
    row = next(row for row in sample.subjects if row["why"] == why and row["kind"] == "person")
    subject = find_person(row["id_type"], row["number"], row["name"])
    assert subject is not None
    return subject


def seen(subject: Subject, role: str = "bank_officer", kind: str = "bank", **more: Any) -> Any:
    return shown(subject, role=role, organisation_kind=kind, on=today(), **more)


@pytest.mark.one_engine
def test_the_whole_city_loads_quickly() -> None:
    start = time.process_time()
    sample = load("city")
    assert time.process_time() - start < 20
    assert sample.counts == {"units": 300, "persons": 500, "records": 5000}
    assert Subject.objects.count() == 800
    assert Record.objects.count() == 5000
    assert Leaf.objects.count() < 10  # one for the load, one for the marked record
    sections = Counter(Record.objects.values_list("section", flat=True))
    assert set(sections) == {
        "licence", "penalty", "honour", "serious", "abnormal", "commitment", "judgement",
    }  # fmt: skip


def test_nobody_in_it_exists(small: Sample) -> None:
    for subject in Subject.objects.filter(kind="legal"):
        assert "（示例）" in subject.name
        assert subject.code[8:12] == "MA00"
        assert uscc_fault(subject.code) is None
    city = people(30, 30, today())
    for entry in city.persons:
        assert entry.number[14:17] == "000"
        assert id_card_fault(entry.number) is None
        assert entry.name.startswith("测试")
    assert all("示例" in provider for provider in Record.objects.values_list("provider", flat=True))


def test_it_is_the_same_city_each_time() -> None:
    on = date(2026, 11, 23)
    assert people(60, 60, on) == people(60, 60, on)
    assert len({entry.code for entry in people(300, 500, on).units}) == 300
    assert len({entry.number for entry in people(300, 500, on).persons}) == 500


def test_each_role_can_sign_in_with_secrets_of_its_own(small: Sample) -> None:
    assert {row["role"] for row in small.accounts} == {
        "bank_officer", "government_officer", "enterprise_officer", "centre_staff",
    }  # fmt: skip
    assert sum(row["role"] == "centre_staff" for row in small.accounts) == 2  # importer and approver
    for secret in ("password", "totp_secret", "enrolment_code"):
        assert len({row[secret] for row in small.accounts}) == len(small.accounts)
    assert Officer.objects.count() == len(small.accounts)
    firm = Officer.objects.get(user="firm1")
    assert firm.organisation.subject_key == unit(small, "certified").subject_key


def test_the_first_three_are_the_ones_to_try(small: Sample) -> None:
    assert [row["why"] for row in small.subjects[:3]] == ["rich", "ambiguous", "person"]
    name = small.subjects[1]["name"].removesuffix("有限公司")
    assert len(candidates(name, 10)) == 2
    assert candidates(small.subjects[1]["name"], 10)[0].match == "exact"


def test_the_rich_unit_is_on_both_lists_and_rules_bite(small: Sample) -> None:
    subject = unit(small, "rich")
    answer = seen(subject)
    kinds = Counter(one.kind for one in answer.standing)
    assert kinds["serious"] == 2
    assert kinds["honour"] >= 2
    assert all(one.measures for one in answer.standing if one.kind == "serious")
    assert {"penalty", "licence", "judgement", "commitment"} <= {record.section for record in answer.records}
    held = Record.objects.filter(subject_key=subject.subject_key)
    on_screen = {record.rec_id for record in answer.records} | {one.rec_id for one in answer.standing}
    for hidden in held.filter(status__in=("repaired", "removed", "annulled")):
        assert hidden.rec_id not in on_screen
    assert not on_screen & set(held.filter(procedure="simple").values_list("rec_id", flat=True))
    marked = [record for record in answer.records if record.objection]
    assert len(marked) == 1
    assert marked[0].objection.due_on


def test_the_mark_has_its_objection_behind_it(small: Sample) -> None:
    (record,) = [one for one in seen(unit(small, "rich")).records if one.objection]
    (filed,) = views(Officer.objects.get(user="centre2"))
    assert (filed["number"], filed["rec_id"]) == (record.objection.number, record.rec_id)
    assert (filed["state"], filed["accepted_on"], filed["due_on"]) == (
        "accepted", record.objection.accepted_on, record.objection.due_on,
    )  # fmt: skip
    assert [step["state"] for step in filed["history"]] == ["filed", "accepted"]
    assert views(Officer.objects.get(user="bank1")) == []
    with pytest.raises(Problem):
        conclude(filed["number"], outcome="kept", by="centre2", answer="核查无误（示例）")  # who took it in
    conclude(filed["number"], outcome="kept", by="centre1", answer="核查无误（示例）")
    assert not [one for one in seen(unit(small, "rich")).records if one.objection]


def test_the_first_officer_is_one_of_a_bank(small: Sample) -> None:
    first = next(row for row in small.accounts if row["role"] == "bank_officer")
    assert first["user"] == small.accounts[0]["user"] == "bank1"


def test_the_heavy_unit(small: Sample) -> None:
    subject = unit(small, "heavy")
    sections = Counter(
        Record.objects.filter(subject_key=subject.subject_key).values_list("section", flat=True)
    )
    assert (sections["judgement"], sections["licence"]) == (181, 80)


def test_rare_characters_and_former_names(small: Sample) -> None:
    assert "𬭊" in unit(small, "rare-name").name
    assert "䶮" in person(small, "rare-name").name
    former = unit(small, "former-name").former_names.get()
    assert candidates(former.name, 5)[0].match == "former"


def test_children_have_records_that_nobody_sees(small: Sample) -> None:
    for row in small.subjects:
        if row["why"] == "minor":
            born = born_on(row["number"])
            assert born is not None
            assert age_on(born, today()) < 18
            child = find_person(row["id_type"], row["number"], row["name"])
            assert child is not None
            assert is_minor(child.born_on, today())
            assert Record.objects.filter(subject_key=child.subject_key).exists()
            answer = seen(child, "government_officer", "government", basis="duty")
            assert not (answer.records or answer.standing)
            assert not any(counter.active or counter.latest for counter in answer.counters)
    grown = person(small, "minor-at-act")
    early, late = Record.objects.filter(subject_key=grown.subject_key).order_by("decided_on")[:2]
    answer = seen(grown, "government_officer", "government", basis="duty")
    on_screen = {record.rec_id for record in answer.records}
    assert late.rec_id in on_screen  # the control: what was done of age is there
    assert early.rec_id not in on_screen


def test_a_detention_by_the_police_is_sealed(small: Sample) -> None:
    adult = person(small, "person")
    answer = seen(adult, basis="letter")
    on_screen = {record.rec_id for record in answer.records}
    held = Record.objects.filter(subject_key=adult.subject_key, section="penalty")
    assert on_screen & set(held.filter(public_security=False).values_list("rec_id", flat=True))
    assert not on_screen & set(held.filter(public_security=True).values_list("rec_id", flat=True))


def test_no_persons_number_is_in_a_record(small: Sample) -> None:
    numbers = [row["number"] for row in small.subjects if row["kind"] == "person"]
    for payload in Revision.objects.values_list("payload", flat=True):
        assert not any(number in payload for number in numbers)


def test_it_is_not_loaded_twice(small: Sample) -> None:
    with pytest.raises(Problem) as refused:
        load("small")
    assert refused.value.code == "rev-conflict"


@pytest.mark.skipif(engines.on_postgres(), reason="there every test loads its own")
def test_a_poured_city_is_the_loaded_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this leaves out would be missing under every test of the routes."""
    monkeypatch.setattr(poured, "_kept", {})
    with transaction.atomic():
        name = poured.poured().subjects[0]["name"]
        loaded, found = poured.rows(), candidates(name[:4], 20)
        transaction.set_rollback(True)
    assert not Subject.objects.exists()
    poured.poured()
    assert poured.rows() == loaded
    assert candidates(name[:4], 20) == found and found
