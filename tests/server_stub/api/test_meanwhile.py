"""What is corrected, hidden or entered between composing and the leaf leaves by no answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server_stub.evidence import services as evidence
from server_stub.evidence.log import stand_still
from server_stub.queries import services
from server_stub.records import ahead
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.records.selectors import shown
from server_stub.statements import locking
from server_stub.together import together
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.knocking import Knocker
from tests.server_stub.records.made import ON

Act = Callable[[str], object]
ACTS: dict[str, Act] = {
    "correct": lambda rec_id: records.correct(
        rec_id, {"fields": {"BZ": "更正后（示例）"}}, reason="笔误", by="centre1"
    ),
    "shield": lambda rec_id: records.shield(rec_id, on=ON, by="centre1"),
}


def _in_between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """`act` is done when the document is composed and the log not yet held."""

    def late() -> None:
        monkeypatch.setattr(evidence, "stand_still", stand_still)
        act()
        stand_still()

    monkeypatch.setattr(evidence, "stand_still", late)


@pytest.mark.parametrize("name", ACTS)
def test_an_answer_tells_what_holds_at_its_leaf(
    name: str, bank: Knocker, subject: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whom = legal(subject("rich"))
    before = bundle(bank.query(subject=whom))
    rec_id = next(record.rec_id for record in before.records if record.section == "penalty")
    _in_between(monkeypatch, lambda: ACTS[name](rec_id))
    told = {record.rec_id: record.rev for record in bundle(bank.query(subject=whom)).records}
    assert told.get(rec_id) == (Record.objects.get(pk=rec_id).rev if name == "correct" else None)


def test_control_without_the_second_look_an_old_document_would_go_out(
    bank: Knocker, subject: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whom = legal(subject("rich"))
    before = bundle(bank.query(subject=whom))
    rec_id = next(record.rec_id for record in before.records if record.section == "penalty")
    monkeypatch.setattr("server_stub.queries.bundles.ahead.now", lambda composed, *_: composed.shown)
    _in_between(monkeypatch, lambda: ACTS["shield"](rec_id))
    assert rec_id in {record.rec_id for record in bundle(bank.query(subject=whom)).records}


def test_nothing_is_composed_while_others_wait(
    bank: Knocker, subject: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under SQLite's one lock the document is looked at, not made; elsewhere nobody waits for its making."""
    done: list[str] = []

    def composed(*given: Any, **how: Any) -> Any:
        done.append("composed")
        return shown(*given, **how)

    def locked(work: Callable[[], Any]) -> Any:
        done.append("locked")
        return together(work)

    monkeypatch.setattr(ahead, "shown", composed)
    monkeypatch.setattr(services, "together", locked)
    bundle(bank.query(subject=legal(subject("rich"))))
    assert done == (["locked", "composed"] if locking() else ["composed", "locked"])
