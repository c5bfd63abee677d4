"""The report as data: what its pages say, for a program that must not read pages, and nothing else.

Dates are ISO text or empty, times UTC text (the pages show the same moments in Beijing time), money is an
exact integer of fen. A value is empty where the pages do not print it. Persons are masked as on paper.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

import msgspec

from app.field.canonical import canonical
from app.field.paper_facts import Facts
from app.field.records import Display, Part, Section, SubjectKind

ATTACHED_NAME = "report.json"
Edition = Literal["bank", "government", "enterprise", "centre"]


class PrintedFormerName(Part, frozen=True):
    name: str
    until: str


class PrintedSubject(Part, frozen=True):
    """Of a person only name, kind and masked number of the document, district and state are filled."""

    kind: SubjectKind
    name: str
    code: str
    id_type: str
    state: str
    category: str
    representative: str
    founded: str
    capital: str
    registrar: str
    address: str
    district: str
    industry: str
    former_names: tuple[PrintedFormerName, ...]


class PrintedGround(Part, frozen=True):
    """On what ground was asked: open information, a letter, a duty of office, the asker's own unit."""

    type: Literal["open", "letter", "duty", "own"]
    ref: str
    until: str


class PrintedMeasure(Part, frozen=True):
    group: Literal["I", "II", "III"]
    text: str
    body: str
    basis: str
    concerns_applicant: bool


class PrintedObjection(Part, frozen=True):
    number: str
    accepted_on: str
    due_on: str


class PrintedStanding(Part, frozen=True):
    """One point of attention, in the order of the pages: the gravest first."""

    kind: Literal["serious", "abnormal", "honour"]
    list_name: str
    year: str
    authority: str
    listed_on: str
    until: str
    reason: str
    document_no: str
    measures: tuple[PrintedMeasure, ...]
    objection: PrintedObjection | None


class PrintedCount(Part, frozen=True):
    """A row of the summary. `labelled`: records that ended (repaired, removed), which a special report shows
    with a label and does not count.
    """

    section: Section
    active: int
    objected: int
    latest: str
    providers: int
    labelled: int = 0


class PrintedCorrection(Part, frozen=True):
    at: str
    text: str


class PrintedRepair(Part, frozen=True):
    earliest: str
    end: str
    basis: str


class PrintedField(Part, frozen=True):
    label: str
    value: str


class PrintedRecord(Part, frozen=True):
    """One record. `display` other than "show" is printed as a word of its state, with `shown_under`.

    `amount_doubt` says why the source's amount is in doubt; there is no `amount_fen` then.
    """

    record_no: str
    section: Section
    title: str
    document_no: str
    provider: str
    matter: str
    decided_on: str
    valid_from: str
    valid_to: str
    publicity_end: str
    amount_fen: int | None
    amount_doubt: str
    status: str
    display: Display
    shown_under: str
    received_at: str
    objection: PrintedObjection | None
    corrections: tuple[PrintedCorrection, ...]
    repair: PrintedRepair | None
    fields: tuple[PrintedField, ...]


class PrintedRule(Part, frozen=True):
    text: str
    basis: str
    version: int


class PrintedLayout(Part, frozen=True):
    """Which version of the paper this is, since when it stands and by what rule."""

    version: int
    since: str
    basis: str


class PrintedScope(Part, frozen=True):
    """Of which days, both included, and of which field of law (empty: all) a special report is."""

    start: str
    end: str
    field: str


class PrintedTable(Part, frozen=True):
    """An edition of a table of rules; `sha256` is the beginning of its file's digest, as on paper."""

    table: str
    sha256: str


class PrintedLog(Part, frozen=True):
    """The checkpoint of the log that the pages name; `root` is hexadecimal."""

    size: int
    root: str


class PrintedReport(Part, frozen=True, tag_field="type", tag="report"):
    """All that one report says. Its digest is the content digest of cover and last page; the link of the
    QR code and the check code are made from that digest and therefore stand beside it, not in it.
    Version 2 adds `layout`, `tables`, `scope` and `labels`; a reader takes both versions.
    """

    v: Literal[1, 2]
    template: str
    language: Literal["zh_CN", "en"]
    copy: Literal["official", "preview", "working", "offline"]
    specimen: bool
    number: str
    issuer: str
    platform: str
    queried_at: str
    as_of: str
    issued_at: str
    valid_until: str
    reprint: int
    applicant: str
    edition: Edition
    purpose: str
    case_no: str
    ground: PrintedGround
    subject: PrintedSubject
    standing: tuple[PrintedStanding, ...]
    summary: tuple[PrintedCount, ...]
    records: tuple[PrintedRecord, ...]
    rules: tuple[PrintedRule, ...]
    log: PrintedLog
    layout: PrintedLayout | None = None
    tables: tuple[PrintedTable, ...] = ()
    scope: PrintedScope | None = None
    labels: tuple[str, ...] = ()


class PrintedPaper(Part, frozen=True, tag_field="type", tag="paper"):
    """All that a paper about facts of its own says (see `app.field.paper_facts`); digested as a report is."""

    v: Literal[1]
    template: str
    language: Literal["zh_CN", "en"]
    copy: Literal["official"]
    specimen: bool
    number: str
    issuer: str
    platform: str
    queried_at: str
    as_of: str
    issued_at: str
    valid_until: str
    applicant: str
    edition: Edition
    purpose: str
    case_no: str
    ground: str
    subject: str
    facts: Facts
    log: PrintedLog
    layout: PrintedLayout
    tables: tuple[PrintedTable, ...] = ()


class AttachedReport(Part, frozen=True):
    """The file report.json: the document, its digest, what is made from it, and the platform's signature.

    `sig_b64` is an Ed25519 signature by the answers key `key_id` over the RFC 8785 bytes of `document`;
    `document_sha256` is the SHA-256 of the same bytes, in hexadecimal.
    """

    document: PrintedReport | PrintedPaper
    document_sha256: str
    check_code: str
    verify_link: str
    key_id: str
    sig_b64: str


def printed_bytes(report: PrintedReport | PrintedPaper) -> bytes:
    """The canonical bytes (RFC 8785) that are digested and signed.

    Raises:
        ValueError: for a number beyond what JSON keeps exactly, or half a character.
    """
    return canonical(msgspec.to_builtins(report))


def write_attached(attached: AttachedReport) -> bytes:
    """The file as it is attached; the same bytes for the same content."""
    return canonical(msgspec.to_builtins(attached))


def read_attached(raw: bytes) -> tuple[AttachedReport, bytes]:
    """The file and the canonical bytes of the document in it, as it came: members that are not known here
    count for the digest, too.

    Raises:
        ValueError: when the bytes are no such file, or not in their one canonical form (a member that stands
            twice would be read one way here and another way elsewhere).
    """
    loose: Any = msgspec.json.decode(raw)
    attached = msgspec.convert(loose, AttachedReport)
    if canonical(loose) != raw:
        raise ValueError("not in canonical form")
    return attached, canonical(loose["document"])


def digest_of(document: bytes) -> str:
    """The content digest, in lower-case hexadecimal."""
    return hashlib.sha256(document).hexdigest()
