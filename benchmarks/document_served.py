"""The server with two doors more: one that answers nothing, and a signed-in read of the whole document of a
unit, without evidence.

Only benchmarks serve them: the product gives no record without evidence. Everything before and behind the
second is the product's own: proof, token, rules, masks.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from server_stub.config.wsgi import application

__all__ = ["application"]

from benchmarks.serving import BARE, DOCUMENT  # noqa: E402 - the application has to be there first
from server_stub.api import gate, short  # noqa: E402
from server_stub.config.clock import today  # noqa: E402
from server_stub.config.urls import urlpatterns as product  # noqa: E402
from server_stub.records import selectors as records  # noqa: E402
from server_stub.subjects import selectors as subjects  # noqa: E402


class Code(msgspec.Struct):
    """Which unit."""

    code: str


def document(caller: gate.Caller, asked: Code) -> Any:
    """Identity, records, lists and counters of the unit with the code in the body."""
    subject = subjects.find_legal(asked.code)
    shown = records.shown(
        subject,
        role=caller.officer.role,
        organisation_kind=caller.officer.organisation.kind,
        on=today(),
        basis="open",
    )
    return subjects.card(subject) if subject else None, shown


def bare(request: HttpRequest) -> HttpResponse:
    """What server, middleware and routing cost when nothing is asked."""
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path(BARE.removeprefix("/"), bare), *product]
short.WAYS[DOCUMENT] = short.way(Code, 200, document)
settings.ROOT_URLCONF = __name__
