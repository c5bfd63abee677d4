"""What ends at once when an officer may no longer act: tokens, open codes, and the copies on his devices."""

from __future__ import annotations

from server_stub.accounts.models import Challenge, Device, EnrolmentCode, Officer, Ticket, Token
from server_stub.config.clock import now
from server_stub.feed.services import end_leases


def end_sessions(officer: Officer) -> None:
    """End tokens, sign-ins, unused enrolment codes and leases; call inside the act's transaction."""
    end_tokens(officer)
    EnrolmentCode.objects.filter(officer=officer, used_at=None).update(expires_at=now())
    devices = Device.objects.filter(officer=officer).values_list("device_id", flat=True)
    end_leases(devices, officer.user)


def end_tokens(officer: Officer) -> None:
    """End every token and every sign-in under way."""
    Token.objects.filter(officer=officer, ended_at=None).update(ended_at=now())
    for rows in (Challenge, Ticket):
        rows.objects.filter(officer=officer, used_at=None).update(used_at=now())
