"""The report document: everything that is printed, and nothing that is not. The renderer reads only this."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.field.records import Bundle, Part, PurposeRef, Requester

Copy = Literal["official", "preview", "working", "offline"]


class ReportTimes(Part, frozen=True):
    """When asked, what the data is as of, when issued (UTC text; shown in Beijing time)."""

    queried: str
    as_of: str
    issued: str


class ReportDocument(Part, frozen=True):
    """Input of the renderer. `number` is empty unless `copy` is official; `bundle` is the answer as shown."""

    v: int
    template: str
    language: Literal["zh_CN", "en"]
    copy: Copy
    specimen: bool
    number: str
    times: ReportTimes
    requester: Requester
    purpose: PurposeRef
    case_no: str
    bundle: Bundle
    checkpoint_size: int = 0
    checkpoint_root: str = ""
    verify_link: str = ""
    check_code: str = ""
    valid_until: str = ""
    reprint: int = 0


def write_document(document: ReportDocument) -> bytes:
    return msgspec.json.encode(document)


def read_document(payload: bytes) -> ReportDocument:
    return msgspec.json.decode(payload, type=ReportDocument)
