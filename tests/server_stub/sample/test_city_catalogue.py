"""The made-up city's catalogue: the shape the platform had, the same each time, and it covers the sample."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from server_stub.catalogue.entries import Edition
from server_stub.catalogue.judging import Catalogue
from server_stub.catalogue.models import Edition as Row
from server_stub.catalogue.models import Item
from server_stub.catalogue.reading import read, shipped
from server_stub.catalogue.selectors import current
from server_stub.config.clock import clock, today
from server_stub.records.models import Record
from server_stub.sample import load
from server_stub.sample.city_catalogue import HEAD, TABLE, written
from server_stub.subjects.models import Subject

ON = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture(scope="module")
def city() -> Edition:
    return read(HEAD, {one.code: one.keys for one in shipped()})


def test_135_categories_and_1984_items(city: Edition) -> None:
    assert (len(city.categories), len(city.items)) == (135, 1984)
    assert {item.category for item in city.items} == {category.code for category in city.categories}
    assert len({item.provider_code for item in city.items}) == 45
    assert len({(item.provider_code, item.provider) for item in city.items}) == 45


def test_the_files_are_what_the_words_make() -> None:
    head, table = written()
    assert HEAD.read_bytes() == head.encode()
    assert TABLE.read_bytes() == table.encode()


def test_nothing_in_it_claims_to_be_real(city: Edition) -> None:
    assert all("示例" in item.name and "示例" in item.provider for item in city.items)
    assert all("示例" in category.name for category in city.categories)
    assert all(item.provider_code[8:12] == "MA00" for item in city.items)
    assert not city.verified and not any(item.verified for item in city.items)


def test_every_reason_to_hide_occurs_and_most_items_hold(city: Edition) -> None:
    held = Catalogue([*shipped(), city])
    found = Counter(held.judge(item.code, item.section, item.kinds[0], ON).why for item in city.items)
    assert set(found) == {"", "unmapped", "baseless", "inactive"}
    assert found[""] > 1400
    for item in city.items:
        assert not (item.baseless and item.effective_from)


def test_a_look_up_costs_microseconds(city: Edition) -> None:
    """Beside it in the same run: a look into a plain dictionary by the same codes."""
    held, plain = Catalogue([*shipped(), city]), {item.code: item for item in city.items}
    start = time.process_time()
    for item in city.items:
        held.judge(item.code, item.section, item.kinds[0], ON)
    ours = time.process_time() - start
    start = time.process_time()
    for item in city.items:
        plain[item.code]
    floor = time.process_time() - start
    print(f"judge {ours / 1984 * 1e6:.1f} us an item, a dictionary {floor / 1984 * 1e6:.2f} us")
    assert ours / 1984 < 1e-4


@pytest.mark.django_db
def test_the_sample_loads_it_by_two_people_and_stands_under_it() -> None:
    load("small")
    row = Row.objects.get(state="approved")
    assert (row.name, row.entered_by, row.approved_by) == ("HY-2017/1", "centre2", "centre1")
    assert (row.category_count, row.item_count, Item.objects.count()) == (135, 1984, 1984)
    held = current()
    kinds = dict(Subject.objects.values_list("subject_key", "kind"))
    records = Record.objects.all()
    assert records
    for record in records:
        assert record.item_code.startswith("HY")
        found = held.judge(record.item_code, record.section, kinds[record.subject_key], today())
        assert (found.why, found.item and found.item.provider) == ("", record.provider)
