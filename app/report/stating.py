"""From facts of its own to the document of a paper, beside `composing`, which begins with an answer."""

from __future__ import annotations

from typing import Literal

from app.field.paper_facts import Facts
from app.field.records import Basis, PurposeRef, Requester
from app.field.reportdoc import FactsDocument, ReportTimes, TableEdition
from app.field.templates import Template
from app.report.composing import enlarged, require_sound
from app.report.heads import basis_text
from app.report.words import words_in


def state(
    facts: Facts,
    layout: Template,
    *,
    subject: str,
    basis: Basis,
    requester: Requester,
    purpose: PurposeRef,
    case_no: str,
    times: ReportTimes,
    number: str,
    valid_until: str,
    specimen: bool,
    language: Literal["zh_CN", "en"] = "zh_CN",
    checkpoint_size: int = 0,
    checkpoint_root: str = "",
    tables: tuple[TableEdition, ...] = (),
    large: bool = False,
) -> FactsDocument:
    """The document of an official paper: of these there is no preview and no working print.

    Raises:
        ReportFlaw: the row is of another paper, or number or end of validity is missing.
    """
    document = FactsDocument(
        v=1,
        template=layout.paper,
        language=language,
        copy="official",
        specimen=specimen,
        number=number,
        times=times,
        requester=requester,
        purpose=purpose,
        case_no=case_no,
        checkpoint_size=checkpoint_size,
        checkpoint_root=checkpoint_root,
        valid_until=valid_until,
        layout=enlarged(layout) if large else layout,
        tables=tables,
        large=large,
        facts=facts,
        subject=subject,
        ground=basis_text(basis, words_in(language)),
    )
    require_sound(document)
    return document
