"""The seal: made once, closed to others, marked as a specimen, and its authority cannot sign again."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured

from server_stub.reports import authority


def test_the_seal_is_made_once(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    authority.make(tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {"issuer.pem", "seal.pem", "seal.key"}


def test_a_half_made_seal_is_made_again(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    (folder / "seal.key").unlink()
    authority.make(tmp_path)
    assert (folder / "seal.key").exists()


def test_the_key_is_its_owners_only(tmp_path: Path) -> None:
    key = authority.make(tmp_path) / "seal.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    key.chmod(0o444)
    with pytest.raises(ImproperlyConfigured):
        authority._at(tmp_path)


def test_the_certificate_says_what_it_is_for(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    certificate = x509.load_pem_x509_certificate((folder / "seal.pem").read_bytes())
    issuer = x509.load_pem_x509_certificate((folder / "issuer.pem").read_bytes())
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert "样章" in str(common)
    assert "SPECIMEN" in str(common)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [purpose.dotted_string for purpose in purposes] == ["1.3.6.1.5.5.7.3.36"]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    public = issuer.public_key()
    algorithm = certificate.signature_hash_algorithm
    assert algorithm is not None
    public.verify(certificate.signature, certificate.tbs_certificate_bytes, PKCS1v15(), algorithm)  # type: ignore[union-attr,call-arg,arg-type]
    days = (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days
    assert days == 365
