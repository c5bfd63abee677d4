"""The server's routes as typed verbs on a line. What comes back is decoded strictly, and judged elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from app.field.canonical import canonical_sha256
from app.field.evidence import Receipt
from app.trouble import NotTrusted
from app.wire.messages import (
    About,
    CandidatesAnswer,
    ChallengeAnswer,
    ChangesPage,
    CheckpointReply,
    EntriesReply,
    LetterAnswer,
    ObjectionsReply,
    OutboxReply,
    PartReply,
    PathReply,
    QueryReply,
    ReconcileReply,
    ReportReply,
    RestorationsReply,
    ScreeningReply,
    StepAnswer,
    UploadReply,
    VerifyReply,
    VoidReply,
)
from app.wire.problems import Answered, told
from app.wire.repair_messages import RepairsReply, RepairStanding
from app.wire.session import LARGE, READ_S, Line

V1 = "/api/v1"
OFFSET = "Upload-Offset"
UPLOAD = re.compile(re.escape(V1) + r"/uploads/[A-Za-z0-9_-]{16,64}")


class Routes:
    """Typed calls. Raises Answered for problems (see `told`), Trouble for network faults."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def about(self) -> About:
        return self.line.open("GET", "/api/").read(About)

    def password(self, user: str, password: str) -> ChallengeAnswer:
        body = {"user": user, "password": password}
        return self.line.prove("POST", f"{V1}/sign-in/password", body).read(ChallengeAnswer)

    def code(self, challenge: str, code: str) -> StepAnswer:
        body = {"challenge": challenge, "code": code}
        return self.line.prove("POST", f"{V1}/sign-in/code", body).read(StepAnswer)

    def enrol(self, ticket: str, enrolment_code: str, device_name: str) -> StepAnswer:
        body = {"ticket": ticket, "enrolment_code": enrolment_code, "device_name": device_name}
        return self.line.prove("POST", f"{V1}/sign-in/enrol", body).read(StepAnswer)

    def wait(self, ticket: str) -> StepAnswer:
        return self.line.prove("POST", f"{V1}/sign-in/wait", {"ticket": ticket}).read(StepAnswer)

    def sign_out(self) -> None:
        self.line.call("POST", f"{V1}/sign-out", {})

    def candidates(self, op_id: str, text: str, purpose: str) -> CandidatesAnswer:
        body = {"op_id": op_id, "text": text, "purpose": purpose}
        return self.line.call("POST", f"{V1}/candidates", body).read(CandidatesAnswer)

    def letter(self, op_id: str, letter: dict[str, Any], scan_name: str, scan_b64: str) -> LetterAnswer:
        body = {"op_id": op_id, "letter": letter, "scan_name": scan_name, "scan_b64": scan_b64}
        return self.line.call("POST", f"{V1}/letters", body, read_s=120).read(LetterAnswer)

    def query(self, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int) -> QueryReply:
        sent = {"entries": list(entries), "op_id": op_id, "body": body, "tree_size": tree_size}
        return self.line.call("POST", f"{V1}/queries", sent).read(QueryReply)

    def screening(
        self, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int
    ) -> ScreeningReply:
        sent = {"entries": list(entries), "op_id": op_id, "body": body, "tree_size": tree_size}
        return self.line.call("POST", f"{V1}/screenings", sent, read_s=90).read(ScreeningReply)

    def entries(self, entries: Sequence[str], tree_size: int, lost: Sequence[Receipt] = ()) -> EntriesReply:
        """`lost`: earlier receipts of entries whose leaves a restore took."""
        body: dict[str, Any] = {"entries": list(entries), "tree_size": tree_size}
        if lost:
            body["lost"] = msgspec.to_builtins(list(lost))
        return self.line.call("POST", f"{V1}/log/entries", body).read(EntriesReply)

    def checkpoint(self) -> CheckpointReply:
        return self.line.open("GET", f"{V1}/log/checkpoint").read(CheckpointReply)

    def consistency(self, older: int, newer: int) -> PathReply:
        sizes = {"from": str(older), "to": str(newer)}
        return self.line.open("GET", f"{V1}/log/consistency", None, sizes).read(PathReply)

    def restorations(self) -> RestorationsReply:
        return self.line.open("GET", f"{V1}/log/restorations").read(RestorationsReply)

    def report(self, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int) -> ReportReply:
        sent = {"entries": list(entries), "op_id": op_id, "body": body, "tree_size": tree_size}
        return self.line.call("POST", f"{V1}/reports", sent, read_s=90).read(ReportReply)

    def void(self, entries: Sequence[str], op_id: str, body: dict[str, Any], tree_size: int) -> VoidReply:
        sent = {"entries": list(entries), "op_id": op_id, "body": body, "tree_size": tree_size}
        return self.line.call("POST", f"{V1}/reports/void", sent).read(VoidReply)

    def verify(self, number: str, pdf_sha256: str) -> VerifyReply:
        body = {"number": number, "pdf_sha256": pdf_sha256}
        return self.line.open("POST", f"{V1}/reports/verify", body).read(VerifyReply)

    def outbox(self, items: Sequence[dict[str, Any]]) -> OutboxReply:
        return self.line.call("POST", f"{V1}/outbox", {"items": list(items)}, read_s=90).read(OutboxReply)

    def changes(self, cursor: str, acked: str, limit: int, wait: int = 0) -> ChangesPage:
        params = {"cursor": cursor, "limit": str(limit), "wait": str(wait)}
        if acked:
            params["acked"] = acked
        reply = self.line.call("GET", f"{V1}/changes", None, params, LARGE, READ_S + wait)
        return reply.read(ChangesPage)

    def reconcile(self, copies: Sequence[dict[str, Any]]) -> ReconcileReply:
        return self.line.call("POST", f"{V1}/reconcile", {"copies": list(copies)}).read(ReconcileReply)

    def begin_upload(self, op_id: str, size: int, sha256: str) -> UploadReply:
        """Begin an upload, or learn how far it is.

        Raises:
            NotTrusted: answer.malformed for an address that is none of an upload.
        """
        body = {"op_id": op_id, "size": size, "sha256": sha256}
        reply = self.line.call("POST", f"{V1}/uploads", body).read(UploadReply)
        if not UPLOAD.fullmatch(reply.upload_url) or not 0 <= reply.offset <= size:
            raise NotTrusted("answer.malformed")
        return reply

    def send_part(self, upload_url: str, offset: int, part: bytes) -> PartReply:
        headers = {OFFSET: str(offset)}
        return self.line.call("PATCH", upload_url, part, read_s=90, headers=headers).read(PartReply)

    def upload_offset(self, upload_url: str) -> int:
        """How many bytes of an upload the server has.

        Raises:
            NotTrusted: answer.malformed when it does not say.
        """
        said = self.line.call("HEAD", upload_url).headers.get(OFFSET, "")
        if not (said.isascii() and said.isdigit()):
            raise NotTrusted("answer.malformed")
        return int(said)

    def repair_standing(self, query_no: str, rec_id: str) -> RepairStanding:
        body = {"query_no": query_no, "rec_id": rec_id}
        return self.line.call("POST", f"{V1}/repairs/standing", body).read(RepairStanding)

    def repairs(self) -> RepairsReply:
        return self.line.call("GET", f"{V1}/repairs").read(RepairsReply)

    def objections(self) -> ObjectionsReply:
        return self.line.call("GET", f"{V1}/objections").read(ObjectionsReply)


def item(op_id: str, kind: str, made_at: str, body: dict[str, Any], jws: str) -> dict[str, Any]:
    """An outbox item as it travels."""
    return {
        "op_id": op_id,
        "kind": kind,
        "made_at": made_at,
        "body": body,
        "body_sha256": canonical_sha256(body),
        "jws": jws,
    }


__all__ = ["Answered", "Routes", "item", "told"]
