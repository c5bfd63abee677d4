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
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import msgspec

from app.field.limits import LONGEST
from server_stub.api.gate import Caller
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
    status: str
    answer: Callable[[Caller, Any], Any]

    def asked(self, content: bytes) -> Any:
        """What a body asks; None when its route has to look at it."""
        try:
            body = self.form.decode(content)
            if _DOUBTFUL.search(content):
                require_keepable(msgspec.structs.asdict(body))
        except (msgspec.MsgspecError, ValueError, Problem):
            return None
        return body

    def said(self, caller: Caller, asked: Any) -> bytes:
        """The body of the answer.

        Raises:
            Problem: as the services.
        """
        return _ENCODE(self.answer(caller, asked))


def way(form: type[_B], status: int, answer: Callable[[Caller, _B], Any]) -> Way:
    """A way for bodies of a form."""
    return Way(msgspec.json.Decoder(form), f"{status} {HTTPStatus(status).phrase}", answer)


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
