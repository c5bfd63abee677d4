"""The feed for one device, with a bounded wait."""

from __future__ import annotations

import threading
import time
from typing import Annotated

import msgspec
from django.http import HttpResponse
from ninja import Query, Router

from server_stub.api.gate import SignedIn, signed_in
from server_stub.api.schemas import ChangesOut
from server_stub.api.short import MEDIA
from server_stub.config.clock import stamp
from server_stub.feed import cursors, selectors, services

router = Router(tags=["feed"], auth=signed_in)
STEP_S = 0.5
# of the server's eight threads six always stay free for those who do not wait
_waiting = threading.BoundedSemaphore(2)


@router.get("/changes", response=ChangesOut, exclude_none=True, summary="What changed for this device")
def changes(
    request: SignedIn,
    cursor: Annotated[str, Query(max_length=512)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
    wait: Annotated[int, Query(ge=0, le=25)] = 0,
    acked: Annotated[str, Query(max_length=512)] = "",
) -> HttpResponse:
    caller = request.auth
    if acked:
        services.acknowledge(caller.device.device_id, cursors.read(acked))
    until = time.monotonic() + wait
    patient = wait > 0 and _waiting.acquire(blocking=False)
    try:
        while True:
            if services.waiting():
                services.number()
            page = selectors.changes(cursor, caller.officer, caller.device, limit)
            if page["changes"] or page["more"] or not patient or time.monotonic() >= until:
                said = msgspec.json.encode({**page, "server_time": stamp()})
                return HttpResponse(said, content_type=MEDIA)  # two hundred rows are not modelled once more
            time.sleep(STEP_S)
    finally:
        if patient:
            _waiting.release()
