"""A client in small: a device key, proofs, tokens and a chain, in this process or over TLS."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import requests
from joserfc import jws
from joserfc.jwk import ECKey

from app.field.canonical import canonical, canonical_sha256
from app.field.evidence import FIRST_PREV, ClientEntry
from server_stub.accounts.totp import code_at
from server_stub.config.clock import now, stamp


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        code = self.headers.get("hyc-problem", "")
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else code


class Transport(Protocol):
    base: str

    def send(self, method: str, path: str, headers: dict[str, str], content: bytes | None) -> Answer: ...


class OverTls:
    """A real connection that trusts one authority only."""

    def __init__(self, base: str, ca_file: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ca_file

    def send(self, method: str, path: str, headers: dict[str, str], content: bytes | None) -> Answer:
        got = self.session.request(
            method,
            self.base + path,
            data=content,
            headers={"Content-Type": "application/json", **headers},
            timeout=30,
            allow_redirects=False,
        )
        names = {name.lower(): value for name, value in got.headers.items()}
        return Answer(got.status_code, names, json.loads(got.content or b"null"))


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Knocker:
    """One device of one officer."""

    over: Transport
    user: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    nonce: str = ""
    token: str = ""
    refresh: str = ""
    n: int = 0
    prev: str = FIRST_PREV
    session: dict[str, Any] = field(default_factory=dict)

    @property
    def device_id(self) -> str:
        return str(self.key.thumbprint())

    def proof(self, method: str, path: str, token: str = "", **changes: Any) -> str:
        """A proof; `changes` replace claims, None leaves one out; `header` replaces header members."""
        header = {
            "typ": "dpop+jwt",
            "alg": "ES256",
            "jwk": self.key.as_dict(private=False),
            **changes.pop("header", {}),
        }
        claims: dict[str, Any] = {
            "htm": method,
            "htu": self.over.base + path.partition("?")[0],
            "iat": int(time.time()),
            "jti": secrets.token_urlsafe(16),
            "nonce": self.nonce,
        }
        if token:
            claims["ath"] = base64url(hashlib.sha256(token.encode()).digest())
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return str(jws.serialize_compact(header, json.dumps(claims), self.key, algorithms=["ES256"]))

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        signed: bool = True,
        proven: bool = True,
        **query: Any,
    ) -> Answer:
        """One request as the protocol wants it, repeated once when a nonce is needed."""
        path = path + ("?" + urlencode(query) if query else "")
        content = None if body is None else json.dumps(body).encode()
        return self.bare(method, path, content, signed=signed, proven=proven)

    def bare(
        self,
        method: str,
        path: str,
        content: bytes | None,
        more: dict[str, str] | None = None,
        *,
        signed: bool = True,
        proven: bool = True,
    ) -> Answer:
        """The same with a body of bytes and more headers."""
        for _ in range(2):
            headers = {"HYC-Protocol": "1", "X-Request-ID": str(uuid.uuid4()), **(more or {})}
            token = self.token if signed else ""
            if token:
                headers["Authorization"] = f"DPoP {token}"
            if proven:
                headers["DPoP"] = self.proof(method, path, token)
            answer = self.over.send(method, path, headers, content)
            self.nonce = answer.headers.get("dpop-nonce", self.nonce)
            if answer.code != "nonce-needed":
                return answer
        return answer

    def upload(self, content: bytes, op_id: str = "", sha256: str = "") -> Answer:
        """Begin an upload, or ask how far it is."""
        digest = sha256 or hashlib.sha256(content).hexdigest()
        body = {"op_id": op_id or str(uuid.uuid4()), "size": len(content), "sha256": digest}
        return self.call("POST", "/api/v1/uploads", body)

    def part(self, url: str, offset: int, content: bytes) -> Answer:
        """Send the part that begins at `offset`."""
        media = "application/offset+octet-stream"
        return self.bare("PATCH", url, content, {"Upload-Offset": str(offset), "Content-Type": media})

    def sign_in(self, account: dict[str, str], *, enrol: bool = True) -> Answer:
        """Password, code and, when the device is new, enrolment."""
        self.user = account["user"]
        words = {"user": self.user, "password": account["password"]}
        first = self.call("POST", "/api/v1/sign-in/password", words, signed=False)
        if first.status != 200:
            return first
        code = {"challenge": first.body["challenge"], "code": totp_now(account["totp_secret"])}
        step = self.call("POST", "/api/v1/sign-in/code", code, signed=False)
        if step.status == 200 and step.body["state"] == "enrol" and enrol:
            device = {"enrolment_code": account["enrolment_code"], "device_name": "柜台一"}
            step = self.call(
                "POST", "/api/v1/sign-in/enrol", {"ticket": step.body["ticket"], **device}, signed=False
            )
        if step.status == 200 and step.body["state"] == "active":
            self.take(step.body["session"])
        return step

    def take(self, session: dict[str, Any]) -> None:
        self.session = session
        self.token, self.refresh = session["access_token"], session["refresh_token"]
        self.n, self.prev = session["last_n"], session["last_hash"]

    def link(self, kind: str, op_id: str, body: Any = None, **facts: Any) -> str:
        """The next link of the chain, signed."""
        self.n += 1
        entry = ClientEntry(
            v=1,
            device_id=self.device_id,
            n=self.n,
            prev=self.prev,
            kind=kind,  # type: ignore[arg-type]
            op_id=op_id,
            user=self.user,
            claimed_at=stamp(),
            boot_id="boot",
            mono_ms=self.n,
            body_sha256=canonical_sha256(body) if body is not None else "",
            **facts,
        )
        self.prev = entry.digest()
        return self.signed(entry.bytes_(), "hyc-entry+jws")

    def signed(self, payload: bytes, typ: str) -> str:
        header = {"alg": "ES256", "typ": typ, "kid": self.device_id}
        return str(jws.serialize_compact(header, payload, self.key, algorithms=["ES256"]))

    def query(self, tree_size: int = 0, before: tuple[str, ...] = (), **changes: Any) -> Answer:
        """Ask about a subject; `changes` replace parts of the body."""
        body = query_body(**changes)
        op_id = str(uuid.uuid4())
        link = self.link("query", op_id, body, purpose=body["purpose"])
        return self.call(
            "POST",
            "/api/v1/queries",
            {"entries": [*before, link], "op_id": op_id, "body": body, "tree_size": tree_size},
        )

    def report(self, query_no: str, **changes: Any) -> Answer:
        """Ask for the sealed report on an answer."""
        body = {"query_no": query_no, "template": "standard", "language": "zh_CN", **changes}
        body.setdefault("receiver", {"kind": "subject", "name": ""})
        op_id = str(uuid.uuid4())
        link = self.link("issue", op_id, body, query_no=query_no)
        whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
        return self.call("POST", "/api/v1/reports", whole)

    def item(self, kind: str, body: dict[str, Any], op_id: str = "") -> dict[str, Any]:
        """A signed outbox item."""
        claim = {
            "op_id": op_id or str(uuid.uuid4()),
            "kind": kind,
            "made_at": stamp(),
            "body_sha256": canonical_sha256(body),
        }
        return {**claim, "body": body, "jws": self.signed(canonical(claim), "hyc-item+jws")}


def query_body(**changes: Any) -> dict[str, Any]:
    return {
        "subject": {"kind": "legal"},
        "purpose": "B01",
        "case_no": "示例-LN-2026-0381",
        "basis": {"type": "open", "ref": "", "sha256": ""},
        "salt": secrets.token_hex(16),
        "want_copy": True,
        **changes,
    }


def totp_now(secret: str) -> str:
    return code_at(base64.b32decode(secret), int(now().timestamp()) // 30)
