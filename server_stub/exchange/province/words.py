"""What travels between two platforms. Every struct is signed as its canonical bytes (RFC 8785)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
RecordId = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z]{1,26}$")]
PartnerId = Annotated[str, msgspec.Meta(pattern="^partner-[0-9a-f]{16}$")]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Revision = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Name = Annotated[str, msgspec.Meta(max_length=24)]


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Base: unknown fields are ignored, so that a newer partner may say more."""


class Card(Word, frozen=True, kw_only=True):
    """How a platform introduces itself: public halves only. `ca_pem` is the authority to pin."""

    v: Literal[1]
    id: PartnerId
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    url: Annotated[str, msgspec.Meta(max_length=200, pattern="^(https://[^/?#@]+)?$")]
    public_b64: Annotated[str, msgspec.Meta(max_length=44)]
    agreement_b64: Annotated[str, msgspec.Meta(max_length=44)]
    ca_pem: Annotated[str, msgspec.Meta(max_length=20_000)]


class Scope(Word, frozen=True, kw_only=True):
    """What may be exchanged with a partner: sections, items of our catalogue (none: all), a division as
    prefix of the subject's number, days of decision from (inclusive) to (exclusive), ISO text or empty."""

    sections: tuple[str, ...]
    items: tuple[str, ...] = ()
    area: Annotated[str, msgspec.Meta(pattern="^[0-9]{0,6}$")] = ""
    since: str = ""
    until: str = ""


class Who(Word, frozen=True, kw_only=True):
    """The subject: a unit by its code and name, a person by two tokens of the pair key alone."""

    kind: Literal["legal", "person"]
    code: Annotated[str, msgspec.Meta(max_length=50)] = ""
    code_kind: Name = "uscc"
    name: Short = ""
    token: Annotated[str, msgspec.Meta(max_length=64)] = ""
    name_token: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Row(Word, frozen=True, kw_only=True):
    """One record at one revision of its origin. A revoke carries no content.

    `n`: its number in the origin's journal. `reason`: of the revision, or why it is revoked. `digest`:
    canonical SHA-256 of {section, columns, payload}. `provenance`: how the origin came by it.
    """

    n: Number
    rec_id: RecordId
    rev: Revision
    op: Literal["put", "revoke"]
    reason: Name
    at: Name
    section: Annotated[str, msgspec.Meta(max_length=12)]
    status_on: Annotated[str, msgspec.Meta(max_length=10)] = ""
    who: Who | None = None
    columns: dict[str, Any] | None = None
    payload: dict[str, str] | None = None
    digest: Annotated[str, msgspec.Meta(max_length=64)] = ""
    provenance: dict[str, str] | None = None


class Batch(Word, frozen=True, kw_only=True, tag_field="type", tag="batch"):
    """Rows of the numbers after `after` up to `upto` of the sender's journal under `epoch`; numbers without a
    row were overtaken or are out of scope. `head` is the newest number. Rows are judged one by one."""

    v: Literal[1]
    sender: PartnerId
    receiver: PartnerId
    number: Number
    epoch: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    after: Number
    upto: Number
    head: Number
    rows: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=1000)]


class Refused(Word, frozen=True, kw_only=True):
    """A row that was not taken, and why."""

    rec_id: Annotated[str, msgspec.Meta(max_length=26)]
    rev: int
    code: Annotated[str, msgspec.Meta(max_length=40)]
    text: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Ack(Word, frozen=True, kw_only=True, tag_field="type", tag="ack"):
    """The receiver's word over one batch or segment: its digest, the highest number it now stands at."""

    v: Literal[1]
    sender: PartnerId
    receiver: PartnerId
    digest: Digest
    upto: Number
    accepted: Number
    refused: Annotated[list[Refused], msgspec.Meta(max_length=20_000)]
    at: Name


class SegmentWord(Word, frozen=True, kw_only=True):
    """A closed segment."""

    sha256: Digest
    size: Number
    first: Number
    last: Number
    rows: Number


class Withdrawn(Word, frozen=True, kw_only=True):
    """A segment that must not be used any more."""

    sha256: Digest
    at: Name
    why: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Manifest(Word, frozen=True, kw_only=True, tag_field="type", tag="manifest"):
    """The closed segments in the order of their numbers; what follows `upto` comes in batches."""

    v: Literal[1]
    sender: PartnerId
    receiver: PartnerId
    epoch: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    at: Name
    upto: Number
    segments: Annotated[list[SegmentWord], msgspec.Meta(max_length=10_000)]
    withdrawn: Annotated[list[Withdrawn], msgspec.Meta(max_length=10_000)]
