"""From an answer to a report document: who may print what, and the digest that names its content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from app.field.masks import STAR, mask_id, mask_name
from app.field.printed import digest_of, printed_bytes
from app.field.records import Bundle, SubjectKind
from app.field.reportdoc import (
    Copy,
    FactsDocument,
    Paper,
    ReportDocument,
    ReportScope,
    ReportTimes,
    TableEdition,
)
from app.field.templates import Template, template_on
from app.report.printed import printed
from app.report.templates import shipped
from app.report.words import in_beijing

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class ReportFlaw(ValueError):  # noqa: N818 - a flaw of the input, by the house's names
    """A report that must not be composed or rendered, with the reason in English."""


def compose(
    bundle: Bundle,
    *,
    copy: Copy,
    times: ReportTimes,
    language: Literal["zh_CN", "en"] = "zh_CN",
    template: str = "standard",
    number: str = "",
    verify_link: str = "",
    check_code: str = "",
    checkpoint_size: int = 0,
    checkpoint_root: str = "",
    valid_until: str = "",
    reprint: int = 0,
    tables: tuple[TableEdition, ...] = (),
    scope: ReportScope | None = None,
    large: bool = False,
    papers: Sequence[Template] | None = None,
) -> ReportDocument:
    """The document for an answer as shown. Only an official copy bears a number, a link and a check code.

    `times` are UTC texts; `valid_until` is a date; `checkpoint_root` is hexadecimal. The row of `papers` (the
    table that ships) in force on the day of issue decides what the paper has. `scope` belongs to a paper for
    a period, and `bundle` is then what is shown of that period.

    Raises:
        ReportFlaw: for an answer without information, a template that no row speaks of, or numbers on a copy
            that is not official.
    """
    if bundle.no_information or bundle.subject is None:
        raise ReportFlaw("an answer without information makes no report")
    layout = paper_for(template, bundle.subject.kind, in_beijing(times.issued).date(), papers)
    document = ReportDocument(
        v=1,
        template=template,
        language=language,
        copy=copy,
        specimen=bundle.specimen,
        number=number,
        times=times,
        requester=bundle.requester,
        purpose=bundle.purpose,
        case_no=bundle.case_no,
        bundle=masked(bundle, layout),
        checkpoint_size=checkpoint_size,
        checkpoint_root=checkpoint_root,
        verify_link=verify_link,
        check_code=check_code,
        valid_until=valid_until,
        reprint=reprint,
        layout=enlarged(layout) if large else layout,
        large=large,
        tables=tables,
        scope=scope,
    )
    require_sound(document)
    return document


def paper_for(
    template: str, kind: SubjectKind, on: date, papers: Sequence[Template] | None = None
) -> Template:
    """The row by which a paper about such a subject is made on a day.

    Raises:
        ReportFlaw: when no row speaks of it.
    """
    found = template_on(shipped() if papers is None else papers, template, kind, on)
    if found is None:
        raise ReportFlaw(f"no template {template!r} for a {kind} on {on}")
    return found


def papers_for(kind: str, ground: str, on: date, papers: Sequence[Template] | None = None) -> tuple[str, ...]:
    """The papers about such a subject that a query on this ground may end in."""
    rows = shipped() if papers is None else papers
    return tuple(
        row.paper
        for row in rows
        if not row.facts
        and row.about(kind)
        and row.in_force(on)
        and (not row.grounds or ground in row.grounds)
    )


def require_sound(document: Paper) -> None:
    """Refuse a document that would mislead.

    Raises:
        ReportFlaw: see `compose` and `app.report.stating.state`.
    """
    layout = document.layout
    if isinstance(document, FactsDocument):
        if layout is None or not layout.facts or layout.facts != type(document.facts).__struct_config__.tag:
            raise ReportFlaw("facts are set by the row of their own paper")
        if document.copy != "official":
            raise ReportFlaw("a paper of facts is issued by the platform only")
    elif isinstance(document, ReportDocument):
        _require_answer(document)
    if layout is not None and layout.paper != document.template:
        raise ReportFlaw(f"row {layout.id} is not for such a paper")
    if document.language not in ("zh_CN", "en"):
        raise ReportFlaw(f"no language {document.language!r}")
    if document.copy == "official":
        if not document.number or not document.valid_until:
            raise ReportFlaw("an official report needs a number and an end of validity")
    elif any(
        (document.number, document.verify_link, document.check_code, document.valid_until, document.sig_b64)
    ):
        raise ReportFlaw("only an official report bears number, link, check code, validity or signature")


def _require_answer(document: ReportDocument) -> None:
    bundle, layout = document.bundle, document.layout
    if bundle.no_information or bundle.subject is None:
        raise ReportFlaw("an answer without information makes no report")
    if layout is not None and (layout.facts or not layout.about(bundle.subject.kind)):
        raise ReportFlaw(f"row {layout.id} is not for such a paper")
    if layout is not None and bool(layout.years) != (document.scope is not None):
        raise ReportFlaw("a paper for a period names one, and no other paper does")
    if bundle.specimen and not document.specimen:
        raise ReportFlaw("an answer of a sample server makes a specimen only")


def enlarged(layout: Template) -> Template:
    """The paper in large print: without a title page and without wide tables, every record as a block."""
    rest = (part for part in layout.parts if part not in ("cover", "head", "stamp"))
    return msgspec.structs.replace(layout, parts=("head", "stamp", *rest), tables=())


def masked(bundle: Bundle, layout: Template) -> Bundle:
    """The answer with the subject's card masked as the paper asks; what is masked already stays as it is."""
    if bundle.subject is None:
        return bundle
    plain = {name: str(getattr(bundle.subject, name)) for name, _ in layout.masks}
    hidden = {
        name: mask_name(plain[name]) if how == "name" else mask_id(plain[name], "")
        for name, how in layout.masks
        if plain[name] and STAR not in plain[name]
    }
    return msgspec.structs.replace(bundle, subject=msgspec.structs.replace(bundle.subject, **hidden))


def document_bytes(document: Paper) -> bytes:
    """The canonical bytes of what is printed: digested, signed, and attached as `document` of report.json."""
    return printed_bytes(printed(document))


def document_sha256(document: Paper) -> str:
    """Hexadecimal digest of what is printed, but for the link and the check code, which are made from it."""
    return digest_of(document_bytes(document))


def check_code_of(number: str, content_sha256: str) -> str:
    """Sixteen characters a reader can tell over the phone, made from number and content digest."""
    raw = hashlib.sha256(f"check\n{number}\n{content_sha256}".encode("ascii")).digest()
    value = int.from_bytes(raw[:10], "big")
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(75, -1, -5))
