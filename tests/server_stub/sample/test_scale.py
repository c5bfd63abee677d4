"""A city of any size: exact counts, the same each time, nothing that the ordinary way would not enter."""

from __future__ import annotations

import json
from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from app.field.identifiers import id_card_fault, uscc_fault
from server_stub.catalogue.selectors import current
from server_stub.config.clock import clock, stamp, today
from server_stub.evidence.models import Leaf
from server_stub.jobs import serving
from server_stub.records.models import Record, Revision
from server_stub.records.selectors import shown
from server_stub.records.services import drafted
from server_stub.sample.acts import Acts
from server_stub.sample.city_catalogue import load_city
from server_stub.sample.scale import loading, parties
from server_stub.sample.scale.acts import Deck, row_of, tell
from server_stub.sample.scale.shares import Share, shares
from server_stub.sample.story import who_is
from server_stub.subjects.models import Subject
from server_stub.subjects.name_index import NameIndex
from server_stub.subjects.selectors import candidates, find_legal

pytestmark = pytest.mark.django_db

UNITS, PERSONS, RECORDS = 300, 700, 4_001


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Path:
    settings.HENGXIN_HOME = tmp_path
    monkeypatch.setattr(loading, "CHUNK", 130)
    load_city("centre1", "centre2")
    return tmp_path


def content() -> list[tuple[Any, ...]]:
    return list(
        Revision.objects.order_by("record_id").values_list(
            "record_id", "payload", "digest", "record__section", "record__decided_on", "record__subject_key"
        )
    )


def test_the_counts_are_exact_and_every_number_is_nobodys() -> None:
    loading.load(UNITS, PERSONS, RECORDS)
    assert Counter(Subject.objects.values_list("kind", flat=True)) == {"legal": UNITS, "person": PERSONS}
    assert Record.objects.count() == Revision.objects.count() == RECORDS
    codes = set(Subject.objects.filter(kind="legal").values_list("code", flat=True))
    assert len(codes) == UNITS
    assert all(uscc_fault(code) is None and code[8:12] == "MA00" for code in codes)
    numbers = [parties.person(serial).number for serial in range(PERSONS)]
    assert all(id_card_fault(number) is None and number[14:17] == "000" for number in numbers)
    assert len(set(numbers)) == PERSONS
    assert Leaf.objects.filter(kind="record.load").count() == 1
    assert not loading.unfinished()


def test_units_at_the_far_end_are_still_different() -> None:
    last = parties.most_units() - 1
    serials = {*range(0, last, 9_973), last}
    assert len({parties.unit(serial, today()).code for serial in serials}) == len(serials)
    people = {*range(0, parties.most_persons(), 49_999), parties.most_persons() - 1}
    assert len({parties.person(serial).number for serial in people}) == len(people)


def test_some_have_many_some_none_and_the_sum_is_exact() -> None:
    units, persons = shares(UNITS, PERSONS, RECORDS)
    each = [units.before(at + 1) - units.before(at) for at in range(UNITS)]
    assert min(each) == 0 and max(each) > 3 * sum(each) / UNITS
    assert units.before(UNITS) == persons.before(0)
    assert persons.before(PERSONS) == RECORDS
    assert Share(3, 10, (1, 2)).before(3) == 10


class Running(Acts):
    """Acts that go on from any number."""

    at = 1

    @property
    def serial(self) -> int:
        return self.at


@pytest.mark.parametrize(("kind", "code"), [("legal", "91"), ("legal", "92"), ("person", "")])
def test_a_bulk_row_is_the_row_of_the_ordinary_way(kind: str, code: str) -> None:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        on, at = today(), stamp()
        number = f"{code}430405MA00A00005" if code else "430102********0001"
        who = who_is(
            "K" * 26, kind, "衡阳云石（示例）商贸有限公司", number if code else "", "测试甲子", masked=number
        )
        subject = Subject(kind=kind, code=who["code"])
        deck, luck, same = Deck(on, at, "seed"), Random(7), Random(7)
        acts = Running(on, at)
        for acts.at in range(1, 300):
            party = ("K" * 26, who["name"], number[2:] if code else number, who["representative"])
            record, revision = deck.draw(subject, luck).rows(party, acts.at)
            tell(acts, who, *deck.place(subject, same)[1:])
            plain, first = drafted(acts.rows[-1], by="seed", catalogue=current())
            plain.rec_id = first.record_id = f"Z{acts.at:025d}"
            assert record == row_of(plain)
            assert revision == row_of(first)


def test_what_is_loaded_can_be_found_and_read() -> None:
    loading.load(UNITS, PERSONS, RECORDS)
    heavy = find_legal(parties.unit(6, today()).code)
    assert heavy is not None
    seen = shown(heavy, role="bank_officer", organisation_kind="bank", on=today(), basis="letter")
    assert seen.records
    assert heavy.name in {card.name for card in candidates(heavy.name, 10)}


def test_an_interrupted_load_goes_on_and_ends_the_same() -> None:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        loading.load(UNITS, PERSONS, RECORDS)
        whole = content()
        for subject_key in Subject.objects.values_list("subject_key", flat=True):
            NameIndex().remove(subject_key)
        for model in (Revision, Record, Subject):
            model.objects.all().delete()
        loading.load(UNITS, PERSONS, RECORDS, stop_after=3)
        assert loading.unfinished()
        part = Record.objects.count()
        assert 0 < part < RECORDS
        assert not _indexes("records_record")
    with clock(lambda: datetime(2026, 11, 25, 2, 0, tzinfo=UTC)):
        loading.load(UNITS, PERSONS, RECORDS)
    assert content() == whole
    assert _indexes("records_record")


def test_nothing_is_served_before_an_interrupted_load_is_finished(home: Path) -> None:
    loading.load(UNITS, PERSONS, RECORDS, stop_after=1)
    with pytest.raises(ImproperlyConfigured, match="seed"):
        serving.run(Namespace(port=0, host="", name=[], sample=None))


def test_other_numbers_do_not_go_on_with_it_and_nothing_is_loaded_twice() -> None:
    loading.load(UNITS, PERSONS, RECORDS, stop_after=1)
    with pytest.raises(ValueError, match="interrupted"):
        loading.load(UNITS, PERSONS, RECORDS + 1)
    loading.load(UNITS, PERSONS, RECORDS)
    with pytest.raises(ValueError, match="before"):
        loading.load(UNITS, PERSONS, RECORDS)


@pytest.mark.parametrize(
    "numbers", [(0, 0, 10), (-1, 5, 5), (parties.most_units() + 1, 0, 0), (0, parties.most_persons() + 1, 0)]
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        loading.load(*numbers)
    assert not loading.unfinished()


def _indexes(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [
            name
            for name, one in connection.introspection.get_constraints(cursor, table).items()
            if one["index"] and not one["unique"]
        ]


def test_progress_is_told_and_the_payload_is_json() -> None:
    told: list[Any] = []
    loading.load(UNITS, PERSONS, RECORDS, told.append)
    assert [one.subjects for one in told] == sorted(one.subjects for one in told)
    assert told[-1].records == RECORDS
    assert all(
        isinstance(json.loads(text), dict) for text in Revision.objects.values_list("payload", flat=True)[:50]
    )
