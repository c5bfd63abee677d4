"""Numbers are given after the commit, without gaps, once; what is taken back never had one."""

from __future__ import annotations

import pytest
from django.db import transaction

from server_stub.errors import Problem
from server_stub.feed import cursors
from server_stub.feed.models import Change, FeedHead, Follower
from server_stub.feed.selectors import epoch, last_seq
from server_stub.feed.services import acknowledge, announce, number, waiting

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    with transaction.atomic():
        for each in range(count):
            announce("S" * 26, f"R{each}", each + 1, "revoke", "corrected")


def test_rows_get_numbers_later_and_without_gaps() -> None:
    write(3)
    assert waiting()
    assert last_seq() == 0
    assert number() == 3
    write(2)
    assert number() == 2
    assert number() == 0
    assert list(Change.objects.order_by("pk").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert last_seq() == 5


def test_a_change_taken_back_leaves_no_gap() -> None:
    write(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce("S" * 26, "lost", 1, "revoke")
        raise ZeroDivisionError
    write(1)
    number()
    assert list(Change.objects.values_list("seq", flat=True).order_by("seq")) == [1, 2]


def test_a_cursor_cannot_be_made_elsewhere() -> None:
    text = cursors.write(epoch(), 0)
    assert cursors.read(text) == 0
    for other in (text[:-2], text.swapcase(), "衡", "a" * 300):
        with pytest.raises(Problem) as caught:
            cursors.read(other)
        assert caught.value.code == "body-invalid"
    with pytest.raises(Problem) as caught:
        cursors.read(cursors.write(epoch(), 5))  # further than this history goes
    assert caught.value.code == "epoch-changed"


def test_an_older_word_never_takes_back_a_newer_one() -> None:
    acknowledge("d", 7)
    acknowledge("d", 3)
    assert Follower.objects.get(device_id="d").acked_seq == 7
    assert FeedHead.objects.count() == 1
