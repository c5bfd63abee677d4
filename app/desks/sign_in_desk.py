"""Signing in: account, second factor, enrolment of this computer, unlock passphrase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.desks.desk import Desk, LanesLike, Notice

Step = Literal["account", "code", "device", "pending", "seal", "done"]
SHORTEST_WITH_KEYRING, SHORTEST_PIN, SHORTEST_ALONE = 8, 6, 12


@dataclass(frozen=True)
class SignInView:
    """`reached` is the server's card once it answered; `reach_state` is idle, asking, reached or lost.
    `offer` is what an enrolment file says; nobody is asked by it before it is `confirmed`. `before` are the
    offers that another file was opened over, the last one last, each with whether it was confirmed.
    `renewing`: the vault is open and stays so; account and computer are known, and no passphrase is set."""

    step: Step = "account"
    renewing: bool = False
    url: str = ""
    ca_file: str = ""
    user: str = ""
    reach_state: Literal["idle", "asking", "reached", "lost"] = "idle"
    reached: Any = None
    offer: Any = None
    confirmed: bool = False
    before: tuple[tuple[Any, bool], ...] = ()
    tries_left: int = 0
    expires_s: int = 0
    fingerprint: str = ""
    keyring: str = "ready"
    busy: bool = False
    notice: Notice | None = None


def too_short(passphrase: str, keyring: str) -> bool:
    """A PIN of six digits will do beside a keyring; alone, the passphrase carries the whole weight."""
    if keyring != "ready":
        return len(passphrase) < SHORTEST_ALONE
    digits = passphrase.isdigit() and len(passphrase) >= SHORTEST_PIN
    return not digits and len(passphrase) < SHORTEST_WITH_KEYRING


class SignInDesk(Desk[SignInView]):
    """`done` is called when the vault of this user is made, or its sign-in renewed, and open. `renewing` is
    the user whose vault is open."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[SignInView], None],
        done: Callable[[], None],
        renewing: str = "",
    ) -> None:
        super().__init__(client, lanes, show, SignInView(renewing=bool(renewing), user=renewing))
        self._done = done

    def start(self) -> None:
        """Recall the server and the account of last time and look whether the server answers."""
        self.ask("wire", self.client.signing_in.remembered, then=self._recalled)

    def _recalled(self, remembered: Any) -> None:
        if remembered is None:
            return
        self.put(
            url=remembered.url,
            ca_file=str(remembered.ca_file or ""),
            user=self.view.user if self.view.renewing else remembered.user,
        )
        self.reach(remembered.url, str(remembered.ca_file or ""))

    def reach(self, url: str, ca_file: str) -> None:
        """Ask the server who it is. Nothing is pinned and nothing of the officer's is sent."""
        if not url.strip():
            return
        if self.view.confirmed and not ca_file and url.strip() == self.view.offer.enrolment.url:
            self.confirm()
            return
        self.put(url=url.strip(), ca_file=ca_file, reach_state="asking", reached=None, notice=None,
                 offer=None, confirmed=False, before=())  # fmt: skip
        file = Path(ca_file) if ca_file else None
        self.ask("wire", self.client.signing_in.reach, url.strip(), file, then=self._found, failed=self._lost)

    def open_file(self, file: Path) -> None:
        """Read an enrolment file. Nothing is written, and nobody is asked before it is confirmed."""
        if self.view.renewing or self.view.step != "account":
            return
        self.put(notice=None)
        self.ask("wire", self.client.enrolling.open, file, then=self._offered)

    def _offered(self, offer: Any) -> None:
        view = self.view
        under = ((view.offer, view.confirmed),) if view.offer not in (None, offer) else ()
        before = (*view.before, *under)
        self.put(offer=offer, confirmed=False, before=before, reached=None, reach_state="idle", notice=None)

    def confirm(self) -> None:
        """The officer has compared the fingerprint: take address, authority and account from the file and ask
        who answers."""
        offer = self.view.offer
        if offer is None:
            return
        said = offer.enrolment
        user = said.user or self.view.user
        self.put(confirmed=True, before=(), url=said.url, ca_file="", user=user, notice=None,
                 reach_state="asking", reached=None)  # fmt: skip
        reach = self.client.signing_in.reach_offered
        self.ask("wire", reach, offer, then=self._found, failed=self._lost, alone=True)

    def discard(self) -> None:
        """Another fingerprint, or a wrong file: it is forgotten, and what was before holds."""
        said = Notice("enrolment.discarded", (), "warning")
        if self.view.before:
            *under, (offer, confirmed) = self.view.before
            self.put(offer=offer, confirmed=False, before=tuple(under))
            if confirmed:
                self.confirm()
            self.put(notice=said)
            return
        self.reach(self.view.url, self.view.ca_file)
        self.put(offer=None, confirmed=False, notice=said)

    def _found(self, card: Any) -> None:
        skew = abs(card.skew_s)
        warn = Notice("otp.skew", (("minutes", skew // 60),), "warning") if skew >= 60 else None
        self.put(reach_state="reached", reached=card, notice=warn)

    def _lost(self, notice: Notice) -> None:
        self.put(reach_state="lost", notice=notice, busy=False)

    def password(self, user: str, password: str) -> None:
        """First factor."""
        if not user.strip() or not password:
            self.put(notice=Notice("sign_in.both_needed", (), "warning"))
            return
        if self.view.reach_state != "reached":
            self.put(notice=Notice("sign_in.server_first", (), "warning"))
            return
        self.put(user=user.strip(), busy=True, notice=None)
        self.ask("wire", self.client.signing_in.password, user.strip(), password, then=self._challenged)

    def _challenged(self, challenge: Any) -> None:
        """The passphrase is two steps away; what it has to be like depends on the keyring, which may ask."""
        self.put(step="code", busy=False, tries_left=challenge.tries_left, expires_s=challenge.expires_s)
        if not self.view.renewing:
            self.ask("vault", self.client.signing_in.keyring_state, then=self._has_keyring)

    def _has_keyring(self, state: str) -> None:
        self.put(keyring=state)

    def code(self, text: str) -> None:
        """Second factor, six digits."""
        if len(text) != 6 or not text.isdigit() or self.view.busy:
            return
        self.put(busy=True, notice=None)
        self.ask("wire", self.client.signing_in.code, text, then=self._stepped)

    def enrol(self, enrolment_code: str, device_name: str) -> None:
        """Hand in the enrolment code of the organisation's administrator."""
        if not enrolment_code.strip() or not device_name.strip():
            self.put(notice=Notice("sign_in.enrol_needed", (), "warning"))
            return
        self.put(busy=True, notice=None)
        job = self.client.signing_in.enrol
        self.ask("wire", job, enrolment_code.strip(), device_name.strip(), then=self._stepped)

    def wait(self) -> None:
        """Ask whether the administrator has approved this computer meanwhile."""
        if self.view.step == "pending" and not self.view.busy:
            self.put(busy=True)
            self.ask("wire", self.client.signing_in.wait, then=self._stepped)

    def _stepped(self, step: Any) -> None:
        if step.state == "active" and self.view.renewing:
            self.ask("vault", self.client.signing_in.seal, "", then=self._sealed)
            return
        steps: dict[str, Step] = {
            "active": "seal",
            "enrol": "device",
            "pending": "pending",
            "revoked": "account",
        }
        said = {"enrol": Notice("device.new"), "pending": Notice("device.pending"),
                "revoked": Notice("device.stopped", (), "error")}.get(step.state)  # fmt: skip
        self.put(step=steps[step.state], fingerprint=step.fingerprint, busy=False, notice=said)

    def seal(self, passphrase: str, again: str) -> None:
        """Set the unlock passphrase and make (or re-key) the vault."""
        if passphrase != again:
            self.put(notice=Notice("sign_in.not_same", (), "warning"))
            return
        if too_short(passphrase, self.view.keyring):
            rule = "sign_in.short_keyring" if self.view.keyring == "ready" else "sign_in.short_alone"
            self.put(notice=Notice(rule, (), "warning"))
            return
        self.put(busy=True, notice=None)
        self.ask("vault", self.client.signing_in.seal, passphrase, then=self._sealed)

    def _sealed(self, _: object) -> None:
        self.put(step="done", busy=False)
        self._done()

    def back(self) -> None:
        """One step back; answers still under way are dropped."""
        self.leave()
        self.put(step="account", busy=False, notice=None)
