"""The server with one door more: a signed-in read of the whole document of a unit, without evidence.

Only benchmarks serve it: the product gives no record without evidence. Everything before and behind the door
is the product's own: proof, token, rules, masks.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

application = get_wsgi_application()

from benchmarks.serving import DOCUMENT  # noqa: E402
from server_stub.api import gate  # noqa: E402
from server_stub.config.clock import today  # noqa: E402
from server_stub.config.urls import urlpatterns as product  # noqa: E402
from server_stub.records import selectors as records  # noqa: E402
from server_stub.subjects import selectors as subjects  # noqa: E402

_ENCODE = msgspec.json.Encoder().encode


def document(request: HttpRequest) -> HttpResponse:
    """Identity, records, lists and counters of the unit with the code in the body."""
    caller = gate.signed_in(request)
    subject = subjects.find_legal(json.loads(request.body)["code"])
    shown = records.shown(
        subject,
        role=caller.officer.role,
        organisation_kind=caller.officer.organisation.kind,
        on=today(),
        basis="open",
    )
    card: Any = subjects.card(subject) if subject else None
    return HttpResponse(_ENCODE((card, shown)), content_type="application/json")


urlpatterns = [path(DOCUMENT.removeprefix("/"), document), *product]
settings.ROOT_URLCONF = __name__
