"""What is counted, filtered and selected is what the answer holds, no more."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from app.desks.subject_desk import SubjectDesk
from app.desks.subject_view import Filters, fits, rows, tabs, tiles, timeline
from app.field.records import Counter, ObjectionMark
from tests.app.desks.stand_ins import Lanes, Shown, answer, client, record

RECORDS = (
    record(1, provider="示例甲局", matter="未按审查合格的设计文件施工", status="公示中"),
    record(
        2, provider="示例乙局", status="公示中", objection=ObjectionMark("YY-1", "2026-03-01", "2026-04-01")
    ),
    record(3, "licence", decided_on="2020-01-01"),
)


def opened() -> SubjectDesk:
    desk = SubjectDesk(client(), Lanes(), Shown())
    desk.open(answer(RECORDS))
    return desk


def test_tabs_count_records_and_tiles_count_what_the_rules_counted() -> None:
    bundle = answer(RECORDS).bundle
    assert dict(tabs(bundle)) | {} == {
        "all": 3, "penalty": 2, "licence": 1, "lists": 0, "judgement": 0,
        "honour": 0, "commitment": 0, "other": 0,
    }  # fmt: skip
    faces = {face.key: face.count for face in tiles(bundle)}
    assert faces["penalty"] == 0, "no counter, no count: the client counts nothing on its own"
    assert faces["objected"] == 1


def test_a_counter_of_the_answer_is_what_the_tile_shows() -> None:
    made = answer(RECORDS)
    bundle = type(made.bundle)(
        **{name: getattr(made.bundle, name) for name in made.bundle.__struct_fields__}
        | {"counters": (Counter("penalty", 7, 0, "2026-02-01", 2),)}
    )
    assert {face.key: (face.count, face.latest) for face in tiles(bundle)}["penalty"] == (7, "2026-02-01")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["R2", "R1"]),
        (Filters(words="设计 施工"), ["R1"]),
        (Filters(words="不存在"), []),
        (Filters(status="objected"), ["R2"]),
        (Filters(status="公示中"), ["R1"]),
        (Filters(provider="示例乙局"), ["R2"]),
    ],
)
def test_filters(filters: Filters, found: list[str]) -> None:
    assert [one.rec_id for one in rows(answer(RECORDS).bundle, "penalty", filters)] == found


def test_years_are_counted_back_from_the_day_of_the_data() -> None:
    old = RECORDS[2]
    assert fits(old, Filters(years=0), "2026-11-21")
    assert not fits(old, Filters(years=5), "2026-11-21")
    assert fits(old, Filters(years=7), "2026-11-21")


def test_the_first_tab_is_penalties_when_there_are_any() -> None:
    desk = opened()
    assert desk.view.tab == "penalty"
    assert desk.view.selected is RECORDS[1]


def test_the_selection_stays_while_its_row_does() -> None:
    desk = opened()
    desk.select("R1")
    desk.narrow(Filters(words="设计"))
    assert desk.view.selected is RECORDS[0]
    desk.narrow(Filters(words="doc 2"))
    assert desk.view.selected is RECORDS[1]
    desk.narrow(Filters(words="nothing"))
    assert desk.view.selected is None
    desk.panel(True)
    assert not desk.view.panel_open


def test_a_fresh_answer_is_logged_as_viewed_and_a_copy_is_not_twice() -> None:
    made = client()
    desk = SubjectDesk(made, Lanes(), Shown())
    desk.open(answer(RECORDS))
    desk.open(answer(RECORDS, source="cache"))
    assert made.querying.times("viewed") == 1


def test_timeline_has_an_event_for_each_record_and_each_objection() -> None:
    events = timeline(answer(RECORDS).bundle)
    assert [(event.on, event.rec_id) for event in events] == [
        ("2026-03-01", "R2"), ("2026-02-01", "R2"), ("2026-01-01", "R1"), ("2020-01-01", "R3"),
    ]  # fmt: skip


def test_release_gives_the_copy_back() -> None:
    made = client()
    desk = SubjectDesk(made, Lanes(), Shown())
    desk.open(answer(RECORDS))
    desk.release()
    assert made.offline_files.last("release") == ("Q1",)
    assert not desk.view.kept


def test_control_an_unopened_desk_releases_nothing() -> None:
    desk = SubjectDesk(SimpleNamespace(), Lanes(), Shown())
    desk.release()
    desk.turn("all")
    assert desk.view.answer is None


def test_an_event_says_of_what_section_it_is_and_no_doubtful_amount() -> None:
    doubtful = msgspec.structs.replace(RECORDS[0], amount_fen=5, amount_doubt="unit")
    events = timeline(answer((doubtful,)).bundle)
    assert {event.section for event in events} == {doubtful.section}
    assert all(event.amount_fen is None for event in events)
