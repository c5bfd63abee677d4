"""What every certificate of this server begins with, and the uses it may name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509


def draft(
    subject: x509.Name, issuer: x509.Name, key: Any, begin: datetime, days: int
) -> x509.CertificateBuilder:
    """A certificate of `days` for a public key, without uses yet."""
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


def usage(**on: bool) -> x509.KeyUsage:
    """The uses that are named, and none besides."""
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})
