"""A box that only the holder of a P-256 private key opens: fresh key, ECDH, HKDF-SHA256, AES-256-GCM."""

from __future__ import annotations

import secrets

from app.keys.envelope import b64, unb64
from app.trouble import NotTrusted

_INFO = b"hengxin|sealed-box|1"


def seal(public_pem: str, plain: bytes) -> dict[str, str]:
    """The box as text values: the fresh public key, nonce and ciphertext.

    Raises:
        NotTrusted: sealing-key.broken when the text is no P-256 public key.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    try:
        public = load_pem_public_key(public_pem.encode("ascii"))
    except ValueError as flaw:
        raise NotTrusted("sealing-key.broken") from flaw
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise NotTrusted("sealing-key.broken")
    fresh = ec.generate_private_key(ec.SECP256R1())
    point = fresh.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = secrets.token_bytes(12)
    box = AESGCM(_key(fresh.exchange(ec.ECDH(), public), point)).encrypt(nonce, plain, point)
    return {"point_b64": b64(point), "nonce_b64": b64(nonce), "box_b64": b64(box)}


def unseal(private_pem: str, value: dict[str, str]) -> bytes:
    """What `seal` put in; the server's side, here so that both stand together.

    Raises:
        NotTrusted: sealed.damaged when it does not open.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    private = load_pem_private_key(private_pem.encode("ascii"), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise NotTrusted("sealed.damaged")
    try:
        point = unb64(value["point_b64"])
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        key = _key(private.exchange(ec.ECDH(), public), point)
        return AESGCM(key).decrypt(unb64(value["nonce_b64"]), unb64(value["box_b64"]), point)
    except (InvalidTag, KeyError, ValueError) as flaw:
        raise NotTrusted("sealed.damaged") from flaw


def _key(shared: bytes, point: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, point, _INFO).derive(shared)
