"""The outbox: everything that was written and is not done, and the one thing to do about each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.desks.desk import Desk, LanesLike, Notice
from app.services.posting import ITEMS

Act = Literal["send", "mend", "dismiss", "open", "fetch", "wait"]
SCREEN = "screen"  # a line of a list: only the list's own page can go on with it
MENDED_ON = {
    "objection.file": "objection",
    "objection.supplement": "objection",
    "objection.add": "objection",
    "objection.recheck": "objection",
    "repair.apply": "repair",
    "repair.supplement": "repair",
}
SEALED = "sealed"


@dataclass(frozen=True)
class OutboxView:
    """`rows` as the outbox tells them, `sealed` the moments at which a wipe or a revocation sealed something
    on this computer that nobody has fetched. `shown` is the key of what is looked at closely."""

    rows: tuple[Any, ...] = ()
    sealed: tuple[str, ...] = ()
    shown: str = ""
    loaded: bool = False
    busy: bool = False
    notice: Notice | None = None

    def row(self, key: str) -> Any:
        """The row of a key, None for something sealed or gone."""
        return next((one for one in self.rows if one.op_id == key), None)

    def keys(self) -> tuple[str, ...]:
        """What needs the officer first: refused, then sealed, then what waits as it was written; last what
        was refused to his face."""
        refused = [one.op_id for one in self.rows if one.place == "refused" and not one.heard]
        sealed = [f"{SEALED}:{at}" for at in self.sealed]
        waiting = [one.op_id for one in self.rows if one.place != "refused"]
        return (*refused, *sealed, *waiting, *(one.op_id for one in self.rows if one.heard))


class OutboxDesk(Desk[OutboxView]):
    """Verbs of the outbox page; `settled` is called when what waits has become more or less."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[OutboxView], None]) -> None:
        super().__init__(client, lanes, show, OutboxView())
        self.settled: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Read what stands there."""
        self.ask("vault", self._read, then=self._listed)

    def _read(self) -> tuple[tuple[Any, ...], tuple[str, ...]]:
        return tuple(self.client.syncing.outbox()), tuple(self.client.unlocking.sealed_at())

    def _listed(self, found: tuple[tuple[Any, ...], tuple[str, ...]]) -> None:
        notice = self.view.notice if self.view.loaded else None  # that it could not be read is over
        self.put(rows=found[0], sealed=found[1], loaded=True, notice=notice)
        keys = self.view.keys()
        if self.view.shown not in keys:
            self.put(shown=keys[0] if keys else "")

    def look_at(self, key: str) -> None:
        """Show one closely."""
        self.put(shown=key)

    def send(self, op_id: str = "") -> None:
        """Offer one item, or all that wait, to the platform now, without the pause between tries."""
        if not self.view.busy:
            self.put(busy=True, notice=None)
            self.ask("courier", self._send, op_id, then=lambda _: self._sent(op_id), failed=self._unsent)

    def _send(self, op_id: str) -> None:
        syncing, row = self.client.syncing, self.view.row(op_id)
        syncing.retry(op_id)
        if row is None or row.kind not in ITEMS:
            syncing.deliver_chained()
        if row is None or row.kind in ITEMS:
            syncing.deliver_items()

    def _sent(self, op_id: str) -> None:
        self.ask("vault", self._read, then=lambda found: self._settled(found, op_id), failed=self._unsent)

    def _settled(self, found: tuple[tuple[Any, ...], tuple[str, ...]], op_id: str) -> None:
        before = len(self.view.rows)
        self._listed(found)
        row, gone = self.view.row(op_id), before - len(self.view.rows)
        if op_id and row is not None:
            word = "refused" if row.place == "refused" else "still"
            said = Notice(f"outbox_page.{word}", (), "warning")
        elif op_id or gone:
            said = Notice("outbox_page.sent", (("count", gone),), "good")
        else:
            said = Notice("outbox_page.still", (), "warning")
        self.put(busy=False, notice=said)
        self.settled()

    def _unsent(self, notice: Notice) -> None:
        self.put(busy=False, notice=notice)
        self.start()
        self.settled()

    def dismiss(self, op_ids: tuple[str, ...]) -> None:
        """Done with refused items; asked before."""
        if not self.view.busy:
            self.put(busy=True, notice=None)
            self.ask("vault", self._dismiss, op_ids, then=lambda _: self._dismissed(), failed=self._unsent)

    def _dismiss(self, op_ids: tuple[str, ...]) -> None:
        for op_id in op_ids:
            self.client.objecting.dismiss(op_id)

    def _dismissed(self) -> None:
        self.put(busy=False, notice=Notice("outbox_page.dismissed", (), "good"))
        self.start()
        self.settled()


def act_of(row: Any) -> Act:
    """The one thing to do about a row; None stands for something sealed."""
    if row is None:
        return "fetch"
    if row.place == "refused":
        return "mend" if row.draft else "dismiss"
    if row.place == "sending":
        return "wait"
    return "open" if row.kind == SCREEN else "send"
