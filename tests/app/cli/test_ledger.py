"""The ledger on the command line: what came of each act stands there in words, never a bare code."""

from __future__ import annotations

from app.assembly import Client
from app.cli import keeping
from app.services.entries import builder, note_act
from app.services.room import Opened
from local_cache import outbox
from local_cache.intents import begin_intent
from local_cache.outbox import OutboxItem
from tests.app.cli.conftest import Run


def ask(client: Client, op_id: str, state: str = "waiting", why: str = "") -> None:
    def begin(opened: Opened) -> None:
        item = OutboxItem(op_id, "query", "t", b"{}", "0" * 64)
        begin_intent(opened.work, builder(client.unlocking.room, opened, "query", op_id, purpose="B01"), item)
        outbox.set_state(opened.work, op_id, state, why)

    client.unlocking.room.run(begin)


def test_a_refused_query_and_one_that_waits_are_told_from_one_that_was_answered(
    client: Client, run: Run
) -> None:
    ask(client, "op1", "refused", "letter-expired")
    ask(client, "op2")
    ask(client, "op3", "done")
    note_act(client.unlocking.room, "view", "红隼科技(示例)", query_no="Q1", purpose="B01")
    said = run(keeping.ledger, act="list", limit=10, kind="")
    view, done, waits, refused = said.lines
    assert "查询  被拒" in refused and "[letter-expired]" in refused
    assert client.texts.say("problem.letter-expired") in refused
    assert "查询  未完成" in waits and "待补报" in waits
    assert "查询  已完成" in done
    assert "查阅  已完成" in view
    assert [(one["kind"], one["fate"], one["why"]) for one in said.facts["entries"]] == [
        ("view", "done", ""), ("query", "done", ""), ("query", "open", ""),
        ("query", "refused", "letter-expired"),
    ]  # fmt: skip


def test_an_empty_ledger_says_so(run: Run) -> None:
    assert run(keeping.ledger, act="list", limit=10, kind="").lines == ("台账里还没有记录。",)
