"""The pins: what this computer believes about its server, written once at the first sign-in."""

from __future__ import annotations

import base64
import hashlib
import ssl
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.field.proofs import Note, key_hint, read_note
from app.field.records import Signed
from app.field.restorations import Restoration
from app.paths import write_atomically
from app.trouble import NotTrusted, VaultTrouble
from app.wire.messages import About, AnswersKey, DeviceRevoked, LogKey, SealCertificates
from app.wire.strict import read_as

ED25519 = 1


class Trust(msgspec.Struct, frozen=True):
    """One server's pins. `user` and `organisation` are what the sign-in page remembers."""

    v: int
    url: str
    ca_pem: str
    epoch: str
    specimen: bool
    city_name: str
    division: str
    log: LogKey
    answers: AnswersKey
    seal: SealCertificates
    user: str = ""
    organisation: str = ""

    def same_pins(self, other: Trust) -> bool:
        """Whether the keys and the authority are equal. The epoch is the one of the first sign-in: what a
        vault follows now stands in the vault.
        """
        mine = (self.log, self.answers, self.known_seal(other.seal), authority_sha256(self.ca_pem))
        return mine == (other.log, other.answers, other.seal, authority_sha256(other.ca_pem))

    def known_seal(self, offered: SealCertificates) -> SealCertificates:
        """The seal's pins, with the root of time stamps taken from `offered` where none is pinned yet: pins
        of before knew none. Once pinned it is as fixed as the others.
        """
        if self.seal.stamp_issuer_pem:
            return self.seal
        return msgspec.structs.replace(
            self.seal, stamp_issuer_pem=offered.stamp_issuer_pem, stamped_from=offered.stamped_from
        )

    def open_signed(self, signed: Signed) -> bytes:
        """The payload of something the answers key signed.

        Raises:
            NotTrusted: answer.unsigned for another key, a bad signature or bytes that are no base64.
        """
        if signed.key_id != self.answers.key_id:
            raise NotTrusted("answer.unsigned")
        try:
            payload = base64.b64decode(signed.payload_b64, validate=True)
            check_ed25519(self.answers.public_b64, base64.b64decode(signed.sig_b64, validate=True), payload)
        except (ValueError, InvalidSignature) as flaw:
            raise NotTrusted("answer.unsigned") from flaw
        return payload

    def open_restoration(self, signed: Signed) -> tuple[Restoration, bytes]:
        """A declaration of a restore with its signed bytes; only the log key may make one.

        Raises:
            NotTrusted: log.unsigned.
        """
        if signed.key_id != self.log.key_id:
            raise NotTrusted("log.unsigned")
        try:
            payload = base64.b64decode(signed.payload_b64, validate=True)
            check_ed25519(self.log.public_b64, base64.b64decode(signed.sig_b64, validate=True), payload)
            return read_as(payload, Restoration), payload
        except (ValueError, InvalidSignature) as flaw:
            raise NotTrusted("log.unsigned") from flaw

    def orders_end(self, order: object, device_id: str) -> bool:
        """Whether this is a signed order to end exactly this device. Anything less is a mere claim."""
        try:
            said = read_as(self.open_signed(msgspec.convert(order, Signed)), DeviceRevoked)
        except (msgspec.ValidationError, NotTrusted, ValueError):
            return False
        return said.device_id == device_id

    def open_note(self, text: str) -> Note:
        """The checkpoint of a note that the log key signed.

        Raises:
            NotTrusted: log.unsigned when no line carries the pinned key's signature over this body.
        """
        try:
            note = read_note(text)
        except ValueError as flaw:
            raise NotTrusted("log.unsigned") from flaw
        if note.checkpoint.origin != self.log.origin:
            raise NotTrusted("log.unsigned")
        raw = base64.b64decode(self.log.public_b64)
        for name, hint, signature in note.signatures:
            if hint != key_hint(name, ED25519, raw):
                continue
            try:
                check_ed25519(self.log.public_b64, signature, note.body)
            except InvalidSignature:
                continue
            return note
        raise NotTrusted("log.unsigned")


def check_ed25519(public_b64: str, signature: bytes, payload: bytes) -> None:
    """Verify.

    Raises:
        InvalidSignature, ValueError: when it does not hold.
    """
    Ed25519PublicKey.from_public_bytes(base64.b64decode(public_b64, validate=True)).verify(signature, payload)


def authority_sha256(ca_pem: str) -> str:
    """Lower-case SHA-256 of the authority's DER; white space in the file does not matter."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca_pem.strip())).hexdigest()


def of_about(url: str, ca_pem: str, about: About) -> Trust:
    """The pins a server's own card would give."""
    return Trust(
        v=1,
        url=url.rstrip("/"),
        ca_pem=ca_pem,
        epoch=about.epoch,
        specimen=about.specimen,
        city_name=about.city.name,
        division=about.city.division,
        log=about.log,
        answers=about.answers,
        seal=about.seal,
    )


def load_trust(path: Path) -> Trust | None:
    """The pins kept in the home; None before the first sign-in.

    Raises:
        VaultTrouble: trust.broken when the file does not read.
    """
    if not path.exists():
        return None
    try:
        return read_as(path.read_bytes(), Trust)
    except (OSError, ValueError) as flaw:
        raise VaultTrouble("trust.broken") from flaw


def check_pins(kept: Trust | None, offered: Trust) -> Trust:
    """What to go on with: the offered pins the first time, the kept ones while they agree; a root of time
    stamps that a server of before did not name is taken up.

    Raises:
        NotTrusted: trust.changed when the server shows other keys than those kept; nothing is replaced.
    """
    if kept is None:
        return offered
    if not kept.same_pins(offered):
        raise NotTrusted("trust.changed")
    seal = kept.known_seal(offered.seal)
    if (kept.url, kept.seal) == (offered.url, seal):
        return kept
    return msgspec.structs.replace(kept, url=offered.url, seal=seal)


def keep_trust(path: Path, trust: Trust) -> None:
    """Write the pins whole or not at all, readable by the owner only."""
    write_atomically(path, msgspec.json.encode(trust))
