"""What a query returns: the signed bundle and its parts. Client, server and renderer share these structs.

Dates are ISO text (YYYY-MM-DD) or empty; times are UTC text YYYY-MM-DDTHH:MM:SS.mmmZ. Money is an exact
integer of fen (1/100 yuan) or None where the source gives none.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

SubjectKind = Literal["legal", "person"]
Section = Literal["licence", "penalty", "honour", "serious", "abnormal", "commitment", "judgement", "other"]
SECTIONS: tuple[Section, ...] = (
    "serious", "penalty", "licence", "honour", "abnormal", "judgement", "commitment", "other",
)  # fmt: skip
AMOUNT_DOUBTS = ("unit", "unreadable", "text")
Display = Literal["show", "mark", "label"]


class Part(msgspec.Struct, frozen=True, omit_defaults=False):
    """Base of every wire struct here: unknown fields are ignored, all fields are written."""


class FormerName(Part, frozen=True):
    name: str
    until: str = ""


class RegisterCard(Part, frozen=True):
    """Register identity only: all that a candidate list may show. Nothing about credit."""

    subject_key: str
    kind: SubjectKind
    name: str
    code: str
    state: str
    founded: str = ""
    representative: str = ""
    district: str = ""
    match: Literal["exact", "former", "contains", "short", "alike"] = "exact"
    matched_name: str = ""


class SubjectCard(Part, frozen=True):
    """Identity of the subject. For a person `code` is the masked number and the company fields are empty."""

    subject_key: str
    kind: SubjectKind
    name: str
    code: str
    id_type: str = ""
    state: str = ""
    category: str = ""
    representative: str = ""
    founded: str = ""
    capital: str = ""
    registrar: str = ""
    address: str = ""
    district: str = ""
    industry: str = ""
    former_names: tuple[FormerName, ...] = ()


class RuleRef(Part, frozen=True):
    """One dated rule row that decided something: table, row id, version and its legal basis."""

    table: str
    row: str
    version: int
    basis: str
    text: str = ""


class ObjectionMark(Part, frozen=True):
    number: str
    accepted_on: str
    due_on: str = ""


class Correction(Part, frozen=True):
    """When a record was corrected, and why in words. `reason` is the feed's code, for programs."""

    at: str
    reason: str
    text: str = ""


class RepairOutlook(Part, frozen=True):
    """Earliest day a repair may be applied for and the last day of publicity, with the rule."""

    earliest: str
    end: str
    rule: RuleRef


class Record(Part, frozen=True):
    """One record as shown: `fields` holds the labelled values in printing order, third persons masked.

    `amount_doubt` says why the source's amount is in doubt (AMOUNT_DOUBTS, or a word still unknown here);
    there is no `amount_fen` then, and the doubtful number is nowhere in the record's labelled values.
    """

    rec_id: str
    rev: int
    section: Section
    title: str
    document_no: str
    provider: str
    decided_on: str
    matter: str = ""
    valid_from: str = ""
    valid_to: str = ""
    publicity_end: str = ""
    amount_fen: int | None = None
    status: str = ""
    display: Display = "show"
    why: RuleRef | None = None
    received_at: str = ""
    source_no: str = ""
    objection: ObjectionMark | None = None
    corrections: tuple[Correction, ...] = ()
    repair: RepairOutlook | None = None
    fields: tuple[tuple[str, str], ...] = ()
    amount_doubt: str = ""


class Measure(Part, frozen=True):
    """A measure on a listed subject. `for_you`: addressed to bodies like the asker's (never a verdict)."""

    group: Literal["I", "II", "III"]
    text: str
    body: str
    basis: str
    for_you: bool = False


class Standing(Part, frozen=True):
    """One list entry: serious dishonesty, abnormal operation or honour."""

    rec_id: str
    rev: int
    kind: Literal["serious", "abnormal", "honour"]
    list_name: str
    authority: str
    listed_on: str
    until: str = ""
    reason: str = ""
    document_no: str = ""
    year: str = ""
    measures: tuple[Measure, ...] = ()
    objection: ObjectionMark | None = None


class Counter(Part, frozen=True):
    """A row of the summary: what the rules show, nothing else is counted."""

    section: Section
    active: int
    objected: int = 0
    latest: str = ""
    providers: int = 0


class Requester(Part, frozen=True):
    user: str
    name: str
    organisation: str
    organisation_name: str
    organisation_kind: str
    role: str


class PurposeRef(Part, frozen=True):
    code: str
    zh: str
    en: str


class Basis(Part, frozen=True):
    """On what ground a query stands: a letter, a duty of office, the asker's own unit or an open item."""

    type: Literal["open", "letter", "duty", "own"]
    ref: str = ""
    sha256: str = ""
    until: str = ""


class Lease(Part, frozen=True):
    """The right to keep this copy: `max_offline_s` 0 means it is never cached."""

    lease_id: str
    granted_at: str
    expires_at: str
    max_offline_s: int


class Bundle(Part, frozen=True):
    """The signed answer to one query. `no_information` has the same shape whatever the reason."""

    type: Literal["bundle"]
    v: int
    query_no: str
    op_id: str
    made_at: str
    as_of: str
    as_of_seq: int
    epoch: str
    specimen: bool
    subject_key: str
    no_information: bool
    requester: Requester
    purpose: PurposeRef
    case_no: str
    basis: Basis
    lease: Lease
    subject: SubjectCard | None = None
    counters: tuple[Counter, ...] = ()
    standing: tuple[Standing, ...] = ()
    records: tuple[Record, ...] = ()
    rules: tuple[RuleRef, ...] = ()


class Signed(Part, frozen=True):
    """Bytes as sent with an Ed25519 signature over exactly these bytes."""

    payload_b64: str
    key_id: str
    sig_b64: str


_read_bundle = msgspec.json.Decoder(Bundle)


def read_bundle(payload: bytes) -> Bundle:
    """Decode the payload of a signed bundle.

    Raises:
        msgspec.DecodeError: when the bytes are not a bundle.
    """
    return _read_bundle.decode(payload)


class Holding(Protocol):
    """An answer, or what goes into one."""

    @property
    def records(self) -> tuple[Record, ...]: ...
    @property
    def standing(self) -> tuple[Standing, ...]: ...


def held_by(answer: Holding) -> dict[str, int]:
    """rec_id -> rev of everything an answer shows. A record may be in both parts, at one revision."""
    return {one.rec_id: one.rev for one in answer.records} | {one.rec_id: one.rev for one in answer.standing}


def write_bundle(bundle: Bundle) -> bytes:
    """The bytes that are signed, sent and kept verbatim."""
    return msgspec.json.encode(bundle)
