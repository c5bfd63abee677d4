"""Repair in sentences: how long it is until the day, and the checklist that an officer takes along. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.desks.words import NOTHING, Says, day, days_until, joined, minute
from app.field.records import RuleRef
from app.wire.repair_messages import RepairCheck, RepairKind, RepairStanding

MOVED = "rev-conflict"
TONES = {
    "eligible": ("good", "check"),
    "not_yet": ("warn", "deadline"),
    "undated": ("warn", "attention"),
}


def tone(standing: str) -> tuple[str, str]:
    """How a standing is marked: tone and icon; an end is nothing to be alarmed about."""
    return TONES.get(standing, ("neutral", "info"))


def countdown(earliest: str, end: str, now: datetime, texts: Says) -> str:
    """What is left of the shortest publicity period, and when publicity ends by itself; empty without."""
    left, over = days_until(earliest, now), days_until(end, now)
    parts = []
    if left is not None:
        key = "left" if left > 0 else "reached"
        parts.append(texts.say(f"repair_page.{key}", date=day(earliest), days=max(left, 0)))
    if over is not None:
        key = "ends" if over > 0 else "ended"
        parts.append(texts.say(f"repair_page.{key}", date=day(end), days=max(over, 0)))
    return joined(*parts)


def rule_words(rule: RuleRef | None, texts: Says) -> str:
    """The row that says so, with its version and its legal basis."""
    if rule is None:
        return ""
    version = texts.say("subject.rule_version", version=rule.version)
    return joined(rule.basis, rule.text, f"{rule.table} {rule.row} {version}")


def met_words(check: RepairCheck, texts: Says) -> str:
    """Whether a condition holds; where nobody told, a paper has to show it."""
    word = {True: "met", False: "unmet", None: "to_show"}[check.met]
    return texts.say(f"repair_page.check_{word}")


def version_words(draft: Any, standing: RepairStanding, texts: Says) -> str:
    """Which version of the record a refused application was about, and which one there is now; empty when it
    is the same or was refused for something else."""
    if draft is None or draft.why != MOVED or draft.number or draft.rev in (0, standing.rev):
        return ""
    return texts.say("repair_page.versions", seen=draft.rev, now=standing.rev)


def facts(standing: RepairStanding, language: str, texts: Says) -> tuple[tuple[str, str], ...]:
    """Label and value of how a record stands: the rule, who determines, on what ground."""
    say = texts.say
    pairs = (
        ("rule", rule_words(standing.rule, texts)),
        ("keeper", standing.keeper_words.of(language)),
        ("basis", standing.basis),
    )
    return tuple((say(f"repair_page.{key}"), value) for key, value in pairs if value)


def checklist(
    draft: Any, standing: RepairStanding, kind: RepairKind | None, language: str, now: datetime, texts: Says
) -> str:
    """The whole of it as plain text: which record, from when, who decides, what to bring and where it is to
    be had. It says of itself that it is no decision."""
    say = texts.say
    lines = [
        say("repair_page.list_title"),
        "",
        say(
            "repair_page.list_record",
            document=draft.document_no or NOTHING,
            number=draft.rec_id or draft.number,
        ),
        say("repair_page.list_told", time=minute(draft.told_at), query_no=draft.query_no),
        say("repair_page.list_standing", standing=standing.words.of(language)),
    ]
    left = countdown(standing.earliest, standing.end, now, texts)
    if left:
        lines.append(left)
    lines += [
        say("objection_page.pair", field=name, value=value)
        for name, value in facts(standing, language, texts)
    ]
    lines.append("")
    if kind is not None:
        lines.append(say("repair_page.list_kind", kind=kind.words.of(language)))
        for check in kind.checks:
            lines.append(f"[ ] {check.words.of(language)} ({met_words(check, texts)})")
            if where := check.where.of(language):
                lines.append(f"    {where}")
        lines.append("")
    return "\n".join([*lines, say("repair_page.list_decides"), say("repair_page.list_free")]) + "\n"
