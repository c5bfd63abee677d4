"""Who was handed a paper: the subject, who acts for it, or an office. Every issue names one."""

from __future__ import annotations

from typing import Any

from app.field.limits import LONGEST, text_flaw
from app.field.receivers import Receiver
from server_stub.errors import Problem


def require_receiver(receiver: Receiver | None) -> Receiver:
    """The receiver with the blanks around its name taken off.

    Raises:
        Problem: `receiver-needed`: none, or an agent or office without a name; `text-too-long`, `text-unfit`.
    """
    if receiver is None:
        raise Problem("receiver-needed", "a report names who is handed it")
    if not receiver.complete():
        raise Problem("receiver-needed", "an agent or an office has a name")
    require_fit("receiver", receiver.name.strip())
    return receiver.bare()


def require_fit(field: str, text: str) -> None:
    """A text within its limits.

    Raises:
        Problem: `text-too-long` (context field, limit, length), `text-unfit` (context field).
    """
    flaw = text_flaw(field, text)
    if flaw == "length":
        context: dict[str, Any] = {"field": field, "limit": LONGEST[field], "length": len(text)}
        raise Problem("text-too-long", f"{field} is too long", context=context)
    if flaw:
        raise Problem("text-unfit", f"{field} holds what no text may", context={"field": field})
