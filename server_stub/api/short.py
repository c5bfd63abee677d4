"""The short way for the requests that come most: the same guards and the same services as the routes have,
without what routing and schemas cost.

A way is taken for a body that fits its form at first sight. Whatever else comes goes to the route, which says
what is wrong with it; nothing was asked or done by then. So both must take and give the same: a way takes
no body that its route refuses, and tests/server_stub/api/test_short.py holds the answers against the
schemas.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse

from app.field.limits import LONGEST
from server_stub.api.gate import Caller, signed_in
from server_stub.api.reading import require_keepable
from server_stub.errors import Problem
from server_stub.queries import search, services

Id = Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
Link = Annotated[str, msgspec.Meta(max_length=16_384)]
MEDIA = "application/json; charset=utf-8"
_ENCODE = msgspec.json.Encoder().encode
# without an escape there is neither NUL nor half a character, without so many digits no number is too large
_DOUBTFUL = re.compile(rb"\\u|\d{19}")
_B = TypeVar("_B", bound=msgspec.Struct)


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A query as it comes in."""

    entries: Annotated[list[Link], msgspec.Meta(min_length=1, max_length=500)]
    op_id: Id
    body: dict[str, Any]
    tree_size: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Searched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A search as it comes in."""

    op_id: Id
    text: Annotated[str, msgspec.Meta(max_length=LONGEST["search"])]
    purpose: Annotated[str, msgspec.Meta(max_length=16)]


class Way(msgspec.Struct, frozen=True):
    """What a body must look like, the status of the answer, and who answers."""

    form: msgspec.json.Decoder[Any]
    status: int
    answer: Callable[[Caller, Any], Any]


def way(form: type[_B], status: int, answer: Callable[[Caller, _B], Any]) -> Way:
    """A way for bodies of a form."""
    return Way(msgspec.json.Decoder(form), status, answer)


def _query(caller: Caller, asked: Asked) -> dict[str, Any]:
    return services.answer(
        caller.officer, caller.device, asked.entries, asked.op_id, asked.body, asked.tree_size
    )


def _search(caller: Caller, asked: Searched) -> dict[str, Any]:
    return search.candidates(caller.officer, asked.op_id, asked.text, asked.purpose)


WAYS: dict[str, Way] = {
    "/api/v1/queries": way(Asked, 201, _query),
    "/api/v1/candidates": way(Searched, 200, _search),
}


def answer(request: HttpRequest) -> HttpResponse | None:
    """The answer to a request that may go the short way; None when it has to take the long one.

    Raises:
        Problem: as the gate and the services.
    """
    found = WAYS.get(request.path) if request.method == "POST" else None
    if found is None:
        return None
    try:
        body = found.form.decode(request.body)
        if _DOUBTFUL.search(request.body):
            require_keepable(msgspec.structs.asdict(body))
    except (msgspec.MsgspecError, ValueError, Problem):
        return None
    said = found.answer(signed_in(request), body)
    return HttpResponse(_ENCODE(said), content_type=MEDIA, status=found.status)
