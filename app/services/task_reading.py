"""A screening task read from where it is kept.

What was read of the last task is not read again: while a list of twenty thousand lines is asked, each of its
forty answers would otherwise have all before it decrypted, checked and made lines once more, and the window
would wait for it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import msgspec

from app.field.records import Signed
from app.field.screening import ScreenedRow, Screening, read_screening
from app.services.copies import TAKEN_BACK
from app.services.room import Opened
from app.services.task_rows import (
    AskedLine,
    Picks,
    SetAside,
    TaskBody,
    TaskLine,
    TaskState,
    answers_of,
    lines_of,
    places_of,
)
from app.trouble import Refused, Trouble
from local_cache import screenings, state
from local_cache.screenings import PartHead, TaskRow


@dataclass(frozen=True)
class TaskCard:
    """A task in a list: lines that are done and lines there are."""

    task_no: str
    file: str
    purpose: str
    state: TaskState
    done: int
    total: int
    made_at: str
    expires_ms: int


@dataclass(frozen=True)
class Task:
    """A task with every line. `as_of` is the oldest time of its data, `numbers` its screenings, `places` for
    each of them the places (of `TaskLine`) of its rows, in order."""

    card: TaskCard
    case_no: str
    titles: tuple[str, ...]
    lines: tuple[TaskLine, ...]
    sources: tuple[AskedLine, ...]
    aside: tuple[SetAside, ...]
    as_of: str
    numbers: tuple[str, ...]
    receipts: tuple[tuple[str, int], ...]
    before: str
    officer: str
    organisation: str
    purpose_zh: str
    purpose_en: str
    specimen: bool
    words: dict[str, dict[str, str]]
    asked: int
    answered: int
    places: tuple[tuple[int, ...], ...] = ()


@dataclass
class _Read:
    """What was read of a task, and its lines as they were made last."""

    task_no: str
    body: TaskBody
    said: dict[PartHead, Screening]
    lines: tuple[TaskLine, ...] = ()


class TaskReading:
    """Reads tasks. `checked` gives the payload of what the platform signed, and refuses anything else. To be
    called within the room only: it remembers the last task."""

    def __init__(self, checked: Callable[[Signed], bytes]) -> None:
        self._checked = checked
        self._last: _Read | None = None

    def row(self, opened: Opened, task_no: str) -> TaskRow:
        """The task as it is kept.

        Raises:
            Refused: screen.gone.
            VaultTrouble: as `Opened.copies`.
        """
        try:
            found = screenings.get(opened.copies(), task_no)
            if found is None or found.expires_ms <= opened.time.now_ms():
                raise Refused("screen.gone")
        except Trouble:
            self.forget()
            raise
        return found

    def forget(self) -> None:
        """Nothing that was read stays in memory."""
        self._last = None

    def body(self, opened: Opened, task_no: str) -> TaskBody:
        """What a task is about."""
        return self._read(opened, task_no).body

    def card(self, opened: Opened, row: TaskRow) -> TaskCard:
        """A task in a list; its answers are not read."""
        last = self._last
        body = last.body if last is not None and last.task_no == row.task_no else _body(opened, row.task_no)
        return _card(row, body, {head.part for head in screenings.part_heads(opened.copies(), row.task_no)})

    def said(self, opened: Opened, task_no: str) -> dict[int, Screening]:
        """The answers as they were signed, and no others.

        Raises:
            NotTrusted: as `checked`.
        """
        read = self._read(opened, task_no)
        cache = opened.copies()
        heads = screenings.part_heads(cache, task_no)
        known, read.said = read.said, {}
        for head in heads:
            read.said[head] = known.get(head) or self._answer(screenings.part(cache, task_no, head.part))
        return {head.part: said for head, said in read.said.items()}

    def task(self, opened: Opened, task_no: str) -> Task:
        """A task with every line as it stands.

        Raises:
            Trouble: as `row`, `said`.
        """
        row = self.row(opened, task_no)
        said = self.said(opened, task_no)
        read = self._read(opened, task_no)
        body, heads = read.body, tuple(read.said)
        answers = answers_of(body, said)
        taken_back = state.starting(opened.copies(), TAKEN_BACK, part="cache")
        gone = frozenset(place for place, found in answers.items() if _is_gone(taken_back, *found))
        read.lines = tuple(lines_of(body, answers, picks_of(row), gone, read.lines))
        first = next(iter(said.values()), None)
        known = opened.policy.purposes if opened.policy else ()
        stated = next((one for one in known if one.code == body.purpose), None)
        return Task(
            card=_card(row, body, said.keys()),
            case_no=body.case_no,
            titles=body.titles,
            lines=read.lines,
            sources=body.lines,
            aside=body.aside,
            as_of=min((one.as_of for one in said.values()), default=""),
            numbers=tuple(one.screening_no for one in heads),
            receipts=tuple((one.screening_no, one.leaf_index) for one in heads),
            before=body.before,
            officer=opened.user.name,
            organisation=opened.user.organisation_name,
            purpose_zh=stated.zh if stated else body.purpose,
            purpose_en=stated.en if stated else body.purpose,
            specimen=bool(first and first.specimen),
            words=first.words if first else {},
            asked=len(body.asked),
            answered=sum(place in answers for place in range(len(body.asked))),
            places=tuple(places_of(body, part, one) for part, one in said.items()),
        )

    def _read(self, opened: Opened, task_no: str) -> _Read:
        if self._last is None or self._last.task_no != task_no:
            self._last = _Read(task_no, _body(opened, task_no), {})
        return self._last

    def _answer(self, row: screenings.PartRow) -> Screening:
        signed = Signed(base64.b64encode(row.payload).decode(), row.key_id, row.sig_b64)
        return read_screening(self._checked(signed))


def picks_of(row: TaskRow) -> Picks:
    """How places were resolved."""
    return msgspec.json.decode(row.choices, type=Picks)


def _body(opened: Opened, task_no: str) -> TaskBody:
    return msgspec.json.decode(screenings.body(opened.copies(), task_no), type=TaskBody)


def _card(row: TaskRow, body: TaskBody, answered: Collection[int]) -> TaskCard:
    done = sum(line.place // body.part in answered for line in body.lines)
    word: TaskState = "done" if done == len(body.lines) else row.state
    return TaskCard(
        row.task_no, body.file, body.purpose, word, done, len(body.lines), row.made_at, row.expires_ms
    )


def _is_gone(taken_back: Mapping[str, str], row: ScreenedRow, said: Screening) -> bool:
    """Whether a pull has taken back what this row shows: it is older than the change. The feed speaks only of
    subjects there is a copy of; of the others it is the time of the data that warns."""
    if not taken_back:
        return False
    entries = [*row.entries, *(entry for one in row.namesakes for entry in one.entries)]
    if not entries:
        return False
    names = {entry.standing.rec_id for entry in entries}
    names |= {row.subject.subject_key} if row.subject is not None and row.entries else set()
    return any(int(taken_back.get(TAKEN_BACK + name, "0")) > said.as_of_seq for name in names)
