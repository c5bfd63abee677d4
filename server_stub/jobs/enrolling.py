"""`enrolment`: the file by which an officer's computer knows this server, and what a file says."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction

from app.field.canonical import canonical
from app.field.enrolment import (
    KIND,
    LARGEST,
    VERSION,
    Enrolment,
    EnrolmentFile,
    compared,
    enrolment_flaw,
)
from app.field.suffixes import ENROLMENT
from server_stub.accounts import staff
from server_stub.accounts.models import Officer, Organisation
from server_stub.config.city import city, specimen
from server_stub.config.clock import stamp
from server_stub.config.keys import keys
from server_stub.evidence.services import append


def run(words: argparse.Namespace) -> int:
    """Do the act; one line of JSON.

    Raises:
        Problem: `role-denied`. LookupError: no such organisation or officer.
        ValueError: an address or certificate that does not fit, or no file of this server. OSError: the file.
    """
    said = _write(words) if words.act == "write" else _show(words.file)
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return 0


def _write(words: argparse.Namespace) -> dict[str, Any]:
    by = staff.require_staff(words.by)
    enrolment = _enrolment(words)
    raw = _signed(enrolment)
    outcome = f"done:{enrolment.organisation}:{enrolment.user}:{hashlib.sha256(raw).hexdigest()}"
    put = False
    try:
        with transaction.atomic():
            append(kind="enrolment.written", user=by, outcome=outcome)
            _put(words.file, raw)
            put = True
    except BaseException:
        if put:
            words.file.unlink()  # no file without its leaf
        raise
    return _card(words.file, enrolment)


def _enrolment(words: argparse.Namespace) -> Enrolment:
    url = (words.url or settings.HENGXIN_PUBLIC_URL).rstrip("/")
    if not url:
        raise ValueError("--url: the address as officers reach this server, https://NAME:PORT")
    organisation = Organisation.objects.filter(code=words.organisation.strip(), active=True).first()
    if organisation is None:
        raise LookupError(f"no certified organisation {words.organisation}")
    if words.user and not Officer.objects.filter(user=words.user, organisation=organisation).exists():
        raise LookupError(f"no officer {words.user} of {organisation.name}")
    held = keys()
    enrolment = Enrolment(
        made_at=stamp(),
        url=url,
        ca_pem=_authority(words.ca, url),
        city=city()["name"]["zh_CN"]["city"],
        specimen=specimen(),
        organisation=organisation.code,
        organisation_name=organisation.name,
        log_public_b64=base64.b64encode(held.log.public).decode(),
        answers_public_b64=base64.b64encode(held.answers.public).decode(),
        user=words.user,
    )
    flaw = enrolment_flaw(enrolment)
    if flaw:
        raise ValueError(f"{flaw} is not fit for an enrolment file: {getattr(enrolment, flaw)}")
    return enrolment


def _authority(given: Path | None, url: str) -> str:
    """The one certificate that vouches for the address: that of a gateway in front, or our own, which has to
    name the host."""
    path = given or settings.HENGXIN_HOME / "tls" / "ca.pem"
    found = x509.load_pem_x509_certificates(path.read_bytes())
    try:
        issues = found[0].extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        issues = False
    if len(found) != 1 or not issues:
        raise ValueError(f"{path.name} is not one certificate of an authority")
    host = urlsplit(url).hostname or ""
    if given is None and host not in _named(settings.HENGXIN_HOME / "tls" / "server.pem"):
        raise ValueError(f"the certificate of this server does not name {host}: `up --name {host}` first")
    return found[0].public_bytes(Encoding.PEM).decode("ascii")


def _named(certificate: Path) -> set[str]:
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return {
        str(one.value) for one in read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    }


def _signed(enrolment: Enrolment) -> bytes:
    payload = canonical(msgspec.structs.asdict(enrolment))
    file = EnrolmentFile(type=KIND, v=VERSION, signed=keys().answers.sealed(payload))
    raw = msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"
    if len(raw) > LARGEST:
        raise ValueError(f"the certificate is too large: an enrolment file has at most {LARGEST} bytes")
    return raw


def _put(path: Path, raw: bytes) -> None:
    """A new file; nothing is written over."""
    if path.suffix != ENROLMENT:
        raise ValueError(f"an enrolment file is called NAME{ENROLMENT}, not {path.name}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _show(path: Path) -> dict[str, Any]:
    """What a file says, when this server signed it."""
    with path.open("rb") as opened:
        raw = opened.read(LARGEST + 1)
    try:
        signed = msgspec.json.decode(raw, type=EnrolmentFile).signed
        payload = base64.b64decode(signed.payload_b64, validate=True)
        Ed25519PublicKey.from_public_bytes(keys().answers.public).verify(
            base64.b64decode(signed.sig_b64, validate=True), payload
        )
        enrolment = msgspec.json.decode(payload, type=Enrolment)
    except (msgspec.DecodeError, ValueError, InvalidSignature) as flaw:
        raise ValueError(f"{path.name} is no enrolment file of this server, or it was changed") from flaw
    return _card(path, enrolment)


def _card(path: Path, enrolment: Enrolment) -> dict[str, Any]:
    mark = x509.load_pem_x509_certificate(enrolment.ca_pem.encode("ascii")).fingerprint(SHA256()).hex()
    return {
        "file": str(path),
        "url": enrolment.url,
        "organisation": enrolment.organisation,
        "organisation_name": enrolment.organisation_name,
        "user": enrolment.user,
        "made_at": enrolment.made_at,
        "fingerprint": compared(mark),
    }
