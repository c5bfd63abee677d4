"""Looks for lost objects wait until the last one who holds the lock lets go."""

from __future__ import annotations

import gc

import pytest

from server_stub.config.collecting import not_now


def test_looks_come_back_with_the_last_one() -> None:
    assert gc.isenabled()
    with not_now():
        with not_now():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_brings_them_back() -> None:
    with pytest.raises(KeyError), not_now():
        raise KeyError
    assert gc.isenabled()


def test_where_they_are_off_altogether_they_stay_off() -> None:
    gc.disable()
    try:
        with not_now():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
