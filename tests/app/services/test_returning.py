"""What the server refused is a draft again with its evidence, sealed, until it goes again or ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from app.assembly import Client, open_client
from app.clock import epoch_ms
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.policy import EvidenceLimits
from app.services.entries import note_act
from app.services.objecting import Draft, Objecting
from app.services.refused_files import RefusedFile
from app.services.room import Opened
from app.services.syncing import Syncing
from app.trouble import NotNow, NotRight, Refused
from app.wire.messages import ItemResult
from local_cache import answers, drafts, evidence, ledger, outbox
from tests.app.services.vaults import LIGHT, LONG, START, TurnedClock, bundle, create, kept_copy

SECRET = "一份写了半小时的说明（示例）"
SCAN = b"%PDF-1.7 " + b"\xa5scan of a decision\x5a" * 40
LIMITS = EvidenceLimits(10 * 1024 * 1024, 5, ("pdf", "jpg", "png"))


class Refusing:
    """The server's word on every filing, through the posting of the real client."""

    def __init__(self, client: Client, code: str = "objection-letter") -> None:
        self.client, self.code = client, code
        self.file = ("", "")  # which file it names, and why

    def deliver_items(self) -> int:
        if not self.code:
            raise NotNow("net.offline")
        rows = self.client.unlocking.room.run(lambda o: outbox.due(o.work, 2**60, kinds=("objection.file",)))
        for row in rows:
            name, why = self.file
            problem: dict[str, Any] = {"code": self.code, "status": 403, "context": {}}
            if name:
                problem["fields"] = [{"path": "attachments", "code": why, "message": name}]
            self.client.syncing.posting._settle(ItemResult(row.op_id, 403, problem=problem))
        return len(rows)


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def client(tmp_path: Path, clock: TurnedClock) -> Iterator[Client]:
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    prepare(made)
    yield made
    made.close()


def prepare(made: Client) -> None:
    room = made.unlocking.room
    note_act(room, "query", "红隼科技(示例)", query_no="Q1", purpose="loan")
    copy = kept_copy(bundle("Q1"), epoch_ms(START + timedelta(days=2)))
    room.run(lambda opened: answers.put(opened.copies(), copy, [("r1", 1)], ""))
    allow(made)


def allow(made: Client) -> None:
    def limit(opened: Opened) -> None:
        assert opened.policy is not None
        opened.policy = msgspec.structs.replace(opened.policy, evidence=LIMITS)

    made.unlocking.room.run(limit)


@pytest.fixture
def server(client: Client) -> Refusing:
    return Refusing(client)


@pytest.fixture
def objecting(client: Client, server: Refusing) -> Objecting:
    return Objecting(client.unlocking.room, cast(Syncing, server), client.objecting.showing)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    made = tmp_path / "决定书.pdf"
    made.write_bytes(SCAN)
    return made


def written(objecting: Objecting) -> Draft:
    draft = objecting.draft("Q1", "r1")
    return msgspec.structs.replace(
        draft, ground="content", wish="correct", statement=SECRET, should_be="二万元"
    )


def refuse(objecting: Objecting, *attach: Path, draft: Draft | None = None) -> Draft:
    """File it, hear the refusal, and give the draft that came back."""
    with pytest.raises(Refused) as flaw:
        objecting.file(draft or written(objecting), attach)
    assert flaw.value.kept == "kept.returned"
    (back,) = [one for one in objecting.drafts() if one.refused == flaw.value.context["op_id"]]
    return back


def at(client: Client, job: Any) -> Any:
    return client.unlocking.room.run(job)


def test_a_refused_filing_is_a_draft_again_with_every_word_and_its_evidence(
    objecting: Objecting, scan: Path
) -> None:
    sent = written(objecting)
    back = refuse(objecting, scan, draft=sent)
    assert (back.why, back.document_no, back.subject_name) == (
        "objection-letter",
        "(2026)1号",
        "红隼科技(示例)",
    )
    for name in ("query_no", "rec_id", "kind", "ground", "wish", "statement", "should_be", "letter_no"):
        assert getattr(back, name) == getattr(sent, name), name
    assert objecting.drafts() == (back,)
    assert [(one.name, one.size) for one in objecting.proofs(back)] == [(scan.name, len(SCAN))]
    (row,) = objecting.list()
    assert (row.state, row.why, row.op_id, row.evidence_size) == (
        "refused",
        "objection-letter",
        back.refused,
        0,
    )


def test_what_came_back_lies_sealed_and_outlives_a_lock(
    client: Client, objecting: Objecting, scan: Path, tmp_path: Path
) -> None:
    back = refuse(objecting, scan)
    scan.unlink()
    client.unlocking.lock()
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) > len(SCAN)
    for needle in (SCAN[200:260], SECRET.encode(), SECRET.encode("utf-16-le")):
        assert [path for path in files if needle in path.read_bytes()] == []
    client.unlocking.unlock(LONG)
    assert objecting.drafts() == (back,)
    assert at(client, lambda o: evidence.of_row(o.work, back.refused))[0].content == SCAN


def test_filed_again_it_takes_its_evidence_along_and_the_refusal_is_done_with(
    client: Client, server: Refusing, objecting: Objecting, scan: Path, tmp_path: Path
) -> None:
    back = refuse(objecting, scan)
    more = tmp_path / "授权书.pdf"
    more.write_bytes(b"%PDF-1.7 letter")
    server.code = ""
    changed = msgspec.structs.replace(back, statement=SECRET + "，已补授权书")
    filed = objecting.file(changed, (more, scan))  # the same bytes again are no second piece of evidence
    proofs = at(client, lambda o: evidence.of_row(o.work, filed.op_id))
    assert [(one.name, one.content, one.sent) for one in proofs] == [
        (scan.name, SCAN, 0), (more.name, b"%PDF-1.7 letter", 0),
    ]  # fmt: skip
    assert filed.op_id != back.refused
    assert objecting.drafts() == ()
    assert [row.op_id for row in objecting.list()] == [filed.op_id]
    assert [row.op_id for row in client.syncing.outbox()] == [filed.op_id]
    assert at(client, lambda o: evidence.named(o.work, back.refused)) == []
    sent = msgspec.json.decode(at(client, lambda o: outbox.get(o.work, filed.op_id)).body)
    assert sent["statement"] == changed.statement
    assert [one["name"] for one in sent["attachments"]] == [scan.name, more.name]


def test_evidence_that_is_left_out_stays_here_until_the_filing_goes(
    client: Client, server: Refusing, objecting: Objecting, scan: Path
) -> None:
    back = msgspec.structs.replace(refuse(objecting, scan), left_out=(0,))
    objecting.save_draft(back)
    assert [one.name for one in objecting.proofs(back)] == [scan.name]
    again = refuse(objecting, draft=back)
    assert objecting.proofs(again) == ()
    assert at(client, lambda o: evidence.everything(o.work)) == []


def test_refused_twice_it_is_one_draft_with_the_last_words(objecting: Objecting, scan: Path) -> None:
    back = refuse(objecting, scan)
    again = refuse(objecting, draft=msgspec.structs.replace(back, statement="第二次的说明"))
    assert objecting.drafts() == (again,)
    assert (again.statement, [one.name for one in objecting.proofs(again)]) == ("第二次的说明", [scan.name])
    assert len(objecting.list()) == 1


@pytest.mark.parametrize("verb", ["discard", "dismiss"])
def test_done_with_it_is_gone_but_for_the_ledger(
    client: Client, objecting: Objecting, scan: Path, verb: str
) -> None:
    back = refuse(objecting, scan)
    getattr(objecting, verb)(back.refused)
    assert (objecting.drafts(), objecting.list(), client.syncing.outbox()) == ((), (), ())
    assert at(client, lambda o: evidence.everything(o.work)) == []
    row = at(client, lambda o: outbox.get(o.work, back.refused))
    assert SECRET not in row.body.decode()
    (entry,) = client.ledger.list(1)
    assert (entry.kind, entry.fate, entry.why) == ("objection", "refused", "objection-letter")
    assert client.ledger.verify().ok


def test_only_a_refused_row_can_be_dismissed_and_only_once(
    client: Client, server: Refusing, objecting: Objecting
) -> None:
    with pytest.raises(NotRight, match=r"outbox\.none"):
        objecting.dismiss("nothing")
    server.code = ""
    waiting = objecting.file(written(objecting)).op_id
    with pytest.raises(NotRight, match=r"outbox\.not-refused"):
        objecting.dismiss(waiting)
    server.code = "objection-letter"
    server.deliver_items()
    objecting.dismiss(waiting)
    with pytest.raises(NotRight, match=r"outbox\.not-refused"):
        objecting.dismiss(waiting)


def test_a_refused_row_of_another_kind_is_dismissed_without_touching_drafts(
    client: Client, objecting: Objecting
) -> None:
    draft = written(objecting)
    item = outbox.OutboxItem("op-1", "copy.release", "t", b"{}", "0" * 64, state="refused", why="not-found")
    at(client, lambda o: outbox.add(o.work, item))
    objecting.dismiss("op-1")
    assert client.syncing.outbox() == ()
    assert [one.draft_id for one in objecting.drafts()] == [draft.draft_id]


def test_what_an_earlier_program_left_refused_comes_back_at_the_next_unlock(client: Client) -> None:
    body = {"kind": "data_error", "query_no": "Q1", "rec_id": "r1", "ground": "content", "wish": "correct",
            "statement": SECRET, "attachments": []}  # fmt: skip
    old = outbox.OutboxItem(
        "op-old", "objection.file", "t", msgspec.json.encode(body), "0" * 64, state="refused", why="not-found"
    )
    at(client, lambda o: outbox.add(o.work, old))
    for _ in range(2):
        client.unlocking.lock()
        client.unlocking.unlock(LONG)
    (back,) = client.objecting.drafts()
    assert (back.refused, back.why, back.kind, back.statement) == (
        "op-old",
        "not-found",
        "data_error",
        SECRET,
    )


def test_a_change_of_device_brings_the_refused_filing_and_its_evidence_along(
    client: Client, objecting: Objecting, scan: Path, clock: TurnedClock
) -> None:
    back = refuse(objecting, scan)
    create(client.unlocking, DeviceKey.generate(clock))
    assert [one.refused for one in objecting.drafts()] == [back.refused]
    assert [one.name for one in objecting.proofs(back)] == [scan.name]
    assert [row.state for row in objecting.list()] == ["refused"]


def test_a_wiped_vault_seals_the_refused_filing_and_gives_it_back(
    client: Client, objecting: Objecting, scan: Path, clock: TurnedClock
) -> None:
    back = refuse(objecting, scan)
    client.unlocking.wipe()
    create(client.unlocking, DeviceKey.generate(clock))
    allow(client)
    assert objecting.drafts() == ()
    found = client.unlocking.recover_sealed(LONG)
    assert (found.items, found.drafts, found.elsewhere) == (0, 1, 0)
    assert [one.statement for one in objecting.drafts()] == [SECRET]
    assert at(client, lambda o: evidence.of_row(o.work, back.refused))[0].content == SCAN
    assert at(client, lambda o: ledger.entries(o.work)) == []  # it is sent anew by the officer or not at all
    with pytest.raises(Refused):
        objecting.file(objecting.drafts()[0])


def test_a_kill_between_refusal_and_draft_leaves_the_filing_open(
    client: Client, server: Refusing, objecting: Objecting, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.code = ""
    op_id = objecting.file(written(objecting), (scan,)).op_id
    server.code = "objection-letter"

    def die(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr(drafts, "save", die)
        with pytest.raises(RuntimeError):
            server.deliver_items()
    assert at(client, lambda o: outbox.get(o.work, op_id)).state == "waiting"
    server.deliver_items()
    assert [one.refused for one in objecting.drafts()] == [op_id]


def test_a_file_that_was_not_taken_is_named_and_stands_in_the_way_until_it_is_left_out(
    client: Client, server: Refusing, objecting: Objecting, scan: Path, tmp_path: Path
) -> None:
    good = tmp_path / "示例.pdf"
    good.write_bytes(b"%PDF-1.7 plain")
    server.code, server.file = "attachment-refused", (scan.name, "encrypted")
    with pytest.raises(Refused) as flaw:
        objecting.file(written(objecting), (good, scan))
    told = {"op_id": flaw.value.context["op_id"], "file": scan.name}
    assert (flaw.value.text, flaw.value.context) == ("attachment.refused_encrypted", told)
    (back,), (row,), (waits,) = objecting.drafts(), objecting.list(), client.syncing.outbox()
    assert back.file == row.file == waits.file == RefusedFile(1, scan.name, "encrypted")
    with pytest.raises(NotRight, match=r"attachment\.stands") as stands:
        objecting.file(back)
    assert (stands.value.text, stands.value.context) == ("attachment.refused_encrypted", {"file": scan.name})
    assert [one.op_id for one in objecting.list()] == [back.refused]  # nothing was written down, nothing sent
    server.code = ""
    filed = objecting.file(msgspec.structs.replace(back, left_out=(1,)))
    assert [one.name for one in at(client, lambda o: evidence.named(o.work, filed.op_id))] == [good.name]


def test_control_a_refusal_that_names_no_file_holds_nothing_up(
    server: Refusing, objecting: Objecting, scan: Path
) -> None:
    server.code = "attachment-refused"
    back = refuse(objecting, scan)
    assert back.file is None
    server.code = ""
    assert objecting.file(back).state == "queued"


def test_what_was_not_taken_is_known_after_a_wipe_as_well(
    client: Client, server: Refusing, objecting: Objecting, scan: Path, clock: TurnedClock
) -> None:
    server.code, server.file = "attachment-refused", (scan.name, "damaged")
    refuse(objecting, scan)
    client.unlocking.wipe()
    create(client.unlocking, DeviceKey.generate(clock))
    allow(client)
    client.unlocking.recover_sealed(LONG)
    with pytest.raises(NotRight, match=r"attachment\.stands"):
        objecting.file(objecting.drafts()[0])
