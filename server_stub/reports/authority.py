"""The seal of a sample server and its time stamps: two small authorities, a certificate each, and the keys.

Made once under `<home>/seal`: `issuer.pem`, `seal.pem`, `seal.key` (mode 0400), and for the time stamps
`stamp-issuer.pem`, `stamp.pem`, `stamp.key` and `stamped-from`, the moment from which every report bears one.
Each authority's own key signs one certificate and one empty list of the revoked (`*.crl`) and is thrown away,
so nobody can make a second seal or stamp under it. The seal's key is read by the process that keeps the seal
(`server_stub.seal`) and by no other. Where a token holds it (HENGXIN_SEAL_MODULE), its licensed authority's
`seal.pem`, `issuer.pem` and `*.crl` are laid there by the operator and none is made. Stamps come from a
service by address where one is named (HENGXIN_TSA_URL).
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from server_stub.config.clock import now, stamp
from server_stub.config.keys import write_secret
from server_stub.reports.certificates import authority, end_certificate, named, new_key, nobody_revoked

_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_SEAL_DAYS, _STAMP_DAYS, _ISSUER_DAYS = 365, 3650, 3650


class Stamping(msgspec.Struct, frozen=True):
    """Who stamps the time: the own authority (`key_path`, `certificate_pem`), or a service at `url`.

    `issuer_pem` is the root under which stamps are judged, `since` the UTC text from which reports bear one.
    """

    issuer_pem: str
    since: str
    key_path: Path | None = None
    certificate_pem: str = ""
    url: str = ""


class Seal(msgspec.Struct, frozen=True):
    """What the world may know of the seal (PEM texts); `lists` of the revoked (DER). Without `stamping` no
    time stamp is made: so were reports of before.
    """

    certificate_pem: str
    issuer_pem: str
    lists: tuple[bytes, ...] = ()
    stamping: Stamping | None = None


def make(home: Path, *, token: bool = False) -> Path:
    """Make what is not there yet; the folder. A key is written last: what is half made is made again.

    Raises:
        ImproperlyConfigured: a `token` holds the key and its certificates are not there.
    """
    folder = home / "seal"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if token:
        gone = [name for name in ("seal.pem", "issuer.pem") if not (folder / name).is_file()]
        if gone:
            raise ImproperlyConfigured(f"the token's certificates are missing in seal/: {', '.join(gone)}")
    elif not (folder / "seal.key").exists():
        make_one(home, "seal")
    if not (folder / "stamp.key").exists():
        make_one(home, "stamp")
    return folder


def make_one(home: Path, name: str) -> None:
    """A new seal or stamp, over whatever of it lies there; of the other one nothing is touched."""
    folder = home / "seal"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if name == "seal":
        _make(folder, "seal", "issuer", "Report Seal", _SEAL_DAYS, _DOCUMENT_SIGNING)
        return
    (folder / "stamped-from").write_text(stamp(), "ascii")
    _make(folder, "stamp", "stamp-issuer", "Time Stamp", _STAMP_DAYS, ExtendedKeyUsageOID.TIME_STAMPING)


@cache
def _at(home: Path, url: str = "", root: Path | None = None, token: bool = False) -> Seal:
    folder = make(home, token=token)
    for name in ("seal.key", "stamp.key"):
        if (folder / name).exists() and (folder / name).stat().st_mode & 0o077:
            raise ImproperlyConfigured(f"{name} may be read by its owner only")

    def text(name: str) -> str:
        return (folder / name).read_text("ascii")

    if root is None:
        stamping = Stamping(
            text("stamp-issuer.pem"), text("stamped-from"), folder / "stamp.key", text("stamp.pem")
        )
    else:
        stamping = Stamping(root.read_text("ascii"), text("stamped-from"), url=url)
    lists = tuple(path.read_bytes() for path in sorted(folder.glob("*.crl")))
    return Seal(text("seal.pem"), text("issuer.pem"), lists, stamping)


def seal() -> Seal:
    """The seal of this server's home; a sample's is made at the first call.

    Raises:
        ImproperlyConfigured: others may read a key, or a token's certificates are missing.
    """
    token = settings.HENGXIN_SEAL_TOKEN is not None
    return _at(settings.HENGXIN_HOME, settings.HENGXIN_TSA_URL, settings.HENGXIN_TSA_CA, token)


def _make(folder: Path, own: str, issuer_stem: str, name: str, days: int, purpose: ObjectIdentifier) -> None:
    """A root and one certificate under it; `own` and `issuer_stem` name the files."""
    begin = now() - timedelta(minutes=5)
    issuer_key, key = new_key(), new_key()
    issuer = authority(named(f"样章签发 SPECIMEN {name} Authority"), issuer_key, begin, _ISSUER_DAYS)
    certificate = end_certificate(
        named(f"样章 SPECIMEN {name}"), issuer, issuer_key, key.public_key(), days, purpose,
        digital_signature=True, content_commitment=True,
    )  # fmt: skip
    (folder / f"{issuer_stem}.crl").write_bytes(nobody_revoked(issuer, issuer_key).public_bytes(Encoding.DER))
    (folder / f"{issuer_stem}.pem").write_bytes(issuer.public_bytes(Encoding.PEM))
    (folder / f"{own}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    write_secret(folder / f"{own}.key", key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
