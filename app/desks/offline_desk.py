"""Kept copies: list, search in them, open one, give one back. Opening is written to the ledger first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from app.clock import SystemClock
from app.desks.desk import Desk, LanesLike, Notice, notice_of
from app.desks.subject_desk import TAKEN
from app.services.leasing import LeaseCard
from app.services.watching import Judged
from app.trouble import Trouble

REREAD_S = 900  # between two readings while the page is only looked at


@dataclass(frozen=True)
class OfflineView:
    """`copies` are all kept copies, `hits` what the search for `searched` found, `opened` the answer shown,
    `lease` until when copies can be opened here: as it was when it was read, None when that is not known.

    `loaded` is False until the list has been read once. `elapsed_s` is the time since it was read. `purposes`
    are code, Chinese and English words, for copies that carry only the code.
    """

    copies: tuple[Any, ...] = ()
    words: str = ""
    hits: tuple[Any, ...] = ()
    selected: str = ""
    opened: Any = None
    record: int = 0
    busy: bool = False
    notice: Notice | None = None
    loaded: bool = False
    searched: str = ""
    lease: LeaseCard | None = None
    elapsed_s: int = 0
    purposes: tuple[tuple[str, str, str], ...] = ()

    def lease_now(self) -> LeaseCard | None:
        """The lease with what it has left by now."""
        if self.lease is None:
            return None
        return replace(self.lease, left_s=max(0, self.lease.left_s - self.elapsed_s))

    def left_s(self, one: Any) -> int:
        """Seconds until a copy (or hit) can no longer be read, by now."""
        return max(0, int(one.left_s) - self.elapsed_s)

    def lease_first(self, one: Any) -> bool:
        """Whether it is the lease that ends first."""
        return bool(one.of_lease)

    def purpose_name(self, copy: Any, english: bool) -> str:
        """What the purpose of a copy is called; empty where nobody knows."""
        own = str(copy.purpose_en if english else copy.purpose_zh)
        if own and own != copy.purpose:
            return own
        return next((en if english else zh for code, zh, en in self.purposes if code == copy.purpose), "")


class OfflineDesk(Desk[OfflineView]):
    """Verbs of the offline files."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[OfflineView], None],
        now_ms: Callable[[], int] | None = None,
    ) -> None:
        super().__init__(client, lanes, show, OfflineView())
        self._now_ms = now_ms or SystemClock().monotonic_ms
        self._read_ms, self._reading = 0, False

    def start(self) -> None:
        """Read the list of copies, and until when they can be opened."""
        if not self._reading:
            self._reading = True
            self.ask("vault", self._read, then=self._was_read, failed=self._unread)

    def _read(self) -> tuple[LeaseCard, dict[str, Any], Notice | None]:
        """The lease is told even where it forbids to list: it says why."""
        lease = self.client.leasing.card()
        try:
            return lease, self._list(), None
        except Trouble as flaw:
            return lease, {}, notice_of(flaw)

    def _list(self) -> dict[str, Any]:
        copies = tuple(self.client.offline_files.list())
        purposes = self.view.purposes
        if any(not self.view.purpose_name(one, False) for one in copies) and not purposes:
            purposes = tuple((one.code, one.zh, one.en) for one in self.client.unlocking.policy().purposes)
        return {"copies": copies, "purposes": purposes}

    def _was_read(self, found: tuple[LeaseCard, dict[str, Any], Notice | None]) -> None:
        lease, listed, flaw = found
        if flaw is not None:
            self._unread(flaw, lease)
            return
        self._reading, self._read_ms = False, self._now_ms()
        gone: dict[str, Any] = {} if self.view.loaded else {"notice": None}
        live = {one.query_no for one in listed["copies"] if one.state == "live"}
        if self.view.selected not in live:
            gone |= {"opened": None, "selected": ""}
        gone["hits"] = tuple(one for one in self.view.hits if one.query_no in live)
        self.put(loaded=True, elapsed_s=0, lease=lease, **listed, **gone)

    def _unread(self, notice: Notice, lease: LeaseCard | None = None) -> None:
        """What cannot be listed is not shown any longer either: the lease may have ended meanwhile."""
        self._reading = False
        nothing: dict[str, Any] = {"copies": (), "hits": (), "opened": None, "selected": ""}
        self.put(loaded=False, busy=False, elapsed_s=0, lease=lease, notice=notice, **nothing)

    def tick(self) -> None:
        """Time has passed. Only the words change, until a term ends or the last reading is old; where nothing
        could be listed, the lease is looked at."""
        if not self.view.loaded:
            self.look_at_lease()
            return
        elapsed = max(0, self._now_ms() - self._read_ms) // 1000
        self.put(elapsed_s=elapsed)
        over = any(one.state == "live" and not self.view.left_s(one) for one in self.view.copies)
        if over or elapsed >= REREAD_S:
            self.start()

    def look_at_lease(self) -> None:
        """See whether the lease was renewed, kept back or has ended; if so everything is read anew."""
        self.ask("vault", self.client.leasing.card, then=self._leased)

    def _leased(self, now: LeaseCard) -> None:
        before = self.view.lease
        if before is None or replace(before, left_s=now.left_s) != now:
            self.start()

    def search(self, words: str) -> None:
        """Look for words in all copies; none brings the whole list back."""
        self.put(words=words)
        if not words.strip():
            self.put(hits=(), searched="")
            return
        sought = words.strip()
        job = self.client.offline_files.search
        self.ask("vault", job, sought, then=lambda hits: self._found(sought, hits))

    def _found(self, sought: str, hits: Any) -> None:
        if sought == self.view.words.strip():
            self.put(hits=tuple(hits), searched=sought)

    def open(self, query_no: str) -> None:
        """Open a copy."""
        self.put(selected=query_no, busy=True, notice=None)
        self.ask(
            "vault",
            self.client.offline_files.open,
            query_no,
            then=lambda answer: self._opened(query_no, answer),
            failed=lambda notice: self._shut(query_no, notice),
        )

    def _opened(self, query_no: str, answer: Any) -> None:
        if query_no == self.view.selected:
            self.put(opened=answer, record=self._first_hit(answer), busy=False)

    def _first_hit(self, answer: Any) -> int:
        words = self.view.words.split()
        for place, record in enumerate(answer.bundle.records):
            text = " ".join(
                (record.title, record.matter, record.document_no, *(value for _, value in record.fields))
            )
            if words and all(word in text for word in words):
                return place
        return 0

    def _shut(self, query_no: str, notice: Notice) -> None:
        if query_no == self.view.selected:
            self.put(opened=None, busy=False, notice=notice)

    def judged(self, now: Judged) -> None:
        """How the open copy stands: marks that came since are laid over it; what does not hold is closed."""
        opened = self.view.opened
        if opened is None or opened.query_no != now.query_no:
            return
        if now.hold != "holds":
            self.put(opened=None, selected="", notice=TAKEN[now.hold])
            self.start()
        elif opened.bundle != now.bundle:
            self.put(opened=replace(opened, bundle=now.bundle))
            self.start()

    def step(self, by: int) -> None:
        """Next or former record of the open copy."""
        if self.view.opened is not None and self.view.opened.bundle.records:
            self.put(record=(self.view.record + by) % len(self.view.opened.bundle.records))

    def release(self, query_no: str) -> None:
        """Give a copy back before its term."""
        self.put(busy=True)
        self.ask("courier", self.client.offline_files.release, query_no, then=self._released)

    def _released(self, _: object) -> None:
        self.put(busy=False, opened=None, selected="", notice=Notice("subject.released", (), "good"))
        self.start()
