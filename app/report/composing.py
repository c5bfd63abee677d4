"""From an answer to a report document: who may print what, and the digest that names its content."""

from __future__ import annotations

import hashlib
from typing import Literal

from app.field.printed import digest_of, printed_bytes
from app.field.records import Bundle
from app.field.reportdoc import Copy, ReportDocument, ReportTimes
from app.report.printed import printed

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TEMPLATES = ("standard",)


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
) -> ReportDocument:
    """The document for an answer as shown. Only an official copy bears a number, a link and a check code.

    `times` are UTC texts; `valid_until` is a date; `checkpoint_root` is hexadecimal.

    Raises:
        ReportFlaw: for an answer without information, an unknown template, or numbers on a copy that is not
            official.
    """
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
        bundle=bundle,
        checkpoint_size=checkpoint_size,
        checkpoint_root=checkpoint_root,
        verify_link=verify_link,
        check_code=check_code,
        valid_until=valid_until,
        reprint=reprint,
    )
    require_sound(document)
    return document


def require_sound(document: ReportDocument) -> None:
    """Refuse a document that would mislead.

    Raises:
        ReportFlaw: see `compose`.
    """
    if document.bundle.no_information or document.bundle.subject is None:
        raise ReportFlaw("an answer without information makes no report")
    if document.template not in TEMPLATES:
        raise ReportFlaw(f"no template {document.template!r}")
    if document.language not in ("zh_CN", "en"):
        raise ReportFlaw(f"no language {document.language!r}")
    if document.copy == "official":
        if not document.number or not document.valid_until:
            raise ReportFlaw("an official report needs a number and an end of validity")
    elif any(
        (document.number, document.verify_link, document.check_code, document.valid_until, document.sig_b64)
    ):
        raise ReportFlaw("only an official report bears number, link, check code, validity or signature")
    if document.bundle.specimen and not document.specimen:
        raise ReportFlaw("an answer of a sample server makes a specimen only")


def document_bytes(document: ReportDocument) -> bytes:
    """The canonical bytes of what is printed: digested, signed, and attached as `document` of report.json."""
    return printed_bytes(printed(document))


def document_sha256(document: ReportDocument) -> str:
    """Hexadecimal digest of what is printed, but for the link and the check code, which are made from it."""
    return digest_of(document_bytes(document))


def check_code_of(number: str, content_sha256: str) -> str:
    """Sixteen characters a reader can tell over the phone, made from number and content digest."""
    raw = hashlib.sha256(f"check\n{number}\n{content_sha256}".encode("ascii")).digest()
    value = int.from_bytes(raw[:10], "big")
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(75, -1, -5))
