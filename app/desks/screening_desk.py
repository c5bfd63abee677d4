"""Screening a list: read and mapped, asked about part by part, resolved, exported. A lane does each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.desks.desk import Desk, LanesLike, Notice
from app.desks.screening_sheet import as_file
from app.desks.screening_view import Counted, ScreeningView, Stage, counted, narrowed, usual_filter
from app.desks.written import write_noted
from app.lists.columns import Columns, guess
from app.lists.preparing import Prepared, prepare
from app.services.task_reading import Task
from app.services.task_rows import TaskLine
from app.sheets.reading import Sheet, Table, read_table
from app.texts import Texts
from app.trouble import NotRight, Refused

LONG_WAIT_S = 3600
Narrow = tuple[str, str]
Ground = Callable[[], tuple[str, str]]


class ScreeningDesk(Desk[ScreeningView]):
    """Verbs of the screening page. `ground` tells purpose and case of the work under way
    elsewhere; `tell` says a success in passing."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[ScreeningView], None],
        texts: Texts,
        ground: Ground = lambda: ("", ""),
        tell: Callable[[Notice], None] = lambda notice: None,
        now_ms: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(client, lanes, show, ScreeningView())
        self._texts, self._ground, self._tell = texts, ground, tell
        self._now_ms = now_ms or SystemClock().monotonic_ms
        self._asked_ms = 0
        self._paces: list[float] = []

    # ---- what is here ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read which tasks are kept, and the purposes of this role."""
        purpose, case_no = self._ground()
        if self.view.stage == "start" and not self.view.purpose:
            self.put(purpose=purpose, case_no=case_no)
        self.ask("vault", self._opening, then=self._read_all, failed=self._unread)

    def _opening(self) -> dict[str, Any]:
        purposes = tuple(one for one in self.client.querying.purposes() if not one.official_letter)
        return {"cards": self.client.screening_tasks.cards(), "purposes": purposes}

    def _read_all(self, found: dict[str, Any]) -> None:
        self.put(loaded=True, **found)

    def _unread(self, notice: Notice) -> None:
        """What cannot be read is not shown any longer either: the lease may have ended."""
        self.put(loaded=False, cards=(), task=None, shown=(), counts=(), stage="start", running=False,
                 busy=False, notice=notice)  # fmt: skip

    def to_start(self) -> None:
        """Leave the task or the file as it is, for another one."""
        self.put(stage="start", table=None, prepared=Prepared(), task=None, running=False, shown=(),
                 counts=(), notice=None, line=0, only="", words="")  # fmt: skip
        self.start()

    # ---- a file ------------------------------------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Read a file; nothing of it is sent and it is not changed."""
        self.put(busy=True, notice=None)
        self.ask("courier", _read, path, then=self._was_read)

    def _was_read(self, found: tuple[Table, int, Columns, Prepared]) -> None:
        table, sheet, columns, prepared = found
        notice = None if columns.known else Notice("batch.columns", (), "warning")
        self.put(stage="map", busy=False, table=table, sheet=sheet, columns=columns, prepared=prepared,
                 by_name=False, notice=notice)  # fmt: skip

    def choose_sheet(self, place: int) -> None:
        """Take another sheet of the workbook."""
        if self.view.table is not None and place != self.view.sheet:
            self._prepare(place, guess(self.view.table.sheets[place]))

    def map(self, code: int, name: int) -> None:
        """Say which columns hold the number and the name; -1 for none."""
        self._prepare(
            self.view.sheet, replace(self.view.columns, code=code, name=name if name != code else -1)
        )

    def use_names(self, by_name: bool) -> None:
        """Let lines whose number cannot be used ask by their name instead."""
        self.put(by_name=by_name)
        self._prepare(self.view.sheet, self.view.columns)

    def _prepare(self, place: int, columns: Columns) -> None:
        if self.view.table is None:
            return
        self.put(sheet=place, columns=columns, busy=True)
        sheet, by_name = self.view.table.sheets[place], self.view.by_name
        self.ask("courier", _prepared, sheet, columns, by_name, then=self._was_prepared)

    def _was_prepared(self, prepared: Prepared) -> None:
        notice = None if self.view.columns.known else Notice("batch.columns", (), "warning")
        self.put(prepared=prepared, busy=False, notice=notice)

    def state_purpose(self, code: str) -> None:
        """The purpose of the whole task."""
        self.put(purpose=code, notice=None)

    def name_case(self, case_no: str) -> None:
        """The business number the task belongs to."""
        self.put(case_no=case_no.strip())

    def begin(self) -> None:
        """Keep the task and ask its first part."""
        view = self.view
        if not view.purpose:
            self.put(notice=Notice("query.purpose", (), "warning"))
        elif not view.case_no:
            self.put(notice=Notice("problem.case-needed", (), "warning"))
        elif view.table is not None and view.sheet_now is not None and not view.busy:
            self.put(busy=True, notice=None)
            self.ask("vault", self._begin, view.table.name, view.prepared, (view.columns, view.sheet_now),
                     (view.purpose, view.case_no), then=self._begun)  # fmt: skip

    def _begin(
        self, file: str, prepared: Prepared, table: tuple[Columns, Sheet], ground: tuple[str, str]
    ) -> Counted:
        tasks, (columns, sheet) = self.client.screening_tasks, table
        cells = {line.number: line.cells for line in columns.body(sheet)}
        return counted(tasks.open(tasks.begin(file, prepared, (columns.titles(sheet), cells), ground)))

    def _begun(self, found: Counted) -> None:
        self._show_task(found, table=None, prepared=Prepared())
        self.run()

    # ---- a task ------------------------------------------------------------------------------------------

    def open_task(self, task_no: str, run: bool = False) -> None:
        """Show a task that is kept; with `run` go on with it."""
        self.put(busy=True, notice=None)
        look = self.client.screening_tasks.look
        self.ask("vault", lambda: counted(look(task_no)),
                 then=lambda found: self._opened(found, run), failed=self._not_there)  # fmt: skip

    def _opened(self, found: Counted, run: bool) -> None:
        self._show_task(found)
        if run:
            self.run()

    def _not_there(self, notice: Notice) -> None:
        self.put(busy=False, notice=notice)
        self.start()

    def _ask_task(
        self,
        lane: str,
        job: Callable[..., Task],
        *args: Any,
        then: Callable[[Counted], None],
        failed: Callable[[Notice], None] | None = None,
    ) -> None:
        """The task on the page, counted and narrowed in the lane: it may have twenty thousand lines, and the
        window does nothing else while it goes through them."""
        narrow = (self.view.only, self.view.words)
        self.ask(lane, lambda: counted(job(*args), narrow), then=then, failed=failed)

    def _show_task(self, found: Counted, **more: Any) -> None:
        only, _ = usual_filter(found.task)
        self._paces = []
        self.put(**{"stage": "task", "busy": False, "only": only, "words": "", "line": 0,
                    "task": found.task, "counts": found.counts, "shown": found.shown, **more})  # fmt: skip
        self._take(found)

    def _take(self, found: Counted, **more: Any) -> bool:
        """The task as it stands now; the first line that waits for a person is selected where none is. What
        comes late, about a task that the page has left, is not taken. Returns whether it was."""
        view, task = self.view, found.task
        if view.task is None or view.task.card.task_no != task.card.task_no:
            return False
        if not view.line and found.first_waiting:
            more = {"line": found.first_waiting, **more}
        if found.narrow == (view.only, view.words):
            more = {"shown": found.shown, **more}
        else:  # another filter was chosen meanwhile
            self._narrow(task, view.only, view.words)
        self.put(**{"task": task, "counts": found.counts, **more})
        return True

    def run(self) -> None:
        """Ask part after part until the end or a pause."""
        task = self.view.task
        if task is None or self.view.running or task.answered >= task.asked:
            return
        if task.card.state == "cancelled":
            self._ask_task(
                "vault", self.client.screening_tasks.reopen, task.card.task_no, then=self._reopened
            )
            return
        self.put(running=True, notice=None)
        self._ask_next(task.card.task_no)

    def _reopened(self, found: Counted) -> None:
        if self._take(found):
            self.run()

    def _ask_next(self, task_no: str) -> None:
        self._asked_ms = self._now_ms()
        self._ask_task("courier", self.client.screening_tasks.advance, task_no,
                       then=self._advanced, failed=self._stopped)  # fmt: skip

    def _advanced(self, found: Counted) -> None:
        task = found.task
        if self.view.task is None or self.view.task.card.task_no != task.card.task_no:
            return
        before = self.view.task.answered
        self._paces = [*self._paces[-4:], (self._now_ms() - self._asked_ms) / max(1, task.answered - before)]
        pace = sum(self._paces) / len(self._paces)
        more = task.answered < task.asked and task.card.state == "open"
        running = self.view.running and more
        left = int(pace * (task.asked - task.answered) / 1000) if running else None
        self._take(found, running=running, left_s=left)
        if not more and task.answered >= task.asked:
            self._tell(Notice("screening_page.finished", (("total", task.card.total),), "good"))
        if running:
            self._ask_next(task.card.task_no)

    def _stopped(self, notice: Notice) -> None:
        """A part was not answered: everything before it stays, the same part is asked again on going on."""
        wait = notice.facts().get("wait_s", 0)
        if notice.code == "rate-limited" and isinstance(wait, int) and wait > LONG_WAIT_S:
            notice = Notice("screening_page.day_used", (), "warning", notice.code, notice.move)
        self.put(running=False, left_s=None, notice=notice)

    def pause(self) -> None:
        """Stop after the part that is under way."""
        task = self.view.task
        if task is not None:
            facts = (("done", task.card.done), ("total", task.card.total))
            self.put(running=False, left_s=None, notice=Notice("batch.paused", facts, "info"))

    def cancel(self) -> None:
        """Ask no more; finished lines are kept."""
        if self.view.task is not None:
            self.put(running=False, left_s=None, notice=None)
            job = self.client.screening_tasks.cancel
            self._ask_task("vault", job, self.view.task.card.task_no, then=self._seen_again)

    def discard(self, task_no: str) -> None:
        """Erase a task that is kept."""
        self.ask("vault", self.client.screening_tasks.discard, task_no, then=lambda _: self.to_start())

    def again(self) -> None:
        """The same units once more; the result shows what is different."""
        task = self.view.task
        if task is not None and not self.view.running:
            self.put(busy=True, notice=None)
            self.ask("vault", self._again, task.card.task_no, then=self._begun)

    def _again(self, task_no: str) -> Counted:
        tasks = self.client.screening_tasks
        return counted(tasks.open(tasks.again(task_no)))

    # ---- its lines ---------------------------------------------------------------------------------------

    def only(self, state: str) -> None:
        """Show the lines of one state; empty for all that are answered."""
        self.put(only=state)
        self._narrow(self.view.task, state, self.view.words)

    def narrow(self, words: str) -> None:
        """Show the lines with these words in name or code."""
        self.put(words=words)
        self._narrow(self.view.task, self.view.only, words)

    def _narrow(self, task: Task | None, only: str, words: str) -> None:
        """What is shown stays until the lane has gone through the lines."""
        if task is not None:
            self.ask("vault", narrowed, task, only, words, then=partial(self._narrowed, task, (only, words)))

    def _narrowed(self, task: Task, narrow: Narrow, shown: tuple[TaskLine, ...]) -> None:
        if self.view.task is task and narrow == (self.view.only, self.view.words):
            self.put(shown=shown)

    def select(self, line: int) -> None:
        """Look at a line, as long as its task may be shown."""
        task = self.view.task
        if task is not None and line != self.view.line:
            self.put(line=line)
            self.ask("vault", self.client.screening_tasks.count_answers, task.card.task_no,
                     then=self._still, failed=self._unread)  # fmt: skip

    def _still(self, answers: int) -> None:
        task = self.view.task
        if task is not None and not self.view.running and answers != len(task.numbers):
            self.look_again()

    def look_again(self) -> None:
        """Show the task as it stands now: answers may have been taken back, or the lease be over."""
        if self.view.task is not None:
            self._ask_task("vault", self.client.screening_tasks.open, self.view.task.card.task_no,
                           then=self._seen_again, failed=self._unread)  # fmt: skip

    def _seen_again(self, found: Counted) -> None:
        self._take(found)

    def choose(self, subject_key: str, why: str) -> None:
        """Resolve the selected line: this candidate is meant, or (empty) none of those shown. One without a
        number cannot be asked about: it stays open and is never taken for another unit."""
        line, task = self.view.selected, self.view.task
        if line is None or task is None or self.view.busy:
            return
        if not why.strip():
            self.put(notice=Notice("screen.why-needed", (), "warning"))
            return
        meant = next((card for card in line.candidates() if card.subject_key == subject_key), None)
        code = meant.code if meant is not None else ""
        if subject_key and not code:
            self.put(notice=Notice("screen.no-code", (), "warning"))
            return
        self.put(busy=True, why=why.strip(), notice=None)
        job = self.client.screening_tasks.choose
        self._ask_task("courier", job, task.card.task_no, line.place, code, why,
                       then=lambda found: self._chosen(found, line.line, code))  # fmt: skip

    def _chosen(self, found: Counted, settled: int, code: str) -> None:
        """What was settled may be a unit that another line names by its number: the counts are of lines."""
        same = (one.line for one in found.task.lines if code and one.line != settled and one.code == code)
        other = next(same, 0)
        told = (("line", settled), ("other", other))
        notice = Notice("screening_page.same_unit", told, "info") if other else None
        self._take(found, busy=False, line=_next_open(found.task, self.view.line), notice=notice)

    def skip(self) -> None:
        """To the next line that waits for a person; this one goes on waiting."""
        if self.view.task is not None:
            self.put(line=_next_open(self.view.task, self.view.line), notice=None)

    def export(self, path: Path) -> None:
        """Write what is answered, as it stands now, to a file; the ledger has it first."""
        task = self.view.task
        if task is not None and task.numbers:
            self._ask_task("courier", self._export, task.card.task_no, path,
                           then=self._exported, failed=self._not_exported)  # fmt: skip

    def _export(self, task_no: str, path: Path) -> Task:
        tasks = self.client.screening_tasks
        task: Task = tasks.open(task_no)
        if not task.numbers:
            raise Refused("answer.withdrawn")
        made = as_file(task, path.suffix.lower(), self._texts)
        try:
            write_noted(path, task.numbers[0], made, lambda _number, beside: tasks.exported(task, beside))
        except NotRight as flaw:
            raise NotRight("report.written-not", context={"file": path.name}) from flaw
        return task

    def _exported(self, found: Counted) -> None:
        self.put(notice=None)
        self._seen_again(found)
        count = sum(line.state != "queued" for line in found.task.lines)
        self._tell(Notice("batch.export", (("count", count),), "good"))

    def _not_exported(self, notice: Notice) -> None:
        self.told(notice)
        self.look_again()

    def put_away(self) -> None:
        """The window closes or locks: ask no further part."""
        self.put(running=False)
        self.leave()

    def told(self, notice: Notice) -> None:
        """What went wrong; the form, the task and what was typed stay."""
        stage: Stage = self.view.stage
        self.put(stage=stage, notice=notice, busy=False)


def _read(path: Path) -> tuple[Table, int, Columns, Prepared]:
    """A file, its first sheet with known columns, and what that asks."""
    table = read_table(path)
    known = [(at, columns) for at, sheet in enumerate(table.sheets) if (columns := guess(sheet)).known]
    place, columns = known[0] if known else (0, Columns())
    return table, place, columns, _prepared(table.sheets[place], columns, False)


def _prepared(sheet: Sheet, columns: Columns, by_name: bool) -> Prepared:
    return prepare(sheet, columns, by_name) if columns.known else Prepared()


def _next_open(task: Task, line: int) -> int:
    """The next line that waits for a person, from the start again after the last; 0 where none does."""
    waiting = [one.line for one in task.lines if one.state == "similar" and one.line != line]
    return next((one for one in waiting if one > line), waiting[0] if waiting else 0)
