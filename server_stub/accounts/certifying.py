"""Organisations come in by two members of the staff and are stopped by one, with everybody in them."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from app.field.identifiers import uscc_fault
from server_stub.accounts import staff
from server_stub.accounts.ending import end_sessions
from server_stub.accounts.models import ROLE_OF_KIND, Officer, Organisation
from server_stub.evidence.services import append
from server_stub.reasons import reason_of


def add(code: str, name: str, kind: str, *, by: str, subject_key: str = "") -> Organisation:
    """An application that was found complete: nobody of it may act before somebody else certifies it.

    Raises:
        Problem: `role-denied`.
        ValueError: the code, the kind or the name is not right, or the code is taken.
    """
    with transaction.atomic():
        staff.require_staff(by)
        if kind == "centre":
            raise ValueError("there is one centre, and `begin` made it")
        organisation = new(code, name, kind, subject_key=subject_key, by=by)
        _leaf("organisation-added", organisation, by)
    return organisation


def new(code: str, name: str, kind: str, *, by: str, subject_key: str = "") -> Organisation:
    """The row itself, not yet certified; call inside the transaction of its leaf.

    Raises:
        ValueError: as `add`.
    """
    fault = uscc_fault(code)
    if fault is not None:
        raise ValueError(f"{code} is no unified social credit code: {fault.code}")
    if kind not in ROLE_OF_KIND:
        raise ValueError(f"no such kind: {kind}; one of {', '.join(ROLE_OF_KIND)}")
    if not 1 <= len(name.strip()) <= 200:
        raise ValueError("an organisation has a name of at most 200 characters")
    organisation = Organisation(
        code=code, name=name.strip(), kind=kind, subject_key=subject_key, active=False, acted_by=by
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as flaw:
        raise ValueError(f"{code} is on the list already") from flaw
    return organisation


def certify(code: str, *, by: str) -> Organisation:
    """A second member of the staff lets an organisation in, or in again after a suspension.

    Raises:
        Problem: `role-denied` for who added or suspended it.
        LookupError: no such organisation. ValueError: it is certified already.
    """
    with transaction.atomic():
        organisation = _locked(code)
        if organisation.active:
            raise ValueError(f"{code} is certified already")
        staff.require_second(by, organisation.acted_by)
        organisation.active, organisation.acted_by = True, by
        organisation.save(update_fields=["active", "acted_by"])
        _leaf("organisation-certified", organisation, by)
    return organisation


def suspend(code: str, *, by: str, why: str) -> Organisation:
    """Nobody of it may act from now on; every session and every lease of its officers ends at once.

    Raises:
        Problem: `role-denied`.
        LookupError: no such organisation. ValueError: no reason, the centre itself, or not certified.
    """
    with transaction.atomic():
        staff.require_staff(by)
        organisation = _locked(code)
        reason_of(why, "a suspension")
        if organisation.kind == "centre":
            raise ValueError("the centre cannot suspend itself")
        if not organisation.active:
            raise ValueError(f"{code} is not certified")
        organisation.active, organisation.acted_by = False, by
        organisation.save(update_fields=["active", "acted_by"])
        for officer in Officer.objects.filter(organisation=organisation).order_by("user"):
            end_sessions(officer)
        _leaf("organisation-suspended", organisation, by, why)
    return organisation


def _locked(code: str) -> Organisation:
    found = Organisation.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise LookupError(f"no organisation {code}")
    return found


def _leaf(kind: str, organisation: Organisation, by: str, outcome: str = "done") -> None:
    append(kind=kind, user=by, organisation=organisation.code, outcome=outcome)
