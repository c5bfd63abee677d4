"""Taking an answer in: the lease's number of subjects is kept to, and the copies say what they were for."""

from __future__ import annotations

import base64
from datetime import timedelta

import msgspec
import pytest

from app.clock import utc_text
from app.field.records import write_bundle
from app.keys.device import DeviceKey
from app.services.applying import Tally, apply_page
from app.services.copies import keep
from app.services.reviewing_offline import OfflineFiles
from app.services.unlocking import Unlocking
from app.trouble import Refused
from app.wire.messages import Change, ChangesPage, QueryReply
from app.wire.receipts import Seen, Verified
from local_cache import outbox
from local_cache.outbox import OutboxItem
from tests.app.services.vaults import LONG, PROFILE, TurnedClock, bundle, checked, grant, signed


def take_in(client: Unlocking, clock: TurnedClock, number: int, subject: int) -> tuple[bool, int]:
    """One answered query about a subject; whether a copy is kept and how many subjects made room."""
    clock.pass_(minutes=1)
    made = bundle(f"Q{number}", clock.wall + timedelta(days=1))
    assert made.subject is not None
    card = msgspec.structs.replace(made.subject, subject_key=f"k{subject}", name=f"示例{subject}")
    made = msgspec.structs.replace(
        made,
        subject_key=f"k{subject}",
        subject=card,
        made_at=utc_text(clock.wall),
        as_of=utc_text(clock.wall),
    )
    envelope = signed(write_bundle(made))
    passed = Verified(made, base64.b64decode(envelope.payload_b64), Seen(0, b"", ""))
    item = OutboxItem(made.op_id, "query", "t", b'{"want_copy":true}', "0" * 64)
    client.room.run(lambda o: outbox.add(o.work, item))
    reply = QueryReply(made.query_no, envelope, ())
    _, kept, released = client.room.run(lambda o: keep(o, made.op_id, passed, reply, ()))
    return kept, released


@pytest.fixture
def small(client: Unlocking, key: DeviceKey) -> Unlocking:
    """A vault that may hold copies of two subjects."""
    client.create_vault(PROFILE, grant(key, lease={"max_subjects": 2}), LONG, key, "柜台一")
    return client


def shown(client: Unlocking) -> list[str]:
    return [row.query_no for row in OfflineFiles(client.room, checked).list()]


def test_beyond_the_lease_the_subject_kept_longest_makes_room(small: Unlocking, clock: TurnedClock) -> None:
    assert take_in(small, clock, 1, 1) == (True, 0)
    assert take_in(small, clock, 2, 2) == (True, 0)
    assert take_in(small, clock, 3, 1) == (True, 0)  # the same subject again needs no room
    assert take_in(small, clock, 4, 3) == (True, 1)
    assert shown(small) == ["Q4", "Q3", "Q1"]  # subject 2 was kept longest without a new answer
    told = small.room.run(
        lambda o: [row.body for row in outbox.all_items(o.work) if row.kind == "copy.release"]
    )
    assert told == [b'{"query_no":"Q2"}']


def test_a_lease_for_no_subject_keeps_nothing(client: Unlocking, key: DeviceKey, clock: TurnedClock) -> None:
    client.create_vault(PROFILE, grant(key, lease={"max_subjects": 0}), LONG, key, "柜台一")
    assert take_in(client, clock, 1, 1) == (False, 0)
    assert shown(client) == []


@pytest.mark.parametrize(
    ("rec_id", "subject", "seq", "kept"),
    [("r1", "k1", 2, False), ("", "k1", 2, False), ("r1", "k1", 1, True), ("r9", "k1", 2, True)],
    ids=["record", "subject", "older than the answer", "another record"],
)
def test_an_answer_that_a_pull_overtook_is_not_kept(
    small: Unlocking, clock: TurnedClock, rec_id: str, subject: str, seq: int, kept: bool
) -> None:
    at = utc_text(clock.wall)
    change = Change("f", seq, "revoke", subject, rec_id, 2, "annulled", at=at)
    small.room.run(lambda o: apply_page(o, ChangesPage((change,), "c1", False, at, "e"), Tally(0)))
    if kept:
        assert take_in(small, clock, 1, 1) == (True, 0)
        return
    with pytest.raises(Refused) as refused:
        take_in(small, clock, 1, 1)
    assert refused.value.code == "answer.withdrawn"
    assert shown(small) == []
    assert small.room.run(lambda o: [row.state for row in outbox.all_items(o.work)]) == ["done"]
    with pytest.raises(Refused) as refused:
        OfflineFiles(small.room, checked).open("Q1")
    assert refused.value.code == "offline.withdrawn"


@pytest.mark.parametrize(("lease", "kept"), [("lease-1", False), ("l2", True)])
def test_an_answer_whose_letter_ended_on_the_way_is_not_kept(
    small: Unlocking, clock: TurnedClock, lease: str, kept: bool
) -> None:
    at = utc_text(clock.wall)
    change = Change("f", 2, "lease_end", reason="letter_ended", at=at, body={"lease_id": lease})
    small.room.run(lambda o: apply_page(o, ChangesPage((change,), "c1", False, at, "e"), Tally(0)))
    if kept:
        assert take_in(small, clock, 1, 1) == (True, 0)
        return
    with pytest.raises(Refused, match="answer.letter-ended"):
        take_in(small, clock, 1, 1)
    assert shown(small) == []
    with pytest.raises(Refused, match="offline.letter-ended"):
        OfflineFiles(small.room, checked).open("Q1")


def test_a_copy_names_its_purpose_and_its_code(small: Unlocking, clock: TurnedClock) -> None:
    take_in(small, clock, 1, 1)
    row = OfflineFiles(small.room, checked).list()[0]
    assert (row.purpose, row.purpose_zh, row.purpose_en) == ("loan", "授信审批", "credit")


def test_the_officer_knows_the_name_of_this_computer(small: Unlocking, key: DeviceKey) -> None:
    assert small.user().device_name == "柜台一"
    small.renew(grant(key))
    assert small.user().device_name == "柜台一"
    small.lock()
    assert small.unlock(LONG).user.device_name == "柜台一"
