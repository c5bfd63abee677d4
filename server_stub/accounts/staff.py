"""Who of the centre's staff may act, and when a second person has to."""

from __future__ import annotations

from server_stub.accounts.models import Officer
from server_stub.errors import Problem

ROLE = "centre_staff"


def active_staff() -> list[str]:
    """Users of the staff who may act today."""
    rows = Officer.objects.filter(role=ROLE, active=True, organisation__active=True).order_by("user")
    return list(rows.values_list("user", flat=True))


def require_staff(user: str) -> str:
    """`user`, when that is a member of the staff who may act.

    Raises:
        Problem: `role-denied`.
    """
    if user not in active_staff():
        raise Problem("role-denied", f"{user or 'nobody'} is not active staff of the centre")
    return user


def require_second(user: str, first: str) -> str:
    """`user`, when that is active staff and not `first`, who took the step before or is concerned.

    Raises:
        Problem: `role-denied`.
    """
    if user == first:
        raise Problem("role-denied", f"{user} cannot be both persons of this act; a second one is asked for")
    return require_staff(user)
