"""The certificate of a screening: the units chosen from it, looked at once more at the moment of issue.

The screening is the ground (who asked, what for); the findings are drawn anew. Where they are not what the
screening told, nobody is handed a certificate of what was so yesterday: the list has to be screened again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from app.field.paper_facts import EntryFact, FindingState, ListFact, ScreeningFacts, UnitFact
from app.field.records import Basis, Standing
from app.field.reportdoc import FactsDocument
from app.field.screening import ScreenedRow, registered_otherwise
from app.field.screening import Screening as Told
from app.field.templates import Template
from server_stub.accounts.models import Officer
from server_stub.catalogue.selectors import current
from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.lists.screening import Asked, Viewer, screen
from server_stub.queries.screening import own_screening
from server_stub.records.labels import word
from server_stub.records.selectors import unmarked_again
from server_stub.reports.drafted import Ground, IssueBody, masked
from server_stub.reports.models import Report
from server_stub.reports.sourced import Sourced, paper_row, require_young
from server_stub.rules import selectors as rules

WORST_FIRST = ("serious", "abnormal", "honour")


def source(officer: Officer, wanted: IssueBody, on: date) -> Sourced:
    """The facts of a screening of this officer.

    Raises:
        Problem: `not-found` (no screening of this officer, or its answer is forgotten), `query-stale` (too
            old, or it would not be told so now), `rows-invalid` (rows it does not have, twice, or more than a
            certificate states: context limit, rows; names alone that nobody bears: context bare, rest, as an
            officer writes them), `scope-invalid`; `receiver-needed` (context units) when
            several units would be handed to the subject.
    """
    if wanted.start or wanted.end or wanted.field:
        raise Problem("scope-invalid", "a certificate of screening is about a moment")
    layout = paper_row(wanted.template, "legal", on)
    told = own_screening(officer, wanted.query_no)
    require_young(told.made_at, on)
    chosen = _chosen(told, wanted.rows, layout)
    viewer = Viewer(officer.role, officer.organisation.kind, lists=frozenset(told.lists))
    units = _require_same(chosen, viewer)
    if len(units) > 1 and wanted.receiver is not None and wanted.receiver.kind == "subject":
        # none of them may be handed what is said of the others, and the register would not say which it was
        context = {"units": len(units)}
        raise Problem(
            "receiver-needed", "a certificate of several units is not for one subject", context=context
        )
    held = {entry.rec_id: entry.rev for row in chosen for entry in _in_force(row)}
    name, rest = units[0].name or units[0].code, len(units) - 1
    return Sourced(
        layout=layout,
        facts=ScreeningFacts(told.screening_no, len(told.rows), _lists(told, on), units),
        subject=name if not rest else _and_others(name, len(units), wanted.language),
        ground=Ground(told.screening_no, "", "legal", masked(name, "legal"), told.purpose.code, "open"),
        basis=Basis("open"),
        purpose=told.purpose,
        case_no=told.case_no,
        queried=told.made_at,
        held=held,
        tables=("display", "list_type", "publicity"),
        still=lambda: _again(chosen, viewer),
    )


def gone_from(report: Report, held: Mapping[str, int]) -> int:
    """How many of the entries a certificate states would not be stated so today. A unit that was listed since
    is none of them: a certificate says what was so at its moment, and no more.
    """
    stated = msgspec.json.decode(bytes(report.document), type=FactsDocument)
    facts = stated.facts
    if not held or not isinstance(facts, ScreeningFacts):
        return 0
    batch = [Asked(unit.code, "") for unit in facts.units if unit.entries]
    rows = screen(batch, today(), Viewer(report.role, report.organisation_kind), catalogue=current()).rows
    today_told = {entry.rec_id: entry.rev for row in rows for entry in _in_force(row)}
    moved = {rec_id: rev for rec_id, rev in held.items() if today_told.get(rec_id) != rev}
    still = unmarked_again({rec_id: rev for rec_id, rev in moved.items() if rec_id in today_told})
    return len(moved) - len(still)


def _chosen(told: Told, numbers: Sequence[int], layout: Template) -> tuple[ScreenedRow, ...]:
    count = len(numbers) or len(told.rows)
    context: dict[str, int | str] = {"limit": layout.most, "rows": count}
    if count > layout.most:
        raise Problem("rows-invalid", "more rows than one certificate states", context=context)
    if len(set(numbers)) != len(numbers) or any(not 1 <= one <= len(told.rows) for one in numbers):
        raise Problem("rows-invalid", "rows that the screening does not have", context=context)
    places = tuple(numbers) or tuple(range(1, count + 1))
    rows = tuple(told.rows[one - 1] for one in places)
    bare = [one for one, row in zip(places, rows, strict=True) if not row.code and row.state != "similar"]
    if bare:
        rest = sorted(set(places) - set(bare))
        context |= {"bare": _written(sorted(bare)), "rest": _written(rest)} if rest else {}
        raise Problem("rows-invalid", "a row without a number that names nobody on a list", context=context)
    return rows


def _written(numbers: Sequence[int]) -> str:
    """Rising numbers as an officer writes them: 1-3,5."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and runs[-1][-1] == one - 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _again(chosen: Sequence[ScreenedRow], viewer: Viewer) -> None:
    _require_same(chosen, viewer)


def _require_same(chosen: Sequence[ScreenedRow], viewer: Viewer) -> tuple[UnitFact, ...]:
    """What the lists say now of these rows.

    Raises:
        Problem: `query-stale` when that is not what was told.
    """
    batch = [Asked(row.code, row.name) for row in chosen]
    anew = screen(batch, today(), viewer, catalogue=current()).rows
    now_told = tuple(_unit(row, one.place) for row, one in zip(anew, chosen, strict=True))
    if now_told != tuple(_unit(row, row.place) for row in chosen):
        raise Problem("query-stale", "the lists do not say what the screening told")
    if [_in_force(row) for row in anew] != [_in_force(row) for row in chosen]:
        raise Problem("query-stale", "an entry has changed since the screening")
    return now_told


def _unit(row: ScreenedRow, place: int) -> UnitFact:
    """A row as it is stated: a listing that is over is none, and namesakes are counted, not told. A name that
    somebody typed stands on no sealed paper unless the register has it. What weighs most stands first, as in
    the window.
    """
    standing = sorted(_in_force(row), key=lambda one: WORST_FIRST.index(one.kind))
    entries = tuple(map(_entry, standing))
    state: FindingState = "hit" if entries else "none"
    if row.state == "similar":
        state = "similar"
    elif row.subject is None:
        state = "unknown"
    card, typed = row.subject, row.name if state == "similar" else ""
    return UnitFact(
        row=place + 1,
        name=card.name if card else typed,
        code=card.code if card else row.code,
        state=state,
        namesakes=len(row.namesakes) if state == "similar" else 0,
        entries=entries,
        otherwise=True if registered_otherwise(row, row.name) else msgspec.UNSET,
    )


def _in_force(row: ScreenedRow) -> tuple[Standing, ...]:
    return tuple(entry.standing for entry in row.entries if not entry.former)


def _entry(one: Standing) -> EntryFact:
    return EntryFact(
        record_no=one.rec_id,
        kind=one.kind,
        list_name=one.list_name,
        authority=one.authority,
        listed_on=one.listed_on,
        until=one.until,
        reason=one.reason,
        document_no=one.document_no,
        year=one.year,
        objection=one.objection,
    )


def _lists(told: Told, on: date) -> tuple[ListFact, ...]:
    """The lists that were asked about (none named: all), in the order of the table."""
    return tuple(
        ListFact(row.name, row.kind, row.manager, row.basis, row.version, row.effective_from.isoformat())
        for row in rules.list_types(on)
        if not told.lists or row.id in told.lists
    )


def _and_others(name: str, count: int, language: str) -> str:
    return word("paper.units", language).format(name=name, count=count)
