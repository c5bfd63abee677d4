"""Two people stand behind an edition, and the log knows both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from server_stub.catalogue import services
from server_stub.catalogue.entries import Item as Entry
from server_stub.catalogue.errors import EditionRefused, NotStaged, NotTwoPeople, VersionTaken
from server_stub.catalogue.models import Edition, Item
from server_stub.catalogue.reading import FOLDER, read
from server_stub.catalogue.selectors import current, item_view, national_keys, stored
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from tests.server_stub.records.made import BY, ON

from .made import OTHER, approved, entered, item, text

pytestmark = pytest.mark.django_db


def why(code: str, kind: str = "legal", on: date = ON) -> str:
    return current().judge(code, "penalty", kind, on).why


def test_an_edition_holds_from_the_second_persons_approval_on(tmp_path: Path) -> None:
    row = entered(tmp_path, item("X-1"))
    assert (row.state, row.entered_by, why("X-1")) == ("staged", BY, "unknown")
    for user in (BY, ""):
        with pytest.raises(NotTwoPeople):
            services.approve("TEST", by=user)
    assert why("X-1") == "unknown"
    done = services.approve("TEST", by=OTHER)
    assert (done.state, done.approved_by, why("X-1")) == ("approved", OTHER, "")
    with pytest.raises(NotStaged):
        services.approve("TEST/1", by=OTHER)
    leaves = Leaf.objects.filter(kind="catalogue").order_by("index")
    said = [msgspec.json.decode(leaf.entry) for leaf in leaves]
    assert [(one["user"], one["outcome"]) for one in said] == [
        (BY, "entered:TEST/1"),
        (OTHER, "approved:TEST/1"),
    ]
    assert {one["basis_sha256"] for one in said} == {done.sha256}


def test_the_same_file_again_is_the_same_edition(tmp_path: Path) -> None:
    first = entered(tmp_path, item("X-1"))
    assert entered(tmp_path, item("X-1")).pk == first.pk
    assert Item.objects.count() == 1
    with pytest.raises(VersionTaken):
        entered(tmp_path, item("X-2"))
    assert Item.objects.count() == 1


def test_a_newer_version_takes_over_and_the_older_stays_on_record(tmp_path: Path) -> None:
    approved(tmp_path, item("X-1"), item("X-2"))
    approved(tmp_path, item("X-2", effective_to="2026-01-01"), version=2)
    assert (why("X-1"), why("X-2")) == ("unknown", "inactive")
    approved(tmp_path, item("X-1"), code="LATER", effective_from="2027-01-01")
    assert (why("X-1"), why("X-1", on=date(2027, 1, 1))) == ("unknown", "")
    assert Edition.objects.filter(state="approved").count() == 3
    view = item_view("X-2", ON)
    assert (view["edition"], view["finding"]["legal"]) == ("TEST/2", "inactive")


def test_two_versions_that_wait_are_named_one_by_one(tmp_path: Path) -> None:
    entered(tmp_path, item("X-1"))
    entered(tmp_path, item("X-1"), version=2)
    for name in ("TEST", "TEST/3", "TEST/x", "NONE"):
        with pytest.raises(Problem) as refused:
            services.approve(name, by=OTHER)
        assert refused.value.code == "not-found"
    assert services.approve("TEST/2", by=OTHER).version == 2


@pytest.mark.parametrize(
    "head",
    [
        {"series": "platform"},
        {"entered_by": "a", "approved_by": "b"},
        {"title": "长" * 201},
        {"note": "长" * 501},
    ],
)
def test_what_nobody_may_load_is_refused(tmp_path: Path, head: dict[str, str]) -> None:
    with pytest.raises(EditionRefused):
        entered(tmp_path, item("X-1", frequency="长" * 25), **head)
    assert not Edition.objects.exists()


def test_a_shipped_edition_is_not_loaded_over(tmp_path: Path) -> None:
    shipped_again = FOLDER / "national_2024.toml"
    words = shipped_again.read_text(encoding="utf-8").replace('entered_by = "目录录入岗（示例）"', "")
    path = tmp_path / "x.toml"
    path.write_text(words.replace('approved_by = "目录审核岗（示例）"', ""), encoding="utf-8")
    with pytest.raises(VersionTaken):
        services.load(path, by=BY)


def test_a_basis_that_went_missing_on_record_stops_the_approval(tmp_path: Path) -> None:
    entered(tmp_path, item("X-1"))
    Item.objects.update(instrument="")
    with pytest.raises(EditionRefused) as refused:
        services.approve("TEST", by=OTHER)
    assert refused.value.flaws[0]["code"] == "person-without-basis"
    assert why("X-1") == "unknown"


def test_what_is_stored_is_what_was_read(tmp_path: Path) -> None:
    row = approved(tmp_path, item("X-1", frequency="每日", retention_months=60, note="注"), item("X-2"))
    again = read(tmp_path / "edition.toml", national_keys())
    kept = stored(row)
    for name in Entry.__struct_fields__:
        assert [getattr(one, name) for one in kept.items] == [getattr(one, name) for one in again.items]
    assert kept.categories == again.categories
    assert (kept.digest, kept.name) == (again.digest, again.name)


def test_a_later_national_edition_can_be_loaded_and_closes_a_category(tmp_path: Path) -> None:
    approved(tmp_path, item("X-1"), item("X-2", national="honour"))
    national = text(code="national-2030", series="national", effective_from="2030-01-01")
    path = tmp_path / "national.toml"
    path.write_text(national + 'key = "honour"\n', encoding="utf-8")
    services.load(path, by=BY)
    services.approve("national-2030", by=OTHER)
    on = date(2030, 1, 1)
    assert (why("X-1", on=on), why("X-2", on=on)) == ("unmapped", "")
    assert (why("X-1"), why("X-2")) == ("", "")
    assert "honour" in national_keys()["national-2030"]


def test_asking_again_costs_one_read(tmp_path: Path, django_assert_num_queries: object) -> None:
    approved(tmp_path, *(item(f"X-{n}") for n in range(50)))
    current()
    with django_assert_num_queries(1):  # type: ignore[operator]
        held = current()
        assert all(not held.judge(f"X-{n}", "penalty", "legal", ON).why for n in range(50))
