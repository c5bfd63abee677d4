"""Signing in: the server's card, two factors, this computer's enrolment, and the vault at the end of it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from app.clock import Clock, read_utc
from app.field.canonical import canonical
from app.keys.device import DeviceKey
from app.keys.envelope import Wrap
from app.keys.passphrases import check_passphrase
from app.keys.ring import Ring, State
from app.paths import Home, write_atomically
from app.profiles import home_mark, profile_name
from app.services.enrolling import Offer
from app.services.lines import Lines
from app.services.unlocking import Unlocked, Unlocking
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, VaultTrouble
from app.typed import require_text
from app.wire.messages import SessionGrant, StepAnswer
from app.wire.routes import Routes, told
from app.wire.session import Line
from app.wire.trust import Trust, authority_sha256, check_pins, keep_trust, load_trust, of_about

PENDING = "pending"
State_ = Literal["active", "enrol", "pending", "revoked"]


@dataclass(frozen=True)
class ServerCard:
    """Who answers at an address. `skew_s`: this computer's clock minus the server's, in seconds."""

    name: str
    url: str
    specimen: bool
    skew_s: int
    ca_fingerprint: str


@dataclass(frozen=True)
class Challenge:
    expires_s: int
    tries_left: int


@dataclass(frozen=True)
class SignInStep:
    """`fingerprint`: that of the device key, to be read to the administrator by telephone."""

    state: State_
    fingerprint: str


@dataclass(frozen=True)
class Remembered:
    url: str
    ca_file: Path | None
    user: str
    organisation_code: str


@dataclass
class _Attempt:
    """One sign-in under way; nothing of it is on the disk before `seal`."""

    offered: Trust
    routes: Routes
    key: DeviceKey
    user: str = ""
    device_name: str = ""
    challenge: str = ""
    ticket: str = ""
    session: SessionGrant | None = None


class SigningIn:
    """The steps in order: reach, password, code, (enrol, wait,) seal."""

    def __init__(self, home: Home, clock: Clock, unlocking: Unlocking, lines: Lines, ring: Ring) -> None:
        self.home = home
        self.clock = clock
        self.unlocking = unlocking
        self.lines = lines
        self.ring = ring
        self._attempt: _Attempt | None = None
        self._held: DeviceKey | None = None
        self._pending = home.root / "pending.json"

    def remembered(self) -> Remembered | None:
        """Server and account of the last sign-in here."""
        trust = load_trust(self.home.trust)
        if trust is None:
            return None
        ca_file = self.home.root / "ca.pem"
        return Remembered(trust.url, ca_file if ca_file.exists() else None, trust.user, trust.organisation)

    def keyring_state(self) -> State:
        return self.ring.state()

    def reach(self, url: str, ca_file: Path | None) -> ServerCard:
        """Ask a server who it is, over the given (or the pinned) authority. Nothing is pinned yet.

        Raises:
            NotRight: server.address, ca.missing, ca.broken.
            NotTrusted: tls.mismatch, trust.changed (other keys than those pinned here).
            NotNow: net.*.
        """
        return self._met(url, self._authority(ca_file), load_trust(self.home.trust))

    def reach_offered(self, offer: Offer) -> ServerCard:
        """As `reach`, by an enrolment file whose fingerprint the officer has confirmed. Pins of a server of
        which no vault is left (`offer.replaces`) give way to it at `seal`.

        Raises:
            NotTrusted: enrolment.keys when who answers is not who the file speaks of; as `reach`.
        """
        self._attempt = None
        kept = None if offer.replaces else load_trust(self.home.trust)
        card = self._met(offer.enrolment.url, offer.enrolment.ca_pem, kept)
        met = self._under_way().offered
        named = (offer.enrolment.log_public_b64, offer.enrolment.answers_public_b64)
        if (met.log.public_b64, met.answers.public_b64) != named:
            self._attempt = None
            raise NotTrusted("enrolment.keys")
        return card

    def _authority(self, ca_file: Path | None) -> str:
        kept = load_trust(self.home.trust)
        if ca_file is not None:
            if not ca_file.is_file():
                raise NotRight("ca.missing", context={"file": ca_file.name})
            return ca_file.read_text("ascii", "replace")
        if kept is None:
            raise NotRight("ca.missing", context={"file": ""})
        return kept.ca_pem

    def _met(self, url: str, ca_pem: str, kept: Trust | None) -> ServerCard:
        key = self._key()
        routes = Routes(Line(url, ca_pem, key))
        with told():
            about = routes.about()
        if 1 not in about.protocols:
            raise NotRight("protocol-unsupported", "problem.protocol-unsupported")
        offered = check_pins(kept, of_about(url, ca_pem, about))
        self._attempt = _Attempt(offered, routes, key)
        skew = (self.clock.now() - read_utc(about.server_time)).total_seconds()
        return ServerCard(about.city.name, offered.url, about.specimen, round(skew), authority_sha256(ca_pem))

    def password(self, user: str, password: str) -> Challenge:
        """First factor.

        Raises:
            NotRight: text-too-long, text-unfit.
            NotYou: credentials-wrong (context tries_left); session.none before `reach`.
            NotNow: account-locked, net.*.
        """
        attempt = self._under_way()
        require_text("user", user)
        require_text("password", password)
        with told():
            said = attempt.routes.password(user.strip(), password)
        attempt.user, attempt.challenge = user.strip(), said.challenge
        return Challenge(said.expires_s, said.tries_left)

    def code(self, text: str) -> SignInStep:
        """Second factor.

        Raises:
            NotRight: text-too-long, text-unfit.
            NotYou: code-wrong, challenge-expired.
            Refused: account-suspended, device-frozen.
        """
        attempt = self._under_way()
        require_text("totp", text)
        with told():
            said = attempt.routes.code(attempt.challenge, text.strip())
        return self._step(attempt, said)

    def enrol(self, enrolment_code: str, device_name: str) -> SignInStep:
        """Hand in the one-time code for this computer.

        Raises:
            NotRight: text-too-long, text-unfit.
            NotYou: enrolment-code-wrong.
            Refused: device-limit.
        """
        attempt = self._under_way()
        require_text("enrolment_code", enrolment_code)
        require_text("device_name", device_name)
        attempt.device_name = device_name.strip() or default_device_name()
        with told():
            said = attempt.routes.enrol(attempt.ticket, enrolment_code.strip(), attempt.device_name)
        return self._step(attempt, said)

    def wait(self) -> SignInStep:
        """Ask whether the computer was approved meanwhile."""
        attempt = self._under_way()
        with told():
            said = attempt.routes.wait(attempt.ticket)
        return self._step(attempt, said)

    def seal(self, passphrase: str) -> Unlocked:
        """Pin the server, make the vault (or renew the open one), keep session and lease.

        Raises:
            NotNow: device-pending when the device is not active yet.
            NotRight: passphrase.short, passphrase.long, passphrase.guessable.
            NotTrusted: answer.unsigned when lease or policy carry no valid signature.
        """
        attempt = self._under_way()
        session = attempt.session
        if session is None:
            raise NotNow("device-pending", "problem.device-pending")
        trust = msgspec.structs.replace(
            attempt.offered, user=session.user.user, organisation=session.user.organisation
        )
        trust.open_signed(session.lease)
        trust.open_signed(session.policy)
        profile = profile_name(home_mark(self.home.profiles), trust.log.public_b64, session.user.user)
        if self.unlocking.is_open() and self.unlocking.user().user == session.user.user:
            done = self.unlocking.renew(session)
        else:
            done = self.unlocking.create_vault(
                profile, session, passphrase, attempt.key, attempt.device_name or default_device_name()
            )
        keep_trust(self.home.trust, trust)
        (self.home.root / "ca.pem").write_text(trust.ca_pem, "ascii")
        self.lines.drop()
        self._pending.unlink(missing_ok=True)
        self._attempt = self._held = None
        return done

    def require_passphrase(self, passphrase: str) -> None:
        """Judge the passphrase of the vault to come while nothing is used up: an enrolment code works once.

        Raises:
            NotRight: passphrase.*.
        """
        if not self.unlocking.is_open():
            check_passphrase(passphrase, has_keyring=self.keyring_state() == "ready")

    def hold(self, passphrase: str) -> None:
        """Keep the key of a computer that waits for its approval, under the passphrase of the vault to come.

        Raises:
            NotRight: passphrase.*.
        """
        attempt = self._under_way()
        check_passphrase(passphrase, has_keyring=False)
        envelope = self.unlocking.safe.envelope
        kdf = envelope.new_kdf()
        about = {"url": attempt.offered.url, "user": attempt.user, "kdf": kdf}
        part = bytes(envelope.derive(passphrase, kdf))
        pem = attempt.key.private_pem().encode("ascii")
        wrap = envelope.wrap(pem, [part], PENDING, canonical(about))
        write_atomically(self._pending, msgspec.json.encode({"about": about, "wrap": wrap.as_json()}))

    def resume(self, url: str, user: str, passphrase: str) -> bool:
        """Take up the key that `hold` kept for this server and account; False when there is none.

        Raises:
            NotYou: unlock.bad for another passphrase.
            VaultTrouble: pending.damaged.
        """
        if not self._pending.exists():
            return False
        try:
            kept = msgspec.json.decode(self._pending.read_bytes())
            about, wrap = kept["about"], Wrap.from_json(kept["wrap"])
            if (about["url"], about["user"]) != (url.rstrip("/"), user):
                return False
        except (msgspec.DecodeError, KeyError, TypeError, ValueError) as flaw:
            raise VaultTrouble("pending.damaged") from flaw
        envelope = self.unlocking.safe.envelope
        part = bytes(envelope.derive(passphrase, about["kdf"]))
        pem = envelope.unwrap(wrap, [part], PENDING, canonical(about))
        self._held = DeviceKey.from_pem(pem.decode("ascii"), self.clock)
        return True

    def vault_user(self) -> str:
        """Whose vault is current here, empty without one."""
        card = self.unlocking.card()
        return card.user if card is not None and self.unlocking.has_vault() else ""

    def _key(self) -> DeviceKey:
        """The key of this computer: the open vault's, or a new one that waits for its enrolment."""
        if self.unlocking.is_open():
            return self.unlocking.device_key()
        if self._held is not None:
            return self._held
        return DeviceKey.generate(self.clock)

    def _under_way(self) -> _Attempt:
        if self._attempt is None:
            raise NotYou("session.none")
        return self._attempt

    def _step(self, attempt: _Attempt, said: StepAnswer) -> SignInStep:
        attempt.ticket = said.ticket or attempt.ticket
        if said.state == "active":
            if said.session is None or said.session.device_id != attempt.key.thumbprint():
                raise NotYou("session.none")
            attempt.session = said.session
        return SignInStep(said.state, attempt.key.fingerprint())


def default_device_name() -> str:
    """The computer's own name."""
    return socket.gethostname()[:60] or "computer"
