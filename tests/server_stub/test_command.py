"""What the staff type reaches its verb, also a device id that looks like an option."""

from __future__ import annotations

import pytest

from server_stub.command import _parser, named_last

DASHED = "-0-LhTc5ZS8AidmZx3z4AkNVKkZmfTN7BN3_YZbTno4"


def test_a_device_id_may_begin_with_a_dash() -> None:
    given = ["device", "approve", DASHED, "--home", "/srv/x", "--by", "centre1"]
    words = _parser().parse_args(named_last(given))
    assert (words.act, words.name, words.by) == ("approve", DASHED, "centre1")


def test_control_as_typed_it_is_taken_for_an_option() -> None:
    with pytest.raises(SystemExit):
        _parser().parse_args(["device", "revoke", DASHED])


def test_other_words_stay_where_they_are() -> None:
    given = ["record", "annul", "r1", "--by", "centre1", "--reason=-0-Lh"]
    assert named_last(given) == given
