"""A lease that comes with fresh tokens: kept whole or not at all, by the server's time, told plainly."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import utc_text
from app.keys.device import DeviceKey
from app.services import leasing, vault_contents
from app.services.leasing import Leasing
from app.services.unlocking import Unlocking
from app.trouble import NotTrusted, NotYou, Refused, VaultTrouble
from app.wire.messages import LeaseGrant, TokensAnswer
from local_cache import answers, faults
from tests.app.services.vaults import (
    LONG,
    SHARE,
    START,
    TurnedClock,
    bundle,
    checked,
    create,
    grant,
    kept_copy,
)

FAR_MS = 10**15


class Spoken:
    """Stands for the line: what the server would say to a refresh, and how often it was asked."""

    def __init__(self, client: Unlocking, says: TokensAnswer | Exception) -> None:
        self.client, self.says, self.asked = client, says, 0
        self.line = self

    def routes(self, lane: str) -> Spoken:
        return self

    def renew(self) -> None:
        self.asked += 1
        if isinstance(self.says, Exception):
            raise self.says
        self.client.refreshed(self.says, checked)


def fresh(key: DeviceKey, issued: datetime, hours: int = 72, **changes: Any) -> TokensAnswer:
    """Tokens with a lease from `issued`, made as a sign-in's would be."""
    session = grant(key, issued, hours, lease={"lease_id": "lease-2", **changes.pop("lease", {})})
    given = {"lease": session.lease, "lease_share_b64": session.lease_share_b64, "share_id": session.share_id}
    return TokensAnswer("access-2", "refresh-2", 600, LeaseGrant(**{**given, **changes}))


def card(client: Unlocking) -> leasing.LeaseCard:
    return Leasing(client, None).card()  # type: ignore[arg-type]  # a card needs no line


def kept(client: Unlocking) -> int:
    return client.room.run(lambda opened: answers.count(opened.copies()))


@pytest.fixture
def held(client: Unlocking, key: DeviceKey) -> Unlocking:
    """An open vault with one copy, whose lease ends at START + 72 h."""
    create(client, key)
    made = kept_copy(bundle("Q1"), FAR_MS)
    client.room.run(lambda opened: answers.put(opened.copies(), made, [("r1", 1)], ""))
    return client


def test_fresh_tokens_move_the_end_and_both_outlive_the_lock(
    held: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    assert (card(held).until, card(held).left_s) == (utc_text(START + timedelta(hours=72)), 72 * 3600)
    clock.pass_(hours=70)
    held.refreshed(fresh(key, clock.wall), checked)
    ends = utc_text(START + timedelta(hours=142))
    assert (card(held).state, card(held).until, card(held).left_s) == ("live", ends, 72 * 3600)
    held.lock()
    assert held.unlock(LONG).lease_until == ends
    assert held.tokens() == ("access-2", "refresh-2")
    clock.pass_(hours=71)
    assert kept(held) == 1


def test_what_the_lease_has_left_is_counted_in_trusted_time(held: Unlocking, clock: TurnedClock) -> None:
    before = card(held).left_s
    clock.pass_(hours=5)
    assert before - card(held).left_s == 5 * 3600
    clock.wall -= timedelta(hours=4)
    assert before - card(held).left_s == 5 * 3600
    clock.pass_(days=30)
    assert card(held).left_s == 0


def test_control_without_fresh_tokens_the_copies_are_shut_by_then(
    held: Unlocking, clock: TurnedClock
) -> None:
    clock.pass_(hours=141)
    with pytest.raises(VaultTrouble) as ended:
        kept(held)
    assert ended.value.code == "offline.ended"


def test_after_its_end_a_lease_brings_share_and_copies_back(
    held: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    clock.pass_(hours=73)
    assert card(held).state == "ended"
    assert held.room.run(lambda opened: vault_contents.share(opened.work, "s1")) is None
    held.refreshed(fresh(key, clock.wall), checked)
    assert (card(held).state, kept(held)) == ("live", 1)
    assert held.room.run(lambda opened: vault_contents.share(opened.work, "s1")) == SHARE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lease": {"user": "u2"}}, "lease.foreign"),
        ({"lease": {"device_id": "x" * 43}}, "lease.foreign"),
        ({"lease": {"share_id": "s9"}}, "answer.malformed"),
        ({"lease_share_b64": "***"}, "answer.malformed"),
    ],
)
def test_a_lease_that_is_not_ours_is_refused_and_the_tokens_are_not_lost(
    held: Unlocking, key: DeviceKey, clock: TurnedClock, changes: dict[str, Any], code: str
) -> None:
    clock.pass_(hours=1)
    with pytest.raises(NotTrusted) as refused:
        held.refreshed(fresh(key, clock.wall, **changes), checked)
    assert refused.value.code == code
    assert card(held).until == utc_text(START + timedelta(hours=72))
    assert held.tokens() == ("access-2", "refresh-2")


def test_an_unsigned_lease_is_refused(held: Unlocking, key: DeviceKey, clock: TurnedClock) -> None:
    said = fresh(key, clock.wall + timedelta(hours=9))
    assert said.lease is not None
    forged = type(said.lease.lease)(
        said.lease.lease.payload_b64, "answers-1", base64.b64encode(b"bad").decode()
    )
    grant_ = LeaseGrant(forged, said.lease.lease_share_b64, said.lease.share_id)
    with pytest.raises(NotTrusted) as refused:
        held.refreshed(TokensAnswer("access-2", "refresh-2", 600, grant_), checked)
    assert refused.value.code == "answer.unsigned"
    assert card(held).until == utc_text(START + timedelta(hours=72))


def test_a_disk_that_fills_up_in_the_middle_leaves_the_lease_of_before(
    held: Unlocking, key: DeviceKey, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of the writes fails: nothing of the lease stays, in memory or in the file."""
    clock.pass_(hours=5)

    def full(*_: Any) -> None:
        raise faults.DiskFull("work")

    monkeypatch.setattr(vault_contents, "note_withheld", full)
    with pytest.raises(VaultTrouble) as flaw:
        held.refreshed(fresh(key, clock.wall), checked)
    assert flaw.value.code == "vault.disk-full"
    monkeypatch.undo()
    before = utc_text(START + timedelta(hours=72))
    assert card(held).until == before
    held.lock()
    assert held.unlock(LONG).lease_until == before
    assert held.tokens() == ("access-2", "refresh-2")


@pytest.mark.parametrize("back", [timedelta(minutes=4), timedelta(hours=10), timedelta(days=400)])
def test_a_clock_turned_back_does_not_stretch_a_renewed_lease(
    held: Unlocking, key: DeviceKey, clock: TurnedClock, back: timedelta
) -> None:
    clock.pass_(hours=70)
    held.refreshed(fresh(key, clock.wall), checked)
    clock.pass_(hours=71)
    clock.wall -= back
    assert card(held).left_s == 3600
    clock.pass_(hours=1, minutes=1)
    assert card(held).state in ("ended", "clock_back")
    assert card(held).left_s == 0
    held.lock()
    clock.boot = "boot-2"
    clock.wall -= back
    assert held.unlock(LONG).lease_state in ("ended", "clock_back")
    with pytest.raises(VaultTrouble):
        kept(held)


def test_the_lease_counts_from_the_servers_time_whatever_the_wall_says(
    held: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    clock.wall += timedelta(hours=30)  # somebody set the clock of this computer ahead
    held.refreshed(fresh(key, START + timedelta(minutes=1)), checked)
    assert card(held).left_s == 72 * 3600
    clock.pass_(hours=72)
    assert card(held).state == "ended"


def test_a_word_instead_of_a_lease_is_kept_until_the_next_lease(
    held: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    held.refreshed(TokensAnswer("access-2", "refresh-2", 600, None, "device-silent"), checked)
    said = card(held)
    assert (said.withheld, said.until) == ("device-silent", utc_text(START + timedelta(hours=72)))
    held.refreshed(TokensAnswer("access-3", "refresh-3", 600), checked)  # a server that knows nothing of it
    assert (card(held).withheld, held.tokens()) == ("device-silent", ("access-3", "refresh-3"))
    held.refreshed(fresh(key, clock.wall), checked)
    assert card(held).withheld == ""


def test_a_sign_in_ends_the_word_too(held: Unlocking, key: DeviceKey, clock: TurnedClock) -> None:
    held.refreshed(TokensAnswer("access-2", "refresh-2", 600, None, "device-silent"), checked)
    held.renew(grant(key, issued=clock.wall))
    assert card(held).withheld == ""


@pytest.mark.parametrize(("hours", "asked"), [(35, 0), (37, 1), (73, 1)])
def test_a_lease_is_due_when_half_of_it_is_over(
    held: Unlocking, key: DeviceKey, clock: TurnedClock, hours: int, asked: int
) -> None:
    clock.pass_(hours=hours)
    server = Spoken(held, fresh(key, clock.wall))
    Leasing(held, server).renew_when_due()  # type: ignore[arg-type]
    assert server.asked == asked
    assert card(held).state == "live"


def test_what_was_kept_back_is_asked_for_again_after_the_changes_were_taken_in(
    held: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    server = Spoken(held, fresh(key, clock.wall))
    one = Leasing(held, server)  # type: ignore[arg-type]
    one.renew_when_heard()
    assert server.asked == 0
    held.refreshed(TokensAnswer("access-2", "refresh-2", 600, None, "device-silent"), checked)
    one.renew_when_heard()
    assert (server.asked, card(held).withheld) == (1, "")


@pytest.mark.parametrize("code", ["session.none", "token-invalid"])
def test_an_ended_sign_in_is_noted_and_stops_nothing(held: Unlocking, clock: TurnedClock, code: str) -> None:
    clock.pass_(hours=40)
    Leasing(held, Spoken(held, NotYou(code))).renew_when_due()  # type: ignore[arg-type]
    assert (card(held).state, card(held).withheld) == ("live", code)


def test_a_frozen_device_is_told_and_the_reason_stays_readable(held: Unlocking, clock: TurnedClock) -> None:
    clock.pass_(hours=40)
    one = Leasing(held, Spoken(held, Refused("device-frozen")))  # type: ignore[arg-type]
    with pytest.raises(Refused) as frozen:
        one.renew_when_due()
    one.note(frozen.value)
    assert (card(held).state, card(held).withheld) == ("live", "device-frozen")
    one.note(NotTrusted("answer.unsigned"))
    assert card(held).withheld == "device-frozen"


def test_files_that_were_put_back_ask_for_no_lease(
    held: Unlocking, key: DeviceKey, clock: TurnedClock
) -> None:
    held.room.run(lambda opened: setattr(opened, "rolled_back", True))
    server = Spoken(held, fresh(key, clock.wall))
    Leasing(held, server).renew_when_due()  # type: ignore[arg-type]
    assert (server.asked, card(held).state) == (0, "rolled_back")


def test_no_card_of_a_locked_vault(held: Unlocking) -> None:
    held.lock()
    with pytest.raises(NotYou):
        card(held)
