"""The seal of a sample server: its own small authority, a seal certificate for a year, and the key.

Made once under `<home>/seal`: `issuer.pem`, `seal.pem` (certificates, public) and `seal.key` (mode 0400). The
authority's own key signs this one certificate and is thrown away, so nobody can make a second seal under
it. A production server gets its seal from a licensed authority and a token; only this room changes then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from server_stub.config.city import city
from server_stub.config.clock import now
from server_stub.config.keys import write_secret

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_SEAL_DAYS, _ISSUER_DAYS = 365, 3650
_BITS = 2048


class Seal(msgspec.Struct, frozen=True):
    """Where the seal lies and what the world may know of it (PEM texts)."""

    key_path: Path
    certificate_pem: str
    issuer_pem: str


def make(home: Path) -> Path:
    """Make the seal if it is not there yet; the folder. The key is written last: a half-made seal is made
    again.
    """
    folder = home / "seal"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / "seal.key").exists():
        _make_all(folder)
    return folder


@cache
def _at(home: Path) -> Seal:
    folder = make(home)
    key = folder / "seal.key"
    if key.stat().st_mode & 0o077:
        raise ImproperlyConfigured("seal.key may be read by its owner only")
    return Seal(key, (folder / "seal.pem").read_text("ascii"), (folder / "issuer.pem").read_text("ascii"))


def seal() -> Seal:
    """The seal of this server's home, made at the first call.

    Raises:
        ImproperlyConfigured: when others may read the key.
    """
    return _at(settings.HENGXIN_HOME)


def _make_all(folder: Path) -> None:
    begin = now() - timedelta(minutes=5)
    issuer_key = rsa.generate_private_key(65537, _BITS)
    seal_key = rsa.generate_private_key(65537, _BITS)
    issuer_name = _name("样章签发 SPECIMEN Seal Authority")
    issuer = (
        _draft(issuer_name, issuer_name, issuer_key.public_key(), begin, _ISSUER_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(issuer_key, SHA256())
    )
    subject = _name("样章 SPECIMEN Report Seal")
    certificate = (
        _draft(subject, issuer_name, seal_key.public_key(), begin, _SEAL_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, SHA256())
    )
    for name, made in (("issuer.pem", issuer), ("seal.pem", certificate)):
        (folder / name).write_bytes(made.public_bytes(Encoding.PEM))
    write_secret(
        folder / "seal.key", seal_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )


def _draft(
    subject: x509.Name, issuer: x509.Name, key: Any, begin: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, city()["name"]["zh_CN"]["centre"]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(**on: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})
