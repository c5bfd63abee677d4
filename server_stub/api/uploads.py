"""Evidence in parts: begun, continued where it broke off, and asked after."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Router, Status

from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.schemas import PartOut, UploadIn, UploadOut
from server_stub.cases import uploads
from server_stub.cases.models import Upload
from server_stub.config.clock import stamp
from server_stub.errors import Problem

router = Router(tags=["uploads"], auth=signed_in)
PART = "application/offset+octet-stream"
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_PART_BODY = {
    "requestBody": {"required": True, "content": {PART: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post("/uploads", response={201: UploadOut}, summary="Begin an upload, or learn how far it is")
def begin(request: SignedIn, body: UploadIn) -> Status[dict[str, Any]]:
    row = uploads.begin(request.auth.device.device_id, body.op_id, body.size, body.sha256)
    url = f"{request.path}/{row.upload_id}"
    return Status(201, {"upload_url": url, **_state(row), "expires_at": stamp(row.expires_at)})


@router.patch(
    "/uploads/{upload_id}", response=PartOut, summary="Send the next part", openapi_extra=_PART_BODY
)
def receive(
    request: SignedIn,
    response: HttpResponse,
    upload_id: UploadId,
    upload_offset: Annotated[int, Header(alias="Upload-Offset", ge=0)],
) -> dict[str, Any]:
    row = uploads.receive(request.auth.device.device_id, upload_id, upload_offset, _whole(request))
    response["Upload-Offset"] = str(row.received)
    return _state(row)


@router.api_operation(["HEAD"], "/uploads/{upload_id}", summary="How far an upload has come")
def look(request: SignedIn, upload_id: UploadId) -> HttpResponse:
    row = uploads.look(request.auth.device.device_id, upload_id)
    return HttpResponse(
        headers={"Upload-Offset": str(row.received), "Upload-Length": str(row.size)},
    )


def _state(row: Upload) -> dict[str, Any]:
    return {"offset": row.received, "arrived": bool(row.media)}


def _whole(request: HttpRequest) -> bytes:
    """The part as announced; one that was cut on the way counts for nothing.

    Raises:
        Problem: `body-invalid`.
    """
    part = request.body
    if len(part) != int(request.META.get("CONTENT_LENGTH") or "0"):
        raise Problem("body-invalid", "the part was cut")
    return part
