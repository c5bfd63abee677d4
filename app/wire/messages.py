"""What travels: answers of the server as frozen structs. Unknown fields are ignored, missing ones refused."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from app.field.evidence import Receipt
from app.field.records import ObjectionMark, RegisterCard, Signed


class Message(msgspec.Struct, frozen=True):
    """Base of the answers below."""


class City(Message, frozen=True):
    name: str
    division: str


class LogKey(Message, frozen=True):
    origin: str
    key_id: str
    public_b64: str


class AnswersKey(Message, frozen=True):
    key_id: str
    public_b64: str


class SealCertificates(Message, frozen=True):
    """The seal's pins. `stamp_issuer_pem` is the root of the time stamps, `stamped_from` the moment (UTC
    text) from which every report bears one; empty from a server of before.
    """

    certificate_pem: str
    issuer_pem: str
    stamp_issuer_pem: str = ""
    stamped_from: str = ""


class About(Message, frozen=True):
    """GET /api/: who the server says it is."""

    protocols: tuple[int, ...]
    min_client: str
    server_version: str
    epoch: str
    server_time: str
    specimen: bool
    city: City
    log: LogKey
    answers: AnswersKey
    seal: SealCertificates
    limits: dict[str, Any] = {}
    capabilities: tuple[str, ...] = ()


class ChallengeAnswer(Message, frozen=True):
    challenge: str
    factor: str
    tries_left: int
    expires_s: int


class UserCard(Message, frozen=True):
    user: str
    name: str
    role: str
    organisation: str
    organisation_name: str
    organisation_kind: str


class LastSignIn(Message, frozen=True):
    at: str
    device: str


class SessionGrant(Message, frozen=True):
    """What an active device receives at sign-in. `_s` are seconds; `last_n`: chain length there."""

    access_token: str
    access_s: int
    refresh_token: str
    refresh_s: int
    user: UserCard
    device_id: str
    lease: Signed
    lease_share_b64: str
    share_id: str
    policy: Signed
    cursor: str
    last_n: int
    last_hash: str
    last_sign_in: LastSignIn | None = None


class StepAnswer(Message, frozen=True):
    state: Literal["active", "enrol", "pending", "revoked"]
    session: SessionGrant | None = None
    ticket: str = ""


class LeaseGrant(Message, frozen=True):
    """A lease with the share of the copies' key it lets this device use."""

    lease: Signed
    lease_share_b64: str
    share_id: str


class TokensAnswer(Message, frozen=True):
    """Fresh tokens; with them a lease, or the word why there is none (empty from a server without one)."""

    access_token: str
    refresh_token: str
    access_s: int
    lease: LeaseGrant | None = None
    lease_withheld: str = ""


class DeviceLease(Message, frozen=True):
    type: Literal["lease"]
    lease_id: str
    user: str
    device_id: str
    issued: str
    not_after: str
    max_subjects: int
    share_id: str


class DeviceRevoked(Message, frozen=True):
    """The order to destroy what this device keeps; it counts only as a signed payload."""

    type: Literal["device_revoked"]
    device_id: str
    at: str


class CandidatesAnswer(Message, frozen=True):
    candidates: tuple[RegisterCard, ...]
    more: bool


class LetterAnswer(Message, frozen=True):
    letter_no: str
    sha256: str
    valid_to: str


class CheckpointReply(Message, frozen=True):
    checkpoint: str


class PathReply(Message, frozen=True):
    path: tuple[str, ...]


class RestorationsReply(Message, frozen=True):
    """Declarations of restores, signed by the log key, the oldest first."""

    statements: tuple[Signed, ...]


class QueryReply(Message, frozen=True):
    query_no: str
    answer: Signed
    receipts: tuple[Receipt, ...]
    replayed: bool = False


class ScreeningReply(Message, frozen=True):
    screening_no: str
    answer: Signed
    receipts: tuple[Receipt, ...]
    replayed: bool = False


class EntriesReply(Message, frozen=True):
    last_n: int
    receipts: tuple[Receipt, ...]


class ReportReply(Message, frozen=True):
    number: str
    issued_at: str
    valid_until: str
    pdf_b64: str
    pdf_sha256: str
    document_sha256: str
    receipts: tuple[Receipt, ...]
    replayed: bool = False


class VoidReply(Message, frozen=True):
    number: str
    void_at: str
    receipts: tuple[Receipt, ...]
    replayed: bool = False


class VerifyReply(Message, frozen=True):
    """State of a report at the server. `match` is None when no digest was sent."""

    state: Literal["current", "superseded", "expired", "void", "unknown"]
    match: bool | None = None
    issued_at: str = ""
    valid_until: str = ""
    subject_masked: str = ""
    purpose_class: str = ""
    withdrawn: int = 0


class ItemResult(Message, frozen=True):
    op_id: str
    status: int
    body: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None
    replayed: bool = False


class OutboxReply(Message, frozen=True):
    results: tuple[ItemResult, ...]


class Change(Message, frozen=True):
    feed: str
    seq: int
    op: str
    subject_key: str = ""
    rec_id: str = ""
    rev: int = 0
    reason: str = ""
    digest: str = ""
    at: str = ""
    body: dict[str, Any] | None = None


class ChangesPage(Message, frozen=True):
    changes: tuple[Change, ...]
    next_cursor: str
    more: bool
    server_time: str
    epoch: str


class Revoked(Message, frozen=True):
    rec_id: str
    reason: str = ""


class Marked(Message, frozen=True):
    """What lies over a record now: the objection in `body`, or nothing any more (unmarked)."""

    rec_id: str
    rev: int
    reason: Literal["marked", "unmarked"]
    body: ObjectionMark | None


class RenamedCopy(Message, frozen=True):
    """The unit of a copy bears another name by now; `until` is the last day of the copy's, empty: unknown."""

    query_no: str
    name: str
    until: str = ""


class ReconcileReply(Message, frozen=True):
    """`gone`: queries whose answer this server does not know, or which carry nothing more; such a copy may
    hold no record at all. `letter_ended`: those of `gone` whose official letter was stopped or is over."""

    revoke: tuple[Revoked, ...]
    cursor: str
    marks: tuple[Marked, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[RenamedCopy, ...] = ()
    letter_ended: tuple[str, ...] = ()


class HistoryStep(Message, frozen=True):
    state: str
    at: str
    text: str = ""


class ObjectionView(Message, frozen=True):
    number: str
    kind: str
    query_no: str
    rec_id: str
    state: str
    filed_at: str
    document_no: str = ""
    accepted_on: str = ""
    due_on: str = ""
    holder: str = ""
    answer: str = ""
    outcome: str = ""
    notice: str = ""
    history: tuple[HistoryStep, ...] = ()
    rev: int = 0
    remedies: dict[str, str] = {}


class UploadReply(Message, frozen=True):
    """An upload that was begun or goes on: `offset` bytes are there; `arrived`: all, judged and taken."""

    upload_url: str
    offset: int
    arrived: bool = False


class PartReply(Message, frozen=True):
    offset: int
    arrived: bool = False


class ObjectionsReply(Message, frozen=True):
    objections: tuple[ObjectionView, ...]


class FieldFlaw(Message, frozen=True):
    """What is wrong at one place; `sha256` names the file that it is about, empty for anything else."""

    path: str = ""
    code: str = ""
    message: str = ""
    sha256: str = ""


class ProblemBody(Message, frozen=True):
    """RFC 9457. Only `code`, times and numbers reach our texts; `detail` is plain text for the details."""

    code: str
    title: str = ""
    status: int = 0
    detail: str = ""
    instance: str = ""
    retry_after_s: int | None = None
    fields: tuple[FieldFlaw, ...] = ()
    context: dict[str, Any] = {}
