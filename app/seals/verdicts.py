"""What a check of a seal says: every single test with its outcome, and the reasons for a refusal."""

from __future__ import annotations

import msgspec

Reason = str
REASONS: tuple[Reason, ...] = (
    "not_a_report",
    "no_signature",
    "several_signatures",
    "content_changed",
    "signature_invalid",
    "certificate_untrusted",
    "not_whole_file",
    "changes_allowed",
    "changed_after_seal",
    "other_certificate",
    "time_stamp_invalid",
    "attachment_other",
    "data_differs",
    "data_unsigned",
    "not_sound",
)


class SealTrust(msgspec.Struct, frozen=True):
    """What is pinned: the seal's issuer and the seal certificate itself, both PEM, and the platform's answers
    key (32 raw bytes, Ed25519) by which the data of a report is signed.
    """

    issuer_pem: str
    certificate_pem: str
    answers_key_id: str
    answers_key: bytes


class Check(msgspec.Struct, frozen=True):
    """One test: its name, whether it passed, and what was seen (for the officer's details, in plain
    terms).
    """

    name: str
    ok: bool
    detail: str = ""


class SealVerdict(msgspec.Struct, frozen=True):
    """The judgement on a file. `ok` only if every check passed; `reasons` are words of `REASONS`.

    `number`, `document_sha256` and `issued_at` are what the file says of itself: sealed content if `ok`,
    hearsay if not; so are `producer` and `paper` (of its metadata: the program and the kind of paper).
    `data` is the file report.json, if the file is sound and carries one.
    `signed_at` is the time the seal states (UTC text), proven only with a time stamp.
    """

    ok: bool
    checks: tuple[Check, ...]
    signer: str = ""
    signed_at: str = ""
    reasons: tuple[Reason, ...] = ()
    number: str = ""
    document_sha256: str = ""
    issued_at: str = ""
    producer: str = ""
    paper: str = ""
    data: bytes = b""
