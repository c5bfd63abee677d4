"""The ledger: what this device has entered, what the server has receipted, whether the chain holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice

PAGE = 500


@dataclass(frozen=True)
class LedgerView:
    """`chain` is the verdict of the last check, None while it has not run.

    `purposes` are code, Chinese and English words of every purpose; an entry holds only the code.
    """

    rows: tuple[Any, ...] = ()
    kind: str = ""
    words: str = ""
    chain: Any = None
    checking: bool = False
    busy: bool = False
    notice: Notice | None = None
    loaded: bool = False
    purposes: tuple[tuple[str, str, str], ...] = ()

    def purpose_words(self, code: str, english: bool) -> str:
        """What a purpose is called; the code itself where it is not known."""
        return next((en if english else zh for one, zh, en in self.purposes if one == code), code)

    @property
    def shown(self) -> tuple[Any, ...]:
        """The rows in which all words occur."""
        words = self.words.casefold().split()
        return tuple(row for row in self.rows if all(word in self._text(row) for word in words))

    def _text(self, row: Any) -> str:
        named = f"{self.purpose_words(row.purpose, False)} {self.purpose_words(row.purpose, True)}"
        return f"{row.subject} {row.query_no} {row.report_no} {row.purpose} {named}".casefold()


class LedgerDesk(Desk[LedgerView]):
    """Verbs of the ledger page."""

    def __init__(self, client: Any, lanes: LanesLike, show: Callable[[LedgerView], None]) -> None:
        super().__init__(client, lanes, show, LedgerView())

    def start(self) -> None:
        """Read the newest entries and check the chain."""
        self.only(self.view.kind)
        self.check()
        self.ask("vault", self._purposes, then=lambda found: self.put(purposes=found), failed=lambda _: None)

    def _purposes(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((one.code, one.zh, one.en) for one in self.client.unlocking.policy().purposes)

    def only(self, kind: str) -> None:
        """Show one kind of entry, or all."""
        self.put(kind=kind, busy=True)
        self.ask("vault", self.client.ledger.list, PAGE, kind, then=self._read)

    def _read(self, rows: Any) -> None:
        self.put(rows=tuple(rows), busy=False, loaded=True)

    def narrow(self, words: str) -> None:
        """Look for words in subject, number and purpose."""
        self.put(words=words)

    def check(self) -> None:
        """Walk the whole chain again."""
        self.put(checking=True)
        self.ask("vault", self.client.ledger.verify, then=self._checked, failed=self._unchecked)

    def _checked(self, verdict: Any) -> None:
        broken = None
        if not verdict.ok:
            broken = Notice("ledger.chain", (("entry", verdict.broken_at),), "error", "E-LEDGER-001", "vault")
        self.put(chain=verdict, checking=False, notice=broken)

    def _unchecked(self, notice: Notice) -> None:
        self.put(checking=False, notice=notice)
