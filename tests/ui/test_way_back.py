"""After an unlock the officer is where he was; nothing is noted while the window is put away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.services.objecting import Draft
from app.services.whereabouts import Place
from app.trouble import VaultTrouble
from tests.ui import bench, fakes
from tests.ui.stage import Stage

QUERY = "CX-1122-000417"
DRAFT = Draft("d-1", QUERY, "REC0001", ground="content", statement="写到一半（示例）")


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


class Kept:
    """The vault's memory of the place, across windows."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def keep(self, place: Place) -> None:
        self.place = place

    def last(self) -> Place:
        return self.place


def opened(qtbot: QtBot, place: Place = Place(), **services: Any) -> tuple[Stage, Kept]:  # noqa: B008
    kept = Kept(place)
    stage = Stage(qtbot, whereabouts=kept, **services)
    stage.client.objecting.will(drafts=(DRAFT,), proofs=(), draft=DRAFT)
    stage.client.offline_files.will(open=fakes.answer(source="cache", cached=True))
    stage.window.desk.opened(fakes.USER, device="HY-PC-0217")
    stage.settle()
    return stage, kept


def current(stage: Stage) -> str:
    assert stage.window.frame is not None
    return stage.window.frame.current


@pytest.mark.parametrize("page", ["ledger", "outbox"])
def test_a_page_is_there_again(qtbot: QtBot, page: str) -> None:
    stage, _ = opened(qtbot, Place(page))
    assert current(stage) == page


def test_the_subject_is_there_again_from_its_copy_and_the_look_is_logged_as_one(qtbot: QtBot) -> None:
    stage, kept = opened(qtbot, Place("subject", QUERY))
    assert current(stage) == "subject"
    assert ("open", QUERY) in stage.client.offline_files.asked
    assert kept.place == Place("subject", QUERY)


def test_a_copy_that_has_ended_leaves_him_on_the_first_page_and_says_why(qtbot: QtBot) -> None:
    kept = Kept(Place("subject", QUERY))
    stage = Stage(qtbot, whereabouts=kept)
    stage.client.offline_files.will(open=VaultTrouble("offline.expired"))
    stage.window.desk.opened(fakes.USER, device="HY-PC-0217")
    stage.settle()
    assert current(stage) == "home"
    assert stage.window.frame is not None
    assert stage.window.frame.status._words.whole == bench.texts().say("offline.expired")


def test_the_draft_that_was_being_written_is_open_again(qtbot: QtBot) -> None:
    stage, _ = opened(qtbot, Place("objection", "d-1"))
    assert current(stage) == "objection"
    assert stage.page("objection").form.statement.toPlainText() == DRAFT.statement


def test_a_draft_that_is_gone_leaves_the_list(qtbot: QtBot) -> None:
    stage, _ = opened(qtbot, Place("objection", "another"))
    assert current(stage) == "objection" and stage.page("objection").stack.currentIndex() == 0


def test_a_page_of_another_program_leads_home(qtbot: QtBot) -> None:
    stage, kept = opened(qtbot, Place("approvals"))
    assert current(stage) == "home"
    assert stage.window.frame is not None
    stage.window.frame.go("ledger")
    assert kept.place == Place("ledger")


def test_every_turn_is_noted_and_what_closes_at_the_lock_is_not(qtbot: QtBot) -> None:
    stage, kept = opened(qtbot)
    desktop = stage.window.desktop
    assert desktop is not None and stage.window.frame is not None
    desktop.open_answer(fakes.answer(cached=True))
    assert kept.place == Place("subject", QUERY)
    stage.window.frame.help()
    assert kept.place == Place("subject", QUERY)  # the manual is nobody's work
    desktop.mend("objection", "d-1")
    assert kept.place == Place("objection", "d-1")
    stage.window.desk.lock()
    assert desktop.objection.view.draft is None
    assert kept.place == Place("objection", "d-1")


def test_control_an_answer_without_a_copy_is_not_a_place_to_come_back_to(qtbot: QtBot) -> None:
    stage, kept = opened(qtbot)
    assert stage.window.desktop is not None
    stage.window.desktop.open_answer(fakes.answer(cached=False))
    assert current(stage) == "subject" and kept.place == Place()
