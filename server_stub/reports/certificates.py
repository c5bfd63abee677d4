"""Certificates of the small authorities of a sample server: roots, ends, names, the list of the revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server_stub.config.certificates import draft, usage
from server_stub.config.city import city

BITS = 2048


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, BITS)


def authority(name: x509.Name, key: rsa.RSAPrivateKey, begin: datetime, days: int) -> x509.Certificate:
    """A root that may issue end certificates and a list of the revoked, and no further authority."""
    return (
        draft(name, name, key.public_key(), begin, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, SHA256())
    )


def end_certificate(
    subject: x509.Name,
    issuer: x509.Certificate,
    issuer_key: rsa.RSAPrivateKey,
    key: Any,
    days: int,
    purpose: x509.ObjectIdentifier,
    **uses: bool,
) -> x509.Certificate:
    """A certificate for one purpose, valid from the same moment as its authority. A time-stamping one has to
    name its purpose as critical (RFC 3161).
    """
    only = x509.ExtendedKeyUsage([purpose])
    return (
        draft(subject, issuer.subject, key, issuer.not_valid_before_utc, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(**uses), critical=True)
        .add_extension(only, critical=purpose == ExtendedKeyUsageOID.TIME_STAMPING)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, SHA256())
    )


def nobody_revoked(issuer: x509.Certificate, key: rsa.RSAPrivateKey) -> x509.CertificateRevocationList:
    """The one list of an authority whose key is thrown away: empty, and valid as long as the authority."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(issuer.not_valid_before_utc)
        .next_update(issuer.not_valid_after_utc)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, SHA256())
    )


def named(common: str) -> x509.Name:
    """The centre of this city under a common name."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, city()["name"]["zh_CN"]["centre"]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
