"""The desk of objections over the real services and lanes: what was typed outlives a lock at any moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.assembly import Client, open_client
from app.clock import epoch_ms
from app.desks.objection_desk import ObjectionDesk
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.policy import EvidenceLimits
from app.services.entries import note_act
from app.services.objecting import Draft
from app.trouble import NotRight
from local_cache import answers, evidence, outbox
from tests.app.desks.stand_ins import Lanes, Service, client, record
from tests.app.services.vaults import LIGHT, LONG, START, TurnedClock, bundle, create, kept_copy

LIMITS = EvidenceLimits(10 * 1024 * 1024, 5, ("pdf", "jpg", "png"))
TYPED = "粘贴进来的一千字（示例）"


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Client]:
    clock = TurnedClock()
    made = open_client(tmp_path / "home", clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    create(made.unlocking, DeviceKey.generate(clock))
    room = made.unlocking.room
    note_act(room, "query", "红隼科技(示例)", query_no="Q1", purpose="loan")
    copy = kept_copy(bundle("Q1"), epoch_ms(START + timedelta(days=2)))
    room.run(lambda opened: answers.put(opened.copies(), copy, [("r1", 1)], ""))
    yield made
    made.close()


def until_idle(made: Client, *lanes: str) -> None:
    for lane in lanes:
        made.lanes[lane].submit(lambda: None).result(20)


def begun(made: Client) -> ObjectionDesk:
    """A draft in the form, and a text pasted into it a second ago."""
    desk = ObjectionDesk(made, made.lanes, lambda _: None)
    desk.begin("Q1", record(1, rec_id="r1"))
    until_idle(made, "vault")
    desk.write(ground="content", statement=TYPED)
    assert desk.view.dirty
    return desk


def lock_in_the_window(desk: ObjectionDesk, made: Client) -> None:
    """What the frame does for Ctrl+L, an idle lock and the closing of the window."""
    desk.put_away()
    desk.leave()
    made.lanes.submit("vault", made.unlocking.lock, "idle").result(20)


def test_a_lock_while_the_filing_waits_for_the_courier_loses_nothing(whole: Client) -> None:
    desk, synchronised = begun(whole), threading.Event()
    whole.lanes.submit("courier", synchronised.wait, 20)  # a synchronisation that takes its time
    desk.file()
    assert desk.view.filing
    lock_in_the_window(desk, whole)
    synchronised.set()
    until_idle(whole, "courier")
    whole.unlocking.unlock(LONG)
    assert whole.unlocking.room.run(lambda o: outbox.all_items(o.work)) == []
    (kept,) = whole.objecting.drafts()
    assert kept.statement == TYPED


def test_a_lock_before_anything_else_keeps_it_as_well(whole: Client) -> None:
    desk = begun(whole)
    lock_in_the_window(desk, whole)
    whole.unlocking.unlock(LONG)
    assert [one.statement for one in whole.objecting.drafts()] == [TYPED]


def test_filed_it_leaves_no_draft_behind(whole: Client) -> None:
    """The draft that is kept first does not come back after the filing has taken its place."""
    desk = begun(whole)
    desk.file()
    until_idle(whole, "courier", "vault")
    assert [row.state for row in whole.objecting.list()] == ["queued"]
    assert whole.objecting.drafts() == ()
    assert desk.view.draft is None


def test_the_draft_is_kept_in_the_vaults_lane_before_the_courier_is_asked() -> None:
    calls: list[Any] = []
    objecting = Service(
        drafts=(), list=(), save_draft=lambda draft: calls.append(draft), file=None, proofs=()
    )
    lanes = Lanes(held=True)
    desk = ObjectionDesk(client(objecting=objecting), lanes, lambda _: None)
    desk.put(draft=Draft("d1", "Q1", "r1", ground="content", wish="correct"))
    desk.write(statement=TYPED)
    desk.file()
    assert lanes.used == ["vault", "courier"]
    lanes.waiting[0]()
    assert [one.statement for one in calls] == [TYPED]


def test_what_it_should_be_chooses_the_ground_and_never_replaces_one(whole: Client) -> None:
    desk = ObjectionDesk(whole, whole.lanes, lambda _: None)
    desk.begin("Q1", record(1, rec_id="r1"))
    until_idle(whole, "vault")
    desk.write(should_be=" ")
    assert desk.view.draft.ground == ""
    desk.write(should_be="2,000 元")
    assert desk.view.draft.ground == "content"
    desk.write(ground="fulfilled")
    desk.write(should_be="3,000 元")
    assert desk.view.draft.ground == "fulfilled"


def picking(made: Client, tmp_path: Path, *names: str) -> tuple[ObjectionDesk, list[Path]]:
    desk, files = begun(made), [tmp_path / name for name in names]
    desk.put(limits=LIMITS)
    for file in files:
        file.write_bytes(b"%PDF-1.7 " + file.name.encode())
        desk.attach(file)
        until_idle(made, "courier")
    return desk, files


def test_picked_files_outlive_back_and_a_lock_and_one_that_is_gone_is_named(
    whole: Client, tmp_path: Path
) -> None:
    desk, files = picking(whole, tmp_path, "决定书.pdf", "照片.png")
    lock_in_the_window(desk, whole)
    whole.unlocking.unlock(LONG)
    files[1].unlink()
    again = ObjectionDesk(whole, whole.lanes, lambda _: None)
    again.start()
    until_idle(whole, "vault")
    again.resume(whole.objecting.drafts()[0].draft_id)
    until_idle(whole, "courier")
    assert (again.view.files, again.view.sizes) == ((files[0],), (files[0].stat().st_size,))
    assert again.view.notice is not None
    assert (again.view.notice.text, again.view.notice.facts()) == ("attachment.missing", {"file": "照片.png"})
    again.detach(files[0])
    again.autosave()
    until_idle(whole, "vault")
    assert whole.objecting.drafts()[0].picked == ()


def test_another_file_in_the_place_of_a_picked_one_is_not_sent_and_the_draft_stays(
    whole: Client, tmp_path: Path
) -> None:
    desk, files = picking(whole, tmp_path, "a.pdf", "scan.pdf")
    whole.unlocking.room.run(lambda o: setattr(o, "policy", replace(o.policy, evidence=LIMITS)))
    files[1].write_bytes(b"%PDF-1.7 identity card of another person")
    desk.file()
    until_idle(whole, "courier", "vault", "courier")
    assert whole.objecting.list() == () and whole.syncing.outbox() == ()
    assert desk.view.notice is not None
    assert (desk.view.notice.text, desk.view.notice.facts()) == ("attachment.changed", {"file": "scan.pdf"})
    assert desk.view.files == (files[0],) and desk.view.draft.statement == TYPED
    assert [one.statement for one in whole.objecting.drafts()] == [TYPED]
    desk.attach(files[1])  # looked at and picked again
    until_idle(whole, "courier")
    desk.file()
    until_idle(whole, "courier", "vault")
    (row,) = whole.objecting.list()
    named = whole.unlocking.room.run(lambda o: evidence.of_row(o.work, row.op_id))
    assert [one.content for one in named] == [file.read_bytes() for file in files]


def test_a_kept_draft_names_what_was_exchanged_meanwhile_and_a_new_choice_of_it_counts(
    whole: Client, tmp_path: Path
) -> None:
    desk, (file,) = picking(whole, tmp_path, "scan.pdf")
    whole.unlocking.room.run(lambda o: setattr(o, "policy", replace(o.policy, evidence=LIMITS)))
    desk.put_away()
    until_idle(whole, "vault")
    file.write_bytes(b"%PDF-1.7 exchanged")
    (kept,) = whole.objecting.drafts()
    assert [one.sha256 for one in kept.as_picked] != []
    with pytest.raises(NotRight, match=r"attachment\.changed"):
        whole.objecting.file(kept)
    assert whole.objecting.drafts() == (kept,)
    again = ObjectionDesk(whole, whole.lanes, lambda _: None)
    again.start()
    until_idle(whole, "vault")
    again.resume(kept.draft_id)
    until_idle(whole, "courier")
    assert again.view.files == () and again.view.notice is not None
    assert again.view.notice.text == "attachment.changed"
    assert whole.objecting.file(kept, (file,)).state == "queued"  # as the command line picks it again


def test_a_file_that_is_weighed_after_back_goes_into_no_draft(whole: Client, tmp_path: Path) -> None:
    desk, _ = picking(whole, tmp_path)
    late, held = tmp_path / "late.pdf", threading.Event()
    late.write_bytes(b"%PDF-1.7")
    whole.lanes.submit("courier", held.wait, 20)
    desk.attach(late)
    desk.put_away()
    held.set()
    until_idle(whole, "courier", "vault")
    assert (desk.view.draft, desk.view.files) == (None, ())
    assert whole.objecting.drafts()[0].picked == ()


def test_the_draft_s_files_go_along_once(whole: Client, tmp_path: Path) -> None:
    desk, files = picking(whole, tmp_path, "a.pdf", "b.pdf")
    whole.unlocking.room.run(lambda o: setattr(o, "policy", replace(o.policy, evidence=LIMITS)))
    desk.file()
    until_idle(whole, "courier", "vault")
    (row,) = whole.objecting.list()
    named = whole.unlocking.room.run(lambda o: evidence.named(o.work, row.op_id))
    assert [one.name for one in named] == [one.name for one in files]
