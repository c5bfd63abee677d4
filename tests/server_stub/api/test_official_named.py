"""Whom an official letter names, and what its card says of its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server_stub.config.clock import today
from server_stub.queries.models import OfficialLetter
from server_stub.sample import Sample
from server_stub.subjects.keying import route_key
from server_stub.subjects.models import FormerName
from server_stub.subjects.selectors import find_person
from tests.server_stub.api.test_official_letters import LETTER, ONE, code, hall, scan, typed, why
from tests.server_stub.knocking import Answer, Knocker

__all__ = ["code", "hall", "scan", "typed"]


def test_a_person_is_named_by_number_and_name_together(
    hall: Knocker, city: Sample, typed: Callable[..., Any]
) -> None:
    person = next(one for one in city.subjects if one["kind"] == "person" and one["why"] != "minor")
    whom = {"kind": "person"} | {name: person[name] for name in ("id_type", "number", "name")}
    other = whom | {"name": "测试别人"}

    def asked(about: dict[str, str]) -> Answer:
        return hall.query(subject=about, purpose="G06", case_no=LETTER)

    typed(
        "admit", named=[other]
    )  # a wrong digit of the paper is the number of somebody whom it does not name
    assert why(asked(whom))[2] == "not-named"
    assert asked(other).status == 201  # a stranger, as he stands in the letter
    OfficialLetter.objects.all().delete()
    typed("admit", named=[whom])
    assert why(asked(other))[2] == "not-named"
    assert asked(whom).status == 201
    # one that holds the number alone names nobody
    OfficialLetter.objects.update(keys=[route_key("person", person["number"], person["id_type"])])
    assert why(asked(whom))[2] == "not-named"


def test_a_person_is_named_under_each_of_his_names(
    city: Sample, hall: Knocker, typed: Callable[..., Any]
) -> None:
    person = next(one for one in city.subjects if one["kind"] == "person" and one["why"] != "minor")
    whom = {"kind": "person"} | {name: person[name] for name in ("id_type", "number", "name")}
    found = find_person(person["id_type"], person["number"], person["name"])
    assert found is not None
    FormerName.objects.create(subject=found, name="测试旧名", name_folded="测试旧名")
    typed("admit", named=[whom | {"name": "测试旧名"}])
    assert hall.query(subject=whom, purpose="G06", case_no=LETTER).status == 201


def test_the_list_says_who_ended_a_letter_and_why(city: Sample, typed: Callable[..., Any]) -> None:
    def ended() -> list[tuple[str, ...]]:
        cards = typed("list", "--as", "centre2")
        names = ("act", "by", "second", "why")
        return [
            tuple(one.get(name, "") for name in names) for card in cards for one in card["decisions"][-1:]
        ]

    typed("admit", confirmed="")
    typed("withdraw", "--why", "姓名有误（示例）", *ONE, confirmed="")  # never admitted: it goes at once
    assert ended() == [("withdraw", "centre1", "", "姓名有误（示例）")]
    typed("admit")
    typed("withdraw", "--why", "编号有误（示例）", *ONE)
    assert ended()[1:] == [("withdraw", "centre1", "centre2", "编号有误（示例）")]
    typed("admit")
    typed("stop", "--why", "办结（示例）", *ONE)
    assert ended()[2:] == [("stop", "centre1", "", "办结（示例）")]


def test_silence_does_not_move_to_a_day_that_is_over(city: Sample, typed: Callable[..., Any]) -> None:
    typed("admit")
    reason, on = ("--why", "案件未结（示例）"), today()
    with pytest.raises(ValueError, match="is none"):
        typed("silence", "--silent", str(on - timedelta(days=1)), *reason, *ONE)
    typed("silence", "--silent", str(on), *reason, *ONE)  # the control: today is its last day
    assert OfficialLetter.objects.get().silent_until == on
