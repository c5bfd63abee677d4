"""Kept copies: list, search in them, open one, give one back. Opening is written to the ledger first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice


@dataclass(frozen=True)
class OfflineView:
    """`copies` are all kept copies, `hits` what the search found, `opened` the answer on the right."""

    copies: tuple[Any, ...] = ()
    words: str = ""
    hits: tuple[Any, ...] = ()
    selected: str = ""
    opened: Any = None
    record: int = 0
    busy: bool = False
    notice: Notice | None = None


class OfflineDesk(Desk[OfflineView]):
    """Verbs of the offline files."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[OfflineView], None]) -> None:
        super().__init__(client, lanes, show, OfflineView())

    def start(self) -> None:
        """Read the list of copies."""
        self.ask("vault", self.client.offline_files.list, then=lambda copies: self.put(copies=tuple(copies)))

    def search(self, words: str) -> None:
        """Look for words in all copies; none brings the whole list back."""
        self.put(words=words)
        if not words.strip():
            self.put(hits=())
            return
        self.ask("vault", self.client.offline_files.search, words.strip(), then=self._found, alone=True)

    def _found(self, hits: Any) -> None:
        self.put(hits=tuple(hits))

    def open(self, query_no: str) -> None:
        """Open a copy."""
        self.put(selected=query_no, busy=True, notice=None)
        self.ask(
            "vault",
            self.client.offline_files.open,
            query_no,
            then=self._opened,
            failed=self._shut,
            alone=True,
        )

    def _opened(self, answer: Any) -> None:
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

    def _shut(self, notice: Notice) -> None:
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
