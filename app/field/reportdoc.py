"""The documents of papers: what the renderer is given. What of it stands on the pages, and with that in the
digest and in the attached report.json, is said in `app.field.printed`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from app.field.paper_facts import Facts
from app.field.records import Bundle, Part, PurposeRef, Requester
from app.field.templates import Template

Copy = Literal["official", "preview", "working", "offline"]


class ReportTimes(Part, frozen=True):
    """When asked, what the data is as of, when issued (UTC text; shown in Beijing time)."""

    queried: str
    as_of: str
    issued: str


class ReportScope(Part, frozen=True):
    """Of which days (ISO text, both included) and of which field a special report is. `field` is a row of the
    table of fields, empty for all; `zh` and `en` are its name.
    """

    start: str
    end: str
    field: str = ""
    zh: str = ""
    en: str = ""


class TableEdition(Part, frozen=True):
    """One edition of a table of rules, by the SHA-256 of its file in hexadecimal, as the log has it."""

    table: str
    sha256: str


class Paper(Part, frozen=True, kw_only=True):
    """What every paper has. `number` is empty unless `copy` is official.

    `layout` is the row of the papers that `template` meant on the day of issue; None in what was composed
    before papers were rows. `tables` are the editions of the rules that decided what is shown.
    `large`: set for readers who need large print.
    `key_id` and `sig_b64` are the platform's signature over what is printed; both are empty on other copies.
    """

    v: int
    template: str
    language: Literal["zh_CN", "en"]
    copy: Copy
    specimen: bool
    number: str
    times: ReportTimes
    requester: Requester
    purpose: PurposeRef
    case_no: str
    checkpoint_size: int = 0
    checkpoint_root: str = ""
    verify_link: str = ""
    check_code: str = ""
    valid_until: str = ""
    reprint: int = 0
    key_id: str = ""
    sig_b64: str = ""
    layout: Template | None = None
    tables: tuple[TableEdition, ...] = ()
    large: bool = False


class ReportDocument(Paper, frozen=True, kw_only=True):
    """A report on the answer to a query; `bundle` is that answer as shown."""

    bundle: Bundle
    scope: ReportScope | None = None


class FactsDocument(Paper, frozen=True, kw_only=True):
    """A paper about facts of its own; no answer to a query is in it. `subject` names whom it is about, as the
    head says it; `ground` why it was made.
    """

    facts: Facts
    subject: str
    ground: str


def write_document(document: Paper) -> bytes:
    return msgspec.json.encode(document)


def read_document(payload: bytes) -> ReportDocument:
    return msgspec.json.decode(payload, type=ReportDocument)
