"""The seal: made once, closed to others, marked as a specimen, and its authority cannot sign again."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured

from app.report import render
from server_stub.config.clock import now
from server_stub.reports import authority
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.server_stub.own_seals import put_seal, seal_at


def test_the_seal_is_made_once(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    authority.make(tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {
        "issuer.pem", "issuer.crl", "seal.pem", "seal.key",
        "stamp-issuer.pem", "stamp-issuer.crl", "stamp.pem", "stamp.key", "stamped-from",
    }  # fmt: skip


def test_a_half_made_seal_is_made_again(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    (folder / "seal.key").unlink()
    authority.make(tmp_path)
    assert (folder / "seal.key").exists()


def test_a_home_of_before_gets_stamps_and_keeps_its_seal(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in [*folder.glob("stamp*"), folder / "issuer.crl"]:
        path.unlink()
    made = seal_at(tmp_path)
    assert (folder / "seal.pem").read_bytes() == kept["seal.pem"]
    assert (folder / "seal.key").read_bytes() == kept["seal.key"]
    assert made.stamping is not None
    assert made.stamping.since >= kept["stamped-from"].decode()
    assert len(made.lists) == 1  # the key that would sign the seal's own list is long thrown away
    pdf = put_seal(render(samples.official(), FONTS), made, now(), samples.NUMBER)
    assert b"/DSS" in pdf


def test_the_stamp_says_what_it_is_for_and_outlives_the_seal(tmp_path: Path) -> None:
    folder = authority.make(tmp_path)
    certificate = x509.load_pem_x509_certificate((folder / "stamp.pem").read_bytes())
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical
    assert list(purposes.value) == [x509.ExtendedKeyUsageOID.TIME_STAMPING]
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days == 3650
    for name in ("issuer", "stamp-issuer"):
        issuer = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        listed = x509.load_der_x509_crl((folder / f"{name}.crl").read_bytes())
        assert len(listed) == 0
        assert listed.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        assert listed.next_update_utc == issuer.not_valid_after_utc


@pytest.mark.parametrize("name", ["seal.key", "stamp.key"])
def test_the_key_is_its_owners_only(tmp_path: Path, name: str) -> None:
    key = authority.make(tmp_path) / name
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    key.chmod(0o444)
    with pytest.raises(ImproperlyConfigured):
        seal_at(tmp_path)


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
