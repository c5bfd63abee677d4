"""What a link of its own announces, done once: a query, a screening, a report.

Checks, effect, evidence and stored answer are one transaction. Asked again, the stored answer is judged
before it is given: what has been corrected, repaired or taken back since leaves by no repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any, Literal, TypeVar

import msgspec
from django.db import transaction

from app.field.evidence import Receipt
from server_stub.accounts.models import Device, Officer
from server_stub.errors import Problem
from server_stub.evidence import services as evidence
from server_stub.evidence.errors import EntryInvalid
from server_stub.queries import ops
from server_stub.queries.selectors import subject_keys_of

_D = TypeVar("_D")
_R = TypeVar("_R")


class Asked(msgspec.Struct, frozen=True):
    """Who asks what. `entries` are the device's links not yet receipted, the one of this operation last; it
    is of `kind`. `tree_size` is what the device knows of the log.
    """

    kind: Literal["query", "screen", "issue", "void"]
    officer: Officer
    device: Device
    entries: Sequence[str]
    op_id: str
    body: dict[str, Any]
    tree_size: int


class Settled(msgspec.Struct, frozen=True):
    """An effect that was written: its leaf, what is kept of its answer for a repetition, and the answer."""

    leaf: evidence.Appended
    kept: dict[str, Any]
    response: dict[str, Any]


class _Done(msgspec.Struct, frozen=True):
    receipts: list[Receipt]
    replayed: bool
    response: dict[str, Any] = {}
    problem: Problem | None = None


def alone(act: Callable[[], _R]) -> _R:
    """An act in a transaction of its own."""
    with transaction.atomic():
        return act()


def once(
    asked: Asked,
    *,
    decide: Callable[[], _D],
    settle: Callable[[evidence.Accepted, _D], Settled],
    again: Callable[[dict[str, Any]], dict[str, Any]],
    commit: Callable[[Callable[[], _Done]], _Done] = alone,
    reads_only: bool = False,
) -> dict[str, Any]:
    """The answer with its receipts, as structs, and whether it was `replayed`.

    `decide` makes every check and raises the refusal; `settle` writes the effect and its leaf; `again` makes
    the answer from what was kept of it, and raises when it may not be given any more. `reads_only`: `decide`
    writes nothing, so that a refusal has nothing to undo.

    Raises:
        Problem: of the chain or of `settle` (nothing is kept), or a refusal (its link, its leaf and the
            refusal are kept; receipts and `replayed` are in its context); what `again` raises changes nothing
            of what was kept.
    """
    body_sha256 = ops.digest_of(asked.body)
    officer, device = asked.officer, asked.device
    read = evidence.read_ahead(device, officer, asked.entries)

    def act() -> _Done:
        accepted = evidence.accept_device_entries(device, officer, asked.entries, read)
        own = _own_entry(accepted, asked, body_sha256)
        leaves = [
            evidence.leaf_for(one, organisation=officer.organisation_id, subject_key=key)
            for one, key in zip(accepted[:-1], subject_keys_of(officer, accepted[:-1]), strict=True)
        ]
        stored = ops.find(device.device_id, asked.op_id, body_sha256)
        response: dict[str, Any] = {}
        problem: Problem | None = None
        if stored is not None:
            leaf = evidence.leaf_for(own, organisation=officer.organisation_id)
            try:
                if stored.status >= 400:
                    raise ops.refused(stored.response)
                response = again(stored.response)
            except Problem as no:
                problem = no
        else:
            try:
                with nullcontext() if reads_only else transaction.atomic():
                    decided = decide()
            except Problem as no:
                problem, leaf = no, _refuse(asked, own, no, body_sha256)
            else:
                settled = settle(own, decided)
                leaf, response = settled.leaf, settled.response
                ops.keep(device.device_id, asked.op_id, asked.kind, body_sha256, 201, settled.kept)
        receipts = evidence.receipts([*leaves, leaf], asked.tree_size)
        return _Done(receipts, stored is not None, response, problem)

    done = commit(act)
    if done.problem is not None:
        done.problem.context["receipts"] = msgspec.to_builtins(done.receipts)
        done.problem.context["replayed"] = done.replayed
        raise done.problem
    return {**done.response, "receipts": done.receipts, "replayed": done.replayed}


def require_link(asked: Asked) -> None:
    """Whether the chain carries what is asked; for who spends something before `once`, which asks again.

    Raises:
        Problem: of the chain.
    """
    accepted = evidence.judge_device_entries(asked.device, asked.officer, asked.entries)
    _own_entry(accepted, asked, ops.digest_of(asked.body))


def _refuse(asked: Asked, own: evidence.Accepted, problem: Problem, body_sha256: str) -> evidence.Appended:
    """The leaf of a refusal; one that is an answer for good is kept."""
    leaf = evidence.leaf_of_act(
        own,
        organisation=asked.officer.organisation_id,
        outcome=f"refused:{problem.code}",
        records_sha256="",
        report_sha256="",
    )
    if ops.kept(problem):
        kept = ops.refusal(problem)
        ops.keep(asked.device.device_id, asked.op_id, asked.kind, body_sha256, problem.status, kept)
    return leaf


def _own_entry(accepted: Sequence[evidence.Accepted], asked: Asked, body_sha256: str) -> evidence.Accepted:
    """The last link, which has to be this operation's own intent."""
    if not accepted:
        raise EntryInvalid("the operation needs its link")
    own = accepted[-1].entry
    fits = (own.kind, own.op_id, own.body_sha256) == (asked.kind, asked.op_id, body_sha256)
    if not fits or (asked.kind not in ("issue", "void") and own.purpose != asked.body.get("purpose", "")):
        raise EntryInvalid("the last link is not this operation's")
    return accepted[-1]
