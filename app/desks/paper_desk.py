"""A sealed paper of its own facts: the answer to an objection, the certificate of a screening, the statement
who looked at a subject. It has no preview: the platform draws it up at the issue. Print and save leave a
trace, like those of a report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from app.desks.desk import LanesLike, Notice
from app.desks.issuing_desk import ITSELF, IssuingDesk, IssuingView
from app.desks.sealed_desk import Draws
from app.desks.words import file_name
from app.field.objections import ENDED
from app.field.receivers import KINDS, Receiver, ReceiverKind
from app.report import ReportFlaw, paper_for
from app.report.words import in_beijing
from app.services.task_reading import Task
from app.typed import numbers_in


@dataclass(frozen=True)
class Source:
    """What a paper is drawn from: the number of an objection, a screening or a query. `lines` are the lines
    of the file in the order of the screening's rows; none for a paper without rows."""

    number: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Which paper, from which of the `sources`, `about` what: a subject, or a list by its file's name. At
    `most` so many rows stand on one, by the row of the paper in force."""

    template: Literal["answer", "screening", "looks"]
    sources: tuple[Source, ...]
    about: str
    most: int = 0


def letter_of(row: Any) -> Wanted | None:
    """The letter that answers a filed objection or data error; None while there is no answer."""
    answered = row is not None and row.number and row.state in ENDED and row.view is not None
    return Wanted("answer", (Source(row.number),), row.subject or row.number) if answered else None


def can_certify(task: Task | None) -> bool:
    """Whether there is something to be certified: the task is done."""
    return task is not None and task.card.state == "done" and bool(task.numbers)


def certificate_of(task: Task, on: date) -> Wanted:
    """The certificate of a task that is done, of one of its screenings at a time, as made on a day."""
    line_of: dict[int, int] = {}
    for line in task.lines:
        line_of.setdefault(line.place, line.line)
    sources = (
        Source(number, tuple(line_of[place] for place in places if place in line_of))
        for number, places in zip(task.numbers, task.places, strict=True)
    )
    most = paper_for("screening", "legal", on).most
    return Wanted("screening", tuple(sources), task.card.file, most)


def statement_of(answer: Any) -> Wanted | None:
    """The statement who looked, where the answer's query carries it: its ground and its purpose are of the
    paper's row."""
    subject = answer.bundle.subject if answer is not None and answer.source == "server" else None
    if subject is None:
        return None
    bundle = answer.bundle
    try:
        row = paper_for("looks", subject.kind, in_beijing(bundle.made_at).date())
    except ReportFlaw:
        return None
    carried = bundle.basis.type in row.grounds and bundle.purpose.code in row.purposes
    return Wanted("looks", (Source(answer.query_no),), subject.name) if carried else None


@dataclass(frozen=True)
class PaperView(IssuingView):
    """`place` is the chosen source, `lines` what was typed of its lines (empty: all), `start` and `end` the
    days of a statement (ISO; empty: what the rule allows). `before` are papers
    that were issued here from that source."""

    wanted: Wanted | None = None
    place: int = 0
    lines: str = ""
    start: str = ""
    end: str = ""
    before: tuple[Any, ...] = ()

    @property
    def source(self) -> Source | None:
        return self.wanted.sources[self.place] if self.wanted is not None else None

    @property
    def receivers(self) -> tuple[ReceiverKind, ...]:
        """What is said of several units is not handed to one of them."""
        rows = rows_of(self.source, self.lines) if self.source is not None else ()
        count = len(rows or self.source.lines) if self.source is not None and rows is not None else 0
        return tuple(kind for kind in KINDS if kind != "subject" or count < 2)

    @property
    def can_issue(self) -> bool:
        return super().can_issue and self.issued is None and self.wanted is not None


class PaperDesk(IssuingDesk[PaperView]):
    """Which paper is drawn up from what, of which lines or days."""

    needs_server = "sealed_paper.needs_server"

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[PaperView], None],
        draw: Draws,
        language: str = "zh_CN",
    ) -> None:
        super().__init__(client, lanes, show, draw, PaperView(language=language))

    def open(self, wanted: Wanted, online: bool) -> None:
        """Begin a paper. A letter is handed to whom it is about unless somebody says otherwise; who is handed
        a certificate has to be said."""
        self.leave()
        to = Receiver("office") if wanted.template == "screening" else ITSELF
        self.view = PaperView(wanted=wanted, language=self.view.language, receiver=to, online=online)
        self.put()
        self._look_before()

    def _look_before(self) -> None:
        self.put(before=())
        self.ask("vault", self.client.report_files.list, then=self._found, failed=lambda _: None)

    def _found(self, rows: Any) -> None:
        view = self.view
        if view.wanted is not None and view.source is not None and view.issued is None:
            same = (view.wanted.template, view.source.number)
            self.put(before=tuple(row for row in rows if (row.template, row.query_no) == same))

    def take(self, place: int) -> None:
        """Another source."""
        view = self.view
        if view.wanted is not None and place != view.place and view.issued is None:
            self.put(place=place, lines="", notice=None)
            self._hand_to_allowed()
            self._look_before()

    def limit(self, lines: str) -> None:
        """These lines of the list alone, as "2,4-6"; empty: all."""
        self.put(lines=lines.strip(), notice=None)
        self._hand_to_allowed()

    def _hand_to_allowed(self) -> None:
        """Lines were chosen for which the subject is no receiver: another has to be named."""
        view = self.view
        if view.receiver.kind not in view.receivers:
            self.put(receiver=Receiver("office", view.receiver.name))

    def span(self, start: str, end: str) -> None:
        """The days that a statement is about; an empty text leaves it to the rule."""
        self.put(start=start.strip(), end=end.strip(), notice=None)

    def speak(self, language: str) -> None:
        """The language of the paper."""
        self.put(language=language)

    def issue(self) -> None:
        view = self.view
        if not view.can_issue or view.wanted is None or view.source is None:
            if view.issued is None and not view.busy:
                self.put(notice=Notice(self.needs_server, (), "warning"))
            return
        if not self._is_handed_to_somebody():
            return
        rows, most = rows_of(view.source, view.lines), view.wanted.most
        if rows is None or len(rows or view.source.lines) > most:
            key = "lines_wrong" if rows is None else "lines_many"
            self.put(notice=Notice(f"sealed_paper.{key}", (("most", most),), "warning"))
            return
        days = {"from": view.start, "to": view.end}
        self._send(view.source.number, view.wanted.template, days, rows=rows)

    def _issued(self, issued: Any, **changes: Any) -> None:
        super()._issued(issued, before=(), **changes)

    def suggested_name(self) -> str:
        wanted = self.view.wanted
        listed = wanted is not None and wanted.template == "screening"
        return file_name((Path(wanted.about).stem if listed else wanted.about) if wanted is not None else "")


def rows_of(source: Source, lines: str) -> tuple[int, ...] | None:
    """The rows of a screening, from 1, that these lines of the file stand in; empty for all. None for a text
    that is no list of lines, or names one that the screening does not have."""
    numbers = numbers_in(lines, most=max(source.lines, default=0))
    if numbers is None or not set(numbers) <= set(source.lines):
        return None
    return tuple(row for row, line in enumerate(source.lines, 1) if line in numbers)
