"""How facts are written on the screen: dates in Beijing time, codes, money, time left, relative days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

from app.clock import read_utc
from app.field.beijing import BEIJING
from app.field.fours import in_fours

if TYPE_CHECKING:  # the first page of the window needs these words, and no record
    from app.field.records import Record

NOTHING = "—"
FAR = "2090"
DOT = " · "


class Says(Protocol):
    """The texts of one language."""

    def say(self, text_id: str, /, **values: str | int) -> str: ...
    def has(self, text_id: str) -> bool: ...


class Handed(Protocol):
    """A row of issued reports."""

    @property
    def receiver_kind(self) -> str: ...
    @property
    def receiver(self) -> str: ...


class Paper(Protocol):
    """Which paper a report is."""

    @property
    def template(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def large(self) -> bool: ...


class Issued(Protocol):
    """What a report is about."""

    @property
    def template(self) -> str: ...
    @property
    def query_no(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def units(self) -> int: ...


class NotTaken(Protocol):
    """A file that was not taken."""

    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...


class Refused(Protocol):
    """A row of the outbox that was refused, or may be."""

    @property
    def why(self) -> str: ...
    @property
    def file(self) -> NotTaken | None: ...


def local(utc: str) -> datetime | None:
    """The Beijing moment of a wire time; None for an empty or foreign text."""
    if len(utc) < 20:
        return None
    return read_utc(utc).astimezone(BEIJING)


def minute(utc: str) -> str:
    """2026-11-22 02:00"""
    moment = local(utc)
    return f"{moment:%Y-%m-%d %H:%M}" if moment else utc or NOTHING


def short_minute(utc: str) -> str:
    """11-22 02:00"""
    moment = local(utc)
    return f"{moment:%m-%d %H:%M}" if moment else utc or NOTHING


def second(utc: str) -> str:
    """2026-11-22 09:42:16"""
    moment = local(utc)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else utc or NOTHING


def clock_time(utc: str) -> str:
    """09:42:16"""
    moment = local(utc)
    return f"{moment:%H:%M:%S}" if moment else utc or NOTHING


def last_day(text: str, texts: Says) -> str:
    """Until when a paper holds, as the paper says it: one without an end bears a day of the far future."""
    return texts.say("paper.long_term") if text[:4] >= FAR else day(text) or NOTHING


def day(text: str) -> str:
    """The day of a date or of a wire time; a dash for none."""
    if not text:
        return NOTHING
    moment = local(text)
    return f"{moment:%Y-%m-%d}" if moment else text[:10]


def month_day(text: str) -> str:
    """11-27"""
    return day(text)[5:] if text else NOTHING


def recently(utc: str, now: datetime, texts: Says) -> str:
    """Today 09:18, yesterday 16:40, within the week 11-20, else the whole date."""
    moment = local(utc)
    if moment is None:
        return utc or NOTHING
    days = (now.astimezone(BEIJING).date() - moment.date()).days
    if days == 0:
        return texts.say("shell.today", time=f"{moment:%H:%M}")
    if days == 1:
        return texts.say("shell.yesterday", time=f"{moment:%H:%M}")
    return f"{moment:%m-%d}" if 0 < days <= 7 else f"{moment:%Y-%m-%d}"


def spaced(code: str) -> str:
    """An 18-character code as 91 430400 MA00000A1 X; anything else as it is."""
    if len(code) != 18 or not code.isascii() or not code.isalnum():
        return code
    return f"{code[:2]} {code[2:8]} {code[8:17]} {code[17]}"


def yuan(fen: int | None) -> str:
    """86,000.00; a dash where the source gives none."""
    if fen is None:
        return NOTHING
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def disputed(record: Record, texts: Says) -> str:
    """Why a record's amount is in doubt; empty when it is not."""
    if not record.amount_doubt:
        return ""
    from app.field.records import AMOUNT_DOUBTS

    known = record.amount_doubt if record.amount_doubt in AMOUNT_DOUBTS else "other"
    return texts.say(f"paper_record.disputed_{known}")


def reason(code: str, texts: Says) -> str:
    """Why something was refused, in words where there are some for the code."""
    for text_id in (f"problem.{code}", code):
        if code and texts.has(text_id):
            return texts.say(text_id)
    return code


def refused_words(row: Refused, texts: Says) -> str:
    """Why a row was refused: the file that was not taken and the reason, else the words of the code."""
    return texts.say(row.file.text, file=row.file.name) if row.file else reason(row.why, texts)


def check_words(name: str, held: bool, detail: str, texts: Says) -> str:
    """What was looked at in a file; where there is no signature or one too many, that. A check of a later
    library is told as it came."""
    if name == "one_signature" and not held:
        name = "no_signature" if detail == "0" else "several_signatures"
    known = f"verify_page.check_{name}"
    return texts.say(known) if texts.has(known) else name


def left(seconds: int, texts: Says) -> str:
    """Time left in the largest unit that is not zero."""
    if seconds >= 86_400:
        return texts.say("shell.left_days", days=seconds // 86_400)
    if seconds >= 3_600:
        return texts.say("shell.left_hours", hours=seconds // 3_600)
    return texts.say("shell.left_minutes", minutes=max(seconds, 0) // 60)


def purpose(code: str, name: str) -> str:
    """A purpose as its code and its name; only one of them where that is all there is."""
    return " ".join(part for part in (code, name if name != code else "") if part)


def seconds_until(utc: str, now: datetime) -> int:
    """Whole seconds until a wire time; 0 when it is past or unknown."""
    moment = local(utc)
    return max(0, int((moment - now.astimezone(UTC)).total_seconds())) if moment else 0


def days_until(text: str, now: datetime) -> int | None:
    """Days until a date; negative when past, None when there is none."""
    if not text:
        return None
    return (date.fromisoformat(day(text)) - now.astimezone(BEIJING).date()).days


def digest(text: str, groups: int = 4) -> str:
    """The first groups of four of a hexadecimal digest, upper case."""
    return in_fours(text[: groups * 4].upper()) or NOTHING


def digests(document: str, file: str, texts: Says) -> tuple[tuple[str, str], ...]:
    """The two digests of a report under their two names, each as the cover writes its own: of the content,
    which is what the cover prints, and of the whole file."""
    return (
        (texts.say("report_page.document_digest"), f"{digest(document)} …"),
        (texts.say("report_page.file_digest"), f"{digest(file)} …"),
    )


def file_name(name: str) -> str:
    """A name without the signs that a file's name may not hold."""
    return "".join(sign for sign in name if sign not in '/\\:*?"<>|') or "report"


def short_number(number: str) -> str:
    """A report's number in a list: HYXYE 20261122 … TVWX7"""
    return f"{number[:5]} {number[5:13]} … {number[-5:]}" if len(number) >= 20 else number


def report_number(number: str) -> str:
    """A report's number in the groups in which the paper prints it; a narrow column breaks between them."""
    from app.field.report_numbers import grouped

    return grouped(number)


def receiver(texts: Says, row: Handed) -> str:
    """Who was handed a report, in words; a dash for one of an older program."""
    if not row.receiver_kind:
        return NOTHING
    return joined(texts.say(f"report_page.receiver_{row.receiver_kind}"), row.receiver)


def paper_name(texts: Says, row: Paper) -> str:
    """Which paper a report is: its kind, and what is not usual about it; empty for one of an older program.
    A kind of a later program is told by its code."""
    if not row.template:
        return ""
    kind = f"report_page.kind_{row.template}"
    name = texts.say(kind) if texts.has(kind) else row.template
    english = texts.say("report_page.language_en") if row.language == "en" else ""
    return joined(name, english, texts.say("report_page.large") if row.large else "")


def subject_of(texts: Says, row: Issued) -> str:
    """What a report is about: its subject; of a certificate the file of the list and how many units are on
    it; of a letter the objection and its subject. A dash where nobody knows."""
    if row.template == "answer":
        return joined(row.query_no, row.about)
    if row.template == "screening":
        units = texts.say("my_reports.units", count=row.units) if row.units else ""
        return joined(row.about or row.query_no, units)
    return row.subject or texts.say("my_reports.no_subject")


def joined(*parts: str) -> str:
    """The non-empty parts with dots between."""
    return DOT.join(part for part in parts if part)


def size_of(count: int) -> str:
    """A number of bytes as KB or MB."""
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(1, round(count / 1024))} KB"
