"""The device's key signs entries, items and proofs; nobody else's key and no other purpose passes."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from app.clock import SystemClock
from app.field.canonical import canonical_sha256
from app.field.evidence import FIRST_PREV, ClientEntry
from app.keys.device import ENTRY, ITEM, PROOF, DeviceKey, opened
from app.trouble import Fault, NotTrusted


@pytest.fixture(scope="module")
def key() -> DeviceKey:
    return DeviceKey.generate(SystemClock())


def entry(key: DeviceKey, device_id: str = "") -> ClientEntry:
    return ClientEntry(
        v=1, device_id=device_id or key.thumbprint(), n=1, prev=FIRST_PREV, kind="query", op_id="op-1",
        user="u1", claimed_at="2026-11-23T00:00:00.000Z", boot_id="b", mono_ms=5,
    )  # fmt: skip


def test_the_thumbprint_is_that_of_rfc_7638(key: DeviceKey) -> None:
    members = {name: key.public_jwk()[name] for name in ("crv", "kty", "x", "y")}
    text = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    wanted = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
    assert key.thumbprint() == wanted
    assert len(wanted) == 43


def test_pem_brings_the_same_key_back(key: DeviceKey) -> None:
    again = DeviceKey.from_pem(key.private_pem())
    assert again.thumbprint() == key.thumbprint()
    assert "d" not in again.public_jwk()


@pytest.mark.parametrize("pem", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_broken_pem_is_our_fault(pem: str) -> None:
    with pytest.raises(Fault):
        DeviceKey.from_pem(pem)


def test_an_entry_opens_with_the_own_key_only(key: DeviceKey) -> None:
    made = entry(key)
    text = key.sign_entry(made)
    assert opened(text, key.public_jwk(), ENTRY) == made.bytes_()
    with pytest.raises(NotTrusted):
        opened(text, DeviceKey.generate().public_jwk(), ENTRY)
    with pytest.raises(NotTrusted):
        opened(text, key.public_jwk(), ITEM)
    head, _, mark = text.split(".")
    other = base64.urlsafe_b64encode(made.bytes_().replace(b"op-1", b"op-2")).rstrip(b"=").decode()
    with pytest.raises(NotTrusted):
        opened(".".join((head, other, mark)), key.public_jwk(), ENTRY)


def test_an_entry_of_another_device_is_not_signed(key: DeviceKey) -> None:
    with pytest.raises(Fault):
        key.sign_entry(entry(key, "other"))


def test_an_unsigned_token_is_refused(key: DeviceKey) -> None:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"hyc-entry+jws"}').rstrip(b"=").decode()
    body = base64.urlsafe_b64encode(b"{}").rstrip(b"=").decode()
    with pytest.raises(NotTrusted):
        opened(f"{head}.{body}.", key.public_jwk(), ENTRY)


def test_a_proof_binds_method_address_nonce_and_token(key: DeviceKey) -> None:
    text = key.proof("post", "https://h.example:8443/api/v1/queries?x=1", "n1", "token")
    claims = json.loads(opened(text, key.public_jwk(), PROOF))
    assert claims["htm"] == "POST"
    assert claims["htu"] == "https://h.example:8443/api/v1/queries"
    assert claims["nonce"] == "n1"
    assert claims["ath"] == base64.urlsafe_b64encode(hashlib.sha256(b"token").digest()).rstrip(b"=").decode()
    assert len(base64.urlsafe_b64decode(claims["jti"] + "==")) == 16
    header = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))
    assert header == {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.public_jwk()}
    again = json.loads(opened(key.proof("post", "https://h.example:8443/x"), key.public_jwk(), PROOF))
    assert again["jti"] != claims["jti"]
    assert "ath" not in again


def test_an_item_carries_its_claims(key: DeviceKey) -> None:
    digest = canonical_sha256({"a": 1})
    text = key.sign_item("op", "objection.file", "2026-11-23T00:00:00.000Z", digest)
    assert json.loads(opened(text, key.public_jwk(), ITEM))["body_sha256"] == digest
