"""Who we are to partners: an Ed25519 key of the home, a key agreement, signed envelopes, signed requests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import IntegrityError, transaction

from app.field.canonical import canonical
from app.field.records import Signed
from server_stub.config.clock import now
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.exchange.province.models import Partner, UsedNonce
from server_stub.exchange.province.words import Ack, Batch, Manifest

SCHEME = "Partner"
WINDOW_S = 300  # how far two clocks may be apart, and how long a nonce is remembered on either side
_NONCE = re.compile(r"[A-Za-z0-9_-]{22,64}")
Said = TypeVar("Said", Batch, Ack, Manifest)


def own_id() -> str:
    """Our id: partner- and 16 hex digits of the key's SHA-256."""
    return keys().partner.key_id


def id_of(public: bytes) -> str:
    """The id that belongs to a public key."""
    return f"partner-{hashlib.sha256(public).hexdigest()[:16]}"


def agreement_public() -> bytes:
    """The public half of our key agreement (X25519)."""
    return _agreement().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def pair_key(partner: Partner, use: str) -> bytes:
    """32 bytes that we and this partner share and nobody else has, for one use."""
    theirs = X25519PublicKey.from_public_bytes(base64.b64decode(partner.agreement_b64))
    shared = _agreement().exchange(theirs)
    pair = "|".join(sorted((own_id(), partner.partner_id)))
    return hmac.new(shared, f"hengxin/pair/{use}|{pair}".encode(), hashlib.sha256).digest()


def _agreement() -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(keys().derived("partner-agreement"))


def seal(said: Batch | Ack | Manifest) -> Signed:
    """The envelope around what we say."""
    return keys().partner.sealed(canonical(msgspec.to_builtins(said)))


def opened(envelope: Any, kind: type[Said], partner: Partner) -> tuple[Said, str]:
    """What a partner says to us, and the digest of its bytes.

    Raises:
        Problem: `proof-invalid` when it is not its signature, or meant for somebody else; `body-invalid` when
            it is something else than asked.
    """
    try:
        signed = msgspec.convert(envelope, Signed, from_attributes=True)
        payload = base64.b64decode(signed.payload_b64, validate=True)
        signature = base64.b64decode(signed.sig_b64, validate=True)
        if signed.key_id != partner.partner_id:
            raise InvalidSignature
        _public(partner).verify(signature, payload)
    except (msgspec.ValidationError, binascii.Error, ValueError, InvalidSignature) as flaw:
        raise Problem("proof-invalid", "not a word of this partner") from flaw
    try:
        said = msgspec.json.decode(payload, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as flaw:
        raise Problem("body-invalid", str(flaw)[:200]) from flaw
    if said.sender != partner.partner_id or said.receiver != own_id():
        raise Problem("proof-invalid", "said by or to somebody else")
    return said, hashlib.sha256(payload).hexdigest()


def authorisation(partner: Partner, method: str, path: str, body: bytes) -> str:
    """The Authorization header of one request to a partner."""
    claims = {
        "sender": own_id(),
        "receiver": partner.partner_id,
        "method": method,
        "path": path,
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "at": int(now().timestamp()),
        "nonce": secrets.token_urlsafe(24),
    }
    text = canonical(claims)
    return f"{SCHEME} {_b64url(text)}.{_b64url(keys().partner.sign(text))}"


def caller(header: str, method: str, path: str, body: bytes, *, once: bool = True) -> Partner:
    """The approved partner behind a request. `once`: not again; an immutable file may be read again.

    Raises:
        Problem: `proof-invalid`, `proof-replayed`; `role-denied` for one that is not approved.
    """
    partner, claims = _proven(header)
    fits = (
        claims.get("receiver") == own_id()
        and claims.get("method") == method
        and claims.get("path") == path
        and claims.get("body_sha256") == hashlib.sha256(body).hexdigest()
    )
    at, nonce = claims.get("at"), claims.get("nonce")
    if not fits or not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
        raise Problem("proof-invalid", "signed for another request")
    if type(at) is not int or abs(int(now().timestamp()) - at) > WINDOW_S:
        raise Problem("proof-invalid", f"the clocks are more than {WINDOW_S} s apart")
    if once:
        _use_up(f"{partner.partner_id}/{nonce}")
    if partner.state != "approved":
        raise Problem("role-denied", f"the partner is {partner.state}")
    return partner


def _proven(header: str) -> tuple[Partner, dict[str, Any]]:
    scheme, _, token = header.partition(" ")
    text, dot, signature = token.partition(".")
    if scheme != SCHEME or not dot or len(token) > 2048:
        raise Problem("proof-invalid", "no signature of a partner")
    try:
        raw = _unb64url(text)
        claims = json.loads(raw)
        partner = Partner.objects.filter(pk=str(claims["sender"])).first()
        if partner is None:
            raise InvalidSignature
        _public(partner).verify(_unb64url(signature), raw)
    except (ValueError, TypeError, KeyError, InvalidSignature) as flaw:
        raise Problem("proof-invalid", "no partner's signature") from flaw
    return partner, claims


def _use_up(nonce: str) -> None:
    mark = hashlib.sha256(nonce.encode()).hexdigest()
    UsedNonce.objects.filter(expires_at__lt=now()).delete()
    try:
        with transaction.atomic():
            UsedNonce(mark=mark, expires_at=now() + timedelta(seconds=3 * WINDOW_S)).save(force_insert=True)
    except IntegrityError as flaw:
        raise Problem("proof-replayed", "this request was made before") from flaw


def _public(partner: Partner) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(partner.public_b64))


def _b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
