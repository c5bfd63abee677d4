"""The screening desk over the real tasks and a real vault: a run stopped anywhere, and its export."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from app.assembly import Client
from app.desks.screening_desk import ScreeningDesk
from app.desks.screening_sheet import masked_cell
from app.field.identifiers import id_card_check
from app.field.screening import Namesake
from app.services import screening_tasks
from app.services.judging_tasks import drop_parts, held_parts
from app.services.querying import PurposeChoice
from app.services.screening_tasks import ScreeningTasks
from app.texts import Texts
from app.trouble import NotNow, Refused
from tests.app.desks.stand_ins import Lanes, Shown
from tests.app.services import screened
from tests.app.services.screened import CLEAN, HONOUR, NAME, SERIOUS, TWIN, Platform, entry
from tests.app.services.vaults import checked

PERSON = "43040519900101000" + id_card_check("43040519900101000")
TOLD: list[Any] = []
PURPOSE = PurposeChoice("loan", "授信审批", "credit", True, False)
INQUIRY = PurposeChoice("inquiry", "依法调查", "inquiry", False, False, official_letter=True)


@pytest.fixture
def platform(whole: Client) -> Platform:
    return Platform(whole.unlocking.room)


@pytest.fixture
def lanes() -> Lanes:
    return Lanes(held=True)


@pytest.fixture
def desk(whole: Client, platform: Platform, lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> ScreeningDesk:
    monkeypatch.setattr(screening_tasks, "PART_LEAST", 2)
    client = SimpleNamespace(
        screening_tasks=ScreeningTasks(platform.room, platform, checked),  # type: ignore[arg-type]
        querying=SimpleNamespace(purposes=lambda: (PURPOSE, INQUIRY)),
    )
    clock = iter(range(0, 10_000_000, 1000))
    made = ScreeningDesk(
        client, lanes, Shown(), Texts(), lambda: ("loan", "示例-1"), TOLD.append, lambda: next(clock)
    )
    made.start()
    lanes.run()
    return made


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    rows = (
        f"{SERIOUS},甲,{PERSON}", "1E17,乙,2", f"{HONOUR},=1+1,3", f",{NAME},4", f"{CLEAN},丁,6",
        ",示例商贸有限公司,7",
    )  # fmt: skip
    path.write_text("\n".join(("代码,名称,备注", *rows)), "gb18030")
    return path


def begun(desk: ScreeningDesk, lanes: Lanes, units: Path) -> None:
    desk.read(units)
    lanes.run()
    desk.begin()
    lanes.run()


def finish(lanes: Lanes) -> None:
    for _ in range(20):
        lanes.run()


def test_a_file_is_shown_with_what_it_asks_before_anything_is_sent(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    assert (desk.view.purpose, desk.view.case_no) == ("loan", "示例-1")  # of the work under way elsewhere
    desk.read(units)
    assert desk.view.busy
    lanes.run()
    view = desk.view
    assert (view.stage, view.columns.code, view.columns.name) == ("map", 0, 1)
    assert (len(view.prepared.rows), len(view.prepared.flawed)) == (5, 1)
    desk.use_names(True)
    lanes.run()
    assert [told.judged.why for told in desk.view.prepared.flawed] == ["person-name"]
    desk.map(-1, 1)
    lanes.run()
    assert [row.name for row in desk.view.prepared.asked] == ["=1+1", NAME, "示例商贸有限公司"]
    assert platform.asked == []


def test_without_columns_purpose_or_case_nothing_begins(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, tmp_path: Path, units: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    desk.read(path)
    lanes.run()
    assert desk.view.notice is not None and desk.view.notice.text == "batch.columns"
    desk.begin()
    lanes.run()
    assert desk.view.notice.text == "screen.empty"
    desk.read(units)
    lanes.run()
    for act, text in (
        (lambda: desk.state_purpose(""), "query.purpose"),
        (lambda: desk.name_case(" "), "problem.case-needed"),
    ):
        act()
        desk.begin()
        lanes.run()
        assert desk.view.notice is not None and desk.view.notice.text == text
        desk.state_purpose("loan")
    assert (platform.asked, desk.view.stage) == ([], "map")  # the file and its columns stay


def test_a_run_counts_tells_the_time_left_and_pauses_after_the_part_under_way(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    begun(desk, lanes, units)
    assert desk.view.running and desk.view.task is not None
    lanes.run()
    view = desk.view
    assert (view.task and view.task.answered, view.left_s) == (2, 1)
    assert dict(view.counts) == {
        "serious": 1, "honour": 1, "queued": 3, "aside": 1, "changed": 0, "otherwise": 2,
    }  # fmt: skip
    desk.pause()
    finish(lanes)
    assert (len(platform.asked), desk.view.running) == (2, False)
    assert desk.view.notice is not None and desk.view.notice.text == "batch.paused"
    desk.run()
    finish(lanes)
    assert TOLD[-1].text == "screening_page.finished"
    assert (desk.view.count("similar"), desk.view.count("none"), desk.view.count("queued")) == (1, 2, 0)


def test_without_an_answer_the_run_stops_with_what_is_done(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    begun(desk, lanes, units)
    lanes.run()
    platform.fails.append(NotNow("net.timeout"))
    finish(lanes)
    assert not desk.view.running and desk.view.notice is not None and desk.view.notice.code == "net.timeout"
    assert desk.view.count("serious") == 1
    platform.fails.append(NotNow("rate-limited", "problem.rate-limited", {"wait_s": 40_000}))
    desk.run()
    finish(lanes)
    assert desk.view.notice.text == "screening_page.day_used"
    desk.run()
    finish(lanes)
    assert desk.view.task is not None and desk.view.task.card.state == "done"


def test_a_stopped_task_is_found_again_and_gone_on_with(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    begun(desk, lanes, units)
    lanes.run()
    desk.put_away()  # the window locks: a late answer shows nothing any more
    finish(lanes)
    desk.to_start()
    lanes.run()
    card = desk.view.unfinished
    assert card is not None and card.done in (2, 4) and card.total == 5
    desk.open_task(card.task_no, run=True)
    finish(lanes)
    assert desk.view.task is not None and desk.view.task.card.state == "done"
    assert len(platform.asked) == 3


def test_cancelling_keeps_what_is_done(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    begun(desk, lanes, units)
    lanes.run()
    desk.cancel()
    finish(lanes)
    asked = len(platform.asked)
    assert desk.view.task is not None and desk.view.task.card.state == "cancelled"
    assert not desk.view.running and desk.view.count("serious") == 1
    desk.run()
    finish(lanes)
    assert desk.view.task.card.state == "done" and len(platform.asked) > asked


def test_lines_that_wait_for_a_person_are_settled_one_after_the_other(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    line = desk.view.selected
    assert line is not None and line.state == "similar"  # the first one is at hand without a click
    desk.choose(f"key-{TWIN}", " ")
    assert desk.view.notice is not None and desk.view.notice.text == "screen.why-needed"
    platform.lists[TWIN] = (entry(),)
    desk.choose(f"key-{TWIN}", "地址一致")
    lanes.run()
    assert (desk.view.count("similar"), desk.view.count("serious"), desk.view.line) == (0, 2, 0)
    assert desk.view.why == "地址一致"  # for the next one


@pytest.mark.parametrize("named_too", [True, False])
def test_a_settled_line_that_is_a_unit_of_another_line_says_that_lines_are_counted(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, tmp_path: Path, named_too: bool
) -> None:
    units = tmp_path / "twice.csv"
    units.write_text(f"name,code\n{NAME},\n{NAME},{TWIN if named_too else CLEAN}\n", "utf-8")
    begun(desk, lanes, units)
    finish(lanes)
    desk.choose(f"key-{TWIN}", "地址一致")
    lanes.run()
    told = desk.view.notice
    assert (told is not None) is named_too
    if told is not None:
        assert (told.text, told.facts()) == ("screening_page.same_unit", {"line": 2, "other": 3})


def test_a_candidate_without_a_number_is_never_taken_for_another_unit(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nameless = Namesake(screened.card("", NAME), (entry(),))
    monkeypatch.setattr(screened, "namesakes", lambda: (nameless,))
    begun(desk, lanes, units)
    finish(lanes)
    asked = len(platform.asked)
    desk.choose(nameless.subject.subject_key, "地址一致")
    finish(lanes)
    assert desk.view.notice is not None and desk.view.notice.text == "screen.no-code"
    assert (desk.view.count("similar"), desk.view.count("apart"), len(platform.asked)) == (1, 0, asked)
    desk.choose("", "经营者不同")  # control: none of them
    finish(lanes)
    assert desk.view.count("apart") == 1


def test_the_export_keeps_the_columns_masks_persons_and_says_who_asked_why(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path, tmp_path: Path
) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    out = tmp_path / "out.xlsx"
    desk.export(out)
    lanes.run()
    assert TOLD[-1].text == "batch.export"
    assert platform.exports == [*desk.view.task.numbers]  # type: ignore[union-attr]
    book = openpyxl.load_workbook(out)
    result, about = book.worksheets
    rows = [["" if cell is None else str(cell) for cell in row] for row in result.iter_rows(values_only=True)]
    assert rows[0][:6] == ["代码", "名称", "备注", "原文件行号", "代码", "结果"]
    assert [row[3] for row in rows[1:]] == ["2", "3", "4", "5", "6", "7"]
    assert rows[1][2] == PERSON[:6] + "********" + PERSON[-4:]
    assert (rows[1][5], rows[1][8], rows[2][5]) == ("严重失信", "示列决字〔2026〕1 号", "不能筛查")
    assert "科学记数" in rows[2][-1]
    assert {cell.data_type for sheet in (result, about) for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
    }
    assert result["B4"].data_type == "s" and result["B4"].quotePrefix  # =1+1
    facts = dict(about.iter_rows(min_row=2, values_only=True))
    assert facts["任务编号"] == desk.view.task.card.task_no  # type: ignore[union-attr]
    assert {"操作人", "查询用途", "业务编号", "数据截至（北京时间）", "筛查编号（台账位置）"} <= facts.keys()
    assert facts["筛查编号（台账位置）"].count("MD-") == 3
    desk.export(tmp_path / "out.csv")
    lanes.run()
    text = (tmp_path / "out.csv").read_bytes().decode("utf-8-sig")
    assert "'=1+1" in text and PERSON not in text


def test_what_cannot_be_written_is_told_and_leaves_nothing(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path, tmp_path: Path
) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    desk.export(tmp_path / "no folder" / "out.xlsx")
    lanes.run()
    assert desk.view.notice is not None and desk.view.notice.code == "report.written-not"
    assert platform.exports == []


def test_a_second_screening_shows_changes_first(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    platform.lists.pop(SERIOUS)
    desk.again()
    finish(lanes)
    assert (desk.view.only, [line.change for line in desk.view.shown]) == ("changed", ["less"])


def test_a_role_that_may_not_is_told_and_nothing_is_lost(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, units: Path
) -> None:
    platform.fails.append(Refused("role-denied"))
    begun(desk, lanes, units)
    finish(lanes)
    assert desk.view.notice is not None and desk.view.notice.code == "role-denied"
    assert desk.view.task is not None and desk.view.count("queued") == 5


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (f"身份证{PERSON}，电话", f"身份证{PERSON[:6]}********{PERSON[-4:]}，电话"),
        (SERIOUS, SERIOUS),
        ("123456789012345678", "123456789012345678"),
    ],
)
def test_numbers_of_persons_are_masked_wherever_they_stand(cell: str, seen: str) -> None:
    assert masked_cell(cell, "") == seen


@pytest.mark.parametrize("apart", [" ", "-", "\u200b", ""])
def test_no_way_of_writing_a_persons_number_is_exported(
    desk: ScreeningDesk, lanes: Lanes, tmp_path: Path, apart: str
) -> None:
    written = apart.join((PERSON[:6], PERSON[6:14], PERSON[14:-1] + ("1" if PERSON[-1] != "1" else "2")))
    path, out = tmp_path / "units.csv", tmp_path / "out.csv"
    rows = (
        f"{SERIOUS},甲,A{written}",
        f"{written},乙,",
        f",丙{written},",
        f"9{PERSON[:-1]}12,丁,",
        f",戊7{PERSON}1,",
    )
    path.write_text("\n".join(("代码,名称,备注", *rows)), "utf-8")
    begun(desk, lanes, path)
    finish(lanes)
    desk.export(out)
    lanes.run()
    text = "".join(filter(str.isalnum, out.read_text("utf-8-sig")))
    assert "严重失信" in text
    assert "19900101" not in text


def test_a_view_of_a_locked_vault_holds_nothing(
    desk: ScreeningDesk, lanes: Lanes, whole: Client, units: Path
) -> None:
    begun(desk, lanes, units)
    finish(lanes)
    whole.unlocking.lock()
    desk.start()
    lanes.run()
    view: Any = desk.view
    assert (view.task, view.shown, view.stage, view.notice.code) == (None, (), "start", "vault.locked")


def test_every_line_stands_under_its_own_name(
    desk: ScreeningDesk, lanes: Lanes, platform: Platform, tmp_path: Path
) -> None:
    path = tmp_path / "copied.csv"
    names = ("示例甲（衡阳）有限公司", "示例甲(衡阳)有限公司", NAME)
    path.write_text("\n".join(("代码,名称", *(f"{CLEAN},{name}" for name in names))), "utf-8")
    begun(desk, lanes, path)
    finish(lanes)
    assert [row for part in platform.asked for row in part] == [(CLEAN, names[0]), (CLEAN, NAME)]
    assert desk.view.task is not None
    assert [line.name for line in desk.view.task.lines] == list(names)


@pytest.fixture
def done(desk: ScreeningDesk, lanes: Lanes, units: Path) -> ScreeningDesk:
    begun(desk, lanes, units)
    finish(lanes)
    assert desk.view.count("serious") == 1
    return desk


def taken_back(whole: Client) -> None:
    """As a synchronisation does it when entries do not hold any longer."""
    room = whole.unlocking.room
    assert room.run(lambda opened: drop_parts(opened, held_parts(opened).keys()))


def test_what_was_taken_back_is_not_exported_from_an_open_task(
    done: ScreeningDesk, lanes: Lanes, whole: Client, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    done.export(out)
    lanes.run()
    assert "示列决字" in out.read_text("utf-8-sig")  # as long as it holds
    taken_back(whole)
    later = tmp_path / "later.csv"
    done.export(later)
    finish(lanes)
    assert "示列决字" not in later.read_text("utf-8-sig")
    assert (done.view.count("serious"), done.view.count("queued") > 0) == (0, True)


@pytest.mark.parametrize("act", [lambda desk: desk.select(2), lambda desk: desk.look_again()])
def test_what_was_taken_back_goes_from_the_screen(
    done: ScreeningDesk, lanes: Lanes, whole: Client, act: Any
) -> None:
    taken_back(whole)
    act(done)
    finish(lanes)
    assert done.view.count("serious") == 0
    assert all(not line.entries for line in done.view.shown)


@pytest.mark.parametrize("verb", ["export", "select", "look_again"])
def test_a_task_on_the_screen_shuts_with_the_lease(
    done: ScreeningDesk, lanes: Lanes, whole: Client, tmp_path: Path, verb: str
) -> None:
    out = tmp_path / "out.csv"
    whole.unlocking.room.clock.pass_(hours=100)  # type: ignore[attr-defined]
    getattr(done, verb)(*{"export": (out,), "select": (2,), "look_again": ()}[verb])
    finish(lanes)
    view: Any = done.view
    assert not out.exists()
    assert (view.task, view.shown, view.stage, view.notice.code) == (None, (), "start", "offline.ended")
