"""The face for other platforms: requests signed by an approved partner, answers signed by us."""

from __future__ import annotations

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from server_stub.api import schemas
from server_stub.errors import Problem
from server_stub.exchange.province import giving, segments, taking
from server_stub.exchange.province.credentials import caller
from server_stub.exchange.province.models import Partner

router = Router(tags=["province"])
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class FromPartner(HttpRequest):
    """A request whose signature holds."""

    auth: Partner


def partner(request: HttpRequest) -> Partner:
    """The partner behind a request.

    Raises:
        Problem: see `credentials.caller`.
    """
    header = request.headers.get("Authorization", "")
    return caller(header, str(request.method), request.path, request.body)


def reader(request: HttpRequest) -> Partner:
    """The same for a file that never changes: to read it again is to read the same bytes."""
    header = request.headers.get("Authorization", "")
    return caller(header, str(request.method), request.path, request.body, once=False)


@router.post(
    "/province/batches", auth=partner, response=schemas.Signed, summary="A partner pushes a batch of its own"
)
def batches(request: FromPartner, body: schemas.Signed) -> dict[str, Any]:
    return taking.take(request.auth, body.model_dump())


@router.post(
    "/province/pull", auth=partner, response=schemas.Signed, summary="A partner pulls a batch of ours"
)
def pull(request: FromPartner, body: schemas.PullIn) -> Any:
    return giving.give(request.auth, body.after, body.epoch, body.most)


@router.post(
    "/province/acks", auth=partner, response=schemas.Empty, summary="A partner's word on what it pulled"
)
def acks(request: FromPartner, body: schemas.Signed) -> dict[str, Any]:
    giving.acknowledged(request.auth, body.model_dump())
    return {}


@router.get(
    "/province/manifest", auth=partner, response=schemas.Signed, summary="The closed segments, signed"
)
def manifest(request: FromPartner) -> Any:
    return segments.manifest(request.auth)


@router.get("/province/segments/{digest}", auth=reader, summary="One closed segment, whole or a range")
def segment(request: FromPartner, digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> HttpResponse:
    return ranged(request, segments.content(request.auth, digest), digest)


def ranged(request: HttpRequest, content: bytes, mark: str) -> HttpResponse:
    """The bytes under a strong entity tag; one range is honoured when If-Range still names them (RFC 9110).

    Several ranges, or one that does not read, are answered with the whole.

    Raises:
        Problem: `range-unsatisfiable` for a range that begins behind the end.
    """
    tag = f'"{mark}"'
    headers = {"ETag": tag, "Accept-Ranges": "bytes"}
    if tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
        return HttpResponse(status=304, headers=headers)
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None or request.headers.get("If-Range", tag) != tag:
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)
    first = int(wanted[1])
    last = min(int(wanted[2]), len(content) - 1) if wanted[2] else len(content) - 1
    if wanted[2] and int(wanted[2]) < first:
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)
    if first >= len(content):
        raise Problem("range-unsatisfiable", headers={"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    piece = content[first : last + 1]
    return HttpResponse(piece, status=206, content_type="application/octet-stream", headers=headers)
