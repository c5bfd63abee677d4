"""A protected record appears nowhere: not in answers, counts, lists, search, batches, feed or reports."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.field.names import normalise
from app.field.records import SECTIONS
from server_stub.catalogue.selectors import current
from server_stub.feed.models import Change
from server_stub.lists.screening import Asked, Viewer, screen
from server_stub.records import services
from server_stub.records.facts import RecordFacts
from server_stub.rules import explain as rules
from server_stub.subjects import selectors as subjects
from server_stub.subjects.models import Subject
from tests.app.report.tools import text_of
from tests.server_stub.records.conftest import person
from tests.server_stub.records.made import BY, ON, PERSON, debtor, penalty, see
from tests.server_stub.reports.conftest import Desk, city, desk, rich, watch

__all__ = ["city", "desk", "person", "rich", "watch"]
pytestmark = pytest.mark.django_db
SECRET, PLAIN = "密样", "明样"
ROLES = ("bank_officer", "government_officer", "enterprise_officer", "centre_staff")
# why -> (section, facts that make it so); `sound` is the control that may be seen everywhere
ACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "annulled": ("penalty", {"status": "annulled"}),
    "withdrawn": ("penalty", {"status": "withdrawn", "status_on": "2026-06-01"}),
    "withdrawn entry": ("serious", {"status": "withdrawn", "status_on": "2026-06-01"}),
    "unmapped": ("penalty", {"item_code": "NIX-1"}),
    "sealed": ("penalty", {"public_security": True, "classes": ["行政拘留"]}),
    "repaired": ("penalty", {"status": "repaired", "status_on": "2026-06-01"}),
    "annulled entry": ("serious", {"status": "annulled"}),
    "unmapped entry": ("serious", {"item_code": "NIX-1"}),
    "repaired entry": ("serious", {"status": "repaired", "status_on": "2026-06-01"}),
    "list without a basis": ("serious", {"list_code": "local_black"}),
    "sound": ("penalty", {}),
    "sound entry": ("serious", {}),
}
# until when the special report names them as repaired, five years from what they tell of; nothing counts them
LABELLED = {"repaired": date(2031, 5, 6), "repaired entry": date(2031, 6, 1)}


def act(why: str, subject_key: str, number: int) -> RecordFacts:
    section, more = ACTS[why]
    mark = f"{PLAIN if why.startswith('sound') else SECRET}{number:02}"
    facts = penalty(no=f"{mark}号") if section == "penalty" else debtor(document_no=f"{mark}号")
    facts |= {"subject_key": subject_key, "provider": f"{mark}局", "decided_on": "2026-05-06", **more}  # type: ignore[typeddict-item]
    facts["payload"] |= {"CF_NR": f"罚款二万元（{mark}）"} if section == "penalty" else {"SX_QX": mark}
    return facts


def entered(subject_key: str) -> dict[str, str]:
    """Record -> why, one for each act; the repaired ones stand under names of their own."""
    return {
        services.put(act(why, subject_key, number), by=BY): why for number, why in enumerate(ACTS, start=1)
    }


def secret(said: object) -> bool:
    text = said if isinstance(said, str) else msgspec.json.encode(said).decode()
    return SECRET in text


ASKED = st.fixed_dictionaries(
    {
        "role": st.sampled_from(ROLES),
        "report_type": st.sampled_from(["standard", "special", "screening"]),
        "basis": st.sampled_from(["open", "letter", "duty", "own"]),
        "on": st.dates(date(2026, 6, 1), date(2032, 12, 31)),
    }
)
# one fixture is meant for all examples; and a busy machine draws slowly
FIXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def test_no_role_report_ground_or_date_shows_or_counts_one(rich: Subject, person: Subject) -> None:
    held = entered(rich.subject_key)
    born = Subject.objects.get(pk=person.pk)
    born.born_on = date(2009, 1, 1)
    entered(PERSON)

    @settings(max_examples=150, deadline=None, suppress_health_check=FIXED)
    @given(asked=ASKED)
    def look(asked: dict[str, Any]) -> None:
        seen = see(rich, **asked)
        told = {one.rec_id: one.display for one in (*seen.records,)}
        protected = {rec_id: why for rec_id, why in held.items() if not why.startswith("sound")}
        for rec_id, why in protected.items():
            labelled = asked["report_type"] == "special" and asked["on"] < LABELLED.get(why, date.min)
            assert told.get(rec_id, "hide") == ("label" if labelled else "hide"), (why, asked)
        entries = {one.rec_id for one in seen.standing} & set(protected)
        assert {held[one] for one in entries} <= (
            {"repaired entry"} if asked["report_type"] == "special" else set()
        )
        assert sum(one.active for one in seen.counters) == sum(d != "label" for d in told.values())
        for one in seen.counters:
            assert SECRET not in one.latest and one.section in SECTIONS
        # a person who was a minor at each act: nothing at all, in any way
        minor = see(born, **asked)
        assert (minor.records, minor.standing, minor.rules) == ((), (), ())
        assert sum(one.active + one.providers for one in minor.counters) == 0

    look()


def test_no_batch_meets_one(rich: Subject, person: Subject) -> None:
    entered(rich.subject_key)
    entered(PERSON)
    Subject.objects.filter(pk=PERSON).update(name_folded=normalise(person.name))
    batch = [Asked(rich.code), Asked(name=rich.name), Asked("", person.name)]

    @settings(max_examples=60, deadline=None, suppress_health_check=FIXED)
    @given(role=st.sampled_from(ROLES), on=st.dates(date(2026, 6, 1), date(2032, 12, 31)))
    def look(role: str, on: date) -> None:
        for basis in ("open", "letter", "duty", "own"):
            found = screen(batch, on, Viewer(role, "bank", basis), catalogue=current())
            assert not secret(found)
            assert found.rows[2].state == "none"

    look()


@contextmanager
def said_by(desk: Desk, rich: Subject, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Everything that leaves the server about the unit: answer, report, candidates, batch, feed."""
    told = desk.query(number=rich.code)
    report = desk.issue(told["query_no"])
    batch = screen([Asked(rich.code, rich.name)], ON, Viewer("bank_officer", "bank"), catalogue=current())
    yield {
        "answer": base64.b64decode(told["answer"]["payload_b64"]).decode(),
        "report": "".join(text_of(base64.b64decode(report["pdf_b64"]), tmp_path).split()),
        "candidates": msgspec.json.encode(subjects.candidates(rich.name, 10)).decode(),
        "batch": msgspec.json.encode(batch).decode(),
        "feed": json.dumps(list(Change.objects.values_list("body", "reason", "op")), ensure_ascii=False),
    }


def test_nothing_that_leaves_the_server_holds_one(desk: Desk, rich: Subject, tmp_path: Path) -> None:
    held = entered(rich.subject_key)
    for rec_id, why in held.items():
        if why in (
            "annulled",
            "repaired entry",
            "unmapped",
        ):  # changes of hidden records are told without words
            services.correct(rec_id, {"fields": {"BZ": f"{SECRET}更正"}}, reason=f"{SECRET}", by=BY)
    with said_by(desk, rich, tmp_path) as said:
        assert [place for place, text in said.items() if secret(text)] == []
        # the control: the sound ones stand wherever records stand at all
        assert [place for place, text in said.items() if PLAIN in text] == ["answer", "report", "batch"]


@pytest.mark.parametrize("state", ["annulled", "repaired", "sealed", "unmapped", "baseless_list"])
def test_control_without_its_finding_each_would_appear(
    state: str, rich: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(rich.subject_key)
    plain = rules._row

    def blind(tables: Any, on: date, found: str, report_type: str, role: str) -> Any:
        return plain(tables, on, "current" if found == state else found, report_type, role)

    monkeypatch.setattr(rules, "_row", blind)
    shown = see(Subject.objects.get(pk=rich.pk))
    assert sum(SECRET in one.document_no for one in shown.records) >= 1


def test_control_of_age_the_person_has_records(person: Subject) -> None:
    entered(PERSON)
    # a listing counts from its day; an undated act may lie two years before its penalty
    for born, seen in ((date(2008, 5, 7), 0), (date(2008, 5, 6), 1), (date(2006, 5, 6), 2)):
        person.born_on = born
        assert len(see(person, basis="letter").records) == seen
