"""From the report document to the report as data: only what the pages say.

Answers hold more than is printed (numbers of the machine, of the lease, of the asker). What the pages leave
out stays out here by construction: every member is named below, and the standard fields of a record are let
through only where one of its printed texts says them.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.field.printed import (
    AttachedReport,
    Edition,
    PrintedCorrection,
    PrintedCount,
    PrintedField,
    PrintedFormerName,
    PrintedGround,
    PrintedLayout,
    PrintedLog,
    PrintedMeasure,
    PrintedObjection,
    PrintedPaper,
    PrintedRecord,
    PrintedRepair,
    PrintedReport,
    PrintedRule,
    PrintedScope,
    PrintedStanding,
    PrintedSubject,
    PrintedTable,
    digest_of,
    printed_bytes,
    write_attached,
)
from app.field.records import AMOUNT_DOUBTS, Basis, Record, Section, Standing, SubjectCard
from app.field.reportdoc import FactsDocument, Paper, ReportDocument, ReportScope
from app.field.templates import PartName
from app.report.facts import (
    columns_of,
    facts_of,
    fields_beside,
    fields_under,
    gravest_first,
    kind_and_list,
    labelled,
    more_of,
    says_amount,
)
from app.report.templates import layout_of
from app.report.words import Words, words_in

EDITIONS: dict[str, Edition] = {
    "bank": "bank", "government": "government", "enterprise": "enterprise", "centre": "centre",
}  # fmt: skip
LISTED = 4
"""So many entries stand on a paper that has only the short list of what weighs."""
TABLE_SHOWN = 16
"""So many characters of a table's digest are printed."""


def printed(document: Paper) -> PrintedReport | PrintedPaper:
    """What the pages of this document say.

    Raises:
        ValueError: for an answer about nobody; it makes no report.
    """
    if isinstance(document, FactsDocument):
        return _paper(document)
    if isinstance(document, ReportDocument):
        return _report(document)
    raise ValueError(f"nothing is printed of {type(document).__name__}")


def edition_of(document: Paper) -> Edition:
    """For which kind of body the paper is; what a subject asked about himself is his, at the window too."""
    if isinstance(document, ReportDocument) and document.bundle.basis.type == "own":
        return "enterprise"
    return EDITIONS.get(document.requester.organisation_kind, "centre")


def _paper(document: FactsDocument) -> PrintedPaper:
    words, layout = words_in(document.language), layout_of(document)
    if document.copy != "official":
        raise ValueError("a paper about facts of its own is official or it is not")
    return PrintedPaper(
        v=1,
        template=document.template,
        language=document.language,
        copy="official",
        specimen=document.specimen,
        number=document.number,
        issuer=words.city["centre"],
        platform=words.city["platform"],
        queried_at=document.times.queried,
        as_of=document.times.as_of,
        issued_at=document.times.issued,
        valid_until=document.valid_until,
        applicant=document.requester.organisation_name,
        edition=edition_of(document),
        purpose=document.purpose.zh if words.chinese else document.purpose.en,
        case_no=document.case_no,
        ground=document.ground,
        subject=document.subject,
        facts=document.facts,
        log=_log(document, frozenset(layout.parts)),
        layout=PrintedLayout(layout.version, layout.effective_from.isoformat(), layout.basis),
        tables=_tables(document),
    )


def _log(document: Paper, parts: frozenset[PartName]) -> PrintedLog:
    """The checkpoint, where the pages name it."""
    said = document.copy == "official" and document.checkpoint_root and "verify" in parts
    return PrintedLog(document.checkpoint_size, document.checkpoint_root) if said else PrintedLog(0, "")


def _tables(document: Paper) -> tuple[PrintedTable, ...]:
    return tuple(PrintedTable(one.table, one.sha256[:TABLE_SHOWN]) for one in document.tables)


def _report(document: ReportDocument) -> PrintedReport:
    bundle = document.bundle
    if bundle.subject is None:
        raise ValueError("an answer about nobody is never printed")
    words = words_in(document.language)
    layout = layout_of(document)
    parts = frozenset(layout.parts)
    counters = {counter.section: counter for counter in bundle.counters}
    return PrintedReport(
        v=2,
        template=document.template,
        language=document.language,
        copy=document.copy,
        specimen=document.specimen,
        number=document.number,
        issuer=words.city["centre"],
        platform=words.city["platform"],
        queried_at=document.times.queried,
        as_of=document.times.as_of,
        issued_at=document.times.issued,
        valid_until=document.valid_until,
        reprint=document.reprint,
        applicant=document.requester.organisation_name,
        edition=edition_of(document),
        purpose=document.purpose.zh if words.chinese else document.purpose.en,
        case_no=document.case_no,
        ground=_ground(bundle.basis),
        subject=_subject(bundle.subject, whole="identity" in parts),
        standing=_entries(bundle.standing, parts, words),
        summary=tuple(
            PrintedCount(
                one.section,
                one.active,
                one.objected,
                one.latest,
                one.providers,
                labelled_in(document, one.section),
            )
            for one in (
                counters[section] for section in layout.counters if section in counters and "summary" in parts
            )
        ),
        records=tuple(
            _record(record, words, tabular=section in layout.tables)
            for section in layout.sections
            for record in bundle.records
            if record.section == section and "records" in parts
        ),
        rules=tuple(
            PrintedRule(text, basis, version)
            for text, basis, version in dict.fromkeys(
                (r.text, r.basis, r.version) for r in bundle.rules if "rules" in parts
            )
        ),
        log=_log(document, parts),
        layout=PrintedLayout(layout.version, layout.effective_from.isoformat(), layout.basis),
        tables=_tables(document),
        scope=_scope(document.scope, words),
        labels=tuple(text for _, text in labelled(document, words)) if "labels" in parts else (),
    )


def labelled_in(document: ReportDocument, section: Section) -> int:
    """How many records of a section a special report shows with a label; other papers have no such column."""
    if layout_of(document).report_type != "special":
        return 0
    records = document.bundle.records
    return sum(record.section == section and record.display == "label" for record in records)


def _scope(scope: ReportScope | None, words: Words) -> PrintedScope | None:
    return PrintedScope(scope.start, scope.end, scope.zh if words.chinese else scope.en) if scope else None


def attachment(document: Paper) -> bytes:
    """The file report.json of an official report that has been signed."""
    content = printed(document)
    return write_attached(
        AttachedReport(
            document=content,
            document_sha256=digest_of(printed_bytes(content)),
            check_code=document.check_code,
            verify_link=document.verify_link,
            key_id=document.key_id,
            sig_b64=document.sig_b64,
        )
    )


def _ground(basis: Basis) -> PrintedGround:
    """The number of a letter or duty is printed; the other grounds have none."""
    return PrintedGround(basis.type, basis.ref if basis.type in ("letter", "duty") else "", basis.until)


def _subject(card: SubjectCard, *, whole: bool) -> PrintedSubject:
    """Without the part that identifies the subject only what every paper's head says."""
    person = card.kind == "person" or not whole

    def unit(text: str) -> str:
        return "" if person else text

    return PrintedSubject(
        kind=card.kind,
        name=card.name,
        code=card.code,
        id_type=card.id_type if card.kind == "person" else "",
        state=card.state,
        category=unit(card.category),
        representative=unit(card.representative),
        founded=unit(card.founded),
        capital=unit(card.capital),
        registrar=unit(card.registrar),
        address=unit(card.address),
        district=card.district if whole else "",
        industry=unit(card.industry),
        former_names=()
        if person
        else tuple(PrintedFormerName(old.name, old.until) for old in card.former_names),
    )


def _entries(
    standing: Sequence[Standing], parts: frozenset[PartName], words: Words
) -> tuple[PrintedStanding, ...]:
    entries = [_standing(entry, words) for entry in gravest_first(standing)]
    if "alerts" in parts:
        return tuple(entries)
    brief = {"reason": "", "document_no": "", "measures": (), "objection": None}
    few = entries[:LISTED] if "listed" in parts else []
    return tuple(msgspec.structs.replace(entry, **brief) for entry in few)


def _standing(entry: Standing, words: Words) -> PrintedStanding:
    mark = entry.objection
    return PrintedStanding(
        kind=entry.kind,
        list_name=entry.list_name,
        year=entry.year if entry.year and entry.year in kind_and_list(entry, words) else "",
        authority=entry.authority,
        listed_on=entry.listed_on,
        until=entry.until,
        reason=entry.reason,
        document_no=entry.document_no,
        measures=tuple(
            PrintedMeasure(one.group, one.text, one.body, one.basis, one.for_you)
            for group in ("I", "II", "III")
            for one in entry.measures
            if one.group == group
        ),
        objection=PrintedObjection(mark.number, mark.accepted_on, "") if mark else None,
    )


def _record(record: Record, words: Words, *, tabular: bool) -> PrintedRecord:
    if tabular:
        columns = columns_of(record, words)
        texts = more_of(record, set(columns), words)
        dated = [*columns, *texts]  # the columns show the day of the decision and the last of validity only
        fields = fields_beside(record, set(columns))
    else:
        texts = [record.title, record.document_no, *(value for _, value in facts_of(record, words))]
        dated = texts
        fields = fields_under(record)

    def said(day: str, where: Sequence[str]) -> str:
        return day if day and any(words.day(day) in text for text in where) else ""

    fen = record.amount_fen
    doubt = record.amount_doubt
    doubted = bool(doubt) and any(words.say("paper_record.disputed") in text for text in texts)
    mark, outlook = record.objection, record.repair
    return PrintedRecord(
        record_no=record.rec_id,
        section=record.section,
        title=record.title,
        document_no=record.document_no,
        provider=record.provider,
        matter=record.matter if any(record.matter in text for text in dated) else "",
        decided_on=said(record.decided_on, dated),
        valid_from=said(record.valid_from, texts),
        valid_to=said(record.valid_to, dated),
        publicity_end=said(record.publicity_end, texts),
        amount_fen=fen if fen is not None and says_amount(fen, texts) else None,
        amount_doubt=(doubt if doubt in AMOUNT_DOUBTS else "other") if doubted else "",
        status=record.status,
        display=record.display,
        shown_under=record.why.basis if record.why is not None and record.display != "show" else "",
        received_at=record.received_at,
        objection=PrintedObjection(mark.number, mark.accepted_on, mark.due_on) if mark else None,
        corrections=tuple(PrintedCorrection(one.at, one.text) for one in record.corrections),
        repair=PrintedRepair(outlook.earliest, outlook.end, outlook.rule.basis) if outlook else None,
        fields=tuple(PrintedField(label, value) for label, value in fields),
    )
