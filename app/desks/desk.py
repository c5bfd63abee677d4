"""What every desk has: one frozen view, and verbs whose work is done in a lane and comes home as a view."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from app.lanes import PageLease
from app.trouble import Trouble, fault_place

V = TypeVar("V")
R = TypeVar("R")
Value = str | int
_log = logging.getLogger(__name__)


class LanesLike(Protocol):
    """What desks ask of the lanes."""

    def submit(
        self,
        lane: str,
        job: Callable[..., R],
        *args: Any,
        done: Callable[[Future[R]], None] | None = None,
    ) -> Future[R]: ...


@dataclass(frozen=True)
class Notice:
    """One thing to tell: the text id and its values, a code for the corner, whether trying again may help.

    `level` is info, good, warning or error; `move` says whose move is next (see app.trouble); `act` is the
    text id of what can be done about it at once, where that is something else than to try again.
    """

    text: str
    values: tuple[tuple[str, Value], ...] = ()
    level: str = "info"
    code: str = ""
    move: str = ""
    retry: bool = False
    kept: str = ""
    act: str = ""

    def facts(self) -> dict[str, Value]:
        return dict(self.values)


def notice_of(trouble: Trouble) -> Notice:
    """A trouble as something to tell."""
    level = "warning" if trouble.move in ("not_now", "not_right") else "error"
    return Notice(
        trouble.text,
        tuple(trouble.context.items()),
        level,
        trouble.code,
        trouble.move,
        trouble.retry,
        trouble.kept,
    )


class Desk(Generic[V]):
    """A desk shows exactly one view. Answers asked for before `leave` or a later question are dropped.
    Its page says whether it is `on_screen`: what is told on a page that nobody sees, nobody has heard."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[V], None], first: V) -> None:
        self.client = client
        self._lanes = lanes
        self._show = show
        self.on_screen: Callable[[], bool] = lambda: True
        self._lease = PageLease()
        self._number = self._lease.renew()
        self._answering = self._unshown = False
        self.view = first

    def put(self, **changes: Any) -> None:
        """Show the view with some fields changed; what one answer changes in several steps is shown once."""
        self.view = replace(self.view, **changes)  # type: ignore[type-var]
        self._unshown = self._answering
        if not self._answering:
            self._show(self.view)

    @contextmanager
    def _one_answer(self) -> Iterator[None]:
        """Every showing lays and paints a page: the last one of an answer is what is seen."""
        outer, self._answering = self._answering, True
        self._show_unshown()  # of an answer in whose middle this one comes, from lanes that answer at once
        try:
            yield
        finally:
            self._answering = outer
            self._show_unshown()

    def _show_unshown(self) -> None:
        if self._unshown:
            self._unshown = False
            self._show(self.view)

    def leave(self) -> None:
        """The page is gone: whatever is still under way no longer concerns it."""
        self._number = self._lease.renew()

    def ask(
        self,
        lane: str,
        job: Callable[..., R],
        *args: Any,
        then: Callable[[R], None],
        failed: Callable[[Notice], None] | None = None,
        alone: bool = False,
    ) -> None:
        """Do `job(*args)` in a lane; `then` gets its result, `failed` what to tell.

        With `alone` this question voids all earlier ones of the desk.
        """
        if alone:
            self._number = self._lease.renew()
        number = self._number
        tell = failed or self.told

        def home(future: Future[R]) -> None:
            if not self._lease.is_current(number):
                return
            if future.cancelled():
                return
            flaw = future.exception()
            with self._one_answer():
                if isinstance(flaw, Trouble):
                    if flaw.tells and self.on_screen():  # what nobody waits for or sees is told by the outbox
                        self._lanes.submit("vault", self.client.syncing.note_heard, flaw.tells)
                    tell(notice_of(flaw))
                elif flaw is not None:
                    _log.error("a lane's work broke off: %s", fault_place(flaw))
                    tell(Notice("shell.fault", (), "error", "internal", "fault"))
                else:
                    then(future.result())

        self._lanes.submit(lane, job, *args, done=home)

    def told(self, notice: Notice) -> None:
        """What went wrong, where the view has a place for it."""
        self.put(notice=notice, busy=False)
