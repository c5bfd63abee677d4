"""A mistake of our own is told and logged by kind and place: never the words, which may name a subject."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest

from app.desks.verify_desk import VerifyDesk
from app.trouble import fault_place
from tests.app.desks.stand_ins import Lanes, Shown

NAMED = "测试甲子 430400199001010006"


def test_the_log_has_kind_and_place_and_no_name(caplog: pytest.LogCaptureFixture) -> None:
    def broken(text: str) -> None:
        raise KeyError(NAMED)

    client = SimpleNamespace(verifying=SimpleNamespace(look_up=broken))
    desk = VerifyDesk(client, Lanes(), Shown())
    with caplog.at_level(logging.DEBUG):
        desk.look_up("HYXY")
    (record,) = caplog.records
    said = logging.Formatter().format(record)
    assert "KeyError test_faults.py:" in said
    assert "测试甲子" not in said and "4304" not in said
    assert desk.view.notice is not None and desk.view.notice.text == "shell.fault"


def test_control_the_words_of_an_error_would_name_the_subject() -> None:
    flaw = KeyError(NAMED)
    assert "测试甲子" in str(flaw)
    assert fault_place(flaw) == "KeyError"  # never raised: no place
