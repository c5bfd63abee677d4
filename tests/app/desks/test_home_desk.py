"""Purpose before data, number and name for persons, nothing sent that cannot hold."""

from __future__ import annotations

from typing import Any

import pytest

from app.desks.home_desk import HomeDesk
from app.services.querying import PurposeChoice
from app.trouble import NotNow
from tests.app.desks.stand_ins import CARD, CODE, LETTER, PERSON, Lanes, Shown, answer, client


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


def test_a_card_of_2017_is_asked_about_as_what_it_is(home: Desk) -> None:
    home.grounded().desk.choose_letter(LETTER.letter_no)
    home.desk.open_person("hm_pass", "A1", "示例乙")
    assert home.desk.view.notice.text == "query.idForm"
    assert home.client.querying.times("query") == 0
    home.desk.open_person("pr_card", "usa110092021300", "示例乙")
    (request,) = home.client.querying.last("query")
    assert (request.subject.id_type, request.subject.number) == ("pr_card_2017", "USA110092021300")
