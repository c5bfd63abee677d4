"""The server's own small authority and its certificate for this machine, made at the first start.

`<home>/tls` holds `ca.pem` (public: clients pin it), `ca.key`, `server.pem` and `server.key` (PKCS#8, mode
0400). The server certificate is made again when it ends within a month, names others than it should or is
under another authority; the authority stays, so that no client has to pin anew.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.exceptions import ImproperlyConfigured

from server_stub.config.certificates import draft, usage
from server_stub.config.clock import now
from server_stub.config.keys import write_secret
from server_stub.config.reaching import OWN

CA_DAYS, SERVER_DAYS, RENEW_DAYS = 3650, 397, 30


class Served(msgspec.Struct, frozen=True):
    """Where the files lie."""

    ca_file: Path
    certificate: Path
    key: Path


def make(home: Path, names: Sequence[str] = OWN) -> Served:
    """Make what is missing, and the server's certificate when it ends soon, is not under the authority or
    does not name exactly `names` (host names and IP addresses). An authority that is there stays until two
    persons replace it.

    Raises:
        ImproperlyConfigured: when a key file may be read by others.
    """
    folder = home / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    served = Served(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    if not (served.ca_file.exists() and (folder / "ca.key").exists()):
        _make_authority(folder)
        served.certificate.unlink(missing_ok=True)
    if not (served.certificate.exists() and served.key.exists()) or _is_stale(served, names):
        _make_server(folder, served, names)
    for key in (folder / "ca.key", served.key):
        if key.stat().st_mode & 0o077:
            raise ImproperlyConfigured(f"{key.name} may be read by its owner only")
    return served


def ends_soon(path: Path) -> bool:
    """Whether a certificate (PEM) ends within a month, or has ended."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc - now() < timedelta(days=RENEW_DAYS)


def _is_stale(served: Served, names: Sequence[str]) -> bool:
    certificate = x509.load_pem_x509_certificate(served.certificate.read_bytes())
    told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    others = set(told) != set(map(_general, names))
    return others or ends_soon(served.certificate) or not _is_under(certificate, served.ca_file)


def _is_under(certificate: x509.Certificate, ca_file: Path) -> bool:
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(ca_file.read_bytes()))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make_authority(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("HengXin local authority")
    certificate = (
        draft(name, name, key.public_key(), _begin(), CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, SHA256())
    )
    _put_key(folder / "ca.key", key)
    (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))


def _make_server(folder: Path, served: Served, names: Sequence[str]) -> None:
    issuer_key = load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise ImproperlyConfigured("ca.key is not an elliptic-curve key")
    issuer = x509.load_pem_x509_certificate(served.ca_file.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    issuer_id = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        draft(_name("localhost"), issuer.subject, key.public_key(), _begin(), _days_under(issuer))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(map(_general, names)), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False
        )
        .sign(issuer_key, SHA256())
    )
    _put_key(served.key, key)
    served.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))


def _begin() -> datetime:
    """A little before now: clocks differ."""
    return now() - timedelta(minutes=5)


def _days_under(issuer: x509.Certificate) -> int:
    """No longer than the authority itself."""
    return max(1, min(SERVER_DAYS, (issuer.not_valid_after_utc - now()).days))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _put_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.unlink(missing_ok=True)
    write_secret(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
