"""Trusted time: the server's word plus the time since boot; a wall clock put back is noticed, never
believed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.clock import SystemClock, epoch_ms, from_epoch_ms, read_utc, utc_text
from app.trusted_time import Anchor, TrustedClock
from tests.app.services.vaults import START, TurnedClock

HOUR = 3_600_000


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


def test_in_one_boot_the_wall_does_not_matter(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START))
    clock.pass_(hours=2)
    clock.wall += timedelta(days=365)
    assert time.now_ms() == epoch_ms(START) + 2 * HOUR
    clock.wall -= timedelta(days=730)
    assert time.now_ms() == epoch_ms(START) + 2 * HOUR


def test_after_a_boot_the_later_of_wall_and_last_seen_counts(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START))
    clock.pass_(hours=5)
    time.seen()
    clock.boot, clock.mono = "boot-2", 5
    clock.wall -= timedelta(hours=4)
    assert time.now_ms() == epoch_ms(START) + 5 * HOUR
    assert time.is_back()
    clock.wall += timedelta(hours=10)
    assert time.now_ms() == epoch_ms(START) + 11 * HOUR
    assert not time.is_back()


def test_a_wall_clock_that_lags_is_corrected_after_a_boot(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START) + HOUR)
    clock.boot = "boot-2"
    clock.pass_(minutes=10)
    assert time.now_ms() == epoch_ms(START) + HOUR + 600_000
    assert not time.is_back()


@pytest.mark.parametrize(("minutes", "back"), [(4, False), (6, True)])
def test_five_minutes_are_the_border(clock: TurnedClock, minutes: int, back: bool) -> None:
    time = TrustedClock(clock)
    time.seen()
    clock.wall -= timedelta(minutes=minutes)
    assert time.is_back() is back


def test_the_servers_word_forgives_a_wrong_wall_clock(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    clock.wall += timedelta(days=365)
    time.seen()
    clock.wall -= timedelta(days=365)
    assert time.is_back()
    time.told(epoch_ms(START))
    assert not time.is_back()
    assert time.now_ms() == epoch_ms(START)


def test_the_anchor_survives_its_text(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START))
    assert Anchor.from_json(time.anchor.as_json()) == time.anchor
    assert Anchor.from_json({}) == Anchor()
    with pytest.raises(TypeError):
        Anchor.from_json({"other": 1})


def test_wire_times_and_their_refusals() -> None:
    assert utc_text(START) == "2026-11-23T01:00:00.000Z"
    assert read_utc("2026-11-23T01:00:00.000Z") == START
    assert from_epoch_ms(epoch_ms(START)) == START
    for wrong in ("", "2026-11-23", "2026-11-23T01:00:00+08:00", "xZ"):
        with pytest.raises(ValueError, match=r".+"):
            read_utc(wrong)
    with pytest.raises(ValueError, match="zone"):
        utc_text(START.replace(tzinfo=None))


def test_the_systems_clock_counts_on() -> None:
    clock = SystemClock()
    assert clock.monotonic_ms() <= clock.monotonic_ms()
    assert clock.boot_id() == SystemClock().boot_id() != ""
    assert clock.now().tzinfo is not None


def test_a_wall_clock_set_back_again_and_again_in_a_later_boot_stops_nothing(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START))
    anchor = time.seen()
    clock.boot, clock.mono = "boot-2", 7
    later = TrustedClock(clock, anchor)
    began = later.now_ms()
    for _ in range(60):
        clock.mono += 240_000  # four minutes go by, and the wall is put back by four
        assert not later.is_back()
        anchor = later.seen()
    assert later.now_ms() == began + 4 * HOUR
    again = TrustedClock(clock, Anchor.from_json(anchor.as_json()))  # another process of the same boot
    assert again.now_ms() == began + 4 * HOUR


def test_in_a_later_boot_a_wall_clock_that_was_mended_counts_as_well(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START))
    anchor = time.seen()
    clock.boot, clock.mono = "boot-2", 7
    later = TrustedClock(clock, anchor)
    clock.wall += timedelta(hours=30)  # it was off for a day, and the clock is set by the network
    assert later.now_ms() == epoch_ms(START) + 30 * HOUR


def test_an_anchor_of_an_older_program_is_read(clock: TurnedClock) -> None:
    time = TrustedClock(clock)
    time.told(epoch_ms(START))
    old = {name: value for name, value in time.anchor.as_json().items() if name != "resumed"}
    assert TrustedClock(clock, Anchor.from_json(old)).now_ms() == epoch_ms(START)
