"""What was shown on a day, from the revision, the rows and the catalogue of that day, and who looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from server_stub.accounts.models import Officer, Organisation
from server_stub.config.clock import clock
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.records import services
from server_stub.records.looking_back import Asked, look_back
from server_stub.rules.models import TableEdition
from server_stub.rules.services import load_tables
from server_stub.rules.tables_file import shipped
from server_stub.subjects.models import Subject
from tests.server_stub.records.made import BY, PERSON, penalty, see

pytestmark = pytest.mark.django_db
BANK = "bank_officer"


@pytest.fixture(autouse=True)
def staff(db: None) -> None:
    centre = Organisation.objects.create(code="12430400MA00900060", name="示例中心", kind="centre")
    for user, role in ((BY, "centre_staff"), ("bank1", BANK)):
        Officer.objects.create(user=user, name="示例", organisation=centre, role=role, totp_secret=b"")


def on_day(day: date, act: Callable[[], Any], hour: int = 4) -> Any:
    with clock(lambda: datetime(day.year, day.month, day.day, hour, tzinfo=UTC)):
        return act()


def look(rec_id: str, on: date, role: str = BANK, report: str = "standard", ground: str = "open") -> Any:
    return look_back(rec_id, Asked(role, report, on, ground), by=BY)


def entered(day: date = date(2026, 5, 10), **more: Any) -> str:
    rec_id: str = on_day(day, lambda: services.put(penalty(**more), by=BY))
    return rec_id


def test_each_day_has_its_own_answer(company: Subject) -> None:
    rec_id = entered()
    on_day(date(2026, 6, 1), lambda: services.repair(rec_id, on=date(2026, 6, 1), by=BY))
    before = look(rec_id, date(2026, 5, 9))
    assert (before["display"], before["state"], before["revision"], before["answered"]) == (
        "hide", "not-held", None, False,
    )  # fmt: skip
    held = look(rec_id, date(2026, 5, 31))
    assert (held["display"], held["state"], held["revision"]["rev"]) == ("show", "current", 1)
    assert held["period"]["end"] == "2027-05-06"
    assert held["period"]["rule"]["row"].startswith("P36")
    assert held["rule"]["basis"]
    after = look(rec_id, date(2026, 6, 1))
    assert (after["display"], after["rule"]["row"], after["revision"]["reason"]) == (
        "hide", "D-repaired-36", "repaired",
    )  # fmt: skip
    special = look(rec_id, date(2026, 7, 1), report="special")
    assert (special["display"], special["rule"]["text"]) == ("label", "已修复")


def test_a_day_ends_at_midnight_in_the_city(company: Subject) -> None:
    rec_id = entered()
    # 16:00 UTC is midnight in the city: the first of June is over
    on_day(date(2026, 6, 1), lambda: services.annul(rec_id, reason="复议撤销", by=BY), hour=16)
    assert look(rec_id, date(2026, 6, 1))["display"] == "show"
    assert look(rec_id, date(2026, 6, 2))["state"] == "annulled"


def test_wrong_content_of_then_is_judged_as_it_stood(company: Subject) -> None:
    rec_id = entered(decided="2024-01-01", publicity_end_given="")
    changes = {"decided_on": "2026-05-06"}
    on_day(date(2026, 8, 1), lambda: services.correct(rec_id, changes, reason="日期有误", by=BY))
    assert look(rec_id, date(2026, 7, 1))["state"] == "over"
    assert look(rec_id, date(2026, 8, 1))["display"] == "show"


def test_the_rows_of_that_day_decide(company: Subject) -> None:
    rec_id = entered(date(2025, 3, 12), decided="2025-03-10")
    then = look(rec_id, date(2026, 3, 31))
    now = look(rec_id, date(2026, 5, 1))
    assert (then["display"], then["period"]["rule"]["row"]) == ("show", "P58-penalty")
    assert (now["display"], now["state"]) == ("hide", "over")
    assert "transition-unverified" in now["flags"]


def test_a_mark_stands_from_its_day_to_its_end(company: Subject) -> None:
    rec_id = entered()
    mark = {"number": "YY-1", "accepted_on": date(2026, 6, 1), "due_on": None}
    on_day(date(2026, 6, 1), lambda: services.mark(rec_id, by=BY, **mark))
    fields = {"fields": {"BZ": "更正"}}
    on_day(date(2026, 6, 3), lambda: services.correct(rec_id, fields, reason="笔误", by=BY))
    on_day(date(2026, 6, 10), lambda: services.unmark(rec_id, by=BY))
    displays = [look(rec_id, date(2026, 6, day))["display"] for day in (1, 3, 9, 10)]
    assert displays == ["mark", "mark", "mark", "show"]


def test_it_says_what_the_query_path_says(company: Subject) -> None:
    rec_ids = [
        entered(no="衡示〔2026〕1号"),
        entered(no="衡示〔2026〕2号", tier="minor"),
        entered(no="衡示〔2026〕3号", status="annulled"),
        entered(no="衡示〔2026〕4号", disclosure="authorised"),
    ]
    for role in (BANK, "government_officer", "enterprise_officer", "centre_staff"):
        for report in ("standard", "special"):
            for ground in ("open", "letter"):
                for on in (date(2026, 5, 10), date(2026, 12, 1), date(2027, 6, 1)):
                    asked = {"role": role, "report_type": report, "basis": ground}
                    shown = {r.rec_id: r.display for r in see(company, on, **asked).records}
                    looked = {r: look(r, on, role, report, ground)["display"] for r in rec_ids}
                    assert {r: d for r, d in looked.items() if d not in ("hide", "archive")} == shown


def test_a_minor_was_nobody_on_that_day(person: Subject) -> None:
    Subject.objects.filter(pk=person.pk).update(born_on=date(2008, 8, 1))
    rec_id = entered(subject_key=PERSON, acted_on="2026-05-01")
    assert look(rec_id, date(2026, 7, 31), ground="letter")["answered"] is False
    later = look(rec_id, date(2026, 8, 1), ground="letter")
    assert (later["answered"], later["state"]) == (True, "minor_at_act")


def test_every_look_is_a_leaf_of_the_subject(company: Subject) -> None:
    rec_id = entered()
    leaves = Leaf.objects.filter(kind="record.explained")
    look(rec_id, date(2026, 5, 31))
    look(rec_id, date(2020, 1, 1))
    assert [(row.user, row.subject_key) for row in leaves] == [(BY, company.subject_key)] * 2
    with pytest.raises(Problem) as refused:
        look_back(rec_id, Asked(BANK, "standard", date(2026, 5, 31)), by="bank1")
    assert refused.value.code == "role-denied"
    with pytest.raises(Problem) as missing:
        look("R-none", date(2026, 5, 31))
    assert missing.value.code == "not-found"
    assert leaves.count() == 2


def test_other_tables_than_then_are_said(company: Subject) -> None:
    day = date(2026, 5, 31)
    rec_id = entered()
    on_day(date(2026, 5, 1), lambda: load_tables(by="operator"))
    assert "tables-changed" not in look(rec_id, day)["flags"]
    TableEdition.objects.filter(table="display").update(sha256="0" * 64)
    on_day(day + timedelta(days=1), lambda: load_tables(by="operator"))
    assert TableEdition.objects.filter(sha256=shipped().digests["display"]).count() == 1
    assert "tables-changed" in look(rec_id, day)["flags"]
    assert "tables-changed" not in look(rec_id, day + timedelta(days=1))["flags"]
    with clock(lambda: datetime(2026, 6, 2, tzinfo=UTC)):
        assert "day-to-come" in look(rec_id, date(2026, 6, 3))["flags"]
