"""A list asked about part by part, kept with the copies, gone on with after any stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.field.canonical import canonical_sha256
from app.field.records import Signed
from app.keys.device import DeviceKey
from app.lanes import Lane
from app.lists.columns import guess
from app.lists.preparing import prepare
from app.services import screening_tasks
from app.services.copies import TAKEN_BACK
from app.services.judging import Verdict
from app.services.judging_tasks import Told, drop_parts, held_parts, outdated
from app.services.reviewing_offline import purge
from app.services.screening import named
from app.services.screening_tasks import ScreeningTasks
from app.services.task_reading import Task
from app.services.unlocking import Unlocking
from app.sheets.reading import Line, Sheet
from app.trouble import NotNow, NotRight, NotTrusted, Refused, VaultTrouble
from app.wire.messages import Marked
from local_cache import ledger, outbox, screenings, state
from local_cache.outbox import OutboxItem
from tests.app.services.screened import CLEAN, HONOUR, NAME, SERIOUS, TWIN, Platform, entry
from tests.app.services.vaults import LONG, TurnedClock, checked, create, start

OTHER = "示例商贸有限公司"
ROWS = (
    ("代码", "名称", "电话"), (SERIOUS, "甲", "1"), ("1E17", "乙", "2"), (HONOUR, "丙", "3"), ("", NAME, "4"),
    (SERIOUS, "甲", "5"), (CLEAN, "丁", "6"), ("", OTHER, "7"),
)  # fmt: skip


@pytest.fixture
def opened(client: Unlocking, key: DeviceKey) -> Iterator[Unlocking]:
    create(client, key)
    yield client


@pytest.fixture
def platform(opened: Unlocking) -> Platform:
    return Platform(opened.room)


@pytest.fixture
def tasks(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> ScreeningTasks:
    monkeypatch.setattr(screening_tasks, "PART_LEAST", 2)
    return ScreeningTasks(platform.room, platform, checked)  # type: ignore[arg-type]


def begin(tasks: ScreeningTasks) -> str:
    sheet = Sheet("", tuple(Line(number, cells) for number, cells in enumerate(ROWS, 1)))
    columns = guess(sheet)
    cells = {line.number: line.cells for line in sheet.lines}
    return tasks.begin(
        "名单.csv", prepare(sheet, columns), (columns.titles(sheet), cells), ("loan", "示例-1")
    )


def run(tasks: ScreeningTasks, number: str) -> Task:
    task = tasks.open(number)
    while task.answered < task.asked:
        task = tasks.advance(number)
    return task


def states(task: Task) -> dict[int, str]:
    return {line.line: line.state for line in task.lines}


def test_every_line_gets_the_answer_of_its_unit_and_each_unit_is_asked_once(
    tasks: ScreeningTasks, platform: Platform
) -> None:
    task = run(tasks, begin(tasks))
    assert states(task) == {2: "serious", 4: "honour", 5: "similar", 6: "serious", 7: "none", 8: "none"}
    assert platform.asked == [[(SERIOUS, "甲"), (HONOUR, "丙")], [("", NAME), (CLEAN, "丁")], [("", OTHER)]]
    assert [(one.line, one.why, one.cells[2]) for one in task.aside] == [(3, "power", "2")]
    assert (task.card.state, task.card.done, task.card.total, len(task.numbers)) == ("done", 6, 6, 3)
    assert (task.purpose_zh, task.case_no, task.officer, task.receipts[0][1]) == (
        "授信审批",
        "示例-1",
        "示例柜员",
        7,
    )


def test_a_stop_keeps_what_is_done_and_the_same_part_is_asked_again(
    tasks: ScreeningTasks, platform: Platform
) -> None:
    number = begin(tasks)
    tasks.advance(number)
    platform.fails.append(NotNow("net.timeout"))
    with pytest.raises(NotNow):
        tasks.advance(number)
    assert (tasks.open(number).card.done, tasks.cards()[0].state) == (3, "open")
    run(tasks, number)
    assert platform.asked[1] == platform.asked[2]  # the same list: the intent that is open is taken up


def test_a_task_outlives_the_program(
    tasks: ScreeningTasks,
    platform: Platform,
    opened: Unlocking,
    home: Path,
    clock: TurnedClock,
    lanes: list[Lane],
) -> None:
    number = begin(tasks)
    tasks.advance(number)
    opened.lock()
    anew = start(home, clock, lanes)
    anew.unlock(LONG)
    platform.room = anew.room
    later = ScreeningTasks(anew.room, platform, checked)  # type: ignore[arg-type]
    assert (later.cards()[0].task_no, later.cards()[0].done) == (number, 3)
    assert run(later, number).card.state == "done"
    assert len(platform.asked) == 3  # the first part was answered before
    anew.lock()


def test_a_part_whose_intent_was_not_closed_is_asked_again(
    tasks: ScreeningTasks, platform: Platform, opened: Unlocking
) -> None:
    number = begin(tasks)
    tasks.advance(number)
    opened.room.run(lambda o: outbox.add(o.work, OutboxItem("op-1", "screen", "t", b"{}", "0" * 64)))
    tasks.advance(number)
    assert platform.asked[0] == platform.asked[1]
    assert tasks.open(number).card.done == 3


def test_a_cancelled_task_asks_no_more_and_can_be_taken_up(tasks: ScreeningTasks, platform: Platform) -> None:
    number = begin(tasks)
    tasks.advance(number)
    assert tasks.cancel(number).card.state == "cancelled"
    assert tasks.advance(number).card.done == 3
    assert len(platform.asked) == 1
    tasks.reopen(number)
    assert run(tasks, number).card.state == "done"


def test_a_name_is_resolved_by_asking_about_the_number_that_was_chosen(
    tasks: ScreeningTasks, platform: Platform
) -> None:
    number = begin(tasks)
    line = next(one for one in run(tasks, number).lines if one.state == "similar")
    assert ([one.code for one in line.candidates()], line.entries) == ([TWIN], ())
    for code, why, expected in ((TWIN, " ", "screen.why-needed"), (CLEAN, "x", "screen.not-there")):
        with pytest.raises(NotRight) as flaw:
            tasks.choose(number, line.place, code, why)
        assert flaw.value.code == expected
    platform.lists[TWIN] = (entry(number="示列决字〔2026〕9 号"),)
    resolved = next(one for one in tasks.choose(number, line.place, TWIN, "地址一致").lines if one.line == 5)
    assert platform.asked[-1] == [(TWIN, "")]
    assert (resolved.state, resolved.pick and resolved.pick.why) == ("serious", "地址一致")


def test_none_of_them_is_told_apart_and_stays_so_until_there_is_another(
    tasks: ScreeningTasks, platform: Platform
) -> None:
    number = begin(tasks)
    line = next(one for one in run(tasks, number).lines if one.state == "similar")
    asked = len(platform.asked)
    assert states(tasks.choose(number, line.place, "", "经营者不同"))[5] == "apart"
    assert len(platform.asked) == asked  # nobody is asked about
    assert states(run(tasks, tasks.again(number)))[5] == "apart"


def test_screening_again_tells_what_is_different_and_only_that(
    tasks: ScreeningTasks, platform: Platform
) -> None:
    first = begin(tasks)
    run(tasks, first)
    platform.lists = {HONOUR: platform.lists[HONOUR], CLEAN: (entry(number="新 1 号"),)}
    again = run(tasks, tasks.again(first))
    changes = {line.line: line.change for line in again.lines if line.change}
    assert (again.before, changes) == (first, {2: "less", 6: "less", 7: "more"})
    assert {line.change for line in run(tasks, first).lines} == {""}


def test_a_second_screening_keeps_no_word_of_what_the_first_one_found(
    tasks: ScreeningTasks, opened: Unlocking
) -> None:
    """What is taken back is erased with its answer: a repaired entry must not live on in the next task."""
    first = begin(tasks)
    run(tasks, first)
    second = tasks.again(first)
    body = opened.room.run(lambda o: screenings.body(o.copies(), second)).decode()
    assert "甲" in body  # control: the list itself is there
    assert not any(word in body for word in ("示列决字", "2026-01-02", "serious"))


def test_what_the_feed_took_back_is_not_told_any_more(tasks: ScreeningTasks, opened: Unlocking) -> None:
    number = begin(tasks)
    run(tasks, number)
    rec_id = entry().standing.rec_id

    def revoke(seq: str) -> None:
        opened.room.run(lambda o: state.put(o.copies(), {TAKEN_BACK + rec_id: seq}, part="cache"))

    revoke("1")  # the control: the answer is as new as that
    assert states(tasks.open(number))[2] == "serious"
    revoke("2")
    line = tasks.open(number).lines[0]
    assert (line.state, line.entries) == ("withdrawn", ())


def test_answers_that_no_longer_hold_are_asked_for_again(
    tasks: ScreeningTasks, platform: Platform, opened: Unlocking
) -> None:
    number = begin(tasks)
    place = next(one.place for one in run(tasks, number).lines if one.state == "similar")
    platform.lists[TWIN] = (entry(number="示列决字〔2026〕9 号"),)
    tasks.choose(number, place, TWIN, "地址一致")
    held = opened.room.run(held_parts)
    assert {query_no: len(told) for query_no, told in held.items()} == {
        "MD-20261123-000001": 2, "MD-20261123-000002": 1, "MD-20261123-000004": 1,
    }  # fmt: skip # the third part told of nobody
    opened.room.run(lambda o: drop_parts(o, ["MD-20261123-000001", "MD-20261123-000004"]))
    assert states(tasks.open(number)) == {
        2: "queued",
        4: "queued",
        5: "similar",
        6: "queued",
        7: "none",
        8: "none",
    }
    assert (tasks.cards()[0].state, tasks.cards()[0].done) == ("open", 3)
    assert states(run(tasks, number))[2] == "serious"
    assert opened.room.run(held_parts).keys() == {"MD-20261123-000002", "MD-20261123-000005"}
    opened.lock()


def test_an_answer_is_asked_for_again_when_an_objection_was_put_to_an_entry(
    tasks: ScreeningTasks, opened: Unlocking
) -> None:
    number = begin(tasks)
    run(tasks, number)
    known: dict[str, Told] = {}
    held = opened.room.run(lambda o: held_parts(o, known))
    assert outdated(held, Verdict()) == frozenset()  # control
    payload = "UPDATE screening_parts SET payload = x'00'"  # what is known is not read again
    opened.room.run(lambda o: o.copies().execute(payload))
    assert opened.room.run(lambda o: held_parts(o, known)) == held
    rec_id = entry().standing.rec_id
    gone = outdated(held, Verdict(marks={rec_id: Marked(rec_id, 2, "marked", None)}))
    assert gone == {"MD-20261123-000001"}
    opened.room.run(lambda o: drop_parts(o, gone))
    assert gone.isdisjoint(opened.room.run(lambda o: held_parts(o, known)))
    assert states(tasks.open(number))[2] == "queued"


def test_an_answer_that_is_not_as_it_was_signed_is_not_shown(
    tasks: ScreeningTasks, opened: Unlocking
) -> None:
    number = begin(tasks)
    run(tasks, number)
    sql = "UPDATE screening_parts SET sig_b64 = 'YmFk' WHERE part = 1"
    opened.room.run(lambda o: o.copies().execute(sql))
    anew = ScreeningTasks(tasks.room, tasks.lists, checked)
    with pytest.raises(NotTrusted):
        anew.open(number)


def test_an_answer_is_checked_once_and_lines_that_stay_are_not_made_again(
    tasks: ScreeningTasks, opened: Unlocking
) -> None:
    seen: list[Signed] = []

    def counting(signed: Signed) -> bytes:
        seen.append(signed)
        return checked(signed)

    tasks = ScreeningTasks(tasks.room, tasks.lists, counting)
    number = begin(tasks)
    first = tasks.advance(number)
    second = tasks.advance(number)
    assert len(seen) == 2
    pairs = {one.line: (one, other) for one, other in zip(first.lines, second.lines, strict=True)}
    assert all(pairs[line][0] is pairs[line][1] for line in (2, 4, 6, 8))
    assert not any(pairs[line][0] is pairs[line][1] for line in (5, 7))  # these were answered
    opened.room.run(lambda o: drop_parts(o, second.numbers[:1]))
    third = tasks.open(number)
    assert (states(third)[2], states(third)[7], len(seen)) == ("queued", "none", 2)
    tasks.open(begin(tasks))
    tasks.open(number)  # the control: of two tasks only the last is remembered
    assert len(seen) == 3


def test_reading_a_kept_task_is_written_down_first(tasks: ScreeningTasks, opened: Unlocking) -> None:
    number = begin(tasks)

    def kinds() -> list[str]:
        return opened.room.run(lambda o: [row.kind for row in ledger.entries(o.work)])

    tasks.look(number)
    assert kinds() == []  # control: nothing was answered, there is nothing to read
    run(tasks, number)
    task = tasks.look(number)
    assert task.card.done == 6
    assert kinds() == ["open_cached"]
    assert len(task.numbers) > 1
    (link,) = opened.room.run(lambda o: ledger.entries(o.work))
    entry = msgspec.json.decode(link.payload)
    assert entry["query_no"] == task.numbers[0]
    assert entry["body_sha256"] == canonical_sha256({"query_nos": sorted(task.numbers)})


def test_control_a_task_of_one_screening_is_named_by_its_number() -> None:
    assert named(("PL-1",)) == {"query_no": "PL-1"}
    assert named(("PL-1", "PL-2"))["body_sha256"] != named(("PL-1", "PL-3"))["body_sha256"]


def test_a_task_ends_with_its_term_and_is_shut_with_the_lease(
    tasks: ScreeningTasks, opened: Unlocking, clock: TurnedClock
) -> None:
    number = begin(tasks)
    run(tasks, number)
    clock.pass_(hours=25)
    with pytest.raises(Refused) as flaw:
        tasks.open(number)
    assert flaw.value.code == "screen.gone"
    opened.room.run(purge)
    assert tasks.cards() == ()
    assert opened.room.run(lambda o: screenings.part_heads(o.copies(), number)) == []
    clock.pass_(hours=72)
    with pytest.raises(VaultTrouble):
        tasks.cards()


def test_an_answer_that_changed_on_its_way_is_asked_for_anew_once(
    tasks: ScreeningTasks, platform: Platform
) -> None:
    number = begin(tasks)
    platform.fails.append(Refused("answer-withdrawn"))
    assert tasks.advance(number).card.done == 3
    platform.fails += [Refused("answer-withdrawn"), Refused("answer-withdrawn")]
    with pytest.raises(Refused):
        tasks.advance(number)


def test_nothing_is_kept_without_purpose_case_or_rows(tasks: ScreeningTasks) -> None:
    sheet = Sheet("", (Line(1, ("code",)), Line(2, (CLEAN,))))
    prepared = prepare(sheet, guess(sheet))
    for ground, code in (
        (("", "1"), "query.purpose"),
        (("loan", " "), "case-needed"),
        (("x", "1"), "purpose-not-allowed"),
    ):
        with pytest.raises((NotRight, Refused)) as flaw:
            tasks.begin("a.csv", prepared, ((), {}), ground)
        assert flaw.value.code == code
    with pytest.raises(NotRight) as empty:
        tasks.begin("a.csv", prepare(Sheet("", ()), guess(sheet)), ((), {}), ("loan", "1"))
    assert empty.value.code == "screen.empty"
    number = begin(tasks)
    tasks.discard(number)
    assert tasks.cards() == ()
