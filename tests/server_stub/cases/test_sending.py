"""A fetch of a computer of the staff is a look at each case it brings for the first time, and at no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from server_stub.cases import services
from server_stub.cases.models import Repair, RepairStep
from server_stub.cases.sending import note_fetched
from server_stub.config.clock import stamp
from server_stub.evidence.models import Leaf
from tests.server_stub.cases.conftest import FILED, Town

pytestmark = pytest.mark.django_db


def noted(kind: str = "objection.sent", user: str = "centre1") -> list[tuple[str, str]]:
    """Outcome and query of each look that was noted, in the order of the log."""
    rows = Leaf.objects.filter(kind=kind, user=user).exclude(subject_key="").order_by("index")
    return [(entry["outcome"], entry["query_no"]) for entry in (json.loads(row.entry) for row in rows)]


def filed(town: Town) -> str:
    return str(services.file(town.own, "op1", town.body(town.own))["number"])


def test_each_revision_is_a_look_once(town: Town, at: Callable[..., None]) -> None:
    number = filed(town)
    for hours in (0, 1, 2):
        at(FILED + timedelta(hours=hours))
        note_fetched("objection.sent", town.centre)
    assert noted() == [(f"done:{number}:1", "Q-own1")]
    at(FILED + timedelta(hours=3))
    services.accept(number, by="centre1")
    for days in (0, 1, 40):
        at(FILED + timedelta(days=days, hours=4))
        note_fetched("objection.sent", town.centre)
    assert noted() == [(f"done:{number}:{rev}", "Q-own1") for rev in (1, 2)]
    leaf = Leaf.objects.filter(kind="objection.sent").exclude(subject_key="").latest("index")
    assert leaf.subject_key == town.company.subject_key


def test_a_step_that_was_begun_before_the_last_fetch_and_came_after_it_is_noted(
    town: Town, at: Callable[..., None]
) -> None:
    number = filed(town)
    at(FILED + timedelta(hours=1, seconds=5))
    note_fetched("objection.sent", town.centre)
    at(FILED + timedelta(hours=1))
    services.accept(number, by="centre1")
    at(FILED + timedelta(hours=1, seconds=9))
    note_fetched("objection.sent", town.centre)
    assert [outcome for outcome, _ in noted()] == [f"done:{number}:1", f"done:{number}:2"]


def test_an_application_for_repair_is_noted_by_itself(town: Town) -> None:
    filed(town)
    one = Repair.objects.create(
        number="XF-1",
        kind="performance",
        rec_id=town.rec_id,
        rev_seen=1,
        subject_key=town.company.subject_key,
        document_no="",
        route="",
        keeper="samr",
        filed_at=stamp(),
        user="own1",
        organisation="O-own1",
        query_no="Q-own1",
        rev=1,
        state="submitted",
    )
    RepairStep.objects.create(repair=one, rev=1, state="submitted", at=stamp(), by="own1")
    note_fetched("repair.sent", town.centre)
    note_fetched("repair.sent", town.centre)
    assert noted("repair.sent") == [("done:XF-1:1", "Q-own1")]
    assert noted() == []


def test_control_who_is_sent_his_own_alone_leaves_nothing(town: Town) -> None:
    filed(town)
    before = Leaf.objects.count()
    for officer in (town.own, town.bank):
        note_fetched("objection.sent", officer)
    assert Leaf.objects.count() == before


def test_the_first_fetch_of_a_day_is_a_leaf_though_there_is_no_case(
    town: Town, at: Callable[..., None]
) -> None:
    for hours in (0, 1, 24):
        at(FILED + timedelta(hours=hours))
        note_fetched("objection.sent", town.centre)
    assert Leaf.objects.filter(kind="objection.sent", subject_key="").count() == 2
