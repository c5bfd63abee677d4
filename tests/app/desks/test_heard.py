"""A refusal has been heard when somebody was told of it: not by an answer that nobody waited for any more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from app.assembly import Client
from app.cli import running
from app.desks.home_desk import HomeDesk
from app.texts import Texts
from app.trouble import NotNow, Refused
from local_cache import outbox
from tests.app.desks.stand_ins import CODE, Lanes, Shown
from tests.app.desks.stand_ins import client as stand_in


def asked(made: Client) -> NoReturn:
    """A query that the server refuses to the one who waits, as the service of queries leaves it."""
    with made.querying.delivering.waited_for("op-1"):
        row = outbox.OutboxItem("op-1", "query", "t", b"{}", "0" * 64, state="refused", why="role-denied")
        made.unlocking.room.run(lambda o: outbox.add(o.work, row))
        raise Refused("role-denied")


def asking(made: Client) -> tuple[HomeDesk, Lanes]:
    """A home desk that waits for the answer of that query."""
    lanes, service = Lanes(), stand_in()
    service.querying.answers["query"] = lambda *_: asked(made)
    service.syncing = made.syncing
    desk = HomeDesk(service, lanes, Shown(), Shown(), lambda *_: None)
    desk.put(purposes=service.querying.purposes())
    desk.choose_purpose("pre_loan")
    desk.name_case("LN-1")
    lanes.held = True
    desk.search(CODE)
    lanes.held = False
    return desk, lanes


def test_a_refusal_after_cancelling_is_told_by_the_outbox(whole: Client) -> None:
    desk, lanes = asking(whole)
    desk.cancel()
    lanes.run()
    (row,) = whole.syncing.outbox()
    assert (row.place, row.heard) == ("refused", False)
    assert desk.view.notice is not None and desk.view.notice.text == "home.cancelled"
    assert _counted(whole) == 1


def test_control_a_refusal_that_is_told_while_somebody_waits_has_been_heard(whole: Client) -> None:
    desk, lanes = asking(whole)
    lanes.run()
    (row,) = whole.syncing.outbox()
    assert (row.place, row.heard) == ("refused", True)
    assert desk.view.notice is not None and desk.view.notice.code == "role-denied"
    assert _counted(whole) == 0


def test_a_refusal_on_a_page_that_nobody_sees_is_told_by_the_outbox(whole: Client) -> None:
    desk, lanes = asking(whole)
    desk.on_screen = lambda: False
    lanes.run()
    assert [row.heard for row in whole.syncing.outbox()] == [False]
    assert _counted(whole) == 1


def _counted(made: Client) -> int:
    return sum(not row.heard for row in made.syncing.outbox())


def test_a_command_tells_what_it_waited_for(whole: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "open_client", lambda *_, **__: whole)
    monkeypatch.setattr(running, "_close", lambda _: None)
    monkeypatch.setitem(running.VERBS, "query", lambda client, *_: asked(client))
    with pytest.raises(Refused):
        running._run(SimpleNamespace(verb="query"), Texts())
    assert [row.heard for row in whole.syncing.outbox()] == [True]


def test_nobody_has_heard_what_still_waits_or_what_came_after_a_lock(whole: Client) -> None:
    def later(_: Any) -> NoReturn:
        with whole.querying.delivering.waited_for("op-2"):
            row = outbox.OutboxItem("op-2", "query", "t", b"{}", "0" * 64)
            whole.unlocking.room.run(lambda o: outbox.add(o.work, row))
            raise NotNow("net.offline")

    with pytest.raises(NotNow) as waits:
        later(None)
    whole.syncing.note_heard(waits.value.tells)
    assert [row.heard for row in whole.syncing.outbox()] == [False]
    whole.unlocking.lock()
    whole.syncing.note_heard("op-2")  # nothing is raised: the next look tells it
