"""Kept copies: list, search in them, open one, give one back. Opening is written to the ledger first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice
from app.services.leasing import LeaseCard


@dataclass(frozen=True)
class OfflineView:
    """`copies` are all kept copies, `hits` what the search for `searched` found, `opened` the answer shown,
    `lease` until when copies can be opened here.

    `loaded` is False until the list has been read once.
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


class OfflineDesk(Desk[OfflineView]):
    """Verbs of the offline files."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[OfflineView], None]) -> None:
        super().__init__(client, lanes, show, OfflineView())

    def start(self) -> None:
        """Read the list of copies, and until when they can be opened."""
        self.ask("vault", self.client.offline_files.list, then=self._listed)
        self.ask("vault", self.client.leasing.card, then=lambda card: self.put(lease=card))

    def look_at_lease(self) -> None:
        """See whether the lease was renewed or has ended; the list comes and goes with it."""
        self.ask("vault", self.client.leasing.card, then=self._leased)

    def _leased(self, card: LeaseCard) -> None:
        before = self.view.lease
        self.put(lease=card)
        if before is None or before.state != card.state:
            self.put(loaded=False, notice=None, opened=None, selected="")
            self.start()

    def _listed(self, copies: Any) -> None:
        self.put(copies=tuple(copies), loaded=True)

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
