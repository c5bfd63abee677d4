"""The result of a task as a file: the file's own columns, what was found beside them, and who asked why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from app.clock import SystemClock, utc_text
from app.desks.words import joined, minute
from app.field.identifiers import recognise
from app.field.masks import mask_number
from app.field.person_numbers import holds_number_of_person, mask_person_numbers
from app.field.text_sheets import column_letters
from app.services.task_reading import Task
from app.services.task_rows import SetAside, TaskLine
from app.sheets.writing import as_csv, as_workbook
from app.texts import Texts

ADDED = (
    "line", "code", "state", "list", "authority", "document_no", "listed_on", "until", "basis",
    "measures", "known_as", "known_code", "as_of", "change", "note",
)  # fmt: skip


def as_file(task: Task, suffix: str, texts: Texts) -> bytes:
    """The answered lines and those set aside, as the name of the file says: `.csv`, else a workbook whose
    second sheet tells task, officer, purpose and the time of the data."""
    if suffix == ".csv":
        return as_csv([*table(task, texts), [], *about(task, texts)])
    say = texts.say
    return as_workbook(
        ((say("screened.sheet"), table(task, texts)), (say("screened.sheet_about"), about(task, texts)))
    )


def table(task: Task, texts: Texts) -> list[list[str]]:
    """The head, then a row for each line that is answered or was set aside, in the order of the file."""
    cells = {one.line: one.cells for one in task.sources} | {one.line: one.cells for one in task.aside}
    width = max([len(task.titles), *map(len, cells.values())], default=0)
    titles = [*task.titles, *[""] * (width - len(task.titles))]
    head = [mask_person_numbers(title) or column_letters(at) for at, title in enumerate(titles)]
    found = {line.line: _answered(line, texts) for line in task.lines if line.state != "queued"}
    found |= {one.line: _aside(one, texts) for one in task.aside}
    whys = {one.line: one.why for one in task.aside}
    rows = [[*head, *(texts.say(f"screened.{name}") for name in ADDED)]]
    for line in sorted(found):
        own = [masked_cell(cell, whys.get(line, "")) for cell in cells[line]]
        rows.append([*own, *[""] * (width - len(own)), str(line), *found[line]])
    return rows


def about(task: Task, texts: Texts) -> list[list[str]]:
    """What the file is: enough to prove later who asked what, why, and as of when."""
    say, english = texts.say, texts.language == "en"
    states = Counter(line.state for line in task.lines)
    places = [f"{number} ({place})" for number, place in task.receipts]
    facts = [
        ("task", task.card.task_no), ("specimen", say("cli.specimen") if task.specimen else ""),
        ("file", task.card.file), ("officer", joined(task.officer, task.organisation)),
        ("purpose", task.purpose_en if english else task.purpose_zh), ("case", task.case_no),
        ("data_as_of", minute(task.as_of)), ("exported_at", minute(utc_text(SystemClock().now()))),
        ("otherwise", str(sum(bool(line.otherwise) for line in task.lines) or "")),
        ("counts", "; ".join(f"{_state(name, texts)} {count}" for name, count in states.items())),
        ("aside", str(len(task.aside))), ("numbers", "\n".join(places)), ("before", task.before),
        ("read_as", say("screened.caution")),
    ]  # fmt: skip
    rows = [[say(f"screened.about_{name}"), value] for name, value in facts if value]
    return [[say("screened.sheet_about"), ""], *rows]


def masked_cell(cell: str, why: str) -> str:
    """A cell in which every person's number is masked. `why`: what its line was set aside for, if it was; a
    cell of such a line that may hold one, as a longer run of digits does, is hidden but for its head."""
    shown = mask_person_numbers(cell)
    if not why or shown != cell:
        return shown
    hidden = holds_number_of_person(cell) or recognise(cell).kind == "id_card"
    return mask_number(cell, 3, 0) if hidden else cell


def _answered(line: TaskLine, texts: Texts) -> list[str]:
    say = texts.say
    entries, subject = line.entries, line.subject
    listed = [one.standing for one in entries]
    notes = [say("screened.otherwise", name=line.otherwise)] if line.otherwise else []
    notes += [say("screened.former") for one in entries if one.former]
    notes += [say("cli.objected", number=one.objection.number) for one in listed if one.objection]
    notes += [one.note for one in entries]
    if line.pick is not None:
        notes.append(say("screened.picked", why=line.pick.why))
    return [
        line.code or (line.pick.code if line.pick else ""), _state(line.state, texts),
        _lines(one.list_name for one in listed), _lines(one.authority for one in listed),
        _lines(one.document_no for one in listed), _lines(one.listed_on for one in listed),
        _lines(one.until for one in listed), _lines(one.basis for one in entries),
        _lines(one.text for one in dict.fromkeys(m for of in listed for m in of.measures if m.for_you)),
        subject.name if subject else "", subject.code if subject else "",
        minute(line.as_of), say(f"screening_page.change_{line.change}") if line.change else "",
        _lines(note for note in notes if note),
    ]  # fmt: skip


def _aside(one: SetAside, texts: Texts) -> list[str]:
    why = flaw_words(one.why, one.position, one.sign, one.hint, texts)
    return ["", _state("aside", texts), *[""] * (len(ADDED) - 4), why]


def _state(state: str, texts: Texts) -> str:
    return texts.say(f"screening_page.state_{state}")


def flaw_words(why: str, position: int, sign: str, hint: str, texts: Texts) -> str:
    """Why a line asks for nothing, down to the character."""
    said = texts.say(f"screen_flaw.{why}", position=position, sign=sign)
    return said + (texts.say("screen_flaw.hint", hint=hint) if hint else "")


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)
