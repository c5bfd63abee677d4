"""Applications for repair in a real vault: written down whole, refused ones back with their papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from app.assembly import Client, open_client
from app.clock import epoch_ms
from app.field.records import Basis, RepairOutlook, RuleRef, write_bundle
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.applying import Tally, apply_page
from app.services.picked_files import as_picked
from app.services.posting import keep_repairs
from app.services.refused_files import RefusedFile
from app.services.repair_drafts import RepairDraft
from app.services.repairing import Repairing
from app.services.room import Opened
from app.services.syncing import Syncing
from app.trouble import NotNow, NotRight, Refused
from app.wire.messages import Change, ChangesPage, HistoryStep, ItemResult
from app.wire.repair_messages import PaperView, RepairKind, RepairStanding, RepairView, Words
from local_cache import answers, drafts, evidence, ledger, outbox
from tests.app.services.test_returning import allow
from tests.app.services.vaults import LIGHT, START, TurnedClock, bundle, create, kept_copy

RULE = RuleRef("publicity", "O36-general", 1, "国家发展改革委令第36号")
KINDS = ("repair.apply", "repair.supplement", "repair.withdraw")
STANDING = RepairStanding("r1", 7, "eligible", Words("可以申请", "May be applied for"), "(2026)1号")


class Server:
    """Says no or yes to what is offered, through the posting of the real client; nothing when `cut`."""

    def __init__(self, client: Client) -> None:
        self.client, self.code, self.cut = client, "", False
        self.fields: list[dict[str, str]] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def deliver_items(self) -> int:
        if self.cut:
            raise NotNow("net.offline")
        rows = self.client.unlocking.room.run(lambda o: outbox.due(o.work, 2**60, kinds=KINDS))
        for row in rows:
            self.sent.append((row.kind, msgspec.json.decode(row.body)))
            told: dict[str, Any] = {"fields": self.fields} if self.fields else {"context": {"number": "XF-9"}}
            problem = {"code": self.code, "status": 409} | told if self.code else None
            body = msgspec.to_builtins(view("submitted", 1)) if problem is None else None
            status = 409 if problem else 200
            self.client.syncing.posting._settle(ItemResult(row.op_id, status, body, problem))
        return len(rows)


def view(state: str, rev: int, **more: Any) -> RepairView:
    made = RepairView("XF-1", "performance", "Q1", "r1", state, "2026-11-22T01:00:00.000Z",
                      history=(HistoryStep(state, "2026-11-22T01:00:00.000Z"),), rev=rev)  # fmt: skip
    return msgspec.structs.replace(made, **more)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    clock = TurnedClock()
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    answer = bundle("Q1")
    record = msgspec.structs.replace(
        answer.records[0], repair=RepairOutlook("2026-08-01", "2027-05-01", RULE)
    )
    answer = msgspec.structs.replace(answer, basis=Basis("own"), records=(record,))
    copy = kept_copy(answer, epoch_ms(START + timedelta(days=2)))
    assert copy.payload == write_bundle(answer)
    made.unlocking.room.run(lambda opened: answers.put(opened.copies(), copy, [("r1", 1)], ""))
    allow(made)
    yield made
    made.close()


@pytest.fixture
def server(client: Client) -> Server:
    return Server(client)


@pytest.fixture
def repairing(client: Client, server: Server) -> Repairing:
    own = client.repairing
    return Repairing(own.room, own.lines, cast(Syncing, server), own.showing)


def paper(tmp_path: Path, name: str) -> Path:
    made = tmp_path / f"{name}.pdf"
    made.write_bytes(b"%PDF-1.7 " + name.encode())
    return made


def written(repairing: Repairing) -> RepairDraft:
    draft = repairing.draft("Q1", "r1")
    return msgspec.structs.replace(draft, code="performance", statement="已缴清（示例）", standing=STANDING)


def test_looking_begins_nothing_and_leaves_what_was_begun(client: Client) -> None:
    repairing = client.repairing
    assert repairing.blank("Q1", "r1").draft_id and repairing.drafts() == ()
    begun = repairing.draft("Q1", "r1")  # the control: this one is kept
    kept = msgspec.structs.replace(begun, statement="示例：已整改")
    repairing.save_draft(kept)
    assert repairing.blank("Q1", "r1").draft_id == repairing.draft("Q1", "r1").draft_id == begun.draft_id
    assert [one.statement for one in repairing.drafts()] == ["示例：已整改"]


def test_a_draft_keeps_what_was_told_but_no_number_of_a_document(
    client: Client, repairing: Repairing
) -> None:
    repairing.save_draft(written(repairing))
    (kept,) = repairing.drafts()
    assert (kept.document_no, kept.own, kept.standing.rev if kept.standing else 0) == ("(2026)1号", True, 7)
    (raw,) = client.unlocking.room.run(lambda o: drafts.listed(o.work, "drafts", "repair"))
    assert "(2026)1号" not in raw.body.decode()
    assert repairing.draft("Q1", "r1").statement == "已缴清（示例）"


def test_filing_writes_link_row_and_papers_in_one_step(
    client: Client, repairing: Repairing, server: Server, tmp_path: Path
) -> None:
    server.cut = True
    papers = (("performed", paper(tmp_path, "缴款凭证")), ("commitment", paper(tmp_path, "承诺书")))
    assert repairing.file(written(repairing), papers).state == "queued"
    (row,) = repairing.list()
    assert (row.act, row.state, row.document_no, row.evidence_size > 0) == (
        "apply",
        "queued",
        "(2026)1号",
        True,
    )
    assert repairing.drafts() == ()

    def kept(opened: Opened) -> tuple[str, str, list[str]]:
        item = outbox.all_items(opened.work)[-1]
        body = msgspec.json.decode(item.body)
        assert (body["base_rev"], [one["check"] for one in body["papers"]]) == (
            7,
            ["performed", "commitment"],
        )
        names = [one.name for one in evidence.of_row(opened.work, item.op_id)]
        return item.kind, ledger.entries(opened.work)[-1].kind, names

    assert client.unlocking.room.run(kept) == ("repair.apply", "repair", ["缴款凭证.pdf", "承诺书.pdf"])


def test_without_standing_or_kind_nothing_is_written_down(client: Client, repairing: Repairing) -> None:
    draft = msgspec.structs.replace(written(repairing), standing=None)
    with pytest.raises(NotRight, match=r"repair\.standing"):
        repairing.file(draft)
    with pytest.raises(NotRight, match=r"draft\.empty"):
        repairing.file(msgspec.structs.replace(written(repairing), code=""))
    assert client.unlocking.room.run(lambda o: outbox.all_items(o.work)) == []


def test_papers_are_held_against_the_checklist_before_anything_is_sent(
    client: Client, repairing: Repairing, tmp_path: Path
) -> None:
    kind = RepairKind("performance", Words("履行修复"), "end", True, papers=("performed", "commitment"))
    draft = msgspec.structs.replace(
        written(repairing), standing=msgspec.structs.replace(STANDING, kinds=(kind,))
    )
    one, other = ("performed", paper(tmp_path, "凭证")), ("commitment", paper(tmp_path, "承诺书"))
    for given in ((one,), (one, other, ("ruling", paper(tmp_path, "裁定")))):
        with pytest.raises(NotRight, match=r"repair\.papers"):
            repairing.file(draft, given)
    assert client.unlocking.room.run(lambda o: outbox.all_items(o.work)) == []
    assert repairing.file(draft, (one, other)).number == "XF-1"


def test_what_the_server_takes_is_kept_and_a_newer_word_replaces_it(
    client: Client, repairing: Repairing
) -> None:
    item = repairing.file(written(repairing))
    assert (item.state, item.number) == ("sent", "XF-1")
    room = client.unlocking.room
    room.run(lambda o: keep_repairs(o, (view("handed", 2, due_on="2026-12-01", site_due="2026-11-30"),), "t"))
    room.run(lambda o: keep_repairs(o, (view("submitted", 1),), "t"))
    (row,) = repairing.list()
    assert (row.state, row.due_on, row.seen) == ("handed", "2026-11-30", False)
    repairing.note_seen(row)
    assert repairing.show("XF-1").seen


def test_a_kill_after_the_servers_yes_loses_nothing_and_leaves_no_paper(
    client: Client, repairing: Repairing, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held() -> tuple[int, list[str]]:
        return client.unlocking.room.run(
            lambda o: (len(evidence.everything(o.work)), [one.state for one in outbox.all_items(o.work)])
        )

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as moment, pytest.raises(KeyboardInterrupt):
        moment.setattr("app.services.posting.keep_repairs", killed)
        repairing.file(written(repairing), (("performed", paper(tmp_path, "缴款凭证")),))
    assert held() == (1, ["waiting"])  # the control: it is as if the answer had not come
    client.unlocking.room.run(lambda o: outbox.awaken(o.work))
    server.deliver_items()
    assert held() == (0, ["done"])
    assert [row.number for row in repairing.list()] == ["XF-1"]


def test_of_a_record_that_is_not_shown_any_more_nothing_is_kept(client: Client, repairing: Repairing) -> None:
    room = client.unlocking.room
    told = view("refused", 5, document_no="(2026)9号", answer="义务未履行完毕（示例）")
    room.run(lambda o: keep_repairs(o, (told,), "t"))
    assert repairing.show("XF-1").document_no == "(2026)9号"
    room.run(lambda o: keep_repairs(o, (view("refused", 5),), "t"))  # the server's word once it is hidden
    raw = room.run(lambda o: drafts.load(o.work, "kept", "repair", "XF-1"))
    assert raw is not None and "2026)9" not in raw.body.decode() and "未履行" not in raw.body.decode()


def test_a_notice_of_the_feed_moves_the_application(client: Client, repairing: Repairing) -> None:
    repairing.file(written(repairing))
    body = {
        "kind": "repair",
        "number": "XF-1",
        "state": "accepted",
        "rev": 3,
        "due_on": "2026-12-04",
        "text": "受理",
    }
    change = Change("f", 9, "notice", at="2026-11-23T01:00:00.000Z", body=body)
    page = ChangesPage((change,), "c1", False, "2026-11-23T01:00:00.000Z", "e")
    client.unlocking.room.run(lambda o: apply_page(o, page, Tally(1)))
    assert [(row.state, row.due_on) for row in repairing.list()] == [("accepted", "2026-12-04")]


def test_what_is_refused_comes_back_with_papers_by_their_checks_and_goes_again(
    repairing: Repairing, server: Server, tmp_path: Path
) -> None:
    server.code = "repair-duplicate"
    papers = (("performed", paper(tmp_path, "缴款凭证")), ("commitment", paper(tmp_path, "承诺书")))
    with pytest.raises(Refused) as flaw:
        repairing.file(written(repairing), papers)
    assert flaw.value.context["number"] == "XF-9"
    (back,) = repairing.drafts()
    assert (back.statement, back.other, back.checks) == (
        "已缴清（示例）",
        "XF-9",
        ("performed", "commitment"),
    )
    assert [row.state for row in repairing.list()] == ["refused"]
    server.code = ""
    again = msgspec.structs.replace(back, left_out=(0,), standing=STANDING)
    repairing.file(again, (("performed", paper(tmp_path, "新凭证")),))
    sent = server.sent[-1][1]["papers"]
    assert [(one["check"], one["name"]) for one in sent] == [
        ("commitment", "承诺书.pdf"), ("performed", "新凭证.pdf"),
    ]  # fmt: skip
    assert repairing.drafts() == () and [row.number for row in repairing.list()] == ["XF-1"]


def test_a_paper_that_was_not_taken_is_named_and_does_not_go_along_silently(
    repairing: Repairing, server: Server, tmp_path: Path
) -> None:
    server.code = "attachment-refused"
    server.fields = [{"path": "attachments", "code": "active", "message": "承诺书.pdf"}]
    papers = (("performed", paper(tmp_path, "缴款凭证")), ("commitment", paper(tmp_path, "承诺书")))
    with pytest.raises(Refused) as flaw:
        repairing.file(written(repairing), papers)
    assert (flaw.value.text, flaw.value.context["file"]) == ("attachment.refused_active", "承诺书.pdf")
    (back,), (row,) = repairing.drafts(), repairing.list()
    assert back.file == row.file == RefusedFile(1, "承诺书.pdf", "active")
    server.code, again = "", msgspec.structs.replace(back, standing=STANDING)
    with pytest.raises(NotRight, match=r"attachment\.stands"):
        repairing.file(again)
    mended = (("commitment", paper(tmp_path, "承诺书二")),)
    assert repairing.file(msgspec.structs.replace(again, left_out=(1,)), mended).state == "sent"
    assert [one["name"] for one in server.sent[-1][1]["papers"]] == ["缴款凭证.pdf", "承诺书二.pdf"]


def test_papers_that_a_draft_names_go_along_once(
    repairing: Repairing, server: Server, tmp_path: Path
) -> None:
    one, two = paper(tmp_path, "缴款凭证"), paper(tmp_path, "承诺书")
    draft = written(repairing)
    repairing.save_draft(msgspec.structs.replace(draft, picked=(("performed", str(one)),)))
    (kept,) = repairing.drafts()
    kept = msgspec.structs.replace(kept, standing=draft.standing)
    assert kept.picked == (("performed", str(one)),)
    repairing.file(kept, (("performed", one), ("commitment", two)))
    assert [part["name"] for part in server.sent[-1][1]["papers"]] == [one.name, two.name]


def test_a_paper_that_is_another_one_by_now_is_not_sent(
    repairing: Repairing, server: Server, tmp_path: Path
) -> None:
    one, two = paper(tmp_path, "缴款凭证"), paper(tmp_path, "承诺书")
    picked = (("performed", str(one)), ("commitment", str(two)))
    marks = tuple(as_picked(path, 1000) for path in (one, two))
    draft = msgspec.structs.replace(written(repairing), picked=picked, as_picked=marks)
    repairing.save_draft(draft)
    content = two.read_bytes()
    two.write_bytes(content + b" of another person")
    with pytest.raises(NotRight, match=r"attachment\.changed") as flaw:
        repairing.file(draft)
    assert flaw.value.context["file"] == two.name and server.sent == []
    assert [kept.as_picked for kept in repairing.drafts()] == [marks]
    two.write_bytes(content)
    assert repairing.file(draft).state == "sent"  # the same bytes again


def test_a_refused_one_can_be_given_up(repairing: Repairing, server: Server, client: Client) -> None:
    server.code = "repair-not-possible"
    with pytest.raises(Refused):
        repairing.file(written(repairing))
    repairing.discard(repairing.drafts()[0].draft_id)
    assert repairing.drafts() == () and repairing.list() == ()
    assert client.syncing.outbox() == ()


def test_only_a_returned_one_is_supplemented(client: Client, repairing: Repairing, server: Server) -> None:
    repairing.file(written(repairing))
    with pytest.raises(NotRight, match=r"repair\.not-returned"):
        repairing.supplement_of("XF-1")
    papers = (PaperView("performed", "缴款凭证.pdf"),)
    client.unlocking.room.run(lambda o: keep_repairs(o, (view("returned", 4, papers=papers),), "t"))
    draft = repairing.supplement_of("XF-1")
    assert repairing.supplement_of("XF-1") == draft
    with pytest.raises(NotRight, match=r"draft\.empty"):
        repairing.file(draft)
    repairing.file(msgspec.structs.replace(draft, statement="补交凭证"))
    kind, body = server.sent[-1]
    assert (kind, body["number"], body["base_rev"]) == ("repair.supplement", "XF-1", 4)


def test_a_withdrawal_names_the_revision_seen_and_a_refused_one_is_dismissed(
    client: Client, repairing: Repairing, server: Server
) -> None:
    repairing.file(written(repairing))
    with pytest.raises(NotRight, match=r"draft\.empty"):
        repairing.withdraw("XF-1", " ")
    server.code = "rev-conflict"
    with pytest.raises(Refused):
        repairing.withdraw("XF-1", "不再申请")
    assert server.sent[-1] == ("repair.withdraw", {"number": "XF-1", "base_rev": 1, "why": "不再申请"})
    assert repairing.drafts() == ()  # there is nothing to mend
    refused = next(row for row in repairing.list() if row.act == "withdraw")
    assert (refused.state, refused.number, refused.rec_id) == ("refused", "XF-1", "r1")
    client.objecting.dismiss(refused.op_id)
    assert [row.act for row in repairing.list()] == ["apply"]


def test_own_records_are_listed_for_who_asks_about_himself(client: Client, repairing: Repairing) -> None:
    assert repairing.outlooks() == ()  # a bank's officer asks about others

    def become(opened: Opened) -> None:
        opened.user = msgspec.structs.replace(opened.user, role="enterprise_officer")

    client.unlocking.room.run(become)
    (found,) = repairing.outlooks()
    assert (found.rec_id, found.earliest, found.rule.row) == ("r1", "2026-08-01", "O36-general")


def test_an_export_is_a_link_with_the_digest_of_what_was_written(
    client: Client, repairing: Repairing, tmp_path: Path
) -> None:
    out = paper(tmp_path, "清单")
    repairing.exported("Q1", out)
    last = client.unlocking.room.run(lambda o: ledger.entries(o.work)[-1])
    assert last.kind == "export" and b"Q1" in last.payload
