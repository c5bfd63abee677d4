"""Lines to the pinned server, one per lane; they share the tokens of one sign-in."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from app.paths import Home
from app.services import vault_contents
from app.services.entries import EPOCH
from app.services.room import Opened
from app.services.unlocking import Unlocking
from app.trouble import NotYou, Refused, Trouble
from app.wire.messages import ProblemBody, TokensAnswer
from app.wire.routes import Routes, told
from app.wire.session import REVOKED, Line, Tokens
from app.wire.trust import Trust, load_trust
from local_cache import state


class Lines:
    """Makes lines when they are first needed and drops them when the vault closes.

    Any lane may ask, the vault's own too. The lock guards the fields below and nothing else: whoever holds
    it never waits for a lane, or a caller that waits for the vault and a vault that drops the lines would
    wait for each other for ever.
    """

    def __init__(self, home: Home, unlocking: Unlocking) -> None:
        self.home = home
        self._unlocking = unlocking
        self._lock = threading.Lock()
        self._drops = 0
        self._made: dict[str, Routes] = {}
        self._tokens: Tokens | None = None
        self._owner: Opened | None = None
        unlocking.before_lock.append(self.drop)

    def trust(self) -> Trust:
        """The pins of this home.

        Raises:
            NotYou: trust.none before the first sign-in.
            VaultTrouble: trust.broken.
        """
        found = load_trust(self.home.trust)
        if found is None:
            raise NotYou("trust.none")
        return found

    def stranger(self) -> Routes:
        """A line without proof or token, for what anyone may ask."""
        trust = self.trust()
        return Routes(Line(trust.url, trust.ca_pem))

    def answer(self) -> bool:
        """Whether the pinned server answers now."""
        try:
            with told():
                self.stranger().about()
        except Trouble:
            return False
        return True

    def routes(self, lane: str = "wire") -> Routes:
        """The signed-in line of a lane.

        Raises:
            NotYou: vault.locked, session.none.
        """
        while True:
            drops = self._drops
            seen = self._unlocking.room.run(_seen)
            with self._lock:
                if drops == self._drops:
                    return self._line(lane, seen)

    def signed_in(self) -> bool:
        """Whether the sign-in of this vault can still be renewed, as far as is known here: one that has ended
        at the server counts until a renewal was tried."""
        with self._lock:
            tokens = self._tokens
        if tokens is not None and tokens.lock.locked():
            return True
        return self._unlocking.room.run(lambda opened: bool(vault_contents.tokens(opened.work)[1]))

    def drop(self) -> None:
        """Close every line; the next call makes new ones from what the vault says then."""
        with self._lock:
            self._drops += 1
            self._forget()

    def revoked(self, order: object) -> None:
        """The server says that this device was taken out. With its signed order the keys go at once,
        whatever was under way; without one the vault is locked and stays as it is.

        Raises:
            Refused: device-revoked, always; the text says which of both happened.
        """
        if not self._unlocking.is_open():
            raise Refused(REVOKED, "problem.device-revoked")
        if self.trust().orders_end(order, self._unlocking.user().device_id):
            self._unlocking.revoked()
            raise Refused(REVOKED, "device.revoked")
        self._unlocking.lock("unproven")
        raise Refused(REVOKED, "device.unproven", kept="kept.vault")

    def _renewed(self, fresh: TokensAnswer) -> None:
        self._unlocking.refreshed(fresh, self.trust().open_signed)

    def _said_revoked(self, problem: ProblemBody) -> None:
        self.revoked(problem.context.get("order"))

    def _line(self, lane: str, seen: _Seen) -> Routes:
        """A line for what was seen in the vault; with the lock held. Tokens that are here are newer than
        those seen: they may have been renewed since the vault was asked."""
        if seen.owner is not self._owner:
            self._forget()
            self._owner = seen.owner
        if self._tokens is None:
            if not (seen.access or seen.refresh):
                raise NotYou("session.none")
            self._tokens = Tokens(seen.access, seen.refresh, self._unlocking.store_tokens, self._renewed)
        if lane not in self._made:
            trust = self.trust()
            key, epoch = seen.owner.device_key, seen.epoch or trust.epoch
            line = Line(trust.url, trust.ca_pem, key, self._tokens, self._said_revoked, epoch)
            self._made[lane] = Routes(line)
        return self._made[lane]

    def _forget(self) -> None:
        for routes in self._made.values():
            routes.line.close()
        self._made.clear()
        self._tokens = None
        self._owner = None


@dataclass(frozen=True)
class _Seen:
    """What a line is made of, as the vault's lane saw it in one moment."""

    owner: Opened
    access: str
    refresh: str
    epoch: str


def _seen(opened: Opened) -> _Seen:
    return _Seen(opened, *vault_contents.tokens(opened.work), state.get(opened.work, EPOCH))
