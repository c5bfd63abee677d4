"""Lines of a screening as rows of a table: what is found, on which list, and by what it was matched."""

from __future__ import annotations

from app.desks.screening_sheet import flaw_words
from app.desks.words import NOTHING, spaced
from app.field.person_numbers import mask_person_numbers
from app.services.task_rows import SetAside, TaskLine
from app.texts import Texts
from ui.table_rows import Cell, Column, Row
from ui.widgets.chips import ChipFace

# state -> (tone, icon); what is not here is said in plain words: a line without a hit has no colour
CHIPS = {
    "serious": ("serious", "serious-filled"),
    "attention": ("warn", "flag-filled"),
    "honour": ("good", "honour-filled"),
    "similar": ("info", "people"),
    "withdrawn": ("warn", "warning"),
    "aside": ("warn", "warning"),
}
MARKS = {
    "serious": ("serious-filled", "seal"),
    "attention": ("flag-filled", "warn"),
    "honour": ("honour-filled", "good"),
    "none": ("empty", "textSecondary"),
    "similar": ("people", "accentText"),
    "queued": ("deadline", "textSecondary"),
}


def columns(texts: Texts) -> tuple[Column, ...]:
    """The headings."""
    say = texts.say
    return (
        Column(say("screening_page.col_line")),
        Column(say("screening_page.col_subject"), 3),
        Column(say("screening_page.col_state")),
        Column(say("screening_page.col_lists"), 2),
        Column(say("screening_page.col_until_day")),
        Column(say("screening_page.col_match")),
    )


def state_words(line: TaskLine, texts: Texts) -> str:
    """The state of a line; of one that waits, how many subjects it may mean."""
    if line.state == "similar":
        return texts.say("screening_page.state_similar_of", count=len(line.candidates()))
    words = texts.say(f"screening_page.state_{line.state}")
    return f"{words} · {texts.say(f'screening_page.change_{line.change}')}" if line.change else words


def row_of(line: TaskLine, texts: Texts) -> Row:
    """A line of the result."""
    words = state_words(line, texts)
    standings = [entry.standing for entry in line.entries]
    shown = line.name or (line.subject.name if line.subject is not None else "") or spaced(line.code)
    lists = (
        (standings[0].list_name + (f" +{len(standings) - 1}" if len(standings) > 1 else ""))
        if standings
        else ""
    )
    how = "by_choice" if line.pick else "by_code" if line.code else "by_name_only"
    face = CHIPS.get(line.state)
    return Row(
        str(line.line),
        (
            Cell(str(line.line), tone="textSecondary"),
            Cell(mask_person_numbers(shown), strong=line.state == "similar"),
            Cell("", chip=ChipFace(words, *face)) if face else Cell(words, tone="textSecondary"),
            Cell(lists or NOTHING, tone="text" if lists else "textTertiary"),
            Cell(standings[0].until if standings and standings[0].until else NOTHING, tone="textSecondary"),
            _match(line, how, texts),
        ),
        line.code or (line.pick.code if line.pick else ""),
    )


def _match(line: TaskLine, how: str, texts: Texts) -> Cell:
    """By what it was found; that its code is registered under another name is no small matter."""
    if line.otherwise:
        return Cell(texts.say("screening_page.by_code_otherwise"), tone="warn")
    return Cell(texts.say(f"screening_page.{how}"), tone="textSecondary")


def aside_columns(texts: Texts) -> tuple[Column, ...]:
    """The headings of lines that ask for nothing."""
    say = texts.say
    return (
        Column(say("screening_page.col_line")),
        Column(say("screening_page.col_written")),
        Column(say("screening_page.col_why"), 3),
    )


def aside_row(one: SetAside, texts: Texts, shown: str) -> Row:
    """A line that asks for nothing, with what was written there (masked where it may be a person's)."""
    why = flaw_words(one.why, one.position, one.sign, one.hint, texts)
    cells = (Cell(str(one.line), tone="textSecondary"), Cell(shown or NOTHING), Cell(why, tone="warn"))
    return Row(str(one.line), cells)
