"""An application for repair while it is written, and as what a refused one comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.services.picked_files import AsPicked
from app.services.refused_files import RefusedFile
from app.wire.repair_messages import RepairStanding

KIND = "repair"
APPLY, SUPPLEMENT, WITHDRAW = "repair.apply", "repair.supplement", "repair.withdraw"


class RepairDraft(msgspec.Struct, frozen=True):
    """An application about one record of one answer; with a `number` the supplement that it was given back
    for, seen at `rev`.

    `code` is the kind, `own`: the answer was about the officer's own unit. `standing` is how the record stood
    when the server was asked last (`told_at`, wire text), without its document's number. `refused`, `why`,
    `other`, `file`, `left_out` are as of an objection; `picked` is a check and where its paper lies, read
    when it is filed, `as_picked` how it was; `checks` says, place by place, what the kept papers prove.
    """

    draft_id: str
    query_no: str
    rec_id: str
    document_no: str = ""
    subject_name: str = ""
    code: str = ""
    statement: str = ""
    letter_no: str = ""
    own: bool = False
    standing: RepairStanding | None = None
    told_at: str = ""
    number: str = ""
    rev: int = 0
    refused: str = ""
    why: str = ""
    other: str = ""
    file: RefusedFile | None = None
    left_out: tuple[int, ...] = ()
    picked: tuple[tuple[str, str], ...] = ()
    as_picked: tuple[AsPicked, ...] = ()
    checks: tuple[str, ...] = ()


def returned(
    op_id: str, body: Mapping[str, Any], subject: str, why: str, other: str, file: RefusedFile | None = None
) -> RepairDraft:
    """The draft of a refused application or supplement, of the body that was sent."""
    return RepairDraft(
        op_id,
        str(body.get("query_no", "")),
        str(body.get("rec_id", "")),
        subject_name=subject,
        code=str(body.get("kind", "")),
        statement=str(body.get("statement", "")),
        letter_no=str(body.get("letter_no", "")),
        own=not body.get("letter_no"),
        number=str(body.get("number", "")),
        rev=int(body.get("base_rev", 0)),
        refused=op_id,
        why=why,
        other=other,
        file=file,
        checks=tuple(str(one.get("check", "")) for one in body.get("papers", ())),
    )
