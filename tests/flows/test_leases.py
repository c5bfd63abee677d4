"""The lease of a computer against the real server, hours on end: a refresh moves its end, or it does not.

The city's lease is two hours, and it keeps one back after two and a half without a synchronisation. The
clocks of server and computer are moved together, or the computer's alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.assembly import open_client
from app.clock import read_utc
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.leasing import LeaseCard
from app.services.querying import QueryRequest, SubjectAsk
from app.trouble import Refused, VaultTrouble
from tests.app.services.vaults import LIGHT, LONG, TurnedClock
from tests.flows.server import Server
from tests.toolchain.tree import ROOT

LEASE = timedelta(hours=2)
SLACK = timedelta(minutes=3)  # what the test itself takes


class City(Server):
    """A server whose clock is moved by writing into a file."""

    def pass_(self, **span: float) -> None:
        self.ahead_s += timedelta(**span).total_seconds()
        terms = {"lease_s": LEASE.total_seconds(), "silence_s": 9000}
        said = {"ahead_s": self.ahead_s, "figures": {k: int(v) for k, v in terms.items()}}
        whole = self.file.with_suffix(".new")
        whole.write_text(json.dumps(said))
        whole.replace(self.file)  # the server reads it at any time

    @property
    def file(self) -> Path:
        return self.home.parent / "clock.json"

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s)


class Desk:
    """A client in this process, with a clock of its own."""

    def __init__(self, city: City, home: Path, user: str) -> None:
        self.city, self.clock = city, TurnedClock()
        self.clock.wall = city.now()
        self.client = open_client(home, self.clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
        self.user = user
        self.sign_in(json.loads(city.staff("device", "code", user))["enrolment_code"])
        self.device = self.client.unlocking.user().device_id

    def sign_in(self, code: str = "") -> None:
        account, steps = self.city.account(self.user), self.client.signing_in
        steps.reach(self.city.url, Path(self.city.ca_file))
        steps.password(self.user, account["password"])
        state = steps.code(self.city.code_of(self.user)).state
        if state == "enrol":
            state = steps.enrol(code, "柜台一").state
        assert state == "active"
        steps.seal(LONG)

    def pass_(self, **span: float) -> None:
        """Time goes by for both."""
        self.city.pass_(**span)
        self.clock.pass_(**span)

    def query(self) -> None:
        code = self.city.subject("certified")["code"]
        request = QueryRequest(SubjectAsk(kind="legal", number=code), "B01", "L-1")
        self.client.querying.query(request)

    def card(self) -> LeaseCard:
        return self.client.leasing.card()

    def ends_in(self, span: timedelta) -> bool:
        """Whether the lease ends that long from the server's now, up to the slack."""
        return abs(read_utc(self.card().until) - self.city.now() - span) < SLACK

    def can_read(self) -> bool:
        try:
            return len(self.client.offline_files.list()) > 0
        except VaultTrouble as shut:
            assert shut.code in ("offline.ended", "offline.clock-back")
            return False


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    one = City(tmp_path_factory.mktemp("moved") / "home")
    path = os.pathsep.join((str(Path(__file__).with_name("moved")), str(ROOT)))
    one.environment = {"PYTHONPATH": path, "HENGXIN_TEST_CLOCK": str(one.file)}
    one.pass_()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def desk(city: City, tmp_path: Path) -> Iterator[Desk]:
    """A second computer of an officer, with one copy on it."""
    one = Desk(city, tmp_path / "home", "bank1")
    try:
        one.query()
        assert one.ends_in(LEASE)
        yield one
    finally:
        one.client.close()
        city.staff("device", "revoke", one.device)


def test_a_lease_near_its_end_is_renewed_by_the_refresh(desk: Desk) -> None:
    desk.client.syncing.sync()
    desk.pass_(hours=1)
    assert desk.client.syncing.sync().lease_state == "live"
    assert desk.ends_in(LEASE)
    desk.pass_(hours=1, minutes=50)
    assert desk.card().left_s < 15 * 60
    said = desk.client.syncing.sync()
    assert (said.lease_state, said.lease_withheld) == ("live", "")
    assert desk.ends_in(LEASE)
    desk.pass_(hours=1, minutes=30)  # more than four hours after the sign-in, whose own lease was two
    assert desk.can_read()
    desk.client.unlocking.lock()
    opened = desk.client.unlocking.unlock(LONG)
    assert (opened.lease_state, opened.offline) == ("live", True)
    desk.pass_(minutes=45)
    assert not desk.can_read()
    assert desk.client.syncing.sync().lease_state == "live"  # still signed in: the meeting opens the copies
    assert desk.can_read()


def test_control_without_a_meeting_the_lease_of_the_sign_in_ends(desk: Desk) -> None:
    desk.pass_(hours=1, minutes=50)
    assert desk.can_read()
    desk.pass_(minutes=20)
    assert not desk.can_read()
    assert desk.card().state == "ended"


def test_a_frozen_device_is_not_renewed_and_keeps_its_copies_to_the_end(desk: Desk) -> None:
    before = desk.card().until
    line = desk.client.syncing.lines.routes("courier").line
    tokens = line._tokens
    assert tokens is not None
    used = tokens.refresh
    line.renew()
    renewed = desk.card().until
    assert renewed > before
    tokens.refresh = used  # as a thief of the token would
    with pytest.raises(Refused, match="device-frozen"):
        desk.client.syncing.lines.routes("wire").line.renew()
    desk.pass_(hours=1, minutes=30)
    with pytest.raises(Refused) as refused:
        desk.client.syncing.sync()
    assert refused.value.code == "device-frozen"
    card = desk.card()
    assert (card.state, card.until, card.withheld) == ("live", renewed, "device-frozen")
    assert desk.can_read()
    desk.pass_(minutes=40)
    with pytest.raises(Refused):
        desk.client.syncing.sync()
    card = desk.card()
    assert (card.state, card.until, card.withheld) == ("ended", renewed, "device-frozen")
    assert not desk.can_read()


def test_a_device_that_takes_in_no_changes_is_not_renewed_until_it_does(desk: Desk) -> None:
    desk.pass_(hours=1, minutes=30)
    desk.query()  # the tokens turn here
    assert desk.ends_in(LEASE)
    before = desk.card().until
    desk.pass_(hours=1, minutes=15)
    desk.query()
    assert (desk.card().until, desk.card().withheld) == (before, "device-silent")
    desk.client.syncing.sync()
    assert desk.card().withheld == ""
    assert desk.ends_in(LEASE)


def test_a_device_silent_beyond_its_lease_needs_a_sign_in(desk: Desk) -> None:
    desk.pass_(hours=3)
    said = desk.client.syncing.sync()
    assert (said.lease_state, said.lease_withheld) == ("ended", "device-silent")
    assert not desk.can_read()
    desk.sign_in()
    assert desk.ends_in(LEASE)
    assert desk.card().withheld == ""
    assert desk.can_read()


def test_a_revoked_device_is_not_renewed_and_ends(desk: Desk) -> None:
    desk.city.staff("device", "revoke", desk.device)
    desk.pass_(hours=1, minutes=30)
    with pytest.raises(Refused) as revoked:
        desk.client.syncing.sync()
    assert revoked.value.code == "device-revoked"
    assert not desk.client.unlocking.is_open()


def test_a_clock_turned_back_stretches_nothing(desk: Desk) -> None:
    desk.pass_(hours=1)
    desk.client.syncing.sync()
    ends = desk.card().until
    desk.clock.wall -= timedelta(hours=3, minutes=30)  # the computer's alone, and then no more meeting
    desk.pass_(hours=2, minutes=10)
    assert (desk.card().until, desk.card().left_s) == (ends, 0)
    assert not desk.can_read()
    desk.client.unlocking.lock()
    desk.clock.boot = "boot-2"
    desk.clock.wall -= timedelta(hours=1)
    assert desk.client.unlocking.unlock(LONG).lease_state in ("ended", "clock_back")
    assert not desk.can_read()
    desk.client.syncing.sync()  # the server's word forgives the clock, and this sign-in still lives
    assert desk.can_read()
    assert desk.ends_in(LEASE)
