"""Who holds a copy of what the catalogue no longer covers is told; nobody is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from server_stub.catalogue.selectors import stored
from server_stub.config.clock import clock, today
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.records import services
from server_stub.records.models import Record
from server_stub.records.sweeping import sweep, sweep_withheld, would_hide
from server_stub.subjects.models import Subject
from tests.server_stub.catalogue.made import approved, entered, item
from tests.server_stub.records.made import BY, PERSON, debtor, licence, penalty, see

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


def revoked(rec_id: str) -> list[str]:
    return list(Change.objects.filter(rec_id=rec_id, op="revoke").values_list("reason", flat=True))


def test_an_item_that_ends_is_told_once_on_its_day(company: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1", effective_to="2026-11-30"))
    rec_id = services.put(penalty(item_code="X-1"), by=BY)
    other = services.put(licence(), by=BY)
    assert sweep(date(2026, 11, 30), by=BY) == 0
    assert sweep(date(2026, 12, 1), by=BY) == 1
    assert sweep(date(2026, 12, 2), by=BY) == 0
    assert (revoked(rec_id), revoked(other)) == (["removed"], [])
    assert Leaf.objects.filter(kind="record.withheld").count() == 1
    assert Record.objects.get(pk=rec_id).rev == 1


def test_a_new_edition_without_the_item_is_told_at_once(company: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1"))
    rec_id = services.put(penalty(item_code="X-1"), by=BY)
    assert sweep_withheld(today(), by=BY) == 0
    approved(tmp_path, item("X-2"), version=2)
    assert see(company).records == ()
    assert sweep_withheld(today(), by=BY) == 1
    approved(tmp_path, item("X-1"), version=3)  # it comes back, and goes again
    assert len(see(company).records) == 1
    assert sweep_withheld(today(), by=BY) == 0
    approved(tmp_path, item("X-2"), version=4)
    assert sweep_withheld(today(), by=BY) == 1
    assert revoked(rec_id) == ["removed", "removed"]


def test_only_the_kind_that_is_hidden_is_told(company: Subject, person: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1"))
    unit = services.put(penalty(item_code="X-1"), by=BY)
    other = services.put(penalty(item_code="X-1", subject_key=PERSON), by=BY)
    approved(tmp_path, item("X-1", kinds=["legal"]), version=2)
    assert sweep_withheld(today(), by=BY) == 1
    assert (revoked(unit), revoked(other)) == ([], ["removed"])


def test_an_edition_says_beforehand_how_much_it_would_hide(
    company: Subject, person: Subject, tmp_path: Path
) -> None:
    approved(tmp_path, item("X-1"), item("X-2"))
    for number in range(3):
        services.put(penalty(no=f"衡示〔2026〕{number}号", item_code="X-1"), by=BY)
    services.put(penalty(item_code="X-1", subject_key=PERSON), by=BY)
    services.put(licence(), by=BY)
    for version, fields, hides in (
        (2, {"kinds": ["legal"]}, 1),
        (3, {"effective_to": "2026-01-01"}, 4),
        (4, {}, 0),
    ):
        row = entered(tmp_path, item("X-1", **fields), version=version)
        assert would_hide(stored(row), today()) == hides
    assert sweep_withheld(today(), by=BY) == 0  # nothing of it holds yet


def test_what_was_never_shown_is_not_told(company: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1", national=None, national_edition=None))
    rec_id = services.put(penalty(item_code="X-1"), by=BY)
    assert sweep(today(), by=BY) == 0
    assert revoked(rec_id) == []


def test_a_stop_ends_it_between_two_records(company: Subject, tmp_path: Path) -> None:
    approved(tmp_path, item("X-1"))
    for number in range(3):
        services.put(penalty(no=f"衡示〔2026〕{number}号", item_code="X-1"), by=BY)
    approved(tmp_path, item("X-2"), version=2)
    asked: list[int] = []
    assert sweep_withheld(today(), by=BY, stopped=lambda: asked.append(1) is not None or len(asked) > 1) == 1
    assert sweep_withheld(today(), by=BY) == 2


def test_old_rows_get_their_sections_own_item(company: Subject) -> None:
    """The migration's step on rows as the release before left them; they are shown as they were."""
    for facts in (penalty(), licence(), debtor()):
        services.put(facts, by=BY)
    seen = [one.rec_id for one in see(company).records]
    Record.objects.update(item_code="")
    step = import_module("server_stub.records.migrations.0002_item_code")
    step.to_the_sections_own_item(apps, None)
    assert dict(Record.objects.values_list("section", "item_code")) == {
        "penalty": "PT-PENALTY", "licence": "PT-LICENCE", "serious": "PT-SERIOUS",
    }  # fmt: skip
    assert [one.rec_id for one in see(company).records] == seen
    assert len(seen) == 3
    assert sweep_withheld(today(), by=BY) == 0
