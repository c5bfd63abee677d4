"""What waits is told with its reason, until it was looked at or is done."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from app.assembly import Client
from app.desks.home_desk import HomeDesk
from app.desks.objection_desk import ObjectionDesk
from app.field.objections import ENDED, OPEN
from app.services.objecting import Draft
from app.services.posting import keep_objections
from app.services.refused_files import RefusedFile
from app.services.repair_drafts import RepairDraft
from app.services.unsent import OutboxRow
from app.wire.messages import ObjectionView
from app.wire.repair_messages import RepairStanding, Words
from tests.app.desks.stand_ins import Lanes, Service, Shown, client


def test_reports_out_of_date_wait_until_they_were_looked_at() -> None:
    row = SimpleNamespace(subject="李**")
    made = client(report_files=Service(outdated=(row, row)))
    desk = HomeDesk(made, Lanes(), Shown(), lambda _: None, lambda *_: None)
    desk.start()
    (todo,) = desk.view.todo
    assert (todo.text, todo.values, todo.detail, todo.page) == (
        "home.todo_outdated", (("count", 2),), "李**", "reports",
    )  # fmt: skip
    made.report_files.answers["outdated"] = ()
    desk.start()
    assert desk.view.todo == ()


def test_a_refused_filing_waits_with_its_reason_apart_from_drafts_being_written() -> None:
    begun = Draft("d1", "Q1", "r1", "例罚〔2026〕1号")
    file = RefusedFile(0, "示例.pdf", "encrypted")
    back = Draft("op1", "Q1", "r2", "例罚〔2026〕2号", refused="op1", why="objection-letter", file=file)
    row = OutboxRow("op1", "objection.file", "", "refused", "objection-letter", 1, 0, draft=True)
    asked = OutboxRow("op2", "query", "", "refused", "purpose-not-allowed", 1, 0, heard=True)
    made = client(
        objecting=Service(drafts=(begun, back), list=()), syncing=Service(outbox=(row, asked)),
    )  # fmt: skip
    desk = HomeDesk(made, Lanes(), Shown(), lambda _: None, lambda *_: None)
    desk.start()
    assert [(one.text, one.values, one.detail, one.why) for one in desk.view.todo] == [
        ("home.todo_refused", (("count", 1),), "例罚〔2026〕2号", "objection-letter"),
        ("home.todo_drafts", (("count", 1),), "例罚〔2026〕1号", ""),
    ]
    assert [one.file for one in desk.view.todo] == [file, None]
    made.objecting.answers["drafts"] = ()
    made.syncing.answers["outbox"] = (asked,)  # dismissed rows are not in the list any more
    desk.start()
    assert desk.view.todo == ()


def test_a_repair_stands_there_when_its_day_has_come_and_until_its_result_was_looked_at() -> None:
    waits = RepairStanding("r1", 1, "not_yet", Words("未满最短公示期"), earliest="2026-01-02")
    ripe = RepairDraft("d1", "Q1", "r1", "例罚〔2026〕1号", standing=waits)
    early = msgspec.structs.replace(ripe, standing=msgspec.structs.replace(waits, earliest="2999-01-02"))
    back = RepairDraft("op1", "Q1", "r2", "例罚〔2026〕2号", refused="op1", why="repair-letter")
    rows = tuple(
        SimpleNamespace(op_id="", number="XF-1", state=state, seen=seen, document_no="例罚〔2026〕3号")
        for state, seen in (("returned", True), ("granted", False), ("refused", True))
    )
    repairing = Service(drafts=(ripe, early, back), list=rows)
    desk = HomeDesk(client(repairing=repairing), Lanes(), Shown(), lambda _: None, lambda *_: None)
    desk.start()
    assert [(one.text, one.detail, one.page) for one in desk.view.todo] == [
        ("home.todo_repair_ripe", "例罚〔2026〕1号", "repair"),
        ("home.todo_repair_refused", "例罚〔2026〕2号", "repair"),
        ("home.todo_repair_returned", "例罚〔2026〕3号", "repair"),
        ("home.todo_repair_concluded", "例罚〔2026〕3号", "repair"),
    ]


def test_what_was_refused_behind_the_officers_back_waits_on_the_outbox_page() -> None:
    later = OutboxRow("op3", "report.void", "", "refused", "report-void", 1, 0)
    silent = OutboxRow("op4", "query", "", "unknown", "net.timeout", 1, 0)
    made = client(syncing=Service(outbox=(later, silent)))
    desk = HomeDesk(made, Lanes(), Shown(), lambda _: None, lambda *_: None)
    desk.start()
    assert [(one.text, one.page, one.why) for one in desk.view.todo] == [
        ("home.todo_stuck", "outbox", "net.timeout"), ("home.todo_lost", "outbox", "report-void"),
    ]  # fmt: skip


def hear(made: Client, state: str, rev: int = 3, kind: str = "objection") -> None:
    """What a synchronisation keeps of the platform's answer."""
    view = ObjectionView("YY-1", kind, "Q1", "r1", state, "2026-11-17T08:20:00.000Z", "例罚1号", rev=rev)
    made.unlocking.room.run(lambda o: keep_objections(o, (view,), o.now_text()))


def todo_texts(made: Client) -> list[str]:
    desk = HomeDesk(made, Lanes(), Shown(), lambda _: None, lambda *_: None)
    desk.start()
    return [one.text for one in desk.view.todo]


@pytest.mark.parametrize("state", (*OPEN, *ENDED))
def test_every_state_of_the_platform_is_told_at_home_when_it_is_the_officers_turn(
    whole: Client, state: str
) -> None:
    hear(whole, state)
    expected = (
        ["home.todo_concluded"] if state in ENDED else ["home.todo_returned"] if state == "returned" else []
    )
    assert todo_texts(whole) == expected


def test_a_result_is_news_until_it_was_looked_at_and_again_when_it_changes(whole: Client) -> None:
    hear(whole, "kept", kind="data_error")
    assert todo_texts(whole) == ["home.todo_concluded_data_error"]
    objections = ObjectionDesk(whole, Lanes(), Shown())
    objections.show_filed("YY-1")
    assert todo_texts(whole) == []
    hear(whole, "closed", rev=4, kind="data_error")
    assert todo_texts(whole) == ["home.todo_concluded_data_error"]


def test_what_lacks_something_stays_however_often_it_is_looked_at(whole: Client) -> None:
    hear(whole, "returned")
    ObjectionDesk(whole, Lanes(), Shown()).show_filed("YY-1")
    assert todo_texts(whole) == ["home.todo_returned"]
