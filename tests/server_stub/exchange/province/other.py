"""Another platform inside a test: its keys, its word, its requests; we know it as an approved partner."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from app.field.canonical import canonical
from app.field.names import normalise
from server_stub.config.clock import now, stamp
from server_stub.exchange.province import credentials, lawful
from server_stub.exchange.province.models import Partner
from server_stub.subjects.keying import canonical_number

SECTIONS = ["penalty", "licence", "serious"]
UNIT = {"kind": "legal", "code": "91430405MA0000007G", "name": "衡阳示例商贸有限公司"}
PAYLOAD = {"CF_WSH": "衡示市监罚〔2026〕1号", "CF_WFXW": "未按规定公示价格", "CF_NR_FK": "2.000000"}
COLUMNS = {
    **dict.fromkeys(lawful.COLUMNS, ""),
    "provider": "示例市监局",
    "document_no": "衡示市监罚〔2026〕1号",
    "decided_on": "2026-05-06",
    "channel": "platform",
    "schema": "2018",
    "tier": "general",
    "classes": ["罚款"],
    "amount_fen": 2_000_000,
    "public_security": False,
    "performed": None,
}


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Other:
    """`upto` is how far its journal was delivered; batches continue there unless told otherwise."""

    direction: str = "both"
    state: str = "approved"
    upto: int = 0
    epoch: str = "a1"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    agreement: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        agreed = self.agreement.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.partner = Partner.objects.create(
            partner_id=self.id,
            name=f"示例省平台{self.id[-4:]}",
            public_b64=b64(self.public),
            agreement_b64=b64(agreed),
            direction=self.direction,
            scope={"sections": SECTIONS},
            state=self.state,
            added_by="centre1",
            approved_by="centre2",
            changed_at=stamp(),
        )

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def id(self) -> str:
        return credentials.id_of(self.public)

    def sealed(self, said: dict[str, Any]) -> dict[str, str]:
        payload = canonical(said)
        return {"payload_b64": b64(payload), "key_id": self.id, "sig_b64": b64(self.key.sign(payload))}

    def batch(self, *rows: dict[str, Any], **changes: Any) -> dict[str, str]:
        """A signed batch of these rows after what was delivered before."""
        said = {
            "type": "batch",
            "v": 1,
            "sender": self.id,
            "receiver": credentials.own_id(),
            "number": 1,
            "epoch": self.epoch,
            "after": self.upto,
            "upto": self.upto + len(rows),
            "head": self.upto + len(rows),
            "rows": list(rows),
            **changes,
        }
        self.upto = max(self.upto, said["upto"])
        return self.sealed(said)

    def headers(self, method: str, path: str, body: bytes, /, **changes: Any) -> dict[str, str]:
        claims = {
            "sender": self.id,
            "receiver": credentials.own_id(),
            "method": method,
            "path": path,
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "at": int(now().timestamp()),
            "nonce": secrets.token_urlsafe(24),
            **changes,
        }
        text = canonical(claims)
        return {
            "HYC-Protocol": "1",
            "Authorization": f"Partner {b64url(text)}.{b64url(self.key.sign(text))}",
        }

    def send(self, method: str, name: str, body: Any = None, **more: Any) -> Any:
        """One request as it has to be; `more` are headers, or claims of the signature under `claims`."""
        path = f"/api/v1/province/{name}"
        content = b"" if body is None else json.dumps(body).encode()
        headers = self.headers(method, path, content, **more.pop("claims", {}))
        return self.client.generic(
            method, path, content, content_type="application/json", headers={**headers, **more}
        )

    def word(self, answer: Any) -> dict[str, Any]:
        """What we said in an answer."""
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = json.loads(base64.b64decode(answer.json()["payload_b64"]))
        return found

    def pair(self, use: str) -> bytes:
        """The pair key as the other side computes it, from the definition."""
        ours = X25519PublicKey.from_public_bytes(credentials.agreement_public())
        names = "|".join(sorted((self.id, credentials.own_id())))
        text = f"hengxin/pair/{use}|{names}".encode()
        return hmac.new(self.agreement.exchange(ours), text, hashlib.sha256).digest()

    def person(self, name: str, number: str) -> dict[str, str]:
        """A person as the other side names it."""
        digest = hashlib.sha256(canonical_number("person", number).encode()).digest()
        return {
            "kind": "person",
            "token": hmac.new(self.pair("person"), digest, hashlib.sha256).hexdigest(),
            "name_token": hmac.new(self.pair("name"), normalise(name).encode(), hashlib.sha256).hexdigest(),
        }


def put(rec_id: str = "R1", rev: int = 1, **changes: Any) -> dict[str, Any]:
    """A row with content; `columns` and `payload` are laid over the usual ones, `digest` is made to fit."""
    columns = {**COLUMNS, **changes.pop("columns", {})}
    payload = {**PAYLOAD, **changes.pop("payload", {})}
    content = {"section": changes.get("section", "penalty"), "columns": columns, "payload": payload}
    return {
        "n": 1,
        "rec_id": rec_id,
        "rev": rev,
        "op": "put",
        "reason": "put",
        "at": "2026-11-20T00:00:00.000Z",
        "section": "penalty",
        "who": UNIT,
        "columns": columns,
        "payload": payload,
        "digest": lawful.digest_of(content),
        "provenance": {"provider": "示例市监局"},
        **changes,
    }


def revoke(rec_id: str = "R1", rev: int = 2, reason: str = "annulled", **changes: Any) -> dict[str, Any]:
    row = {"n": 2, "rec_id": rec_id, "rev": rev, "op": "revoke", "reason": reason}
    return {**row, "at": "2026-11-21T00:00:00.000Z", "section": "penalty", **changes}


def ack_for(other: Other, envelope: dict[str, str], **changes: Any) -> dict[str, str]:
    """The other side's acknowledgement of a batch of ours."""
    payload = base64.b64decode(envelope["payload_b64"])
    batch = msgspec.json.decode(payload)
    said = {
        "type": "ack",
        "v": 1,
        "sender": other.id,
        "receiver": credentials.own_id(),
        "digest": hashlib.sha256(payload).hexdigest(),
        "upto": batch["upto"],
        "accepted": len(batch["rows"]),
        "refused": [],
        "at": stamp(),
        **changes,
    }
    return other.sealed(said)
