"""Lines to the pinned server, one per lane; they share the tokens of one sign-in."""

from __future__ import annotations

import threading

from app.paths import Home
from app.services.room import Opened
from app.services.unlocking import Unlocking
from app.trouble import NotYou, Refused
from app.wire.messages import ProblemBody
from app.wire.routes import Routes
from app.wire.session import REVOKED, Line, Tokens
from app.wire.trust import Trust, load_trust


class Lines:
    """Makes lines when they are first needed and drops them when the vault closes."""

    def __init__(self, home: Home, unlocking: Unlocking) -> None:
        self.home = home
        self._unlocking = unlocking
        self._lock = threading.Lock()
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

    def routes(self, lane: str = "wire") -> Routes:
        """The signed-in line of a lane.

        Raises:
            NotYou: vault.locked, session.none.
        """
        with self._lock:
            owner = self._unlocking.room.run(lambda opened: opened)
            if owner is not self._owner:
                self._forget()
                self._owner = owner
            if self._tokens is None:
                access, refresh = self._unlocking.tokens()
                if not (access or refresh):
                    raise NotYou("session.none")
                self._tokens = Tokens(access, refresh, self._unlocking.store_tokens)
            if lane not in self._made:
                trust = self.trust()
                line = Line(
                    trust.url, trust.ca_pem, self._unlocking.device_key(), self._tokens, self._said_revoked
                )
                self._made[lane] = Routes(line)
            return self._made[lane]

    def drop(self) -> None:
        """Close every line; the next call makes new ones from what the vault says then."""
        with self._lock:
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

    def _said_revoked(self, problem: ProblemBody) -> None:
        self.revoked(problem.context.get("order"))

    def _forget(self) -> None:
        for routes in self._made.values():
            routes.line.close()
        self._made.clear()
        self._tokens = None
        self._owner = None
