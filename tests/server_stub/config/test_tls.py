"""The certificate names this machine, chains to its authority, and is made again before it ends."""

from __future__ import annotations

import ipaddress
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from django.core.exceptions import ImproperlyConfigured

from server_stub.config import tls
from server_stub.config.clock import clock, now


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_chain_holds_for_localhost_and_no_other_name(tmp_path: Path) -> None:
    served = tls.make(tmp_path)
    policy = PolicyBuilder().store(Store([read(served.ca_file)])).time(now())
    leaf = read(served.certificate)
    assert policy.build_server_verifier(x509.DNSName("localhost")).verify(leaf, [])
    address = x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))
    assert policy.build_server_verifier(address).verify(leaf, [])
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("example.com")).verify(leaf, [])


def test_the_certificate_is_for_servers_and_its_key_for_its_owner(tmp_path: Path) -> None:
    served = tls.make(tmp_path)
    leaf = read(served.certificate)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    content = served.key.read_bytes()
    assert content.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert load_pem_private_key(content, None).public_key() == leaf.public_key()
    assert stat.S_IMODE(served.key.stat().st_mode) == 0o400


def test_a_certificate_near_its_end_is_made_again_under_the_same_authority(tmp_path: Path) -> None:
    served = tls.make(tmp_path)
    authority, first = served.ca_file.read_bytes(), served.certificate.read_bytes()
    tls.make(tmp_path)
    assert served.certificate.read_bytes() == first
    near = now() + timedelta(days=tls.SERVER_DAYS - tls.RENEW_DAYS + 1)
    with clock(lambda: near):
        tls.make(tmp_path)
    assert served.certificate.read_bytes() != first
    assert served.ca_file.read_bytes() == authority
    assert read(served.certificate).not_valid_after_utc > near


def test_a_certificate_under_another_authority_is_made_again(tmp_path: Path) -> None:
    served, other = tls.make(tmp_path / "own"), tls.make(tmp_path / "other")
    served.certificate.write_bytes(other.certificate.read_bytes())
    tls.make(tmp_path / "own")
    read(served.certificate).verify_directly_issued_by(read(served.ca_file))
    assert (
        load_pem_private_key(served.key.read_bytes(), None).public_key()
        == read(served.certificate).public_key()
    )


def test_other_names_are_another_certificate_under_the_same_authority(tmp_path: Path) -> None:
    served = tls.make(tmp_path)
    authority, first = served.ca_file.read_bytes(), served.certificate.read_bytes()
    names = ("localhost", "127.0.0.1", "credit.example", "127.0.0.2")
    tls.make(tmp_path, names)
    assert served.ca_file.read_bytes() == authority
    second = served.certificate.read_bytes()
    assert second != first
    policy = PolicyBuilder().store(Store([read(served.ca_file)])).time(now())
    leaf = read(served.certificate)
    for name in (x509.DNSName("credit.example"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.2"))):
        assert policy.build_server_verifier(name).verify(leaf, [])
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("other.example")).verify(leaf, [])
    tls.make(tmp_path, names[::-1])
    assert served.certificate.read_bytes() == second  # the same names, whatever their order
    tls.make(tmp_path)
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("credit.example")).verify(read(served.certificate), [])


def test_a_key_open_to_others_stops_the_start(tmp_path: Path) -> None:
    served = tls.make(tmp_path)
    served.key.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match=r"server\.key"):
        tls.make(tmp_path)
