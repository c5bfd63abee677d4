"""The soak: its verdict finds a leak of each kind, and a night's run finds none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.soak import Hour, slope, soak, too_much

STEADY = [Hour(at, 210.0 + (at == 1) * 30 + (at % 2) * 0.4, 9000, 400, 12, 40, 20.0) for at in range(1, 9)]


def grown(**more: float) -> list[Hour]:
    def later(one: Hour) -> Hour:
        return replace(one, **{name: getattr(one, name) + by * one.hour for name, by in more.items()})

    return [later(one) for one in STEADY]


def test_what_stays_the_same_is_no_leak_and_the_warm_up_does_not_count() -> None:
    assert too_much(STEADY) == {}
    assert abs(slope(STEADY, "rss_mib")) < 0.2


@pytest.mark.parametrize(("name", "by"), [("rss_mib", 4.0), ("widgets", 20), ("threads", 1), ("files", 2)])
def test_control_a_leak_of_each_kind_is_found(name: str, by: float) -> None:
    assert list(too_much(grown(**{name: by}))) == [name]


@pytest.mark.nightly
@pytest.mark.keyring
@pytest.mark.timeout(3600)
def test_eight_hours_leave_nothing_behind(tmp_path: Path) -> None:
    hours, done = soak(tmp_path, 8)
    assert done["queries"] + done["offline"] == 480
    assert too_much(hours) == {}
