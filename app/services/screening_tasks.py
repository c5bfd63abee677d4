"""Screening tasks: a list asked about part by part, kept with the copies, gone on with after any stop."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from app.clock import read_utc
from app.field.beijing import BEIJING
from app.field.names import printable
from app.field.records import Signed
from app.lists.preparing import ListRow, Prepared
from app.services.entries import note_act
from app.services.room import Opened, Room
from app.services.screening import KIND, ScreeningLists, Taken, named
from app.services.task_reading import Task, TaskCard, TaskReading, picks_of
from app.services.task_rows import Pick, TaskBody, again, answers_of, asked_lines, set_aside
from app.trouble import NotRight, NotYou, Refused
from app.typed import require_text
from local_cache import outbox, screenings
from local_cache.screenings import PartRow

PART_LEAST, PARTS_MOST = 50, 40  # small enough to see it move, few enough links of the chain
DAY_MS = 86_400_000
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
Cells = dict[int, tuple[str, ...]]


class ScreeningTasks:
    """Tasks of this officer. All of a task lies in cache.db: it dies with its term and with the lease."""

    def __init__(self, room: Room, lists: ScreeningLists, checked: Callable[[Signed], bytes]) -> None:
        self.room = room
        self.lists = lists
        self._reading = TaskReading(checked)

    def cards(self) -> tuple[TaskCard, ...]:
        """Every task, the newest first.

        Raises:
            VaultTrouble: as `Opened.copies`.
        """

        def read(opened: Opened) -> tuple[TaskCard, ...]:
            cache = opened.copies()
            rows = (screenings.get(cache, number) for number in screenings.numbers(cache))
            return tuple(self._reading.card(opened, row) for row in rows if row is not None)

        return self.room.run(read)

    def begin(
        self, file: str, prepared: Prepared, table: tuple[tuple[str, ...], Cells], ground: tuple[str, str]
    ) -> str:
        """Keep a new task; nothing is asked yet. `table` is the head and the cells of each line, `ground` the
        purpose and the case. Returns its number.

        Raises:
            NotRight: query.purpose, case-needed, text-too-long, text-unfit, screen.empty.
            Refused: purpose-not-allowed.
            VaultTrouble: as `Opened.copies`.
        """
        (titles, cells), (purpose, case_no) = table, ground
        if not prepared.asked:
            raise NotRight("screen.empty", context={"file": file})
        if not printable(case_no):
            raise NotRight("case-needed", "problem.case-needed")
        require_text("case_no", case_no)

        def put(opened: Opened) -> str:
            policy = opened.policy
            if policy is None:
                raise NotYou("policy.missing")
            stated = policy.purpose(purpose)
            part = max(PART_LEAST, -(-len(prepared.asked) // PARTS_MOST))
            body = TaskBody(
                file=file,
                purpose=stated.code,
                case_no=case_no.strip(),
                titles=titles,
                asked=tuple((row.code, row.name) for row in prepared.asked),
                lines=asked_lines(prepared.rows, prepared.place_of, cells),
                aside=set_aside(prepared.flawed, cells),
                part=min(part, policy.screen_rows_max) if policy.screen_rows_max > 0 else part,
            )
            return self._put(opened, body)

        return self.room.run(put)

    def open(self, task_no: str) -> Task:
        """A task with every line as it stands.

        Raises:
            Refused: screen.gone.
            VaultTrouble: as `Opened.copies`.
        """
        return self.room.run(lambda opened: self._reading.task(opened, task_no))

    def count_answers(self, task_no: str) -> int:
        """How many answers a task still holds; none of them is read.

        Raises:
            Trouble: as `open`.
        """

        def read(opened: Opened) -> int:
            self._reading.row(opened, task_no)
            return len(screenings.part_heads(opened.copies(), task_no))

        return self.room.run(read)

    def look(self, task_no: str) -> Task:
        """Open a kept task to read it. Where it holds answers, the entry "open_cached" is in the chain before
        anything is returned, as for a copy.

        Raises:
            Trouble: as `open`; VaultTrouble: vault.disk-full, vault.read-only: then nothing is shown.
        """
        task = self.open(task_no)
        if task.numbers:
            note_act(self.room, "open_cached", purpose=task.card.purpose, **named(task.numbers))
        return task

    def advance(self, task_no: str) -> Task:
        """Ask the next part; nothing where none is left.

        Raises:
            Trouble: as `ScreeningLists.screen`; what was answered before is kept.
        """
        found = self.room.run(lambda opened: self._next(opened, task_no))
        if found is not None:
            part, body = found
            self._ask(task_no, part, body.rows_of(part), body)
        return self.open(task_no)

    def choose(self, task_no: str, place: int, code: str, why: str) -> Task:
        """Resolve a place that a name left open: `code` is one of its candidates, which is asked about now by
        number, or empty: none of them is meant. `why` is kept with it.

        Raises:
            NotRight: screen.why-needed, text-too-long, text-unfit; screen.not-there for another code.
            Trouble: as `ScreeningLists.screen`.
        """
        if not printable(why):
            raise NotRight("screen.why-needed")
        require_text("wish", why)
        task = self.open(task_no)
        line = next((one for one in task.lines if one.place == place), None)
        if line is None or (code and code not in {card.code for card in line.candidates()}):
            raise NotRight("screen.not-there")
        body = self.room.run(lambda opened: self._reading.body(opened, task_no))
        if code:
            self._ask(task_no, body.parts() + place, (ListRow(line.line, code, ""),), body)

        def put(opened: Opened) -> Task:
            picks = picks_of(self._reading.row(opened, task_no))
            picks[str(place)] = Pick(code, why.strip(), opened.now_text())
            screenings.choose(opened.copies(), task_no, msgspec.json.encode(picks))
            return self._reading.task(opened, task_no)

        return self.room.run(put)

    def cancel(self, task_no: str) -> Task:
        """Ask no more; what was answered is kept."""
        return self._set(task_no, "cancelled")

    def reopen(self, task_no: str) -> Task:
        """Go on with what was cancelled."""
        return self._set(task_no, "open")

    def again(self, task_no: str) -> str:
        """A new task about the same units, which knows what this one found; returns its number."""

        def put(opened: Opened) -> str:
            picks = picks_of(self._reading.row(opened, task_no))
            body = self._reading.body(opened, task_no)
            answers = answers_of(body, self._reading.said(opened, task_no))
            return self._put(opened, again(body, task_no, answers, picks))

        return self.room.run(put)

    def discard(self, task_no: str) -> None:
        """Erase a task with everything it found; the ledger keeps that it was asked."""

        def erase(opened: Opened) -> None:
            self._reading.forget()
            screenings.erase(opened.copies(), [task_no])

        self.room.run(erase)

    def exported(self, task: Task, path: Path) -> None:
        """The result is about to leave as a file: a link of the chain with the digest of what was written."""
        self.lists.exported(task.numbers, task.card.purpose, path)

    # ---- inside ------------------------------------------------------------------------------------------

    def _ask(self, task_no: str, part: int, rows: tuple[ListRow, ...], body: TaskBody) -> None:
        def keep(opened: Opened, taken: Taken) -> None:
            row = PartRow(
                task_no,
                part,
                taken.op_id,
                taken.said.screening_no,
                base64.b64decode(taken.signed.payload_b64),
                taken.signed.key_id,
                taken.signed.sig_b64,
                taken.leaf_index,
            )
            screenings.put_part(opened.copies(), row)

        def ask() -> None:
            self.lists.screen(rows, body.purpose, body.case_no, "courier", keep)

        _once_more(ask)

    def _put(self, opened: Opened, body: TaskBody) -> str:
        now, at = opened.time.now_ms(), opened.now_text()
        term = opened.policy.copy_term_s * 1000 if opened.policy and opened.policy.copy_term_s else DAY_MS
        day = read_utc(at).astimezone(BEIJING)
        number = f"PC-{day:%Y%m%d}-{''.join(secrets.choice(_SIGNS) for _ in range(4))}"
        row = screenings.TaskRow(number, b"{}", "open", at, now + term)
        screenings.add(opened.copies(), row, msgspec.json.encode(body))
        return number

    def _set(self, task_no: str, word: Literal["open", "cancelled"]) -> Task:
        def put(opened: Opened) -> Task:
            screenings.set_state(opened.copies(), task_no, word)
            return self._reading.task(opened, task_no)

        return self.room.run(put)

    def _next(self, opened: Opened, task_no: str) -> tuple[int, TaskBody] | None:
        """The first part without an answer, or whose intent was not closed: asking again brings the same."""
        row = self._reading.row(opened, task_no)
        if row.state == "cancelled":
            return None
        body = self._reading.body(opened, task_no)
        waiting = {item.op_id for item in outbox.all_items(opened.work, only_open=True) if item.kind == KIND}
        answered = {one.part: one.op_id for one in screenings.part_heads(opened.copies(), task_no)}
        for part in range(body.parts()):
            if part not in answered or answered[part] in waiting:
                return part, body
        return None


def _once_more(ask: Callable[[], object]) -> None:
    """An answer that was lost on its way and changed since is not told again: then it is asked for anew."""
    try:
        ask()
    except Refused as flaw:
        if flaw.code != "answer-withdrawn":
            raise
        ask()
