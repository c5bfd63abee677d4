"""What stands in the outbox of a real vault, with what it is about and when it was tried last."""

from __future__ import annotations

from typing import NoReturn

import pytest

from app.assembly import Client
from app.clock import epoch_ms
from app.services.objecting import Objecting
from app.trouble import NotNow, NotYou, Refused
from local_cache import outbox
from tests.app.services.test_returning import (
    Refusing,
    client,
    clock,
    objecting,
    refuse,
    server,
    written,
)  # fmt: skip
from tests.app.services.vaults import TurnedClock

__all__ = ["client", "clock", "objecting", "server"]


def test_a_filing_is_told_with_its_subject_and_document_wherever_it_is(
    client: Client, objecting: Objecting, server: Refusing, clock: TurnedClock
) -> None:
    server.code = ""
    filed = objecting.file(written(objecting))
    (waiting,) = client.syncing.outbox()
    assert (waiting.place, waiting.tried_at, waiting.draft) == ("here", 0, False)
    assert (waiting.subject, waiting.query_no) == ("红隼科技(示例)", "Q1")
    assert waiting.document_no
    with pytest.raises(NotYou):
        client.syncing.deliver_items()
    (tried,) = client.syncing.outbox()
    assert (tried.op_id, tried.attempts) == (filed.op_id, 1)
    assert tried.tried_at == epoch_ms(clock.now()) < tried.next_try
    assert tried.place != "here"


def test_a_refused_one_says_that_its_draft_is_back(client: Client, objecting: Objecting) -> None:
    back = refuse(objecting)
    (row,) = client.syncing.outbox()
    assert (row.op_id, row.place, row.draft, row.heard) == (back.refused, "refused", True, False)
    objecting.discard(back.draft_id)
    assert client.syncing.outbox() == ()


def test_nothing_sealed_has_no_moment(client: Client) -> None:
    assert client.unlocking.sealed_at() == ()


def test_only_a_refusal_that_was_told_to_who_waited_has_been_heard(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivering = client.voiding.delivering

    def away(lane: str = "wire") -> NoReturn:
        raise NotNow("net.offline", context={"sent": 0})

    def refuse_now(op_id: str) -> None:
        client.unlocking.room.run(lambda o: outbox.set_state(o.work, op_id, "refused", "not-found"))

    monkeypatch.setattr(delivering.lines, "routes", away)
    for number in ("HYXYE20261127A6TDTTFWAV9W5NC3EASEM", "HYXYE202611272MW9WZBC3K37V23D1BG26"):
        with pytest.raises(NotNow):
            client.voiding.void(number, "错发（示例）")
    first, second = (row.op_id for row in client.syncing.outbox())
    delivering.parcel(second)  # the courier's first offer, with nobody looking on
    refuse_now(second)
    with pytest.raises(Refused) as told, delivering.waited_for(first):
        refuse_now(first)
        raise Refused("not-found")
    assert not any(row.heard for row in client.syncing.outbox())  # it may come to nobody's ears yet
    client.syncing.note_heard(told.value.tells)
    client.syncing.note_heard("")
    assert {row.op_id: row.heard for row in client.syncing.outbox()} == {first: True, second: False}
