"""Who knocks: a proof of possession for every request (RFC 9449), and a token bound to the same key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache
from typing import Any, NoReturn

import msgspec
from django.conf import settings
from django.http import HttpRequest

from server_stub import jose
from server_stub.accounts import tokens
from server_stub.accounts.models import Device, Officer
from server_stub.api.replays import replays
from server_stub.config.clock import now
from server_stub.config.keys import derived, keys
from server_stub.errors import Problem
from server_stub.feed.selectors import epoch

NONCE_S = 300
JTI_S = 2 * NONCE_S + 60
_JTI = re.compile(r"[A-Za-z0-9_-]{22,128}")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_-]*)+")


class Prover(msgspec.Struct, frozen=True):
    """A key that proved itself; its thumbprint is the id of the device."""

    key: jose.PublicKey

    @property
    def device_id(self) -> str:
        return self.key.thumbprint


class Caller(msgspec.Struct, frozen=True):
    """An officer on a device that may act."""

    officer: Officer
    device: Device
    token: str


class Proven(HttpRequest):
    """A request whose proof holds."""

    auth: Prover


class SignedIn(HttpRequest):
    """A request whose proof and token hold."""

    auth: Caller


def nonce() -> str:
    """The nonce of this five-minute window; that of the window before is still taken."""
    return _nonce_of(_window())


def proof(request: HttpRequest) -> Prover:
    """The key behind a request without a token.

    Raises:
        Problem: `nonce-needed`, `proof-invalid`, `proof-replayed`.
    """
    return _proven(request, "")


def signed_in(request: HttpRequest) -> Caller:
    """The officer and device behind a request.

    Raises:
        Problem: `token-invalid` and those of `proof` and `tokens.holder`; `epoch-changed` when the client
            speaks to an earlier life of the database: nothing of the request is done then.
    """
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme != "DPoP" or not token:
        raise Problem("token-invalid", "no token")
    prover = _proven(request, token)
    officer, device = tokens.holder(token, prover.key.thumbprint)
    told = request.META.get("HTTP_HYC_EPOCH", "")
    if told and told != epoch():
        raise Problem("epoch-changed", "the database was put back from a backup")
    return Caller(officer, device, token)


def _proven(request: HttpRequest, token: str) -> Prover:
    text = request.META.get("HTTP_DPOP", "")
    if not text:
        raise Problem("proof-invalid", "no proof")
    try:
        key, payload = jose.proven(text, "dpop+jwt")
        claims = jose.read_json(payload)
    except jose.SignatureTrouble as flaw:
        raise Problem("proof-invalid", str(flaw)) from flaw
    _check_claims(claims, request, token)
    window = _window_of(claims.get("nonce"))
    if not replays().first(window, key.thumbprint, claims["jti"], JTI_S):
        raise Problem("proof-replayed", "this proof was used before")
    return Prover(key)


def _check_claims(claims: dict[str, Any], request: HttpRequest, token: str) -> None:
    if claims.get("htm") != request.method:
        _refuse("htm")
    if claims.get("htu") != _address(request):
        _refuse("htu")
    iat = claims.get("iat")
    if isinstance(iat, bool) or not isinstance(iat, int) or iat <= 0:
        _refuse("iat")  # freshness comes from the nonce: a wrong clock locks nobody out
    jti = claims.get("jti")
    if not isinstance(jti, str) or not _JTI.fullmatch(jti):
        _refuse("jti")
    expected = _digest(token) if token else None
    if claims.get("ath") != expected:
        _refuse("ath")


def _address(request: HttpRequest) -> str:
    """What the client must have signed: behind a gateway the public address, whatever reached this server."""
    if settings.HENGXIN_PUBLIC_URL:
        return f"{settings.HENGXIN_PUBLIC_URL}{request.path}"
    host = request.META.get("hyc.host")  # the edge has looked at it already
    if host and _is_plain(request.path):
        return f"{request.scheme}://{host}{request.path}"
    return request.build_absolute_uri(request.path)


@lru_cache(maxsize=256)
def _is_plain(path: str) -> bool:
    """Whether a path is written in an address as it is."""
    return _PLAIN_PATH.fullmatch(path) is not None


def _window() -> int:
    return int(now().timestamp()) // NONCE_S


def _window_of(given: Any) -> int:
    """The window a nonce was made for: this one or the one before."""
    last = _window()
    for window in (last, last - 1):
        if isinstance(given, str) and hmac.compare_digest(
            given.encode(errors="replace"), _nonce_of(window).encode()
        ):
            return window
    raise Problem("nonce-needed", "repeat with the nonce of this answer")


def _nonce_of(window: int) -> str:
    return _nonce_made(keys().kek, replays().life, window)


@lru_cache(maxsize=16)
def _nonce_made(kek: bytes, life: bytes, window: int) -> str:
    """The nonce of a window is the same for all its five minutes; another key or life makes another."""
    place = window.to_bytes(8, "big")
    mark = hmac.new(derived(kek, "nonce"), life + place, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(place + mark).decode().rstrip("=")


def _digest(token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")


def _refuse(claim: str) -> NoReturn:
    raise Problem("proof-invalid", claim)
