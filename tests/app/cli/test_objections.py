"""An objection's choices are a published list, and a refused second objection names the first."""

from __future__ import annotations

import io
import sys

import msgspec
import pytest

from app.assembly import Client
from app.cli import keeping, main, returned
from app.cli.running import _tell
from app.field.objections import GROUNDS, WISHES
from app.services.filing import number_of
from app.services.objecting import Draft
from app.services.room import Opened
from app.texts import LANGUAGES, Texts
from app.trouble import NotRight, Refused
from app.wire.messages import ItemResult
from local_cache import evidence, outbox
from local_cache.evidence import Proof
from local_cache.outbox import OutboxItem
from tests.app.cli.conftest import Run

NUMBER = "YY-20261123-0001"


@pytest.mark.parametrize(("ground", "wish", "field"), [
    ("wrong", "correct", "ground"), ("content", "更正", "wish"),
])  # fmt: skip
def test_a_choice_that_is_not_on_the_list_is_refused_with_the_list(
    client: Client, ground: str, wish: str, field: str
) -> None:
    draft = Draft("d1", "Q1", "r1", ground=ground, wish=wish, statement="示例")
    with pytest.raises(NotRight) as flaw:
        client.objecting.file(draft)
    assert (flaw.value.code, flaw.value.context["field"]) == ("draft.choice", field)
    said = client.texts.say(flaw.value.text, **flaw.value.context)
    assert all(code in said for code in (GROUNDS if field == "ground" else WISHES))
    assert client.unlocking.room.run(lambda o: outbox.all_items(o.work)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_lists_every_choice_with_its_words(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["objection", "file", "--help", "--language", language])
    assert ended.value.code == 0
    said = "".join(capsys.readouterr().out.split())
    texts = Texts(language)
    for part, codes in (("ground", GROUNDS), ("wish", WISHES)):
        for code in codes:
            assert f"{code}{texts.say(f'objection_page.{part}_{code}')}".replace(" ", "") in said


def refused(client: Client) -> str:
    """An objection that the server answered with the one that is there."""

    def queue(opened: Opened) -> None:
        body = {"kind": "objection", "query_no": "Q1", "rec_id": "r1"}
        item = OutboxItem("op1", "objection.file", "t", msgspec.json.encode(body), "0" * 64)
        outbox.add(opened.work, item)

    client.unlocking.room.run(queue)
    problem = {"code": "objection-duplicate", "status": 409, "context": {"number": NUMBER}}
    client.syncing.posting._settle(ItemResult("op1", 409, problem=problem))
    return "op1"


def test_a_second_objection_is_told_by_the_number_of_the_first(client: Client, run: Run) -> None:
    op_id = refused(client)
    with pytest.raises(Refused) as flaw:
        number_of(client.unlocking.room, op_id, client.objecting.duplicate, "kept.returned")
    assert (flaw.value.code, flaw.value.context) == (
        "objection-duplicate",
        {"number": NUMBER, "op_id": op_id},
    )
    assert NUMBER in client.texts.say(flaw.value.text, **flaw.value.context)
    listed = run(keeping.objection, act="list")
    assert listed.facts["objections"][0]["other"] == NUMBER
    assert NUMBER in listed.lines[0]


def test_control_a_refusal_without_a_number_is_told_by_its_sentence(client: Client, run: Run) -> None:
    op_id = refused(client)
    client.unlocking.room.run(
        lambda o: outbox.set_state(o.work, op_id, "refused", "objection-letter", result=b"{}")
    )
    listed = run(keeping.objection, act="list")
    assert "授权书" in listed.lines[0] and NUMBER not in listed.lines[0]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def with_evidence(client: Client) -> str:
    """A refused filing with one piece of evidence kept for it."""
    op_id = refused(client)
    proof = Proof(op_id, 0, "决定书.pdf", "0" * 64, "up1", b"%PDF-1.7")
    client.unlocking.room.run(lambda o: evidence.add(o.work, [proof]))
    return op_id


def waits(client: Client) -> bool:
    return bool(client.syncing.outbox())


def test_what_goes_is_said_before_a_refused_filing_is_dismissed(
    client: Client, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    op_id = with_evidence(client)
    monkeypatch.setattr(sys, "stdin", Terminal("no\n"))
    with pytest.raises(Refused, match=r"dismiss\.declined"):
        run(keeping.outbox, act="dismiss", op_id=op_id, yes=False)
    said = capsys.readouterr().out
    assert "材料 1 份" in said and "台账" in said and waits(client)
    monkeypatch.setattr(sys, "stdin", Terminal("放弃\n"))
    assert run(keeping.outbox, act="dismiss", op_id=op_id, yes=False).facts["dismissed"]
    assert not waits(client)


def test_nobody_is_asked_where_nobody_can_answer(client: Client, run: Run) -> None:
    op_id = refused(client)
    with pytest.raises(NotRight, match=r"dismiss\.unasked"):
        run(keeping.outbox, act="dismiss", op_id=op_id, yes=False, json=True)
    assert waits(client)
    with pytest.raises(NotRight, match=r"outbox\.none"):
        run(keeping.outbox, act="dismiss", op_id="nothing", yes=True)


def test_evidence_is_left_out_by_its_name(client: Client) -> None:
    op_id = with_evidence(client)
    (draft,) = client.objecting.drafts()
    assert draft.refused == op_id
    kept = client.objecting.proofs(draft)
    assert returned.without(kept, draft, ["决定书.pdf"]).left_out == (0,)
    assert returned.without(kept, draft, []) == draft
    picked = msgspec.structs.replace(draft, picked=("/示例/照片.jpg", "/示例/b.pdf"))
    assert returned.without(kept, picked, ["照片.jpg"]).picked == ("/示例/b.pdf",)
    with pytest.raises(NotRight) as flaw:
        returned.without(kept, draft, ["别的.pdf"])
    assert "别的.pdf" in client.texts.say(flaw.value.text, **flaw.value.context)


def test_the_advice_of_a_refusal_names_the_filing(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    op_id = refused(client)
    with pytest.raises(Refused) as flaw:
        number_of(client.unlocking.room, op_id, client.objecting.duplicate, "kept.returned")
    assert _tell(flaw.value, client.texts, False) == 3
    said = capsys.readouterr().err
    assert f"hengxin objection show {op_id}" in said and "已作为草稿退回" in said
