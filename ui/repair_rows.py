"""The rows of the list of repairs: drafts, applications, own records with their countdown. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.desks.repair_words import countdown
from app.desks.words import NOTHING, days_until, joined, month_day, short_minute
from app.texts import Texts
from ui.objection_way import brought_words
from ui.repair_way import ENDED, is_here, state_chip, term_words
from ui.table_rows import Cell, Row
from ui.widgets.chips import ChipFace

DRAFT, OWN = "draft:", "own:"


def draft_row(one: Any, now: datetime, texts: Texts) -> Row:
    """An application being written, with what is left until its day."""
    say = texts.say
    standing = one.standing
    left = countdown(standing.earliest, "", now, texts) if standing is not None else ""
    cells = (
        Cell(
            one.subject_name or one.query_no,
            one.document_no or say("objection_page.no_document"),
            strong=True,
        ),
        Cell(
            say("repair_page.act_supplement" if one.number else "repair_page.act_apply"),
            tone="textSecondary",
        ),
        Cell("", chip=ChipFace(say("objection_page.a_draft"), "neutral", "edit")),
        Cell(NOTHING, tone="textSecondary"),
        Cell(say("objection_page.go_on"), left, tone="accentText"),
    )
    return Row(DRAFT + one.draft_id, cells)


def filed_row(one: Any, now: datetime, texts: Texts) -> Row:
    """An application, or what is on its way about one."""
    say = texts.say
    due = term_words(one, now, texts)
    plain = month_day(one.due_on) if one.due_on else NOTHING
    if is_here(one) and one.state == "refused":
        due, plain = "", say("objection_page.go_on_refused")
    elif one.state == "returned":
        plain = say("repair_page.go_on_returned")
    kind = one.view.kind_words.of(texts.language) if one.view is not None else ""
    cells = (
        Cell(
            one.subject or one.query_no,
            joined(
                one.number or say("objection_page.no_number"), one.document_no,
                brought_words(one, texts),
            ),
            strong=True,
        ),
        Cell(kind or say(f"repair_page.act_{one.act}"), tone="textSecondary"),
        Cell("", chip=state_chip(one, texts)),
        Cell(short_minute(one.filed_at), tone="textSecondary"),
        Cell(due or plain, tone="warn" if due else "textSecondary"),
    )  # fmt: skip
    return Row(one.op_id or one.number, cells, one.number)


def own_row(one: Any, now: datetime, texts: Texts) -> Row:
    """A record of the own unit, with what is left until it may be applied for."""
    say = texts.say
    left = days_until(one.earliest, now)
    ripe = left is not None and left <= 0
    chip = ChipFace(say("repair_page.may_apply"), "good", "check")
    if not ripe:
        key = "too_early" if left is not None else "see_rule"
        chip = ChipFace(say(f"repair_page.{key}"), "neutral", "deadline")
    when = say("repair_page.days_left", days=left) if left and left > 0 else ""
    cells = (
        Cell(one.document_no or one.title, one.provider, strong=True),
        Cell(say("repair_page.own_record"), tone="textSecondary"),
        Cell("", chip=chip),
        Cell(NOTHING, tone="textSecondary"),
        Cell(
            when or say("repair_page.begin"),
            month_day(one.earliest) if one.earliest else "",
            tone="accentText",
        ),
    )
    return Row(OWN + one.rec_id, cells, one.document_no)


def is_open(row_: Any) -> bool:
    """Whether an application stands in the way of another one about its record."""
    return row_.state not in ENDED


def about_same(draft: Any, filed: Iterable[Any]) -> Any:
    """What was filed about the record that is written about. A case whose record is not shown any more names
    none: what is written to such a case is about that case by its number.
    """
    if draft.number:
        return next((one for one in filed if one.number == draft.number), None)
    return next((one for one in filed if draft.rec_id and one.rec_id == draft.rec_id), None)
