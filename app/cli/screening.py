"""screen: a list of units against the lists, the answer as a file without formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from app.assembly import Client
from app.cli.done import Done, local_time, unlock
from app.cli.outside import require_place
from app.cli.rendering import clean
from app.cli.secrets import Secrets
from app.desks.screening_sheet import flaw_words, masked_cell
from app.desks.written import write_noted
from app.field.person_numbers import mask_person_numbers
from app.field.screening import ListEntry, ScreenedRow, Screening, registered_otherwise
from app.lists.preparing import Prepared, Told, read_list
from app.sheets.writing import as_csv, as_workbook
from app.texts import Texts
from app.trouble import NotRight

COLUMNS = (
    "place", "line", "code", "name", "state", "list", "authority", "document_no", "listed_on", "until",
    "basis", "known_as", "known_code", "note",
)  # fmt: skip

IN_PART = 1
LEFT_SHOWN = 20


def screen(client: Client, options: Any, secrets: Secrets) -> Done:
    """Read and judge the list here, ask about every line that can be asked about, write the result; the
    ledger has the file before it is there. Ends with IN_PART when lines were left out: each is told."""
    require_place(options.out, (".xlsx", ".csv"), options.replace)
    prepared = read_list(options.file)
    unlock(client, secrets)
    done = client.screening.screen(prepared.rows, options.purpose, options.case)
    said, say = done.said, client.texts.say
    _put(client, options.out, said, prepared)
    counts = msgspec.to_builtins(said.counts)
    similar = sum(row.state == "similar" for row in said.rows)
    unlike = [
        asked.line
        for row, asked in zip(said.rows, prepared.rows, strict=True)
        if registered_otherwise(row, row.name)
    ]
    lines = [say("cli.specimen")] if said.specimen else []
    lines += [
        say("cli.screened_line", number=said.screening_no, rows=len(said.rows), as_of=local_time(said.as_of)),
        say("cli.screened_counts", similar=similar, **counts),
    ]
    if unlike:
        lines.append(say("cli.screened_otherwise", count=len(unlike), first=unlike[0]))
    if prepared.flawed:
        lines.append(say("cli.screened_left", count=len(prepared.flawed)))
        lines += [_left(told, client.texts) for told in prepared.flawed[:LEFT_SHOWN]]
    lines += [
        say("cli.screened_file", file=options.out.name),
        say("cli.receipt_line", leaf=done.leaf_index, size=done.tree_size),
    ]
    facts = msgspec.to_builtins(said) | {
        "similar": similar,
        "registered_otherwise": unlike,
        "lines": [row.line for row in prepared.rows],
        "left_out": [
            {"line": told.line, "why": told.judged.why, "position": told.judged.position,
             "text": _why(told, client.texts)}
            for told in prepared.flawed
        ],
        "file": str(options.out),
        "replayed": done.replayed,
        "receipt": {"leaf_index": done.leaf_index, "tree_size": done.tree_size},
    }  # fmt: skip
    return Done(facts, tuple(lines), IN_PART if prepared.flawed else 0)


def _left(told: Told, texts: Texts) -> str:
    return texts.say("cli.screened_left_line", line=told.line, why=_why(told, texts))


def _why(told: Told, texts: Texts) -> str:
    """Why a line was left out, down to the character."""
    seen = told.judged
    return flaw_words(seen.why, seen.position, seen.sign, seen.hint, texts)


def _put(client: Client, out: Path, said: Screening, prepared: Prepared) -> None:
    def noted(number: str, beside: Path) -> None:
        client.screening.exported((number,), said.purpose.code, beside)

    try:
        write_noted(out, said.screening_no, _file(out, said, prepared, client.texts), noted)
    except NotRight as flaw:
        raise NotRight("report.written-not", context={"file": out.name}) from flaw


def _file(out: Path, said: Screening, prepared: Prepared, texts: Texts) -> bytes:
    """As the name says; a workbook's second sheet tells what the answer is and until when it was true."""
    if out.suffix.lower() == ".csv":
        return as_csv([*table(said, prepared, texts), [], *about(said, texts)])
    sheets = (
        (texts.say("screened.sheet"), table(said, prepared, texts)),
        (texts.say("screened.sheet_about"), about(said, texts)),
    )
    return as_workbook(sheets)


def about(said: Screening, texts: Texts) -> list[list[str]]:
    """Number, time of the data, and how the answer is to be read."""
    words = texts.say("screened.about", number=said.screening_no, as_of=local_time(said.as_of))
    return [[words], [texts.say("screened.caution")]]


def table(said: Screening, prepared: Prepared, texts: Texts) -> list[list[str]]:
    """The head; in the order of the list a line for each list entry of a row, or one line for a row without
    any, and one for each that was left out, which has no place in the screening."""
    language = "en" if texts.language == "en" else "zh"
    found: dict[int, list[list[str]]] = {}
    for row, asked in zip(said.rows, prepared.rows, strict=True):
        state = said.words.get(row.state, {}).get(language, row.state)
        found[asked.line] = [_line(row, asked.line, state, *one, texts) for one in _found(row)]
    for told in prepared.flawed:
        written = masked_cell(told.written, told.judged.why)
        aside = ["", str(told.line), written, "", texts.say("screening_page.state_aside")]
        found[told.line] = [[*aside, *[""] * (len(COLUMNS) - len(aside) - 1), _why(told, texts)]]
    head = [texts.say(f"screened.{name}") for name in COLUMNS]
    return [head, *(cells for line in sorted(found) for cells in found[line])]


def _found(row: ScreenedRow) -> list[tuple[str, str, ListEntry | None]]:
    """Who was found, by name and code, with one entry each; a row without a finding says so, too."""
    known = (row.subject.name, row.subject.code) if row.subject is not None else ("", "")
    found: list[tuple[str, str, ListEntry | None]] = [(*known, entry) for entry in row.entries]
    for one in row.namesakes:
        entries = one.entries or (None,)
        found += [(one.subject.name, one.subject.code, entry) for entry in entries]
    return found or [(*known, None)]


def _line(
    row: ScreenedRow,
    line: int,
    state: str,
    known_as: str,
    known_code: str,
    entry: ListEntry | None,
    texts: Texts,
) -> list[str]:
    base = [str(row.place + 1), str(line), row.code, mask_person_numbers(row.name), state]
    unlike = registered_otherwise(row, row.name)
    notes = [texts.say("screened.otherwise", name=unlike)] if unlike else []
    if entry is None:
        return [*base, "", "", "", "", "", "", known_as, known_code, clean("  ".join(notes))]
    one = entry.standing
    notes += [texts.say("screened.former")] if entry.former else []
    if one.objection is not None:
        notes.append(texts.say("cli.objected", number=one.objection.number))
    notes.append(entry.note)
    return [
        *base, one.list_name, one.authority, one.document_no, one.listed_on, one.until, entry.basis, known_as,
        known_code, clean("  ".join(note for note in notes if note)),
    ]  # fmt: skip
