"""What an issue is asked for, and a sealed paper that is not in the books yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import msgspec

from app.field.masks import mask_name
from app.field.receivers import Receiver
from app.field.reportdoc import Paper
from server_stub.errors import Problem


class IssueBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /reports. `query_no`: of the query or screening the paper is about. Days and field are of
    a paper about a period; `rows` of a screening's certificate, from 1; `large`: in large print.
    """

    query_no: str
    template: str = "standard"
    start: str = msgspec.field(name="from", default="")
    end: str = msgspec.field(name="to", default="")
    field: str = ""
    rows: tuple[int, ...] = ()
    large: bool = False
    language: Literal["zh_CN", "en"] = "zh_CN"
    receiver: Receiver | None = None


@dataclass(frozen=True)
class Ground:
    """On what a paper rests, as the register and the log have it. `subject_key` is empty for a paper about
    several; `masked` names whom it is about, enough for the holder of the paper.
    """

    query_no: str
    subject_key: str
    kind: Literal["legal", "person"]
    masked: str
    purpose: str
    basis_type: str


@dataclass(frozen=True)
class Drafted:
    """A sealed paper that is not in the books yet. `held` are the record revisions it shows (rec_id -> rev),
    `shown` the bytes whose digest the log keeps of what was shown. `still` raises Problem `query-stale` when
    what it says is not so any more.
    """

    ground: Ground
    receiver: Receiver
    document: Paper
    document_sha256: str
    pdf: bytes
    pdf_sha256: str
    valid_until: date
    held: Mapping[str, int]
    shown: bytes
    still: Callable[[], None]


def read_body(body: dict[str, Any]) -> IssueBody:
    """Raises Problem `body-invalid`."""
    try:
        return msgspec.convert(body, IssueBody)
    except msgspec.ValidationError as flaw:
        place = re.search(r"(?:field |at )`\$?\.?([^`]+)`", str(flaw))
        path = place.group(1) if place else ""
        fields = [{"path": path, "code": "type", "message": "not of its kind"}] if path else []
        raise Problem("body-invalid", str(flaw), fields=fields) from flaw


def masked(name: str, kind: str) -> str:
    """A person's name as everywhere; of a unit's the beginning and the end, enough for the holder of the
    paper.
    """
    if kind == "person":
        return mask_name(name)
    return f"{name[:2]}***{name[-4:]}" if len(name) > 8 else f"{name[:1]}***{name[-1:]}"
