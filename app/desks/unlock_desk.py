"""The lock: who is locked, why, what is kept; nothing else is known before the passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice


@dataclass(frozen=True)
class UnlockView:
    """`card` is readable without the key and holds no subject."""

    card: Any = None
    busy: bool = False
    notice: Notice | None = None


class UnlockDesk(Desk[UnlockView]):
    """`opened` gets what unlocking found."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[UnlockView], None],
        opened: Callable[[Any], None],
        gone: Callable[[], None],
    ) -> None:
        super().__init__(client, lanes, show, UnlockView())
        self._opened, self._gone = opened, gone

    def start(self) -> None:
        """Read the card."""
        self.ask("vault", self.client.unlocking.card, then=lambda card: self.put(card=card))

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase; wrong ones are counted by the vault, not here."""
        if not passphrase or self.view.busy:
            return
        self.put(busy=True, notice=None)
        self.ask("vault", self.client.unlocking.unlock, passphrase, then=self._unlocked, failed=self._refused)

    def _unlocked(self, found: Any) -> None:
        self.put(busy=False)
        self._opened(found)

    def _refused(self, notice: Notice) -> None:
        self.put(busy=False, notice=notice)
        self.ask("vault", self.client.unlocking.card, then=self._recarded)

    def _recarded(self, card: Any) -> None:
        if card is None:
            self._gone()
            return
        self.put(card=card)
