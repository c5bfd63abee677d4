"""What a seal may be put on: the signed attributes of one signature over a file, made for this very seal."""

from __future__ import annotations

import hashlib

from asn1crypto import cms, pem, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate


def file_digest(content: bytes, certificate_pem: str) -> str:
    """The digest (hex) of the file that these signed attributes (DER) are about.

    Raises:
        ValueError: it is anything else than attributes of a signature by this certificate over data: no
            certificate, no list of the revoked and no login is signed with a seal.
    """
    attributes = cms.CMSAttributes.load(content, strict=True)
    said = {one["type"].native: one["values"] for one in attributes}
    if len(said) != len(attributes) or any(len(values) != 1 for values in said.values()):
        raise ValueError("an attribute is given twice")
    try:
        kind, digest = said["content_type"][0].native, said["message_digest"][0].native
        own: tsp.ESSCertIDv2 = said["signing_certificate_v2"][0]["certs"][0]  # known to cms by way of tsp
        named, algorithm = own["cert_hash"].native, own["hash_algorithm"]["algorithm"].native
    except (KeyError, IndexError) as flaw:
        raise ValueError("not the signed attributes of a seal") from flaw
    certificate = x509.Certificate.load(pem.unarmor(certificate_pem.encode("ascii"))[2]).dump()
    if algorithm != "sha256" or named != hashlib.sha256(certificate).digest():
        raise ValueError("made for another certificate")
    if kind != "data" or len(digest) != 32:
        raise ValueError("not over the SHA-256 of a file")
    return bytes(digest).hex()


def fits(signature: bytes, content: bytes, certificate_pem: str) -> bool:
    """Whether the key that signed is the one of the certificate."""
    key = load_pem_x509_certificate(certificate_pem.encode("ascii")).public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(signature, content, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
