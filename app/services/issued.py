"""What this computer knows of every report it had issued. The list stands in work.db and outlives the files:
a sealed file is a copy like any other and goes when its copy goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from app.clock import from_epoch_ms
from app.field.beijing import AHEAD
from app.field.evidence import ClientEntry, LeafEntry, Receipt
from app.field.receivers import Receiver
from app.services.reviewing_offline import purge
from app.services.room import Opened
from app.trouble import VaultTrouble
from local_cache import drafts, ledger, reports
from local_cache.database import Connection
from local_cache.drafts import Body

State = Literal["current", "superseded", "expired", "void"]
File = Literal["here", "gone", "locked"]
STATES: tuple[State, ...] = ("current", "superseded", "expired", "void")
KIND = "report"


class Paper(msgspec.Struct, frozen=True):
    """Which paper was issued: the row of the papers, its language, set large or not. `template` is empty for
    a report of an older program. `about`, `units`: of a paper that is no answer to a query
    (app.services.paper_subject)."""

    template: str = ""
    language: str = ""
    large: bool = False
    about: str = ""
    units: int = 0


class Word(msgspec.Struct, frozen=True):
    """The last word about a report. `at` is when the server said it (wire text), empty for the issue itself;
    `heeded`: the officer has seen it. Which record changed is never part of it. `receiver_kind`, `receiver`:
    who was handed it (app.field.receivers), empty for a report of an older program."""

    state: State
    issued_at: str = ""
    valid_until: str = ""
    at: str = ""
    heeded: bool = False
    receiver_kind: str = ""
    receiver: str = ""
    paper: Paper = Paper()


@dataclass(frozen=True)
class IssuedReport:
    """A report issued on this computer. `subject` is masked for a person; `valid_until` is the last day,
    empty when unknown; `state` is the last known one. `file`: whether its bytes are here, went with their
    copy, or are shut away by lease or clock. `heard_at`: when the server last spoke of it, empty for never
    since; `heeded`: the officer was told since then. `template`, `language`, `large`, `about`,
    `units`: `Paper`."""

    number: str
    query_no: str
    subject: str
    purpose: str
    issued_at: str
    valid_until: str
    state: State
    file: File
    pdf_sha256: str
    heard_at: str = ""
    heeded: bool = False
    receiver_kind: str = ""
    receiver: str = ""
    template: str = ""
    language: str = ""
    large: bool = False
    about: str = ""
    units: int = 0


def keep(
    work: Connection,
    number: str,
    issued_at: str,
    valid_until: str,
    to: Receiver | None = None,
    paper: Paper | None = None,
) -> None:
    """A report was issued; what has been heard of it since stays (the same answer may come twice)."""
    if read(work, number) is None:
        kind, name = (to.kind, to.name) if to is not None else ("", "")
        word = Word("current", issued_at, valid_until, "", False, kind, name, paper or Paper())
        _save(work, number, word)


def hear(work: Connection, number: str, state: State, at: str, valid_until: str = "") -> None:
    """The server has said what a report is by now. A new state is a new thing to heed."""
    known = read(work, number) or Word("current")
    seen, until = known.heeded and known.state == state, valid_until or known.valid_until
    told = msgspec.structs.replace(known, state=state, valid_until=until, at=at, heeded=seen)
    _save(work, number, told)


def heed(work: Connection, number: str) -> None:
    """The officer has been told."""
    known = read(work, number)
    if known is not None and not known.heeded:
        _save(work, number, msgspec.structs.replace(known, heeded=True))


def read(work: Connection, number: str) -> Word | None:
    """The last word, None for a report of an older program or of another computer.

    Raises:
        VaultTrouble: vault.damaged when the row is not readable.
    """
    found = drafts.load(work, "kept", KIND, number)
    try:
        return msgspec.json.decode(found.body, type=Word) if found is not None else None
    except msgspec.DecodeError as flaw:
        raise VaultTrouble("vault.damaged", context={"part": "work"}) from flaw


def leaf_of(row: ledger.Listed) -> LeafEntry | None:
    """What the server's log holds of a row, None while there is no receipt.

    Raises:
        VaultTrouble: vault.damaged when the receipt is not readable.
    """
    try:
        return msgspec.json.decode(row.receipt, type=Receipt).entry if row.receipt is not None else None
    except msgspec.DecodeError as flaw:
        raise VaultTrouble("vault.damaged", context={"part": "work"}) from flaw


def files(opened: Opened) -> dict[str, reports.Report] | None:
    """The files that can be read now, by number; None while lease or clock shut them away. Those whose copy
    has reached its end are erased here and now."""
    if opened.vault.cache is None or opened.lease_state() != "live":
        return None
    purge(opened)
    return {row.number: row for row in reports.listed(opened.copies())}


def listed(opened: Opened) -> tuple[IssuedReport, ...]:
    """Every report issued on this computer, the newest first.

    Raises:
        VaultTrouble: vault.damaged.
    """
    kept, known = files(opened), ledger.asked(opened.work)
    today = f"{from_epoch_ms(opened.time.now_ms()) + AHEAD:%Y-%m-%d}"
    found: dict[str, IssuedReport] = {}
    for row in ledger.listed(opened.work, -1, "issue"):
        leaf = leaf_of(row)
        if leaf is None or leaf.outcome != "done" or not leaf.report_no or leaf.report_no in found:
            continue
        number, query_no = leaf.report_no, leaf.query_no or row.query_no
        stored = kept.get(number) if kept is not None else None
        word = read(opened.work, number) or _word_of(stored)
        query = known.get(query_no, ledger.Asked("", ""))
        found[number] = IssuedReport(
            number=number,
            query_no=query_no,
            subject=row.subject or query.subject,
            purpose=query.purpose or leaf.purpose,
            issued_at=word.issued_at or leaf.at,
            valid_until=word.valid_until[:10],
            state=_state(word, today),
            file="locked" if kept is None else "here" if stored is not None else "gone",
            pdf_sha256=leaf.report_sha256,
            heard_at=word.at,
            heeded=word.heeded,
            receiver_kind=word.receiver_kind,
            receiver=word.receiver,
            template=word.paper.template,
            language=word.paper.language,
            large=word.paper.large,
            about=word.paper.about,
            units=word.paper.units,
        )
    return tuple(sorted(found.values(), key=lambda one: (one.issued_at, one.number), reverse=True))


def find(opened: Opened, number: str) -> IssuedReport | None:
    """One of them, None when this computer did not have it issued."""
    return next((one for one in listed(opened) if one.number == number), None)


def printed_before(opened: Opened, number: str) -> int:
    """How often this computer has put a report on paper: the next time it bears this number, 0 being the
    first.

    Raises:
        VaultTrouble: vault.damaged when an entry is not readable.
    """
    try:
        rows = [row for row in ledger.entries(opened.work) if row.kind == "print"]
        return sum(msgspec.json.decode(row.payload, type=ClientEntry).report_no == number for row in rows)
    except msgspec.DecodeError as flaw:
        raise VaultTrouble("vault.damaged", context={"part": "work"}) from flaw


def query_of(opened: Opened, number: str) -> str:
    """The query of a report of this computer, empty when it is none of these."""
    found = find(opened, number)
    return found.query_no if found is not None else ""


def _word_of(stored: reports.Report | None) -> Word:
    """What an older program kept beside the file."""
    if stored is None:
        return Word("current")
    known: dict[str, State] = {one: one for one in STATES}
    return Word(known.get(stored.state, "current"), stored.issued_at, stored.valid_until)


def _state(word: Word, today: str) -> State:
    """The gravest first, as the server's register does; the end of validity needs nobody to say so."""
    past = bool(word.valid_until) and word.valid_until[:10] < today
    return "expired" if word.state == "current" and past else word.state


def _save(work: Connection, number: str, word: Word) -> None:
    drafts.save(work, "kept", Body(KIND, number, msgspec.json.encode(word), word.at))
