"""The items of an officer's outbox that belong to this room, each read from its body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from server_stub.accounts.models import Officer
from server_stub.cases import errors, selectors, services
from server_stub.cases.attachments import Handed
from server_stub.cases.models import Objection, Repair
from server_stub.cases.repairs import selectors as repair_selectors
from server_stub.cases.repairs import services as repairs
from server_stub.cases.repairs.applying import PaperIn
from server_stub.errors import Problem

Verb = Callable[[Officer, str, dict[str, Any], str], dict[str, Any]]
_T = TypeVar("_T")


class Supplement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was asked for, once, by the formal check of an objection, or is added while it is under way."""

    number: str
    base_rev: int
    statement: str
    attachments: tuple[Handed, ...] = ()


class PaperSupplement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was asked for in an application for repair."""

    number: str
    base_rev: int
    statement: str
    papers: tuple[PaperIn, ...] = ()


class Recheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the end of an objection does not stand, and what proves it."""

    number: str
    base_rev: int
    why: str
    attachments: tuple[Handed, ...] = ()


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step that needs reasons alone: giving an application up."""

    number: str
    base_rev: int
    why: str


def _read(body: dict[str, Any], shape: type[_T]) -> _T:
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as flaw:
        raise errors.not_filled("body", str(flaw)) from flaw


def _supplement(officer: Officer, op_id: str, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    return _more(services.supplement, officer, body, device_id)


def _add(officer: Officer, op_id: str, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    return _more(services.add, officer, body, device_id)


def _more(
    act: Callable[..., dict[str, Any]], officer: Officer, body: dict[str, Any], device_id: str
) -> dict[str, Any]:
    given = _read(body, Supplement)
    return act(
        officer,
        given.number,
        statement=given.statement,
        attached=given.attachments,
        device_id=device_id,
        rev=given.base_rev,
    )


def _recheck(officer: Officer, op_id: str, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    given = _read(body, Recheck)
    return services.recheck(
        officer,
        given.number,
        why=given.why,
        attached=given.attachments,
        device_id=device_id,
        rev=given.base_rev,
    )


def _add_papers(officer: Officer, op_id: str, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    given = _read(body, PaperSupplement)
    return repairs.supplement(
        officer,
        given.number,
        statement=given.statement,
        papers=given.papers,
        device_id=device_id,
        rev=given.base_rev,
    )


def _withdraw(officer: Officer, op_id: str, body: dict[str, Any], device_id: str) -> dict[str, Any]:
    given = _read(body, Why)
    return repairs.withdraw(officer, given.number, why=given.why, rev=given.base_rev)


VERBS: Mapping[str, Verb] = {
    "objection.file": lambda officer, op_id, body, device_id: services.file(
        officer, op_id, body, device_id=device_id
    ),
    "objection.supplement": _supplement,
    "objection.add": _add,
    "objection.recheck": _recheck,
    "repair.apply": lambda officer, op_id, body, device_id: repairs.apply(
        officer, op_id, body, device_id=device_id
    ),
    "repair.supplement": _add_papers,
    "repair.withdraw": _withdraw,
}


def seen_again(officer: Officer, kind: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer to an item that was done before, made anew: what was kept may name a record that has been
    hidden from the officer since. Nothing is done once more; the case has the number that it was given.

    Raises:
        Problem: `not-found`: the case is not there any more.
    """
    if kind.startswith("objection."):
        objection = Objection.objects.filter(pk=answer["number"]).first()
        if objection is not None:
            return selectors.view(objection, officer)
    else:
        repair = Repair.objects.filter(pk=answer["number"]).first()
        if repair is not None:
            return repair_selectors.view(repair, officer)
    raise Problem("not-found", "no such case")
