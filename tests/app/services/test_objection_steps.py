"""What is still done about a filed objection: whose turn it is, what is sent, and what a refusal leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from app.assembly import Client, open_client
from app.cli.objection_steps import step
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.objecting import Objecting
from app.services.objection_drafts import STEPS, turn_of
from app.services.posting import keep_objections
from app.services.syncing import Syncing
from app.trouble import NotNow, NotRight, Refused
from app.wire.messages import ItemResult, ObjectionView
from local_cache import evidence, ledger, outbox
from tests.app.services.test_returning import SCAN, prepare
from tests.app.services.vaults import LIGHT, TurnedClock, create

NUMBER = "YY-20261117-0001"
RECHECK = {"recheck_until": "2026-12-31", "recheck": "可申请复核一次"}


def view(state: str, rev: int = 3, remedies: dict[str, str] | None = None, **more: Any) -> ObjectionView:
    made = ObjectionView(NUMBER, "objection", "Q1", "r1", state, "2026-11-17T01:00:00.000Z", rev=rev,
                         remedies=remedies or {})  # fmt: skip
    return msgspec.structs.replace(made, **more)


class Server:
    """Says yes or no to steps through the posting of the real client; nothing when `cut`."""

    def __init__(self, client: Client) -> None:
        self.client, self.code, self.cut, self.answers = client, "", False, "filed"
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def deliver_items(self) -> int:
        if self.cut:
            raise NotNow("net.offline")
        rows = self.client.unlocking.room.run(
            lambda o: outbox.due(o.work, 2**60, kinds=tuple(STEPS.values()))
        )
        for row in rows:
            body = msgspec.json.decode(row.body)
            self.sent.append((row.kind, body))
            problem = {"code": self.code, "status": 409, "context": {}} if self.code else None
            said = msgspec.to_builtins(view(self.answers, body["base_rev"] + 1)) if not problem else None
            self.client.syncing.posting._settle(ItemResult(row.op_id, 409 if problem else 200, said, problem))
        return len(rows)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    clock = TurnedClock()
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    prepare(made)
    yield made
    made.close()


@pytest.fixture
def server(client: Client) -> Server:
    return Server(client)


@pytest.fixture
def objecting(client: Client, server: Server) -> Objecting:
    return Objecting(client.unlocking.room, cast(Syncing, server), client.objecting.showing)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    made = tmp_path / "收据.pdf"
    made.write_bytes(SCAN)
    return made


def hear(client: Client, told: ObjectionView) -> None:
    client.unlocking.room.run(lambda opened: keep_objections(opened, (told,), "t"))


@pytest.mark.parametrize(
    ("state", "remedies", "turn"),
    [
        ("returned", {}, "supplement"),
        ("filed", {}, "add"),
        ("accepted", {}, "add"),
        ("rechecking", {}, "add"),
        ("kept", RECHECK, "recheck"),
        ("noted", {"recheck_until": "", "recheck": "x"}, "recheck"),
        ("kept", {"recheck_until": "2026-11-30", "recheck": "x"}, ""),
        ("kept", {"reconsider": "x"}, ""),
        ("closed", RECHECK, ""),
        ("declined", {"reconsider": "x"}, ""),
    ],
)
def test_whose_turn_it_is(state: str, remedies: dict[str, str], turn: str) -> None:
    assert turn_of(view(state, remedies=remedies), "2026-12-01") == turn


def test_a_supplement_goes_with_its_file_and_a_link_of_the_chain(
    client: Client, objecting: Objecting, server: Server, scan: Path
) -> None:
    hear(client, view("returned"))
    draft = msgspec.structs.replace(objecting.step(NUMBER), statement="已附决定书（示例）")
    item = objecting.file(draft, (scan,))
    assert (item.state, item.number) == ("sent", NUMBER)
    ((kind, body),) = server.sent
    assert (kind, body["number"], body["base_rev"]) == ("objection.supplement", NUMBER, 3)
    assert [one["name"] for one in body["attachments"]] == ["收据.pdf"]
    assert objecting.show(NUMBER).state == "filed"
    assert objecting.drafts() == ()
    last = client.unlocking.room.run(lambda o: ledger.entries(o.work)[-1].kind)
    assert last == "objection"


def test_the_wish_for_a_recheck_says_why(client: Client, objecting: Objecting, server: Server) -> None:
    hear(client, view("kept", remedies=RECHECK))
    server.answers = "rechecking"
    objecting.file(msgspec.structs.replace(objecting.step(NUMBER), statement="收据写明（示例）"))
    assert server.sent == [
        (
            "objection.recheck",
            {"number": NUMBER, "base_rev": 3, "why": "收据写明（示例）", "attachments": []},
        )
    ]
    assert objecting.show(NUMBER).state == "rechecking"


def test_without_a_connection_it_waits_under_a_name_of_its_own_and_is_not_offered_twice(
    client: Client, objecting: Objecting, server: Server, scan: Path
) -> None:
    hear(client, view("accepted"))
    server.cut = True
    assert objecting.show(NUMBER).turn == "add"
    draft = msgspec.structs.replace(objecting.step(NUMBER), statement="另附收据（示例）")
    assert objecting.file(draft, (scan,)).state == "queued"
    step, case = objecting.list()
    assert (step.act, step.of, step.number, step.state, step.document_no) == (
        "add", NUMBER, "", "queued", "(2026)1号",
    )  # fmt: skip
    assert (case.number, case.turn) == (NUMBER, "")
    with pytest.raises(NotRight, match=r"objection\.no-step"):
        objecting.step(NUMBER)


def test_a_refused_step_is_a_draft_again_and_goes_on_from_what_the_objection_is_by_then(
    client: Client, objecting: Objecting, server: Server, scan: Path
) -> None:
    hear(client, view("returned"))
    server.code = "rev-conflict"
    draft = msgspec.structs.replace(objecting.step(NUMBER), statement="写了很久（示例）")
    with pytest.raises(Refused):
        objecting.file(draft, (scan,))
    hear(client, view("returned", 5))
    (back,) = objecting.drafts()
    assert (back.act, back.number, back.rev, back.statement, back.rec_id, back.moved) == (
        "supplement", NUMBER, 5, "写了很久（示例）", "r1", False,
    )  # fmt: skip
    assert [one.name for one in objecting.proofs(back)] == ["收据.pdf"]
    assert objecting.step(NUMBER) == back
    hear(client, view("accepted", 6))
    server.code = ""
    objecting.file(objecting.turned(back))
    assert server.sent[-1][0] == "objection.add"
    assert [one["name"] for one in server.sent[-1][1]["attachments"]] == ["收据.pdf"]
    rows = client.unlocking.room.run(lambda o: evidence.progress(o.work))
    assert rows == {}


def test_nothing_is_written_down_where_something_is_missing(
    client: Client, objecting: Objecting, server: Server
) -> None:
    with pytest.raises(NotRight, match="not-found"):
        objecting.step(NUMBER)
    hear(client, view("closed", remedies=RECHECK))
    with pytest.raises(NotRight, match=r"objection\.no-step"):
        objecting.step(NUMBER)
    hear(client, view("accepted", 4))
    draft = objecting.step(NUMBER)
    with pytest.raises(NotRight, match=r"draft\.empty"):
        objecting.file(draft)
    with pytest.raises(NotRight, match=r"objection\.no-file"):
        objecting.file(msgspec.structs.replace(draft, statement="没有文件（示例）"))
    assert client.unlocking.room.run(lambda o: outbox.all_items(o.work)) == []


def test_a_new_objection_about_the_record_is_another_draft(client: Client, objecting: Objecting) -> None:
    hear(client, view("kept", remedies=RECHECK))
    step = objecting.step(NUMBER)
    assert objecting.draft("Q1", "r1").draft_id != step.draft_id


def test_words_of_one_act_are_never_sent_as_another(
    client: Client, objecting: Objecting, server: Server, scan: Path
) -> None:
    """The recheck can be asked for once: what was written as further material is no reason for one."""
    hear(client, view("accepted", 3))
    objecting.save_draft(msgspec.structs.replace(objecting.step(NUMBER), statement="补充一张照片（示例）"))
    (before,) = objecting.drafts()
    assert (before.act, before.turn, before.moved) == ("add", "add", False)  # the control
    hear(client, view("kept", 4, remedies=RECHECK))
    (after,) = objecting.drafts()
    assert (after.act, after.rev, after.turn, after.moved) == ("add", 3, "recheck", True)
    for draft in (after, before):  # the form may hold the draft as it was read before the news
        with pytest.raises(NotRight, match=r"objection\.moved-on"):
            objecting.file(draft, [scan])
    assert server.sent == [] and objecting.drafts() == (after,)
    fresh = objecting.step(NUMBER)
    assert (fresh.act, fresh.statement) == ("recheck", "")
    assert len(objecting.drafts()) == 2


def test_chosen_by_the_officer_they_are_used_for_what_may_be_done_now(
    client: Client, objecting: Objecting, server: Server
) -> None:
    hear(client, view("accepted", 3))
    kept = msgspec.structs.replace(objecting.step(NUMBER), statement="金额有误（示例）")
    objecting.save_draft(kept)
    hear(client, view("kept", 4, remedies=RECHECK))
    made = objecting.turned(kept)
    assert (made.draft_id, made.act, made.rev, made.statement) == (
        kept.draft_id, "recheck", 4, "金额有误（示例）",
    )  # fmt: skip
    server.answers = "rechecking"
    objecting.file(made)
    assert [(kind, body["why"], body["base_rev"]) for kind, body in server.sent] == [
        ("objection.recheck", "金额有误（示例）", 4)
    ]
    assert objecting.drafts() == ()


def test_where_nothing_may_be_done_any_more_the_words_stay_what_they_are(
    client: Client, objecting: Objecting
) -> None:
    hear(client, view("accepted", 3))
    kept = objecting.step(NUMBER)
    hear(client, view("closed", 5, remedies=RECHECK))
    (left,) = objecting.drafts()
    assert (left.act, left.turn, left.moved) == ("add", "", False)
    with pytest.raises(NotRight, match=r"objection\.no-step"):
        objecting.turned(kept)


@pytest.mark.parametrize(
    ("command", "was", "now", "sent"),
    [
        ("supplement", "returned", "accepted", "objection.add"),
        ("recheck", "accepted", "kept", "objection.recheck"),
    ],
)
def test_a_command_uses_words_of_its_own_two_acts_and_no_other(
    client: Client,
    objecting: Objecting,
    server: Server,
    scan: Path,
    command: str,
    was: str,
    now: str,
    sent: str,
) -> None:
    hear(client, view(was, 3))
    objecting.save_draft(msgspec.structs.replace(objecting.step(NUMBER), statement="原文（示例）"))
    hear(client, view(now, 4, remedies=RECHECK))
    whole = SimpleNamespace(objecting=objecting, texts=client.texts)
    asked = SimpleNamespace(act=command, number=NUMBER, statement=None, leave_out=[], attach=[scan])
    if command == "recheck":
        with pytest.raises(NotRight, match=r"draft\.empty"):
            step(cast(Client, whole), asked)  # its own words are wanted
        asked.statement = "复核的理由（示例）"
    step(cast(Client, whole), asked)
    ((kind, body),) = server.sent
    assert kind == sent and body["statement" if command == "supplement" else "why"] == (
        "原文（示例）" if command == "supplement" else "复核的理由（示例）"
    )
