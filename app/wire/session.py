"""One line to the server: pinned TLS, device proofs, access tokens, size limits, one retry for a nonce."""

from __future__ import annotations

import re
import ssl
import sys
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from app.trouble import NotRight, NotTrusted, NotYou, Trouble
from app.wire.messages import ProblemBody, TokensAnswer
from app.wire.problems import Answered, network_trouble, read_problem
from app.wire.strict import read_as

if TYPE_CHECKING:
    import requests

PROTOCOL = "1"
CLIENT = f"0.1.0 ({sys.platform})"
CONNECT_S, READ_S = 5, 30
REVOKED = "device-revoked"
CODE = "HYC-Problem"  # a problem's code where the answer has no body
PART = "application/offset+octet-stream"
SMALL, LARGE = 2 * 1024 * 1024, 32 * 1024 * 1024
_URL = re.compile(r"https://[A-Za-z0-9.\-\[\]:]+")
T = TypeVar("T")


class Prover(Protocol):
    """The device key, as far as the wire needs it."""

    def proof(self, method: str, url: str, nonce: str = "", access_token: str = "") -> str:
        """A DPoP proof for one request."""


@dataclass
class Tokens:
    """The tokens of one sign-in, shared by its lines; `store` keeps them in the vault, `renewed` what came
    with fresh ones as well.

    A refresh token is forgotten before it is sent: if the answer is lost, a second use would freeze the
    device, while no token only asks for a new sign-in. For the same reason only one line refreshes at a
    time; the others wait for it, so no exchange may be made in the vault's lane.
    """

    access: str
    refresh: str
    store: Callable[[str, str], None]
    renewed: Callable[[TokensAnswer], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, fresh: TokensAnswer) -> None:
        """Keep an answer in the vault, then go on with it; also when the vault did not take all of it."""
        try:
            if self.renewed is not None:
                self.renewed(fresh)
            else:
                self.store(fresh.access_token, fresh.refresh_token)
        finally:
            self.access, self.refresh = fresh.access_token, fresh.refresh_token


@dataclass(frozen=True)
class Reply:
    """A successful answer: status and raw body within the limit."""

    status: int
    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def read(self, type_: type[T]) -> T:
        """The body as a struct.

        Raises:
            NotTrusted: answer.malformed when it is not strict JSON of that shape.
        """
        try:
            return read_as(self.raw, type_)
        except ValueError as flaw:
            raise NotTrusted("answer.malformed") from flaw


def pinned_context(ca_pem: str) -> ssl.SSLContext:
    """TLS 1.2 or later with forward secrecy, host name checked, the given authority only.

    Built by hand: the library's default context would honour SSLKEYLOGFILE and SSL_CERT_FILE.

    Raises:
        NotRight: ca.broken when the text holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20:@SECLEVEL=2")
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    try:
        context.load_verify_locations(cadata=ca_pem)
    except (ssl.SSLError, ValueError) as flaw:
        raise NotRight("ca.broken") from flaw
    return context


class Line:
    """A session to one server. A lane owns its line; the lock only guards against a stray second caller."""

    def __init__(
        self,
        url: str,
        ca_pem: str,
        prover: Prover | None = None,
        tokens: Tokens | None = None,
        revoked: Callable[[ProblemBody], None] | None = None,
        epoch: str = "",
    ) -> None:
        """Prepare a line; nothing is sent. `revoked` judges the server's word that this device is; `epoch` is
        the life of the server's database that this line means to speak to.

        Raises:
            NotRight: server.address for anything but https://host[:port]; ca.broken.
        """
        if not _URL.fullmatch(url.rstrip("/")):
            raise NotRight("server.address")
        self.url = url.rstrip("/")
        self._prover = prover
        self._tokens = tokens
        self._revoked = revoked
        self._nonce = ""
        self._lock = threading.Lock()
        from app.wire.pinned import pinned_session

        self._session = pinned_session(pinned_context(ca_pem))
        self._session.headers.update(
            {
                "HYC-Protocol": PROTOCOL,
                "HYC-Client": CLIENT,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            }
        )
        if epoch:
            self._session.headers["HYC-Epoch"] = epoch

    def open(
        self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None
    ) -> Reply:
        """An exchange that needs neither proof nor token."""
        return self._once(method, path, body, params, proof="", token="", limit=SMALL)

    def prove(self, method: str, path: str, body: Any = None) -> Reply:
        """An exchange with a device proof and no token (sign-in)."""
        with self._lock:
            return self._with_nonce(method, path, body, None, token="", limit=SMALL)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        limit: int = LARGE,
        read_s: int = READ_S,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """A signed-in exchange. An access token that has run out is renewed once. A `body` of bytes travels
        as it is, anything else as JSON.

        Raises:
            NotYou: session.none without tokens, token-invalid when the refresh fails as well.
            Answered: for every problem of the server.
            NotNow, NotTrusted: for network faults.
        """
        with self._lock:
            tokens = self._tokens
            if tokens is None or not (tokens.access or tokens.refresh):
                raise NotYou("session.none")
            used = tokens.access
            if used:
                try:
                    return self._with_nonce(method, path, body, params, used, limit, read_s, headers)
                except _TokenEnded:
                    used = tokens.access if tokens.access != used else ""
            if not used:
                self._renew(tokens)
            try:
                return self._with_nonce(method, path, body, params, tokens.access, limit, read_s, headers)
            except _TokenEnded as flaw:
                raise NotYou("token-invalid", "problem.token-invalid") from flaw

    def renew(self) -> None:
        """Turn the tokens now, for the lease that comes with fresh ones.

        Raises:
            NotYou: session.none without a refresh token, token-invalid when it has ended.
            Refused: device-frozen, device-revoked, account-suspended.
            NotNow, NotTrusted: for network faults, and of whoever keeps the answer.
        """
        with self._lock:
            tokens = self._tokens
            if tokens is None or not tokens.refresh:
                raise NotYou("session.none")
            self._renew(tokens)

    def close(self) -> None:
        self._session.close()

    def _renew(self, tokens: Tokens) -> None:
        old = tokens.access
        with tokens.lock:
            if tokens.access != old:  # the other lane was faster
                return
            refresh = tokens.refresh
            if not refresh:
                raise NotYou("session.none")
            tokens.refresh = ""
            tokens.store(old, "")
            try:
                reply = self._with_nonce(
                    "POST", "/api/v1/tokens", {"refresh_token": refresh}, None, "", SMALL
                )
            except Answered as flaw:
                raise flaw.trouble from flaw
            except Trouble as flaw:
                if flaw.context.get("sent") == 0:
                    tokens.refresh = refresh
                    tokens.store(old, refresh)
                raise
            tokens.keep(reply.read(TokensAnswer))

    def _with_nonce(
        self,
        method: str,
        path: str,
        body: Any,
        params: Mapping[str, str] | None,
        token: str,
        limit: int,
        read_s: int = READ_S,
        more: Mapping[str, str] | None = None,
    ) -> Reply:
        if self._prover is None:
            raise NotYou("session.none")
        for last in (False, True):
            proof = self._prover.proof(method, self.url + path, self._nonce, token)
            try:
                return self._once(method, path, body, params, proof, token, limit, read_s, more)
            except _NonceNeeded as flaw:
                if last:
                    raise flaw.answered from flaw
        raise AssertionError("unreachable")

    def _once(
        self,
        method: str,
        path: str,
        body: Any,
        params: Mapping[str, str] | None,
        proof: str,
        token: str,
        limit: int,
        read_s: int = READ_S,
        more: Mapping[str, str] | None = None,
    ) -> Reply:
        headers = {"X-Request-ID": str(uuid.uuid4()), **(more or {})}
        if proof:
            headers["DPoP"] = proof
        if token:
            headers["Authorization"] = f"DPoP {token}"
        data = None
        if isinstance(body, bytes):
            data = body
            headers["Content-Type"] = PART
        elif body is not None:
            data = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        from requests import RequestException

        try:
            with self._session.request(
                method,
                self.url + path,
                params=dict(params or {}),
                data=data,
                headers=headers,
                timeout=(CONNECT_S, read_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                raw = _bounded(answer, limit)
                self._nonce = answer.headers.get("DPoP-Nonce", self._nonce)
                status, said = answer.status_code, answer.headers
        except RequestException as flaw:
            raise network_trouble(flaw, read_s) from flaw
        if 200 <= status < 300:
            return Reply(status, raw, said)
        if 300 <= status < 400:
            raise NotTrusted("answer.redirect")
        answered = read_problem(status, raw, said.get(CODE, ""))
        if answered.body.code == "nonce-needed":
            raise _NonceNeeded(answered)
        if answered.body.code == "token-invalid" and token:
            raise _TokenEnded()
        if answered.body.code == REVOKED and raw and self._revoked is not None:  # the order is in the body
            self._revoked(answered.body)
        raise answered


class _NonceNeeded(Exception):  # noqa: N818
    def __init__(self, answered: Exception) -> None:
        super().__init__("nonce-needed")
        self.answered = answered


class _TokenEnded(Exception):  # noqa: N818
    pass


def _bounded(answer: requests.Response, limit: int) -> bytes:
    """The body after decompression, at most `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_content(64 * 1024):
        size += len(part)
        if size > limit:
            raise NotTrusted("answer.too-large")
        parts.append(part)
    return b"".join(parts)
