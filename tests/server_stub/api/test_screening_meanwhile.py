"""Whoever is taken off a list between the looking up and the leaf is told as he stands at the leaf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from server_stub.evidence import services as evidence
from server_stub.evidence.log import stand_still
from server_stub.lists import ahead
from server_stub.lists.screening import screen
from server_stub.queries import screening
from server_stub.records import services as records
from server_stub.statements import locking
from tests.server_stub.api.test_screenings import ask, said
from tests.server_stub.knocking import Knocker
from tests.server_stub.records.made import ON

Subject = Callable[[str], dict[str, str]]


def _in_between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """`act` is done when the batch is looked up and the log not yet held."""

    def late() -> None:
        monkeypatch.setattr(evidence, "stand_still", stand_still)
        act()
        stand_still()

    monkeypatch.setattr(evidence, "stand_still", late)


def _shielded(bank: Knocker, row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The entries told of a unit whose first entry is shielded meanwhile."""
    before = [entry.standing.rec_id for entry in said(ask(bank, row)).rows[0].entries]
    _in_between(monkeypatch, lambda: records.shield(before[0], on=ON, by="centre1"))
    told = [entry.standing.rec_id for entry in said(ask(bank, row)).rows[0].entries]
    assert set(told) <= set(before)
    return [rec_id for rec_id in before if rec_id not in told]


def test_a_batch_is_told_what_holds_at_its_leaf(
    bank: Knocker, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(_shielded(bank, {"code": subject("rich")["code"]}, monkeypatch)) == 1


def test_control_without_the_second_look_a_shielded_entry_would_go_out(
    bank: Knocker, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server_stub.queries.screening.ahead.now", lambda composed, *_: composed.screened)
    assert _shielded(bank, {"code": subject("rich")["code"]}, monkeypatch) == []


def test_nothing_is_judged_while_others_wait(
    bank: Knocker, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under SQLite's one lock the batch is looked at, not judged; elsewhere nobody waits for its judging."""
    done: list[str] = []

    def judged(*given: Any, **how: Any) -> Any:
        done.append("judged")
        return screen(*given, **how)

    def checked(rows: Any) -> None:
        done.append("checked")
        sound(rows)

    def held() -> None:
        done.append("held")
        stand_still()

    sound = screening._require_sound
    monkeypatch.setattr(ahead, "screen", judged)
    monkeypatch.setattr(screening, "_require_sound", checked)
    monkeypatch.setattr(evidence, "stand_still", held)
    row = said(ask(bank, {"code": subject("rich")["code"]})).rows[0]
    assert row.state == "hit"
    assert done == ["checked", "judged", "held"]
    assert connection.vendor == ("postgresql" if locking() else "sqlite")
