"""An objection, or a step on a filed one, while it is written, and as what a refused one comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from app.field.objections import CONCLUDED, MARKED, RETURNED
from app.services.attaching import Named, digest
from app.services.picked_files import AsPicked
from app.services.refused_files import RefusedFile
from app.wire.messages import ObjectionView

KIND, FILE = "objection", "objection.file"
Act = Literal["file", "supplement", "add", "recheck"]
# What may be done about a filed objection, and the kind of the signed item that does it.
STEPS: Mapping[Act, str] = {
    "supplement": "objection.supplement",
    "add": "objection.add",
    "recheck": "objection.recheck",
}


class Draft(msgspec.Struct, frozen=True):
    """An objection being written about one record of one answer; with a `number` a step on that objection
    (`act`), seen at `rev`: what was asked for, further evidence, or the wish for the recheck.

    `refused` names the filing that the server did not take (empty for a new draft): its evidence lies beside
    that row, sealed with the vault. `why` is the code of the refusal, `other` the open case and `file` the
    file for whose sake it was, `left_out` the places of the files that do not go again. `picked`: where the
    files lie that go along, read when it is filed, `as_picked`: how they were. `turn`: what may be done
    by what is known now, empty where nothing is; it is read anew each time and never changes what was
    written by itself.
    """

    draft_id: str
    query_no: str
    rec_id: str
    document_no: str = ""
    subject_name: str = ""
    kind: Literal["objection", "data_error"] = "objection"
    ground: str = ""
    wish: str = ""
    statement: str = ""
    should_be: str = ""
    letter_no: str = ""
    refused: str = ""
    why: str = ""
    other: str = ""
    file: RefusedFile | None = None
    left_out: tuple[int, ...] = ()
    picked: tuple[str, ...] = ()
    as_picked: tuple[AsPicked, ...] = ()
    act: Act = "file"
    number: str = ""
    rev: int = 0
    turn: Act | Literal[""] = ""

    @property
    def moved(self) -> bool:
        """Whether the objection went on, so that something else may be done now than this was written for."""
        return bool(self.number and self.turn) and self.turn != self.act


def turn_of(view: ObjectionView, today: str) -> Act | Literal[""]:
    """What who filed may do on the day `today` (YYYY-MM-DD): supplement what was asked for, add evidence to
    what is under way, or ask for the recheck, once and within its term. The server judges again."""
    if view.state == RETURNED:
        return "supplement"
    if view.state in ("filed", *MARKED):
        return "add"
    until = view.remedies.get("recheck_until", "")
    if view.state in CONCLUDED and "recheck" in view.remedies and (not until or today <= until):
        return "recheck"
    return ""


def act_of(kind: str) -> Act:
    """Which act a kind of signed item is."""
    return next((act for act, name in STEPS.items() if name == kind), "file")


def returned(
    op_id: str,
    kind: str,
    body: Mapping[str, Any],
    subject: str,
    why: str,
    other: str,
    file: RefusedFile | None = None,
) -> Draft:
    """The draft of a refused filing, or of a refused step, of the body that was sent."""
    return Draft(
        op_id,
        str(body.get("query_no", "")),
        str(body.get("rec_id", "")),
        subject_name=subject,
        kind="data_error" if body.get("kind") == "data_error" else "objection",
        ground=str(body.get("ground", "")),
        wish=str(body.get("wish", "")),
        statement=str(body.get("statement", "") or body.get("why", "")),
        should_be=str(body.get("should_be", "")),
        letter_no=str(body.get("letter_no", "")),
        refused=op_id,
        why=why,
        other=other,
        file=file,
        act=act_of(kind),
        number=str(body.get("number", "")),
        rev=int(body.get("base_rev", 0)),
    )


def body_of(draft: Draft, proofs: Sequence[Named]) -> dict[str, Any]:
    """The body of the signed item; optional members only where they say something."""
    sent = [{"name": name, "sha256": digest(content), "size": len(content)} for name, content in proofs]
    said = draft.statement.strip()
    if draft.number:
        words = "why" if draft.act == "recheck" else "statement"
        return {"number": draft.number, "base_rev": draft.rev, words: said, "attachments": sent}
    body: dict[str, Any] = {
        "kind": draft.kind,
        "query_no": draft.query_no,
        "rec_id": draft.rec_id,
        "ground": draft.ground.strip(),
        "wish": draft.wish.strip(),
        "statement": said,
        "attachments": sent,
    }
    if draft.should_be.strip():
        body["should_be"] = draft.should_be.strip()
    if draft.letter_no.strip():
        body["letter_no"] = draft.letter_no.strip()
    return body
