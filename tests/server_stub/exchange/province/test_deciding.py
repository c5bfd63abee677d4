"""Whatever comes twice, late or in another order: the newest word stands, and a revoke holds."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.exchange.province.deciding import Standing, decide

Op = Literal["put", "revoke"]


def story(ops: list[tuple[Op, bool]]) -> list[Standing]:
    """States of one record at its origin; True: revoked where it stands (its time is over)."""
    told: list[Standing] = []
    for rev, (op, over) in enumerate(ops, start=1):
        told.append(Standing(rev, op, f"d{rev}" if op == "put" else ""))
        if op == "put" and over:
            told.append(Standing(rev, "revoke"))
    return told


def after(delivered: list[Standing]) -> Standing | None:
    held: Standing | None = None
    for came in delivered:
        action = decide(held, came)
        assert action != "fork"
        if action in ("put", "revoke"):
            held = came
    return held


stories = st.lists(st.tuples(st.sampled_from(["put", "revoke"]), st.booleans()), min_size=1, max_size=8)


@given(stories, st.data())
def test_every_order_with_repeats_ends_at_the_last_state(
    ops: list[tuple[Op, bool]], data: st.DataObject
) -> None:
    told = story(ops)
    repeats = data.draw(st.lists(st.sampled_from(told), max_size=8))
    delivered = data.draw(st.permutations([*told, *repeats]))
    assert after(list(delivered)) == told[-1]


@given(stories, st.data())
def test_once_a_newer_revoke_was_heard_older_content_never_comes_back(
    ops: list[tuple[Op, bool]], data: st.DataObject
) -> None:
    told = story(ops)
    held: Standing | None = None
    for came in data.draw(st.permutations(told)):
        action = decide(held, came)
        if held is not None and held.op == "revoke" and came.rev <= held.rev:
            assert action == "nothing"
        if action in ("put", "revoke"):
            held = came


def test_two_contents_of_one_revision_are_for_people() -> None:
    assert decide(Standing(3, "put", "a"), Standing(3, "put", "b")) == "fork"
    assert decide(Standing(3, "put", "a"), Standing(3, "put", "a")) == "nothing"


@pytest.mark.parametrize("broken", [lambda held, came: came.op, lambda held, came: "put"])
def test_control_a_rule_that_takes_whatever_comes_is_found(broken: object) -> None:
    told = story([("put", False), ("revoke", False)])
    held = None
    for came in reversed(told):
        if broken(held, came) in ("put", "revoke"):  # type: ignore[operator]
            held = came
    assert held != told[-1]
