"""Each function of the centre's staff that shows what is kept of a subject leaves a leaf, and the subject is
told of it; except where it would tell of a query that the subject is not told of.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction

from app.field.reportdoc import ReportScope
from server_stub.accounts.models import Officer
from server_stub.accounts.staff_looks import LOOKS
from server_stub.cases.models import Objection
from server_stub.cases.sending import note_fetched
from server_stub.command import _parser
from server_stub.config.clock import city_day
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.evidence.services import append
from server_stub.queries.models import OfficialLetter, Query
from server_stub.records.models import Conflict, Record
from server_stub.reports.looking import looks
from server_stub.reports.models import Report
from server_stub.rules import selectors as rules
from server_stub.sample import Sample
from server_stub.subjects.models import Subject
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
YEAR = ReportScope("2025-11-24", "2026-11-23")
AS = ("--as", "centre1")


def typed(*words: str) -> int:
    read = _parser().parse_args([*words, "--home", "x"])
    return int(importlib.import_module(f"server_stub.jobs.{read.job}").run(read))


def staffs(subject: Subject, on: date = TODAY, language: str = "zh_CN") -> list[tuple[str, str]]:
    """Function and purpose of each look of the staff that a statement tells, the newest first."""
    told = looks(subject.subject_key, YEAR, on, language)
    rows = [one for one in told if one.act not in ("query", "screening")]
    return [(one.act, one.purpose) for one in rows for _ in range(one.times)]


def _case(subject: Subject) -> str:
    return Objection.objects.get(subject_key=subject.subject_key).number


def _record(subject: Subject) -> Record:
    found = Record.objects.filter(subject_key=subject.subject_key).first()
    assert found is not None
    return found


def _at_odds(subject: Subject) -> str:
    given = {"field": "罚款金额", "first": "甲", "first_value": "1", "second": "乙", "second_value": "2"}
    Conflict.objects.create(
        record=_record(subject), document_no="", source_no="", opened_at="2026-11-23T01:00:00.000Z", **given
    )
    return ""


FUNCTIONS: dict[str, tuple[Callable[[Subject], tuple[str, ...]], tuple[str, str]]] = {
    "unit": (lambda one: ("unit", "show", one.code), ("unit", "登记信息核对")),
    "explain": (
        lambda one: ("explain", _record(one).rec_id, "--role", "bank_officer"),
        ("record", "展示依据核对"),
    ),
    "objection": (lambda one: ("objection", "show", _case(one)), ("objection", "异议核查")),
    "conflicts": (lambda one: ("conflicts", *filter(None, [_at_odds(one)])), ("conflict", "登记信息核对")),
}


def test_a_look_of_the_staff_is_a_leaf_and_the_subject_is_told_of_it(
    desk: Desk, rich: Subject, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, (words, told) in FUNCTIONS.items():
        line, before, leaves = words(rich), staffs(rich), Leaf.objects.count()
        with pytest.raises(Problem, match="role-denied"):
            typed(*line, "--as", "bank1")
        assert (Leaf.objects.count(), capsys.readouterr().out) == (leaves, ""), name
        assert typed(*line, *AS) == 0
        assert capsys.readouterr().out != ""
        leaf = Leaf.objects.get(index=leaves)
        assert (leaf.subject_key, leaf.user) == (rich.subject_key, "centre1"), name
        assert sorted(staffs(rich)) == sorted([told, *before]), name
        told_now = looks(rich.subject_key, YEAR, TODAY, "zh_CN")
        (look,) = (one for one in told_now if one.reference == str(leaves))
        centre = Officer.objects.get(user="centre1").organisation.name
        assert (look.act, look.organisation, look.ground, look.papers) == (told[0], centre, "duty", 0)
        assert "centre1" not in repr(look)


@pytest.mark.parametrize("words", [("unit", "show", "X"), ("objection", "show", "X"), ("objection", "list"),
    ("repair", "show", "X"), ("repair", "list"), ("conflicts",)])  # fmt: skip
def test_nobody_looks_without_saying_who_he_is(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args([*words, "--home", "x"])
    assert _parser().parse_args([*words, *AS, "--home", "x"]).by == "centre1"


def test_a_person_that_is_shown_is_told(
    city: Sample, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    row = next(one for one in city.subjects if one["kind"] == "person" and one["why"] != "minor")
    given = {name: row[name] for name in ("id_type", "number", "name")}
    typed_in = io.BytesIO(json.dumps(given).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed_in))
    assert typed("person", "show", *AS) == 0
    subject = Subject.objects.get(subject_key=Leaf.objects.latest("index").subject_key)
    assert staffs(subject)[0] == ("person", "登记信息核对")


def test_a_paper_that_the_staff_looked_at_is_told_as_its_query_is(desk: Desk, rich: Subject) -> None:
    """What a report on a withheld query would give away is withheld with it, and told with it."""
    asked = str(desk.query(number=rich.code)["query_no"])
    number = desk.issue(asked)["number"]
    before = staffs(rich)
    typed("report", "show", number, *AS)
    paper = ("paper", "出具登记核对")
    assert staffs(rich) == [paper, *before]
    for purpose in ("G04", "G06"):
        Query.objects.filter(query_no=asked).update(purpose=purpose)
        Report.objects.update(purpose=purpose)
        assert staffs(rich) == before, purpose
    Query.objects.filter(query_no=asked).update(purpose="G04")
    Report.objects.update(purpose="G04")
    assert paper in staffs(rich, date(2026, 12, 23))


def test_the_paper_of_a_told_query_is_told_whatever_else_its_body_keeps_silent(
    desk: Desk, rich: Subject
) -> None:
    asked = str(desk.query(number=rich.code)["query_no"])
    number = desk.issue(asked)["number"]
    before = staffs(rich)
    typed("report", "show", number, *AS)
    query = Query.objects.get(query_no=asked)
    Query.objects.filter(query_no=asked).update(purpose="G06")
    Report.objects.update(purpose="G06")
    on = city_day(query.made_at)
    letter = {
        "organisation": query.organisation, "subjects": 1, "signed_on": on, "valid_to": on,
        "admitted_at": query.made_at,
    }  # fmt: skip
    own = OfficialLetter.objects.create(
        letter_no=query.case_no, silent_until=on + timedelta(days=5), **letter
    )
    OfficialLetter.objects.create(letter_no="另一函", silent_until=on + timedelta(days=700), **letter)
    assert staffs(rich, own.silent_until) == before
    told = staffs(rich, own.silent_until + timedelta(days=1))
    assert ("paper", "出具登记核对") in told
    Report.objects.update(query_no="")  # a paper without a query: by its own purpose and day, not by letters
    assert ("paper", "出具登记核对") not in staffs(rich, own.silent_until + timedelta(days=1))
    OfficialLetter.objects.update(silent_until=on + timedelta(days=1900))
    assert ("paper", "出具登记核对") in staffs(rich, on.replace(year=on.year + 3) + timedelta(days=1))


def test_the_letter_that_answers_a_case_on_a_withheld_query_is_withheld(desk: Desk, rich: Subject) -> None:
    asked = str(desk.query(number=rich.code)["query_no"])
    number = desk.issue(asked)["number"]
    typed("report", "show", number, *AS)
    Report.objects.update(query_no="YY-20261123-0009")  # as if it were the answer to a case
    Query.objects.filter(query_no=asked).update(purpose="G06")
    assert ("paper", "出具登记核对") in staffs(rich)  # of one that came on paper
    with transaction.atomic():
        append(
            kind="objection",
            user="bank1",
            subject_key=rich.subject_key,
            query_no=asked,
            outcome="done:YY-20261123-0009:filed",
        )
    assert ("paper", "出具登记核对") not in staffs(rich)


def test_a_case_that_was_filed_on_a_withheld_query_is_withheld(desk: Desk, rich: Subject) -> None:
    asked = str(desk.query(number=rich.code)["query_no"])
    Objection.objects.filter(number=_case(rich)).update(query_no=asked)
    before = staffs(rich)
    typed("objection", "show", _case(rich), *AS)
    assert len(staffs(rich)) == len(before) + 1
    Query.objects.filter(query_no=asked).update(purpose="G06")
    assert staffs(rich) == before


def test_who_handled_a_case_had_it_before_him(desk: Desk, rich: Subject) -> None:
    before = staffs(rich)
    typed("objection", "forward", _case(rich), "--to", "示例局", *AS)
    assert staffs(rich) == [("objection", "异议核查"), *before]


def test_control_steps_of_other_bodies_and_of_the_program_are_no_looks_of_the_staff(
    desk: Desk, rich: Subject
) -> None:
    before = staffs(rich)
    for user in ("bank1", "platform"):
        append(kind="objection", user=user, organisation="", subject_key=rich.subject_key)
    append(kind="record.load", user="centre1", subject_key=rich.subject_key)
    assert staffs(rich) == before
    append(kind="objection", user="centre1", subject_key=rich.subject_key)
    assert len(staffs(rich)) == len(before) + 1


def test_a_list_is_a_leaf_of_nobodys_history(desk: Desk, rich: Subject) -> None:
    before = staffs(rich)
    for verb in ("objection", "repair"):
        typed(verb, "list", *AS)
        leaf = Leaf.objects.latest("index")
        assert (leaf.kind, leaf.user, leaf.subject_key) == (f"{verb}.listed", "centre1", "")
    assert staffs(rich) == before


def test_cases_that_go_to_a_computer_of_the_staff_are_told_to_their_subjects_once(
    desk: Desk, rich: Subject, watch: Watch
) -> None:
    clerk, before = Officer.objects.get(user="centre1"), staffs(rich)
    for _ in range(3):
        note_fetched("objection.sent", clerk)
    assert staffs(rich) == [("objection", "异议核查"), *before]
    watch.forward(days=1)
    note_fetched("objection.sent", clerk)
    year = date(2026, 11, 24)
    assert staffs(rich, year) == [("objection", "异议核查"), *before]


def test_a_case_on_a_withheld_query_that_went_to_a_computer_is_withheld(desk: Desk, rich: Subject) -> None:
    asked, before = str(desk.query(number=rich.code)["query_no"]), staffs(rich)
    Objection.objects.filter(number=_case(rich)).update(query_no=asked)
    note_fetched("objection.sent", Officer.objects.get(user="centre1"))
    assert len(staffs(rich)) == len(before) + 1  # the control
    Query.objects.filter(query_no=asked).update(purpose="G06")
    assert staffs(rich) == before


def test_looks_of_one_user_at_the_like_on_one_day_are_one_row_with_their_count(
    desk: Desk, rich: Subject, watch: Watch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or who looks often enough makes a day that is over the limit of a statement: nobody is told then."""

    def told() -> list[tuple[str, int]]:
        return [
            (one.act, one.times)
            for one in looks(rich.subject_key, YEAR, date(2026, 11, 25), "zh_CN")
            if one.act in ("unit", "record")
        ]

    assert told() == []
    for _ in range(3):
        typed("unit", "show", rich.code, *AS)
    last = Leaf.objects.latest("index").index
    assert told() == [("unit", 3)]
    (row,) = (one for one in looks(rich.subject_key, YEAR, TODAY, "zh_CN") if one.act == "unit")
    assert row.reference == str(last)
    typed("unit", "show", rich.code, "--as", "centre2")  # the controls: another user, function, day
    assert sorted(told()) == [("unit", 1), ("unit", 3)]
    typed("explain", _record(rich).rec_id, "--role", "bank_officer", *AS)
    assert sorted(told()) == [("record", 1), ("unit", 1), ("unit", 3)]
    watch.forward(days=1)
    typed("unit", "show", rich.code, *AS)
    year = ReportScope("2025-11-25", "2026-11-25")
    rows = [one for one in looks(rich.subject_key, year, date(2026, 11, 25), "zh_CN") if one.act == "unit"]
    assert sorted(one.times for one in rows) == [1, 1, 3]


def test_one_day_of_one_user_fits_into_a_statement_however_often_he_looks(desk: Desk, rich: Subject) -> None:
    kinds = [*LOOKS] * 30
    with transaction.atomic():
        for kind in kinds:
            append(kind=kind, user="centre1", subject_key=rich.subject_key)
    found = [one for one in looks(rich.subject_key, YEAR, TODAY, "zh_CN") if one.ground == "duty"]
    assert len(found) <= len({looked.function for looked in LOOKS.values()}) + 2  # and the sample's own
    assert sum(one.times for one in found) >= len(kinds)


def test_what_is_withheld_is_not_counted_either(desk: Desk, rich: Subject) -> None:
    asked = str(desk.query(number=rich.code)["query_no"])
    Objection.objects.filter(number=_case(rich)).update(query_no=asked)
    Query.objects.filter(query_no=asked).update(purpose="G06")

    def told() -> int:
        rows = looks(rich.subject_key, YEAR, TODAY, "zh_CN")
        return sum(one.times for one in rows if one.act == "objection")

    before = told()
    typed("objection", "show", _case(rich), *AS)
    assert told() == before
    Query.objects.filter(query_no=asked).update(purpose="B01")
    assert told() == before + 1


@pytest.mark.parametrize("kind", LOOKS)
def test_each_purpose_has_its_words_and_nobody_chooses_it(kind: str) -> None:
    row = rules.purpose(LOOKS[kind].purpose, TODAY)
    assert row is not None
    assert row.zh
    assert row.en
    assert row.id == "C01" or row.roles == ()
