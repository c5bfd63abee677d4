"""Purpose before data, number and name for persons, nothing sent that cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app.assembly import Client, open_client
from app.desks.home_desk import HomeDesk
from app.desks.objection_desk import ObjectionDesk
from app.field.objections import ENDED, OPEN
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.objecting import Draft
from app.services.posting import keep_objections
from app.services.querying import PurposeChoice
from app.services.refused_files import RefusedFile
from app.services.repair_drafts import RepairDraft
from app.services.unsent import OutboxRow
from app.trouble import NotNow
from app.wire.messages import ObjectionView
from app.wire.repair_messages import RepairStanding, Words
from tests.app.desks.stand_ins import CARD, CODE, LETTER, PERSON, Lanes, Service, Shown, answer, client
from tests.app.services.vaults import LIGHT, TurnedClock, create


class Desk:
    """A home desk with what it opened."""

    def __init__(self, held: bool = False, **changes: Any) -> None:
        self.client, self.lanes, self.shown, self.opened = client(**changes), Lanes(), Shown(), Shown()
        self.standing: list[Any] = []
        self.desk = HomeDesk(
            self.client,
            self.lanes,
            self.shown,
            self.opened,
            lambda purpose, case: self.standing.append((purpose, case)),
        )
        self.desk.start()
        self.lanes.held = held

    def grounded(self) -> Desk:
        self.desk.choose_purpose("pre_loan")
        self.desk.name_case("LN-1")
        return self


@pytest.fixture
def home() -> Desk:
    return Desk()


def test_nothing_is_asked_without_a_purpose(home: Desk) -> None:
    home.desk.search(CODE)
    assert home.desk.view.notice.text == "query.purpose"
    assert home.client.querying.times("query") == 0


def test_nothing_is_asked_without_a_case_number(home: Desk) -> None:
    home.desk.choose_purpose("pre_loan")
    home.desk.search(CODE)
    assert home.desk.view.notice.text == "problem.case-needed"
    assert home.client.querying.times("query") == 0


def test_a_code_that_checks_opens_its_subject(home: Desk) -> None:
    home.grounded().desk.search(CODE)
    (request,) = home.client.querying.last("query")
    assert (request.subject.number, request.purpose, request.case_no) == (CODE, "pre_loan", "LN-1")
    assert len(home.opened) == 1


def test_a_mistyped_code_says_which_character_and_is_not_sent(home: Desk) -> None:
    home.grounded().desk.search(CODE[:-1] + "1")
    assert home.desk.view.notice.text == "query.codeCheck"
    assert home.desk.view.notice.facts() == {"position": 18}
    assert home.client.querying.times("query") == 0


def test_a_name_lists_candidates_and_counts_nothing(home: Desk) -> None:
    home.grounded().desk.search("青禾")
    assert home.desk.view.candidates == (CARD,)
    assert home.client.querying.times("query") == 0
    home.desk.open_candidate(CARD.subject_key)
    assert home.client.querying.last("query")[0].subject.subject_key == CARD.subject_key


def test_a_person_needs_number_and_name_and_a_letter(home: Desk) -> None:
    home.grounded().desk.search(PERSON)
    assert home.desk.view.person
    assert home.desk.view.notice.text == "home.person_needs_name"
    home.desk.open_person("resident_id", PERSON, "示例乙")
    assert home.desk.view.notice.text == "query.authNeeded"
    assert home.client.querying.times("query") == 0
    home.desk.choose_letter(LETTER.letter_no)
    home.desk.open_person("resident_id", PERSON, "示例乙")
    (request,) = home.client.querying.last("query")
    assert (request.subject.kind, request.subject.name, request.letter) == ("person", "示例乙", LETTER)


def test_at_the_window_the_document_is_seen_for_each_person_anew() -> None:
    window = PurposeChoice("own", "本人查询", "Own", False, False, False, True)
    home = Desk()
    home.client.querying.answers["purposes"] = (window,)
    home.desk.start()
    home.desk.choose_purpose("own")
    home.desk.name_case("W-1")
    home.desk.person_mode(True)
    home.desk.open_person("resident_id", PERSON, "示例乙")
    assert home.desk.view.notice.text == "problem.document-needed"
    assert home.client.querying.times("query") == 0
    home.desk.see_document(True)
    home.desk.open_person("resident_id", PERSON, "示例乙")
    (request,) = home.client.querying.last("query")
    assert (request.document_seen, request.letter) == (True, None)
    assert not home.desk.view.document_seen  # said for this person, not for the next
    home.desk.see_document(True)
    home.desk.typed(PERSON[:-1])
    assert not home.desk.view.document_seen
    home.desk.choose_letter(LETTER.letter_no)
    assert not home.desk.view.document_needed
    home.desk.open_person("resident_id", PERSON, "示例乙")
    (request,) = home.client.querying.last("query")
    assert (request.document_seen, request.letter) == (False, LETTER)


def test_a_persons_number_that_does_not_check_is_not_sent(home: Desk) -> None:
    home.grounded().desk.choose_letter(LETTER.letter_no)
    home.desk.open_person("resident_id", PERSON[:-1] + "9", "示例乙")
    assert home.desk.view.notice.text == "query.idCheck"
    assert home.client.querying.times("query") == 0


def test_no_information_is_told_and_opens_nothing() -> None:
    home = Desk().grounded()
    home.client.querying.answers["query"] = answer(no_information=True)
    home.desk.search(CODE)
    assert home.desk.view.notice.text == "query.none"
    assert list(home.opened) == []


def test_a_trouble_keeps_what_was_typed(home: Desk) -> None:
    home.grounded()
    home.client.querying.answers["query"] = NotNow("net.timeout", context={"seconds": 30})
    home.desk.search(CODE)
    view = home.desk.view
    assert (view.text, view.purpose, view.case_no, view.busy) == (CODE, "pre_loan", "LN-1", False)
    assert view.notice.text == "net.timeout"
    assert view.notice.retry


def test_an_answer_after_cancelling_is_dropped() -> None:
    home = Desk().grounded()
    home.lanes.held = True
    home.desk.search(CODE)
    assert home.desk.view.waiting
    home.desk.cancel()
    home.lanes.run()
    assert list(home.opened) == []
    assert not home.desk.view.waiting


def test_control_the_same_answer_arrives_when_nobody_cancels() -> None:
    home = Desk().grounded()
    home.lanes.held = True
    home.desk.search(CODE)
    home.lanes.run()
    assert len(home.opened) == 1


def test_a_later_question_voids_the_earlier_one() -> None:
    home = Desk().grounded()
    home.lanes.held = True
    home.desk.search("甲甲")
    home.desk.search("乙乙")
    home.lanes.run()
    assert home.desk.view.searched == "乙乙"
    assert home.client.querying.times("candidates") == 2
    assert sum(bool(view.candidates) for view in home.shown) == 1


def test_a_fault_of_our_own_is_told_and_logged(home: Desk, caplog: pytest.LogCaptureFixture) -> None:
    home.grounded()
    home.client.querying.answers["query"] = RuntimeError("broken")
    home.desk.search(CODE)
    assert home.desk.view.notice.text == "shell.fault"
    assert "broke off" in caplog.text


def test_the_frame_is_told_the_ground(home: Desk) -> None:
    home.grounded()
    purpose, case = home.standing[-1]
    assert (purpose.zh, case) == ("贷前审查", "LN-1")


def test_what_a_company_code_was_recognised_as_does_not_stay_for_a_person(home: Desk) -> None:
    home.desk.typed(CODE)
    assert home.desk.view.recognised.kind == "uscc"
    home.desk.person_mode(True)
    assert home.desk.view.recognised is None


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


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Client]:
    """A client with a real vault, so that what the platform says goes the way it goes."""
    clock = TurnedClock()
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    yield made
    made.close()


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


def test_a_card_of_2017_is_asked_about_as_what_it_is(home: Desk) -> None:
    home.grounded().desk.choose_letter(LETTER.letter_no)
    home.desk.open_person("hm_pass", "A1", "示例乙")
    assert home.desk.view.notice.text == "query.idForm"
    assert home.client.querying.times("query") == 0
    home.desk.open_person("pr_card", "usa110092021300", "示例乙")
    (request,) = home.client.querying.last("query")
    assert (request.subject.id_type, request.subject.number) == ("pr_card_2017", "USA110092021300")
