"""The one route that needs nothing: what this server is and by which keys it is known."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from server_stub.api.edge import PROTOCOLS
from server_stub.api.schemas import Welcome
from server_stub.config.city import city, division, log_origin, specimen
from server_stub.config.clock import stamp
from server_stub.config.keys import keys
from server_stub.feed.selectors import epoch
from server_stub.reports.authority import seal

router = Router(tags=["meeting"])
VERSION = "0.1.0"


@router.get("/", response=Welcome, summary="What this server is")
def welcome(request: HttpRequest) -> dict[str, Any]:
    held = keys()
    mark = seal()
    return {
        "protocols": [*PROTOCOLS],
        "min_client": VERSION,
        "server_version": VERSION,
        "epoch": epoch(),
        "server_time": stamp(),
        "specimen": specimen(),
        "city": {"name": city()["name"]["zh_CN"]["city"], "division": division()},
        "log": {
            "origin": log_origin(),
            "key_id": held.log.key_id,
            "public_b64": base64.b64encode(held.log.public).decode(),
        },
        "answers": {
            "key_id": held.answers.key_id,
            "public_b64": base64.b64encode(held.answers.public).decode(),
        },
        "seal": {
            "certificate_pem": mark.certificate_pem,
            "issuer_pem": mark.issuer_pem,
            "stamp_issuer_pem": mark.stamping.issuer_pem if mark.stamping else "",
            "stamped_from": mark.stamping.since if mark.stamping else "",
        },
        "limits": {
            "body_max": settings.HENGXIN_BODY_MAX,
            "letter_body_max": settings.HENGXIN_LETTER_BODY_MAX,
            "page_max": 200,
            "batch_max": 50,
            "wait_max_s": 25,
        },
        "capabilities": ["query", "report", "objection", "reconcile", "upload"],
    }
