"""An item of the outbox in sentences: what it is, where, why, since when, and when it goes again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.clock import from_epoch_ms, utc_text
from app.desks.words import NOTHING, Says, joined, minute, refused_words, short_minute, size_of

TONES = {
    "here": ("neutral", "edit"),
    "waiting": ("neutral", "cloud_off"),
    "held": ("neutral", "deadline"),
    "sending": ("info", "send"),
    "unknown": ("warn", "deadline"),
    "refused": ("warn", "attention"),
    "sealed": ("info", "lock"),
}


def kind_words(kind: str, texts: Says) -> str:
    """What kind of item it is; one of a later program is told as it came."""
    for text_id in (f"outbox_page.kind_{kind}", f"outbox_kind.{kind}"):
        if texts.has(text_id):
            return texts.say(text_id)
    return kind


def place_words(place: str, texts: Says) -> str:
    """Where it is."""
    return texts.say(f"outbox_page.place_{place}")


def why_words(row: Any, texts: Says) -> str:
    """Why it is there, in the published words of the problem; without one in those of the place."""
    if row.other:
        return texts.say("outbox_page.other", number=row.other)
    if not row.why or (row.place == "unknown" and row.why.startswith("net.")):
        return texts.say(f"outbox_page.place_{row.place}_why")
    return refused_words(row, texts)


def about_words(row: Any) -> str:
    """Whom and what it concerns."""
    return joined(row.subject, row.document_no, row.query_no)


def brought_words(row: Any, texts: Says) -> str:
    """How much of its evidence has arrived; empty without any."""
    if not row.evidence_size:
        return ""
    sent, size = size_of(row.evidence_sent), size_of(row.evidence_size)
    return texts.say("objection_page.evidence", sent=sent, size=size)


def when(moment_ms: int) -> str:
    """A moment in milliseconds since 1970 as 11-22 09:42; a dash for none."""
    return short_minute(utc_text(from_epoch_ms(moment_ms))) if moment_ms else NOTHING


def since(row: Any) -> str:
    """Since when it is where it is: refused and unanswered ones since they were offered last."""
    if row.place in ("refused", "unknown") and row.tried_at:
        return when(row.tried_at)
    return short_minute(row.made_at)


def next_words(row: Any, now: datetime, texts: Says) -> str:
    """When it is tried again by itself."""
    if row.place == "refused":
        return texts.say("outbox_page.next_never")
    if row.place == "sending":
        return texts.say("outbox_page.next_now")
    due = row.next_try / 1000 - now.astimezone(UTC).timestamp()
    return when(row.next_try) if due > 0 else texts.say("outbox_page.next_round")


def facts(row: Any, now: datetime, texts: Says) -> tuple[tuple[str, str], ...]:
    """Label and value of everything else there is to say."""
    pairs = (
        ("subject", row.subject),
        ("document", row.document_no),
        ("query_no", row.query_no),
        ("made", minute(row.made_at)),
        ("tries", str(row.attempts)),
        ("tried", when(row.tried_at)),
        ("next", next_words(row, now, texts)),
        ("evidence", brought_words(row, texts)),
        ("op_id", row.op_id),
    )
    return tuple((texts.say(f"outbox_page.{key}"), value) for key, value in pairs if value)
