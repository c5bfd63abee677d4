"""The bodies of the wire as the OpenAPI document shows them. Fields are those of the structs in app/field."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import Field, model_validator

from app.field.limits import LONGEST

Jws = Annotated[str, Field(max_length=16_384)]
Id = Annotated[str, Field(min_length=8, max_length=64)]
Size = Annotated[int, Field(ge=0)]


class Signed(Schema):
    payload_b64: str
    key_id: str
    sig_b64: str


class LeafEntry(Schema):
    v: int
    source: Literal["device", "server"]
    kind: str
    at: str
    user: str
    organisation: str
    device_id: str
    op_id: str
    entry_sha256: str
    subject_key: str
    purpose: str
    basis_sha256: str
    query_no: str
    report_no: str
    records_sha256: str
    report_sha256: str
    outcome: str
    subject_seq: int
    prev_subject_leaf: str
    org_seq: int
    prev_org_leaf: str


class Receipt(Schema):
    entry: LeafEntry
    blind: str
    leaf_index: int
    checkpoint: str
    inclusion: list[str]
    consistency_from: int
    consistency: list[str]


class RegisterCard(Schema):
    subject_key: str
    kind: Literal["legal", "person"]
    name: str
    code: str
    state: str
    founded: str
    representative: str
    district: str
    match: Literal["exact", "former", "contains", "short", "alike"]
    matched_name: str


class Problem(Schema):
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    retry_after_s: int | None = None
    fields: list[dict[str, str]] | None = None
    context: dict[str, Any] | None = None


class Empty(Schema):
    pass


class Welcome(Schema):
    protocols: list[int]
    min_client: str
    server_version: str
    epoch: str
    server_time: str
    specimen: bool
    city: dict[str, str]
    log: dict[str, str]
    answers: dict[str, str]
    seal: dict[str, str]
    limits: dict[str, int]
    capabilities: list[str]


class PasswordIn(Schema):
    user: str = Field(min_length=1, max_length=LONGEST["user"])
    password: str = Field(min_length=1, max_length=LONGEST["password"])


class ChallengeOut(Schema):
    challenge: str
    factor: Literal["totp"]
    tries_left: int
    expires_s: int


class CodeIn(Schema):
    challenge: str = Field(max_length=128)
    code: str = Field(max_length=LONGEST["totp"])


class EnrolIn(Schema):
    ticket: str = Field(max_length=128)
    enrolment_code: str = Field(max_length=LONGEST["enrolment_code"])
    device_name: str = Field(min_length=1, max_length=LONGEST["device_name"])


class WaitIn(Schema):
    ticket: str = Field(max_length=128)


class User(Schema):
    user: str
    name: str
    role: str
    organisation: str
    organisation_name: str
    organisation_kind: str


class LastSignIn(Schema):
    at: str
    device: str


class Session(Schema):
    access_token: str
    access_s: int
    refresh_token: str
    refresh_s: int
    user: User
    device_id: str
    lease: Signed
    lease_share_b64: str
    share_id: str
    policy: Signed
    cursor: str
    last_n: int
    last_hash: str
    last_sign_in: LastSignIn | None = None


class StepOut(Schema):
    state: Literal["active", "enrol", "pending", "revoked"]
    ticket: str | None = None
    session: Session | None = None


class RefreshIn(Schema):
    refresh_token: str = Field(max_length=128)


class LeaseGrant(Schema):
    lease: Signed
    lease_share_b64: str
    share_id: str


class TokensOut(Schema):
    access_token: str
    refresh_token: str
    access_s: int
    lease: LeaseGrant | None = None
    lease_withheld: Literal["device-silent", "lease-unruled"] | None = None


class CandidatesIn(Schema):
    op_id: Id
    text: str = Field(max_length=LONGEST["search"])
    purpose: str = Field(max_length=16)


class CandidatesOut(Schema):
    candidates: list[RegisterCard]
    more: bool


class LetterIn(Schema):
    op_id: Id
    letter: dict[str, Any]
    scan_name: str = Field(max_length=200)
    scan_b64: str


class LetterOut(Schema):
    letter_no: str
    sha256: str
    valid_to: str


class QueryIn(Schema):
    entries: list[Jws] = Field(min_length=1, max_length=500)
    op_id: Id
    body: dict[str, Any]
    tree_size: Size


class QueryOut(Schema):
    query_no: str
    answer: Signed
    receipts: list[Receipt]
    replayed: bool


class ScreeningIn(Schema):
    entries: list[Jws] = Field(min_length=1, max_length=500)
    op_id: Id
    body: dict[str, Any]
    tree_size: Size


class ScreeningOut(Schema):
    screening_no: str
    answer: Signed
    receipts: list[Receipt]
    replayed: bool


class EntriesIn(Schema):
    entries: list[Jws] = Field(min_length=1, max_length=500)
    tree_size: Size
    lost: list[Receipt] = Field(default=[], max_length=500)


class EntriesOut(Schema):
    last_n: int
    receipts: list[Receipt]


class ReportIn(Schema):
    entries: list[Jws] = Field(min_length=1, max_length=500)
    op_id: Id
    body: dict[str, Any]
    tree_size: Size


class ReportOut(Schema):
    number: str
    issued_at: str
    valid_until: str
    pdf_b64: str
    pdf_sha256: str
    document_sha256: str
    receipts: list[Receipt]
    replayed: bool


class VoidOut(Schema):
    number: str
    void_at: str
    receipts: list[Receipt]
    replayed: bool


class VerifyIn(Schema):
    """A report by the number on its paper, by the digest of its file, or by both."""

    number: str | None = Field(default=None, max_length=64)
    pdf_sha256: str | None = Field(default=None, max_length=64)

    @model_validator(mode="after")
    def _names_a_report(self) -> Self:
        if self.number is None and self.pdf_sha256 is None:
            raise ValueError("a number or a digest is needed")
        return self


class VerifyOut(Schema):
    state: Literal["current", "superseded", "expired", "void", "unknown"]
    match: bool | None
    number: str
    issued_at: str
    valid_until: str
    subject_masked: str
    purpose_class: str
    withdrawn: int
    document_sha256: str
    check_code: str


class ItemIn(Schema):
    op_id: Id
    kind: str = Field(max_length=24)
    made_at: str = Field(max_length=24)
    base_rev: int | None = None
    body: dict[str, Any]
    body_sha256: str = Field(max_length=64)
    jws: Jws


class OutboxIn(Schema):
    items: list[ItemIn] = Field(max_length=50)


class ResultOut(Schema):
    op_id: str
    status: int
    body: dict[str, Any] | None = None
    problem: Problem | None = None
    replayed: bool


class OutboxOut(Schema):
    results: list[ResultOut]


class PullIn(Schema):
    after: Annotated[int, Field(ge=0, le=2**53 - 1)]
    epoch: Annotated[str, Field(max_length=32)] = ""
    most: Annotated[int, Field(ge=1, le=100)] = 100


class ChangeOut(Schema):
    feed: str
    seq: int
    subject_key: str
    rec_id: str
    rev: int
    op: Literal["put", "revoke", "lease_end", "notice"]
    reason: str
    digest: str
    at: str
    body: dict[str, Any] | None = None


class ChangesOut(Schema):
    changes: list[ChangeOut]
    next_cursor: str
    more: bool
    server_time: str
    epoch: str


class HeldRecord(Schema):
    rec_id: str = Field(max_length=26)
    rev: int


class HeldCopy(Schema):
    query_no: str = Field(max_length=32)
    records: list[HeldRecord] = Field(max_length=5000)


class ReconcileIn(Schema):
    copies: list[HeldCopy] = Field(max_length=500)


class RevokeOut(Schema):
    rec_id: str
    reason: str


class MarkBody(Schema):
    number: str
    accepted_on: str
    due_on: str


class MarkOut(Schema):
    rec_id: str
    rev: int
    reason: Literal["marked", "unmarked"]
    body: MarkBody | None


class RenamedOut(Schema):
    query_no: str
    name: str
    until: str


class ReconcileOut(Schema):
    revoke: list[RevokeOut]
    gone: list[str]
    letter_ended: list[str]
    marks: list[MarkOut]
    renamed: list[RenamedOut]
    cursor: str


class UploadIn(Schema):
    op_id: Id
    size: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class UploadOut(Schema):
    upload_url: str
    offset: Size
    arrived: bool
    expires_at: str


class PartOut(Schema):
    offset: Size
    arrived: bool


class ObjectionsOut(Schema):
    objections: list[dict[str, Any]]


class CheckpointOut(Schema):
    checkpoint: str


class RestorationsOut(Schema):
    statements: list[Signed]


class PathOut(Schema):
    path: list[str]


class ProofOut(Schema):
    index: int
    size: int
    path: list[str]
