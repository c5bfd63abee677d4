"""The answer to an objection as facts of a letter: what was objected, what was found, what changed, what is
open to who is not content.

Nothing that who filed wrote is in it: that stays in the file of the case. A record that is not shown to the
officer any more is not named to him, as everywhere in this room; the centre's own letter names it.
"""

from __future__ import annotations

import json
from datetime import date

from app.field.objections import CHOICES, OPEN
from app.field.paper_facts import AnswerFacts, ChangeFact, EarlierFact, RemedyFact
from app.field.working_days import CalendarMissing, working_days_between
from server_stub.accounts.models import Officer
from server_stub.accounts.staff import ROLE
from server_stub.answered import Answered
from server_stub.cases.earlier import CORRECTING, earlier_end, ended_with, found, result
from server_stub.cases.finding import result_of
from server_stub.cases.models import Objection
from server_stub.cases.moves import PLACE, PROCEDURE
from server_stub.cases.selectors import remedies
from server_stub.cases.still_shown import over, still_shown
from server_stub.cases.words import say
from server_stub.config.clock import city_day
from server_stub.errors import Problem
from server_stub.records.labels import layouts, word
from server_stub.records.models import Record, Revision
from server_stub.records.selectors import told_of
from server_stub.records.terms import moved, term_at
from server_stub.rules.selectors import deadline, due
from server_stub.rules.tables_file import shipped


def answered(number: str, officer: Officer | None, language: str) -> Answered:
    """The answer of a case, for who filed it and for the centre.

    Raises:
        Problem: `not-found` for others and for none; `objection-open` before there is an answer.
    """
    case = Objection.objects.filter(pk=number).first()
    if case is not None and officer is not None and officer.role != ROLE:
        mine = (case.user, case.organisation) == (officer.user, officer.organisation_id)
        case = case if mine else None
    if case is None:
        raise Problem("not-found", "no such objection")
    if case.concluded_on is None or case.state in OPEN:
        raise Problem("objection-open", "there is no answer yet")
    return Answered(_facts(case, officer, language), case.subject_key, case.query_no, case.organisation)


def _facts(case: Objection, officer: Officer | None, language: str) -> AnswerFacts:
    plain, shown = told_of(case.rec_id), still_shown(case, officer)
    concluded = case.concluded_on or date.min
    began = case.rechecked_on or case.accepted_on
    step = "recheck" if case.rechecked_on else "total"
    row = deadline(PLACE, PROCEDURE, step, began) if began else None
    until = due(PLACE, PROCEDURE, step, began) if began and case.kind == "objection" else None
    if until is not None and case.extended_on is not None:
        until = due(PLACE, PROCEDURE, "extend", until)
    return AnswerFacts(
        case_no=case.number,
        kind="data_error" if case.kind == "data_error" else "objection",
        document_no=plain(case.document_no) if shown else "",
        record_no=case.rec_id if shown else "",
        asked=tuple(_chosen(part, text, language) for part, text in _asked(case)),
        filed_on=city_day(case.filed_at).isoformat(),
        accepted_on=case.accepted_on.isoformat() if case.accepted_on else "",
        rechecked_on=case.rechecked_on.isoformat() if case.rechecked_on else "",
        term_days=row.days if row is not None and row.unit == "working" and until is not None else 0,
        term_until=until.isoformat() if until is not None else "",
        concluded_on=concluded.isoformat(),
        days_taken=_days(began, concluded),
        finding=found(case),
        result=result(case, language),
        reasons=plain(_reasons(case)) if shown else "",
        changes=_changes(case, language) if shown else (),
        basis=(row.text or row.basis) if row is not None else "",
        remedies=_remedies(case, language),
        earlier=_earlier(case, language, shown=shown),
        ended=over(case),
    )


def _reasons(case: Objection) -> str:
    """Why, in the words of who concluded; where he gave none the result stands there, and is told once."""
    plainly = result_of(case.outcome, case.wish, case.kind)
    told = (plainly, result(case), say(case.outcome or "declined", case.kind))
    return "" if case.answer in told else case.answer


def _asked(case: Objection) -> tuple[tuple[str, str], ...]:
    return (("ground", case.ground), ("wish", case.wish))


def _chosen(part: str, text: str, language: str) -> str:
    """What was chosen, in words; the words of a paper from the window are in the file of the case."""
    return say(f"{part}_{text}" if text in CHOICES[part] else f"{part}_own", language=language)


def _days(began: date | None, ended: date) -> int:
    """Working days from the day after the beginning to the end, -1 where no calendar tells."""
    if began is None or ended <= began:
        return 0
    try:
        return working_days_between(began, ended, shipped().calendar)
    except CalendarMissing:
        return -1


def _changes(case: Objection, language: str) -> tuple[ChangeFact, ...]:
    """What was corrected of the printed fields since the case began and until its conclusion, in the case or
    beside it (`record correct`), and what of the record's term moved with it; names of persons masked as in
    every running text of the record. After a recheck only what came of that: `rev_seen` is then the mark with
    which it began.
    """
    rows = _revisions(case)
    concluded, concluded_on = case.steps.filter(state=case.outcome).order_by("rev").last(), case.concluded_on
    if case.outcome not in CORRECTING or concluded is None or concluded_on is None:
        return ()
    later = {rev: row for rev, row in rows.items() if rev > case.rev_seen}
    # a conclusion takes the mark away before it corrects; a hint about wrong data bears no mark
    end = next((rev for rev, row in later.items() if row.reason == "unmarked"), None)
    mine = [
        rev
        for rev, row in later.items()
        if row.reason == "corrected"
        and (_of(row, case) or (row.at < concluded.at if end is None else rev < end))
    ]
    return _between(case, rows, mine, concluded_on, language)


def _of(row: Revision, case: Objection) -> bool:
    """Whether a correction is this case's: its number is the reason, with why a text stays behind it."""
    return row.text == case.number or row.text.startswith(case.number + say("text_kept").partition("{")[0])


def _revisions(case: Objection) -> dict[int, Revision]:
    return {row.rev: row for row in Revision.objects.filter(record_id=case.rec_id).order_by("rev")}


def _earlier(case: Objection, language: str, *, shown: bool) -> EarlierFact | None:
    """The end before a recheck, with what was corrected between its mark and that of the recheck."""
    end = earlier_end(case)
    if end is None:
        return None
    rows, on = _revisions(case), city_day(end.at)
    before = [row for rev, row in rows.items() if rev < case.rev_seen]
    unmarked = [row.rev for row in before if row.reason == "unmarked"]
    last, former = unmarked[-1] if unmarked else 0, unmarked[-2] if len(unmarked) > 1 else 0
    marked = next((row.rev for row in before if row.reason == "marked" and row.rev > former), last)
    mine = [
        row.rev for row in before if row.reason == "corrected" and (_of(row, case) or marked < row.rev < last)
    ]
    if not shown or end.state not in CORRECTING:
        mine = []
    changes = _between(case, rows, mine, on, language)
    return EarlierFact(on.isoformat(), ended_with(case, end, language), changes, _stand(case, rows, mine))


def _stand(case: Objection, rows: dict[int, Revision], mine: list[int]) -> bool:
    """Whether every field that these revisions corrected still said so when the case ended."""
    if not mine or mine[0] - 1 not in rows:
        return False
    concluded = case.steps.filter(state=case.outcome).order_by("rev").last()
    kept = [row for row in rows.values() if concluded is not None and row.at <= concluded.at]
    was, then, now = (json.loads(row.payload) for row in (rows[mine[0] - 1], rows[mine[-1]], kept[-1]))
    return all(now.get(key) == text for key, text in then.items() if was.get(key) != text)


def _between(
    case: Objection, rows: dict[int, Revision], mine: list[int], concluded_on: date, language: str
) -> tuple[ChangeFact, ...]:
    """What these revisions of the record changed together of what is printed, and of its term."""
    record = Record.objects.filter(pk=case.rec_id).first()
    if record is None or not mine or mine[0] - 1 not in rows:
        return ()
    before, after = json.loads(rows[mine[0] - 1].payload), json.loads(rows[mine[-1]].payload)
    plain, was, now = told_of(case.rec_id), mine[0] - 1, mine[-1]
    term = moved(term_at(case.rec_id, was, concluded_on), term_at(case.rec_id, now, concluded_on))
    labels = (one for one in layouts()[record.section].fields if one.form not in ("person", "code", "end"))
    fields = tuple(
        ChangeFact(
            label.en if language == "en" else label.zh,
            _printed(label.form, plain(before.get(label.key, "")), language),
            _printed(label.form, plain(after.get(label.key, "")), language),
        )
        for label in labels
        if before.get(label.key, "") != after.get(label.key, "")
    )
    told = (_termed(name, *two, language) for name, two in term.items())
    return (*fields, *(one for one in told if one.before != one.after))


def _termed(name: str, before: str, after: str, language: str) -> ChangeFact:
    """What of the term moved with the correction, in words: whoever objected reads what it costs or saves. Of
    a state only whether the record is shown: why it is not may be what nobody else is to know.
    """
    words = {"tier": _tier, "state": _state}.get(name)
    two = (words(before, language), words(after, language)) if words else (before, after)
    return ChangeFact(say(f"term_{name}", language=language), *two)


def _tier(code: str, language: str) -> str:
    return say(f"tier_{code}", language=language) if code else ""


def _state(finding: str, language: str) -> str:
    return say("state_current" if finding == "current" else "state_ended", language=language)


def _printed(form: str, text: str, language: str) -> str:
    return f"{text} {word('wan', language)}" if text and form == "wan" else text


def _remedies(case: Objection, language: str) -> tuple[RemedyFact, ...]:
    found = remedies(case, language)
    return tuple(
        RemedyFact(found[name], found[f"{name}_until"]) for name in ("recheck", "reconsider") if name in found
    )
