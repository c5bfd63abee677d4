"""Full looks of the collector wait until nobody moves."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from ui import collecting


class Circle:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    collecting.as_usual()


def left_behind() -> weakref.ref[Circle]:
    """A circle that only a full look finds: older than the short looks go back."""
    circle = Circle()
    gc.collect(1)
    gc.collect(1)
    return weakref.ref(circle)


def test_no_full_look_comes_by_itself_but_at_rest_one_does() -> None:
    collecting.wait_for_rest()
    circle = left_behind()
    for _ in range(200):
        gc.collect(1)
    collecting.rested(1)
    assert circle() is not None
    collecting.rested(collecting.REST_S)
    assert circle() is None


def test_what_is_loaded_is_out_of_sight_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_frozen", False)  # as in a process that has shown no window yet
    collecting.wait_for_rest()
    kept = gc.get_freeze_count()
    assert kept > 1000
    fresh = [Circle() for _ in range(100)]
    collecting.wait_for_rest()
    assert gc.get_freeze_count() <= kept and fresh


def test_without_a_window_it_is_as_usual() -> None:
    usual = gc.get_threshold()
    collecting.wait_for_rest()
    assert gc.get_threshold()[2] > 1000 * usual[2]  # control
    collecting.as_usual()
    assert gc.get_threshold() == usual
