"""The tours of one city do not stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.officer.tour import doubted
from tests.server_stub.api.conftest import account, bank, city, signed_in, subject
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.knocking import Knocker

__all__ = ["account", "bank", "city", "signed_in", "subject"]
THEMES = 3


def test_every_theme_reports_a_record_of_its_own(
    bank: Knocker, subject: Callable[[str], dict[str, str]]
) -> None:
    records = bundle(bank.query(subject=legal(subject("rich")))).records
    chosen = [doubted(records, turn) for turn in range(THEMES)]
    assert len({one.rec_id for one in chosen}) == THEMES
    assert {one.section for one in chosen} == {"penalty"}


def test_control_a_tour_too_many_is_said(bank: Knocker, subject: Callable[[str], dict[str, str]]) -> None:
    with pytest.raises(IndexError):
        doubted(bundle(bank.query(subject=legal(subject("rich")))).records, 1000)
