"""The outbox desk: what comes first, what is done about each, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.desks.outbox_desk import OutboxDesk, act_of
from app.desks.outbox_words import facts, kind_words, next_words, since, why_words
from app.services.unsent import OutboxRow
from app.texts import Texts
from app.trouble import NotNow
from tests.app.desks.stand_ins import Lanes, Service, Shown, client

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
SEALED = "2026-11-20T01:00:00.000Z"


def row(op_id: str = "op1", kind: str = "objection.file", state: str = "waiting", **more: Any) -> OutboxRow:
    facts = {"why": "", "attempts": 0, "next_try": 0} | more
    return OutboxRow(op_id, kind, "2026-11-22T01:00:00.000Z", state, **facts)


ROWS = (
    row("heard", "query", "refused", why="role-denied", attempts=1, heard=True),
    row("here"),
    row("back", state="refused", why="objection-letter", attempts=1, draft=True),
    row("late", "query", "refused", why="role-denied", attempts=3),
)


def stage(rows: tuple[OutboxRow, ...] = ROWS, sealed: tuple[str, ...] = (), **verbs: Any) -> OutboxDesk:
    given: dict[str, Any] = {"outbox": rows, "retry": 1, "deliver_items": 1, "deliver_chained": 1}
    made = client(
        syncing=Service(**(given | verbs)),
        unlocking=Service(sealed_at=sealed),
        objecting=Service(dismiss=None),
    )
    desk = OutboxDesk(made, Lanes(), Shown())
    desk.start()
    return desk


def test_what_needs_the_officer_comes_first_and_what_he_has_heard_last() -> None:
    desk = stage(sealed=(SEALED,))
    assert desk.view.keys() == ("back", "late", f"sealed:{SEALED}", "here", "heard")
    assert desk.view.shown == "back"


@pytest.mark.parametrize(
    ("one", "place", "act"),
    [
        (row(), "here", "send"),
        (row(why="net.offline", attempts=2), "waiting", "send"),
        (row(why="session.none", attempts=2), "waiting", "send"),
        (row(why="seal-unavailable", attempts=2), "held", "send"),
        (row(state="sending", attempts=1), "sending", "wait"),
        (row(state="unknown", attempts=1), "unknown", "send"),
        (row(kind="screen", state="unknown", attempts=1), "unknown", "open"),
        (row(state="refused", attempts=1, draft=True), "refused", "mend"),
        (row(kind="report.void", state="refused", attempts=1), "refused", "dismiss"),
    ],
)
def test_each_place_has_one_thing_to_do(one: OutboxRow, place: str, act: str) -> None:
    assert (one.place, act_of(one)) == (place, act)


def test_what_is_sealed_is_fetched() -> None:
    assert act_of(None) == "fetch"


def test_an_item_goes_alone_and_a_link_of_the_chain_in_its_order() -> None:
    desk = stage((row("here"), row("asked", "query", "unknown", attempts=1)))
    desk.send("here")
    desk.send("asked")
    asked = [one for one in desk.client.syncing.asked if one[0] != "outbox"]
    assert asked == [("retry", "here"), ("deliver_items",), ("retry", "asked"), ("deliver_chained",)]
    desk.send()
    assert [one[0] for one in desk.client.syncing.asked[-4:-1]] == [
        "retry",
        "deliver_chained",
        "deliver_items",
    ]


def test_what_became_of_it_is_told_and_the_frame_hears_of_it() -> None:
    heard: list[str] = []
    desk = stage((row("here"),))
    desk.settled = lambda: heard.append("settled")
    desk.send("here")
    assert desk.view.notice is not None and desk.view.notice.text == "outbox_page.still"
    desk.client.syncing.answers["outbox"] = (row("here", state="refused", attempts=1, draft=True),)
    desk.send("here")
    assert desk.view.notice.text == "outbox_page.refused"
    desk.client.syncing.answers["outbox"] = ()
    desk.send("here")
    assert (desk.view.notice.text, desk.view.notice.facts()) == ("outbox_page.sent", {"count": 1})
    assert desk.view.shown == "" and len(heard) == 3


def test_without_a_connection_it_stays_and_says_so() -> None:
    desk = stage((row("here"),), deliver_items=NotNow("net.offline"))
    desk.send("here")
    assert desk.view.notice is not None and desk.view.notice.code == "net.offline"
    assert [one.op_id for one in desk.view.rows] == ["here"] and not desk.view.busy


def test_dismissing_names_each_and_a_flaw_leaves_the_list_read_again() -> None:
    desk = stage()
    desk.dismiss(("back", "late"))
    assert desk.client.objecting.asked == [("dismiss", "back"), ("dismiss", "late")]
    desk.client.objecting.answers["dismiss"] = NotNow("vault.busy")
    desk.dismiss(("late",))
    assert desk.view.notice is not None and desk.view.notice.code == "vault.busy" and not desk.view.busy


def test_words_say_since_when_why_and_what_is_next() -> None:
    texts = Texts()
    one = row(why="seal-unavailable", attempts=2, next_try=NOW_MS + 60_000, tried_at=NOW_MS - 60_000)
    assert why_words(one, texts) == texts.say("problem.seal-unavailable")
    assert next_words(one, NOW, texts) == "11-22 10:01" and since(one) == "11-22 09:00"
    assert next_words(row(next_try=NOW_MS - 1), NOW, texts) == "下次同步"
    refused = row(state="refused", tried_at=NOW_MS, attempts=1, other="YY-1")
    assert since(refused) == "11-22 10:00" and "YY-1" in why_words(refused, texts)
    assert dict(facts(one, NOW, texts))["已试次数"] == "2"
    assert kind_words("of.a.later.program", texts) == "of.a.later.program"
