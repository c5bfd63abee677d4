"""From a stored answer to a sealed file, before anything is written: checks, document, pages, seal."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.conf import settings

from app.field.printed import digest_of
from app.field.proofs import read_note
from app.field.receivers import Receiver
from app.field.records import Bundle, held_by
from app.field.report_numbers import link_content, write_link
from app.field.reportdoc import ReportDocument, ReportScope, ReportTimes, TableEdition
from app.field.templates import Template
from app.report import ReportFlaw, check_code_of, compose, document_bytes, document_sha256, paper_for, render
from server_stub.accounts.models import Officer
from server_stub.config.city import city, specimen
from server_stub.config.clock import now, stamp, today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence.services import checkpoint
from server_stub.feed import selectors as feed
from server_stub.queries.models import Query
from server_stub.queries.policy import figure
from server_stub.queries.selectors import bundle_of, own_query
from server_stub.records.selectors import Shown, shown
from server_stub.reports.authority import seal
from server_stub.reports.numbering import new_number
from server_stub.reports.receiving import require_receiver
from server_stub.reports.sealing import put_seal
from server_stub.reports.selectors import withdrawn
from server_stub.reports.special import require_ground, scope_of, within
from server_stub.rules.tables_file import shipped
from server_stub.seal.asking import ask
from server_stub.seal.words import SealAway, Wanted
from server_stub.subjects.selectors import find_by_key

AGAIN_S = 60  # when nobody knows better


class IssueBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of POST /reports. Days and field are of a paper about a period; `large`: in large print."""

    query_no: str
    template: str = "standard"
    start: str = msgspec.field(name="from", default="")
    end: str = msgspec.field(name="to", default="")
    field: str = ""
    large: bool = False
    language: Literal["zh_CN", "en"] = "zh_CN"
    receiver: Receiver | None = None


class Drafted(msgspec.Struct, frozen=True):
    """A sealed report that is not in the books yet."""

    query: Query
    receiver: Receiver
    document: ReportDocument
    document_sha256: str
    pdf: bytes
    pdf_sha256: str
    valid_until: date


def read_body(body: dict[str, Any]) -> IssueBody:
    """Raises Problem `body-invalid`."""
    try:
        return msgspec.convert(body, IssueBody)
    except msgspec.ValidationError as flaw:
        raise Problem("body-invalid", str(flaw)) from flaw


def draft(officer: Officer, wanted: IssueBody) -> Drafted:
    """The report on an answer of this officer, rendered and sealed.

    Raises:
        Problem: `not-found` (no query of this officer), `no-information`, `query-stale` (too old, or a
            record in it has changed since), `body-invalid` (no such template), `letter-needed`,
            `letter-expired`, `scope-invalid`, `receiver-needed`, `text-too-long`, `text-unfit`,
            `seal-unavailable`.
    """
    receiver = require_receiver(wanted.receiver)
    query = own_query(officer, wanted.query_no)
    bundle = bundle_of(query)
    if bundle.no_information:
        raise Problem("no-information", "there is nothing to report on")
    require_fresh(query, officer)
    document = _compose(query, officer, bundle, wanted)
    pdf = sealed(render(document, fonts()), document.number, officer.user)
    return Drafted(
        query=query,
        receiver=receiver,
        document=document,
        document_sha256=document_sha256(document),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        valid_until=date.fromisoformat(document.valid_until),
    )


def require_fresh(query: Query, officer: Officer) -> None:
    """The answer is young enough and everything in it still stands.

    Raises:
        Problem: `query-stale`.
    """
    made = datetime.fromisoformat(query.made_at).replace(tzinfo=UTC)
    if now() - made > timedelta(hours=figure("report_query_hours", today())):
        raise Problem("query-stale", "the query is too old")
    held = held_by(bundle_of(query))
    kind = officer.organisation.kind
    if withdrawn(query.subject_key, held, officer.role, kind, query.basis_type):
        raise Problem("query-stale", "a record has changed since the query")


def require_unchanged(document: ReportDocument, query: Query, officer: Officer) -> None:
    """What a paper drew anew at the issue still stands.

    Raises:
        Problem: `query-stale`.
    """
    if document.scope is None or document.layout is None:
        return
    held, kind = held_by(document.bundle), officer.organisation.kind
    chosen = document.layout.report_type
    if withdrawn(query.subject_key, held, officer.role, kind, query.basis_type, chosen):
        raise Problem("query-stale", "a record has changed since the pages were set")


def _compose(query: Query, officer: Officer, bundle: Bundle, wanted: IssueBody) -> ReportDocument:
    on, issued = today(), stamp()
    person = bundle.subject is not None and bundle.subject.kind == "person"
    number = new_number(person=person, on=on)
    log = read_note(checkpoint()).checkpoint
    try:
        layout = paper_for(wanted.template, "person" if person else "legal", on)
        require_ground(layout, query.basis_type, bundle.basis.until, on)
        scope = scope_of(wanted.start, wanted.end, wanted.field, layout, on)
        if scope is not None:
            last_seq, epoch = feed.head()
            anew = _shown(query, officer, layout, on, wanted.language)
            bundle = within(bundle, anew, scope, layout, on)
            bundle = msgspec.structs.replace(bundle, as_of=issued, as_of_seq=last_seq, epoch=epoch)
        elif wanted.language == "en":
            bundle = in_english(bundle, _shown(query, officer, layout, on, "en"))
        document = compose(
            bundle,
            copy="official",
            times=ReportTimes(queried=bundle.made_at, as_of=bundle.as_of, issued=issued),
            language=wanted.language,
            template=wanted.template,
            number=number,
            checkpoint_size=log.size,
            checkpoint_root=log.root.hex(),
            valid_until=(on + timedelta(days=layout.valid_days)).isoformat(),
            tables=_editions(bundle, scope),
            scope=scope,
            large=wanted.large,
        )
    except ReportFlaw as flaw:
        raise Problem("body-invalid", str(flaw)) from flaw
    content = document_bytes(document)
    digest = digest_of(content)
    key = keys().answers
    return msgspec.structs.replace(
        document,
        verify_link=write_link(
            _verify_base(), number, digest, key.sign(link_content(number, digest, issued))
        ),
        check_code=check_code_of(number, digest),
        key_id=key.key_id,
        sig_b64=base64.b64encode(key.sign(content)).decode("ascii"),
    )


def in_english(bundle: Bundle, anew: Shown) -> Bundle:
    """The answer with the English labels and states of the same records; an answer has Chinese ones.

    Raises:
        Problem: `query-stale` when what is shown now is not what was answered.
    """
    labelled = {(record.rec_id, record.rev): record for record in anew.records}
    kept = [(record.rec_id, record.rev) for record in bundle.records]
    if not labelled.keys() >= set(kept):
        raise Problem("query-stale", "a record has changed since the query")
    return msgspec.structs.replace(bundle, records=tuple(labelled[one] for one in kept))


def _shown(query: Query, officer: Officer, layout: Template, on: date, language: str) -> Shown:
    """What the rules of a paper show of the subject of a query, to who asked, on its ground."""
    return shown(
        find_by_key(query.subject_key),
        role=officer.role,
        organisation_kind=officer.organisation.kind,
        report_type=layout.report_type,
        on=on,
        basis=query.basis_type,
        language=language,
    )


def _editions(bundle: Bundle, scope: ReportScope | None) -> tuple[TableEdition, ...]:
    """The editions of the tables whose rows decided, and of the papers; that they still decide so was asked
    just now (`require_fresh`).
    """
    digests = shipped().digests
    named = {
        "template",
        *(["field"] if scope and scope.field else []),
        *(rule.table for rule in bundle.rules),
    } & digests.keys()
    return tuple(TableEdition(table, digests[table]) for table in sorted(named))


def _verify_base() -> str:
    """Where the QR code leads: the address that the operator gave the platform; else on a specimen server
    that server itself, which alone knows the number; else the city's own.
    """
    own = settings.HENGXIN_OWN_URL if specimen() else ""
    return settings.HENGXIN_PUBLIC_URL or own or str(city()["report"]["verify_base"])


def sealed(pdf: bytes, number: str, user: str) -> bytes:
    """The file with the seal, put by the process that keeps it; its log says for whom.

    Raises:
        Problem: `seal-unavailable`, with the seconds to wait.
    """

    def hand(content: bytes) -> bytes:
        return ask(settings.HENGXIN_HOME, Wanted(number, user, content))

    try:
        return put_seal(pdf, seal(), hand, now(), number)
    except SealAway as flaw:
        raise Problem("seal-unavailable", flaw.why, retry_after_s=flaw.wait_s or AGAIN_S) from flaw
    except OSError as flaw:
        raise Problem("seal-unavailable", type(flaw).__name__, retry_after_s=AGAIN_S) from flaw


@cache
def fonts() -> Path:
    """The folder of the faces that ship."""
    return Path(str(files("resources").joinpath("fonts")))
