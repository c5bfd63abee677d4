"""Lateness in working days by provider and channel, against terms that have their days."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date

import pytest

from server_stub.jobs import timing
from server_stub.records import services
from server_stub.records.lateness import Lateness, lateness, term
from server_stub.subjects.models import Subject
from tests.server_stub.records.made import BY, penalty

pytestmark = pytest.mark.django_db


def arrived(serial: int, decided: str, received: str, **more: object) -> str:
    facts = penalty(f"衡示罚〔2026〕{serial}号", decided, received_at=received, **more)
    return services.put(facts, by=BY)


def test_working_days_from_decision_to_arrival_by_provider_and_channel(company: Subject) -> None:
    # 1 to 7 October 2026 are off and Saturday the 10th is worked: seven working days end on 13 October
    arrived(1, "2026-09-28", "2026-10-13T15:59:59Z")  # still the 13th in the city
    arrived(2, "2026-09-28", "2026-10-13T16:00:00Z")  # the 14th
    arrived(3, "2026-09-28", "2026-09-28T02:00:00Z")
    arrived(4, "2026-09-28", "2026-10-20T02:00:00Z", channel="samr_site")
    arrived(5, "2026-09-28", "2026-10-20T02:00:00Z", provider="示例城管局")
    assert lateness() == [
        Lateness("示例城管局", "platform", "penalty", 1, 1, 0, 12, 12),
        Lateness("示例市监局", "platform", "penalty", 3, 1, 0, 7, 8),
        Lateness("示例市监局", "samr_site", "penalty", 1, 0, 0, 12, 12),
    ]
    assert [row.delivered for row in lateness(date(2026, 10, 14), date(2026, 10, 14))] == [1]


def test_what_has_no_term_or_no_calendar_is_said_to_be_uncounted(company: Subject) -> None:
    arrived(1, "2026-09-28", "2026-09-29T02:00:00Z", channel="elsewhere")
    arrived(2, "2014-05-06", "2026-09-29T02:00:00Z")  # before the term began
    arrived(3, "2019-05-06", "2026-09-29T02:00:00Z")  # nobody loaded the calendars between
    assert [(row.channel, row.delivered, row.uncounted, row.median, row.worst) for row in lateness()] == [
        ("elsewhere", 1, 1, None, None),
        ("platform", 2, 2, None, None),
    ]


def test_the_simple_procedure_and_annulled_acts_have_no_term(company: Subject) -> None:
    arrived(1, "2026-09-28", "2026-11-02T02:00:00Z", procedure="simple")
    services.annul(arrived(2, "2026-09-28", "2026-11-02T02:00:00Z"), reason="撤销", by=BY)
    assert lateness() == []


def test_terms_have_their_days() -> None:
    assert (term("platform", date(2026, 1, 1)), term("platform", date(2015, 12, 31))) == (7, None)
    assert (term("samr_site", date(2021, 9, 1)), term("samr_site", date(2021, 8, 31))) == (20, None)


def test_the_command_prints_a_line_each(company: Subject, capsys: pytest.CaptureFixture[str]) -> None:
    arrived(1, "2026-09-28", "2026-10-20T02:00:00Z")
    assert timing.run(Namespace(since="2026-10-01", until="")) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["worst"] == 12
    assert timing.run(Namespace(since="2026-10-21", until="")) == 0
    assert capsys.readouterr().out == ""
