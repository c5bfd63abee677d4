"""What a check of a seal says: every single test with its outcome, and the reasons for a refusal."""

from __future__ import annotations

from typing import NamedTuple

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
    "time_stamp_missing",
    "attachment_other",
    "data_differs",
    "data_unsigned",
    "not_sound",
)


class SealTrust(msgspec.Struct, frozen=True):
    """What is pinned: the seal's issuer and the seal certificate itself, both PEM, and the platform's answers
    key (32 raw bytes, Ed25519) by which the data of a report is signed.

    `stamp_issuer_pem` is the root of the time stamps, `stamped_from` the moment (UTC text) from which every
    report bears one. Both are empty for a platform that stamps no time, or has not yet said who does: its
    seals are judged by today's date then.
    """

    issuer_pem: str
    certificate_pem: str
    answers_key_id: str
    answers_key: bytes
    stamp_issuer_pem: str = ""
    stamped_from: str = ""


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
    `signed_at` is the time the seal states (UTC text), `stamped_at` the one that a time stamp proves.
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
    stamped_at: str = ""


Test = tuple[str, bool, str, Reason]
"""Name, whether it passed, what was seen, and the reason if it did not."""


class Claims(NamedTuple):
    """What the metadata of a file say of it: number, content digest (hexadecimal), time of issue (UTC text),
    and whether it carries its data. A report of before carried none and does not say that it does.
    """

    number: str
    document_sha256: str
    issued_at: str
    has_data: bool


NO_CLAIMS = Claims("", "", "", False)
