"""All routes of the wire, version 1."""

from __future__ import annotations

from ninja import NinjaAPI

from server_stub.api import (
    evidence,
    feed,
    meeting,
    objections,
    outbox,
    problems,
    province,
    queries,
    repairs,
    reports,
    sign_in,
    uploads,
)
from server_stub.api.reading import Readable

api = NinjaAPI(
    title="HengXin sync server",
    version="1",
    docs_url=None,
    openapi_url=None,
    urls_namespace="wire",
    parser=Readable(),
)
problems.register(api)
api.add_router("", meeting.router)
rooms = (sign_in, queries, reports, evidence, feed, outbox, objections, repairs, uploads, province)
for room in rooms:
    api.add_router("/v1", room.router)
