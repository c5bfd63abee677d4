"""Is this computer fit for the work? Each check says what was found and what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from app.clock import Clock, read_utc
from app.keys.ring import Ring
from app.paths import Home
from app.services.ledgering import Ledger
from app.services.lines import Lines
from app.services.unlocking import Unlocking
from app.trouble import Trouble
from app.wire.routes import told
from app.wire.trust import load_trust

Mark = Literal["ok", "warn", "bad"]
LEAST_FREE = 200 * 1024 * 1024
SKEW_WARN_S = 60
IBUS = "ibus"
INPUT_PLUGINS = (IBUS, "compose")  # what the package brings of plugins/platforminputcontexts
PROXIES = ("HTTPS_PROXY", "ALL_PROXY")
ENDED = {"revoked": "device.revoked", "worn": "unlock.worn"}


@dataclass(frozen=True)
class Check:
    """`detail` is free of personal data; `remedy` is a text id, empty when there is nothing to do. `move`: of
    a bad one the family (app.trouble), which says whose move is next."""

    name: str
    verdict: Mark
    detail: str
    remedy: str = ""
    move: str = ""


# whose word counts when several checks are bad: what may not be trusted before anything else
GRAVEST = ("not_trusted", "vault", "fault", "refused", "not_you", "not_right", "not_now")


def gravest(checks: Iterable[Check]) -> str:
    """The family of the gravest bad check, empty when none is bad."""
    moves = {one.move for one in checks if one.verdict == "bad"}
    return next((move for move in GRAVEST if move in moves), "")


class Doctor:
    """Looks; changes nothing."""

    def __init__(
        self, home: Home, clock: Clock, ring: Ring, unlocking: Unlocking, lines: Lines, ledger: Ledger
    ) -> None:
        self.home = home
        self.clock = clock
        self.ring = ring
        self.unlocking = unlocking
        self.lines = lines
        self.ledger = ledger

    def checks(self, shut: Trouble | None = None) -> tuple[Check, ...]:
        """All checks; one that breaks off is a finding, not the end. `shut`: why the vault did not open when
        it was tried just now."""
        steps: tuple[tuple[str, Callable[[], Check]], ...] = (
            ("home", self._home),
            ("disk", self._disk),
            ("keyring", self._keyring),
            ("vault", lambda: self._vault(shut)),
            ("trust", self._trust),
            ("server", self._server),
            ("proxy", _proxy),
            ("input", _input),
            ("ledger", self._ledger),
        )
        found = []
        for name, step in steps:
            try:
                found.append(step())
            except Trouble as flaw:
                found.append(Check(name, "bad", flaw.code, flaw.text, flaw.move))
            except OSError as flaw:
                found.append(Check(name, "bad", type(flaw).__name__, "vault.disk-fault", "vault"))
        return tuple(found)

    def _home(self) -> Check:
        if sys.platform == "win32" or not self.home.root.stat().st_mode & 0o077:
            return Check("home", "ok", "")
        return Check("home", "bad", oct(self.home.root.stat().st_mode & 0o777), "doctor.home", "vault")

    def _disk(self) -> Check:
        free = shutil.disk_usage(self.home.root).free
        word: Mark = "ok" if free >= LEAST_FREE else "warn"
        return Check("disk", word, f"{free // 1024 // 1024} MiB", "" if word == "ok" else "doctor.disk")

    def _keyring(self) -> Check:
        state = self.ring.state()
        if state == "ready":
            return Check("keyring", "ok", self.ring.name())
        return Check("keyring", "warn", state, f"doctor.keyring_{state}")

    def _vault(self, shut: Trouble | None) -> Check:
        card = self.unlocking.card()
        if card is None:
            return Check("vault", "warn", "none", "vault.none")
        if card.why == "revoked" and self.unlocking.has_vault():
            return Check("vault", "warn", card.why, "device.marked")
        if card.why in ENDED:
            return Check("vault", "bad", card.why, ENDED[card.why], "vault")
        if not self.unlocking.has_vault():
            return Check("vault", "bad", "vault.no-keys", "vault.no-keys", "vault")
        if shut is not None:
            return Check("vault", "bad", shut.code, shut.text, shut.move)
        if not self.home.vault(card.profile).work.exists():
            return Check("vault", "bad", "vault.missing", "doctor.work_missing", "vault")
        if self.home.vault(card.profile).damaged_cache.exists():
            return Check("vault", "warn", "copies", "doctor.copies")
        if not self.unlocking.is_open():
            return Check("vault", "ok", "locked")
        state = self.unlocking.lease_state()
        return Check(
            "vault", "ok" if state == "live" else "warn", state, "" if state == "live" else "doctor.lease"
        )

    def _trust(self) -> Check:
        if load_trust(self.home.trust) is None:
            return Check("trust", "warn", "none", "trust.none")
        return Check("trust", "ok", self.lines.trust().log.key_id)

    def _server(self) -> Check:
        if load_trust(self.home.trust) is None:
            return Check("server", "warn", "none", "trust.none")
        with told():
            about = self.lines.stranger().about()
        trust = self.lines.trust()
        if (about.log, about.answers, about.seal) != (trust.log, trust.answers, trust.seal):
            return Check("server", "bad", "pins", "trust.changed", "not_trusted")
        skew = abs((self.clock.now() - read_utc(about.server_time)).total_seconds())
        if skew > SKEW_WARN_S:
            return Check("server", "warn", f"{round(skew)} s", "doctor.clock")
        return Check("server", "ok", about.server_version)

    def _ledger(self) -> Check:
        if not self.unlocking.is_open():
            return Check("ledger", "ok", "locked")
        found = self.ledger.verify()
        if not found.ok:
            return Check("ledger", "bad", f"{found.broken_at} {found.detail}", "ledger.chain", "not_trusted")
        return Check("ledger", "ok", f"{found.receipted}/{found.length}")


def _proxy() -> Check:
    """The client speaks to its server and to nobody between (docs/adr/004-trust-env.md)."""
    asked = any(os.environ.get(one) or os.environ.get(one.lower()) for one in PROXIES)
    return Check("proxy", "warn", "set", "doctor.proxy") if asked else Check("proxy", "ok", "unset")


def _input() -> Check:
    """Which input method the window will take. Qt looks at QT_IM_MODULES, and only without it at
    QT_IM_MODULE; it takes the first one for which it brings a plugin, else `compose`, which types no Chinese.
    XMODIFIERS, by which desktops name theirs as well, it does not read."""
    named = os.environ.get("QT_IM_MODULES") or os.environ.get("QT_IM_MODULE", "")
    wanted = [one.strip().lower() for one in named.split(";") if one.strip()]
    if next((one for one in wanted if one in INPUT_PLUGINS), "") == IBUS:
        return Check("input", "ok", IBUS)
    spoken = os.environ.get("XMODIFIERS", "").lower().partition("@im=")[2]
    asked = wanted[0] if wanted else spoken
    if not asked:
        return Check("input", "ok", "unnamed")
    return Check("input", "warn", asked, "doctor.fcitx" if asked.startswith("fcitx") else "doctor.ibus")
