"""The frame: who is here, what the connection is like, what waits, and which page stands behind the lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.desks.desk import Desk, LanesLike, Notice

Stage = Literal["opening", "sign_in", "unlock", "open"]
PAGES = ("home", "screening", "offline", "objection", "repair", "verify", "ledger", "settings")
FILED = {  # what waits in the outbox, and the page that shows it
    "objection.file": "objection",
    "objection.supplement": "objection",
    "objection.add": "objection",
    "objection.recheck": "objection",
    "repair.apply": "repair",
    "repair.supplement": "repair",
    "repair.withdraw": "repair",
}
SIGN_IN, REFUSED = "shell.sign_in_again", "shell.refused_look"
LOOKS_PER_ROUND = 30  # the window looks around twice a minute: a round of the feed each quarter of an hour
OFFLINE_PAGES = ("screening", "offline", "objection", "repair", "verify", "ledger", "settings", "doctor")


@dataclass(frozen=True)
class WindowView:
    """`counts` holds what waits behind a page, `unsent` what stands in the outbox but refusals that were told
    on the spot; `banner` is the one banner of the moment, or None.
    `signing_in`: the sign-in stands over the open work and is renewed, not begun. `restored`
    says that the platform was put back from a backup and waits for a code; `code_flaw` why the last one did
    not do."""

    stage: Stage = "opening"
    pages: tuple[str, ...] = PAGES
    user: Any = None
    connection: Any = None
    lease_state: str = "live"
    lease_until: str = ""
    today: int = 0
    device: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    unsent: int = 0
    banner: Notice | None = None
    notice: Notice | None = None
    signing_in: bool = False
    rebuilt: bool = False
    restored: Notice | None = None
    code_flaw: Notice | None = None
    busy: bool = False
    purpose: str = ""
    case_no: str = ""
    as_of: str = ""

    @property
    def online(self) -> bool:
        return self.connection is not None and self.connection.state == "online"


class WindowDesk(Desk[WindowView]):
    """Verbs of the frame. `restart` ends this process and begins a new one at the unlock page."""

    def __init__(
        self, client: Any, lanes: LanesLike, show: Callable[[WindowView], None], restart: Callable[[], None]
    ) -> None:
        pages = PAGES + (("doctor",) if getattr(client, "doctor", None) is not None else ())
        super().__init__(client, lanes, show, WindowView(pages=pages))
        self._restart = restart
        self._looks, self._syncing, self._refused_page = 0, False, ""
        self.before_lock: Callable[[], None] = lambda: None
        self.look_at_pages: Callable[[], None] = lambda: None
        self.after_round: Callable[[bool], None] = lambda moved: None
        self.turn_to: Callable[[str], object] = lambda page: None
        self.begun_offline: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Find out whether somebody is enrolled here: then the unlock page, else the sign-in."""
        self.ask("vault", self.client.unlocking.card, then=self._carded, failed=lambda _: self._carded(None))

    def _carded(self, card: Any) -> None:
        self.put(stage="unlock" if card is not None else "sign_in", device=getattr(card, "device_name", ""))

    def act(self) -> None:
        """Do what the banner offers."""
        banner = self.view.banner
        if banner is not None and banner.act == SIGN_IN:
            self.put(signing_in=True)
        elif banner is not None and banner.act == REFUSED:
            self.turn_to(self._refused_page)
        else:
            self.sync()

    def signed_out(self) -> None:
        """A question was refused because the sign-in has ended: the banner says so now."""
        if self.view.stage == "open" and not self.view.signing_in:
            self.look_around()

    def stay(self) -> None:
        """Leave the sign-in for later: copies and drafts are there all the same."""
        self.put(signing_in=False)

    def renewed(self) -> None:
        """Signed in again, with the work still open: go on, and bring it into step."""
        self.put(signing_in=False, banner=None, notice=Notice("shell.signed_in_again", (), "good"))
        self.sync()

    def sign_in(self) -> None:
        """Another user, or a first one."""
        self.put(stage="sign_in")

    def opened(
        self,
        user: Any,
        lease_state: str = "live",
        lease_until: str = "",
        device: str = "",
        rebuilt: bool = False,
    ) -> None:
        """The vault is open: show the work. `rebuilt`: its copies were damaged and begin anew."""
        self.put(
            stage="open",
            user=user,
            lease_state=lease_state,
            lease_until=lease_until,
            device=device or self.view.device,
            rebuilt=rebuilt,
        )
        self.look_around()

    def look_around(self) -> None:
        """Refresh connection, lease, count and what waits; a round when the server is back or it is time.
        What is on the pages is looked at first: it must not wait for a network that fails."""
        self.look_at_pages()
        self.ask("courier", self._surroundings, then=self._looked, failed=self._unheard)

    def _looked(self, found: dict[str, Any]) -> None:
        was_online, first = self.view.online, self.view.connection is None
        self.put(**found)
        if first and self.view.stage == "open" and self.view.connection.state == "offline":
            self.begun_offline()
        self._looks += 1
        if self.view.online and self.view.stage == "open" and not self._syncing:
            if not was_online:
                self.sync()
            elif self._looks >= LOOKS_PER_ROUND:
                self._round()

    def _surroundings(self) -> dict[str, Any]:
        connection, lease = self.client.syncing.online(), self.client.leasing.card()
        today = self.client.querying.today_count()
        rows = self.client.syncing.outbox()
        waiting = [row for row in rows if row.kind in FILED]
        refused = [row for row in waiting if row.state == "refused"]
        self._refused_page = FILED[refused[0].kind] if refused else ""
        behind = Counter(FILED[row.kind] for row in waiting)
        return {
            "connection": connection,
            "lease_state": lease.state,
            "lease_until": lease.until,
            "today": today,
            "counts": tuple(sorted(behind.items())),
            "unsent": sum(not row.heard for row in rows),
            "banner": self._banner(connection, lease, len(refused)),
        }

    def _banner(self, connection: Any, held: Any, refused: int) -> Notice | None:
        """Security before lease, lease before offline, offline before notices."""
        if connection.state == "untrusted":
            return Notice("tls.mismatch", (), "error", "E-TLS-001", "not_trusted")
        if connection.state == "online" and not connection.signed_in:
            return Notice("shell.signed_out", (), "warning", act=SIGN_IN)
        lease = {"ended": "offline.expired", "clock_back": "offline.clock", "rolled_back": "offline.clock",
                 "revoked": "device.marked"}.get(held.state)  # fmt: skip
        if lease:
            return Notice(lease, (), "warning", retry=True)
        if connection.state == "offline":
            return self._offline_banner(held)
        if self.view.rebuilt:
            return Notice("cache.damaged", (), "warning")
        if refused:
            return Notice("shell.refused_items", (("count", refused),), "warning", act=REFUSED)
        if self.client.unlocking.sealed_left():
            return Notice("shell.sealed_left", (), "info")
        return None

    def _offline_banner(self, lease: Any) -> Notice:
        """How long the copies stay readable, in the largest unit: it changes no oftener than it has to."""
        left = lease.left_s
        for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
            if left >= length:
                return Notice(f"shell.offline_{unit}", ((unit, left // length),), "warning", retry=True)
        return Notice("shell.offline", (), "warning", retry=True)

    def _unheard(self, notice: Notice) -> None:
        self.put(banner=notice)

    def sync(self) -> None:
        """Send what waits, without its pause between tries, and fetch what changed."""
        self.ask("courier", self.client.syncing.retry, then=lambda _: self._round())

    def _round(self) -> None:
        self._syncing, self._looks = True, 0
        self.put(busy=True)
        self.ask("courier", self.client.syncing.sync, then=self._synced)

    def follow(self, code: str) -> None:
        """Go on with a platform that was put back from a backup, by the security administrator's code."""
        if not self.view.busy:
            self._syncing, self._looks = True, 0
            self.put(busy=True, code_flaw=None)
            self.ask("courier", self.client.syncing.sync, None, None, code, then=self._synced)

    def _synced(self, report: Any) -> None:
        self._syncing = False
        said = None
        if report.restored_at:
            self.put(restored=None, code_flaw=None)
            said = Notice("shell.followed", (("count", report.sent_again),), "good")
        elif report.withdrawn:
            said = Notice(report.withdrawn_for or "answer.withdrawn", (), "error")
        elif report.judged:
            gone = report.judged - report.spared
            facts = (("judged", report.judged), ("removed", gone), ("kept", report.spared))
            said = Notice("cache.judged", facts, "warning")
        elif report.letters:
            others = report.removed_copies - report.letters
            facts = (("count", report.letters), *((("others", others),) if others else ()))
            said = Notice("cache.letters_more" if others else "cache.letters", facts, "warning")
        elif report.removed_copies:
            said = Notice("cache.removed", (("count", report.removed_copies),), "info")
        elif report.sent or report.entries_sent:
            said = Notice("shell.synced", (("sent", report.sent), ("entries", report.entries_sent)), "good")
        self.put(busy=False, lease_state=report.lease_state, lease_until=report.lease_until, notice=said)
        self.after_round(bool(report.removed_copies))
        self.look_around()

    def standing(self, purpose: str, case_no: str) -> None:
        """What the purpose chip shows."""
        self.put(purpose=purpose, case_no=case_no)

    def seen(self, as_of: str) -> None:
        """An answer said how fresh the platform's data is."""
        if as_of > self.view.as_of:
            self.put(as_of=as_of)

    def told(self, notice: Notice) -> None:
        """What a round ran into. A revoked device has no work left to show: a new process says so."""
        self._syncing = False
        if notice.code == "log.restored":
            self.put(busy=False, restored=replace(notice, text="shell.restored"), code_flaw=None)
        elif self.view.restored is not None and notice.code == "log.code":
            self.put(busy=False, code_flaw=notice)
        else:
            self.put(busy=False, notice=notice)
        if notice.code == "device-revoked":
            self.leave_behind()
        else:
            self.after_round(False)

    def tell(self, notice: Notice | None) -> None:
        """A line for the status bar."""
        self.put(notice=notice)

    def tell_beside(self, notice: Notice) -> None:
        """A line for the status bar, unless what is said there weighs more."""
        said = self.view.notice
        if said is None or said.level != "error":
            self.put(notice=notice)

    def leave_behind(self) -> None:
        """The vault is gone (wiped): go on in a new process, which begins at the sign-in."""
        self.leave()
        self._restart()

    def lock(self, why: str = "asked") -> None:
        """Close the vault, then leave this process behind with all it held. `why`: asked or idle."""
        self.before_lock()  # what is being written goes into the same lane, ahead of the lock
        self.leave()
        lock = self.client.unlocking.lock
        self.ask("vault", lock, why, then=lambda _: self._restart(), failed=lambda _: self._restart())
