"""An enrolment file comes from anywhere: each fault has its code, and reading one writes nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.field.canonical import canonical
from app.field.enrolment import KIND, LARGEST, VERSION
from app.paths import Home
from app.profiles import Profiles, write_profiles
from app.services.enrolling import Enrolling
from app.trouble import NotRight, NotTrusted, Refused, Trouble
from app.wire.trust import keep_trust
from tests.app.wire.fake_log import FakeLog
from tests.app.wire.tls import authority, server_files

CA = authority()
KEY = Ed25519PrivateKey.generate()
LOG = FakeLog()


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def said(**changes: Any) -> dict[str, Any]:
    return {
        "made_at": "2026-11-22T01:00:00.000Z", "url": "https://localhost:8443", "ca_pem": CA.pem,
        "city": "示例市", "specimen": True, "organisation": "91430400MA00000B2X",
        "organisation_name": "示例银行", "log_public_b64": LOG.trust(CA.pem).log.public_b64,
        "answers_public_b64": public(KEY), "user": "bank1",
        **changes,
    }  # fmt: skip


def file(payload: dict[str, Any], key: Ed25519PrivateKey = KEY, **around: Any) -> bytes:
    raw = canonical(payload)
    digest = hashlib.sha256(base64.b64decode(public(key))).hexdigest()
    signed = {
        "payload_b64": base64.b64encode(raw).decode(), "key_id": f"answers-{digest[:16]}",
        "sig_b64": base64.b64encode(key.sign(raw)).decode(),
    }  # fmt: skip
    return msgspec.json.encode({"type": KIND, "v": VERSION, "signed": signed, **around})


def altered() -> bytes:
    whole = msgspec.json.decode(file(said()))
    whole["signed"]["payload_b64"] = base64.b64encode(canonical(said(user="bank2"))).decode()
    return msgspec.json.encode(whole)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").make()


@pytest.fixture
def opened(home: Home, tmp_path: Path) -> Callable[[bytes], Any]:
    def open_(raw: bytes) -> Any:
        path = tmp_path / "bank.hxenrol"
        path.write_bytes(raw)
        return Enrolling(home).open(path)

    return open_


def everything(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_good_file_is_an_offer_and_nothing_is_written(home: Home, opened: Callable[[bytes], Any]) -> None:
    offer = opened(file(said()))
    mark = hashlib.sha256(CA.certificate.public_bytes(Encoding.DER)).hexdigest()
    assert offer.groups.replace(" ", "") == mark[:32].upper()
    assert (offer.enrolment.url, offer.enrolment.user) == ("https://localhost:8443", "bank1")
    assert (offer.known, offer.moves_from, offer.replaces) == (False, "", "")
    assert everything(home.root) == {}


@pytest.mark.parametrize(
    ("raw", "family", "code"),
    [
        (b"", NotRight, "enrolment.form"),
        (b"\xff\xfe", NotRight, "enrolment.form"),
        (CA.pem.encode(), NotRight, "enrolment.form"),
        (b"[" * 5000, NotRight, "enrolment.form"),
        (b'{"type":"hengxin-enrolment","type":"hengxin-enrolment"}', NotRight, "enrolment.form"),
        (b'{"type":"bundle","v":1}', NotRight, "enrolment.form"),
        (b'{"type":"hengxin-enrolment","v":1}', NotRight, "enrolment.form"),
        (file(said(), more=1), NotRight, "enrolment.form"),
        (file(said(password="x")), NotRight, "enrolment.form"),
        (file(said(), v=2), NotRight, "enrolment.version"),
        (b" " * (LARGEST + 1), NotRight, "enrolment.large"),
        (altered(), NotTrusted, "enrolment.altered"),
        (file(said(), Ed25519PrivateKey.generate()), NotTrusted, "enrolment.altered"),
        (file(said(answers_public_b64="?")), NotTrusted, "enrolment.altered"),
        (file(said(url="http://localhost")), NotRight, "enrolment.field"),
        (file(said(organisation_name="示例\u202e行银")), NotRight, "enrolment.field"),
        (file(said(ca_pem=CA.pem + authority().pem)), NotRight, "enrolment.authority"),
        (file(said(ca_pem="-----BEGIN CERTIFICATE-----")), NotRight, "enrolment.authority"),
    ],
)
def test_each_fault_is_told_by_its_code(
    home: Home, opened: Callable[[bytes], Any], raw: bytes, family: type[Trouble], code: str
) -> None:
    with pytest.raises(family) as caught:
        opened(raw)
    assert caught.value.code == code
    assert everything(home.root) == {}


def test_no_authority_but_a_servers_certificate_is_refused(
    opened: Callable[[bytes], Any], tmp_path: Path
) -> None:
    pem = server_files(tmp_path, CA).read_text().partition("-----BEGIN PRIVATE")[0]
    with pytest.raises(NotRight) as caught:
        opened(file(said(ca_pem=pem)))
    assert caught.value.code == "enrolment.authority"


def test_a_missing_file_and_a_folder_are_told(home: Home, tmp_path: Path) -> None:
    for path in (tmp_path / "none.hxenrol", tmp_path):
        with pytest.raises(NotRight) as caught:
            Enrolling(home).open(path)
        assert caught.value.code == "enrolment.missing"


def enrolled(home: Home, vault: bytes | None) -> None:
    """A home that was signed in to another server; `vault`: the header that is left there."""
    keep_trust(home.trust, msgspec.structs.replace(LOG.trust(authority().pem), url="https://other.example"))
    write_profiles(home.profiles, Profiles().with_profile("u1"))
    if vault is not None:
        home.vault("u1").folder.mkdir(parents=True)
        home.vault("u1").header.write_bytes(vault)


def test_a_computer_of_another_server_is_not_taken_over(home: Home, opened: Callable[[bytes], Any]) -> None:
    enrolled(home, b"damaged, and still somebody's")
    before = everything(home.root)
    with pytest.raises(Refused) as caught:
        opened(file(said()))
    assert (caught.value.code, caught.value.context["url"]) == (
        "enrolment.elsewhere",
        "https://other.example",
    )
    assert everything(home.root) == before


def test_after_a_wipe_it_may_be_and_says_what_it_replaces(home: Home, opened: Callable[[bytes], Any]) -> None:
    enrolled(home, None)
    before = everything(home.root)
    assert opened(file(said())).replaces == "https://other.example"
    assert everything(home.root) == before


def test_the_same_server_at_another_address_is_known(home: Home, opened: Callable[[bytes], Any]) -> None:
    kept = msgspec.structs.replace(LOG.trust(CA.pem), url="https://old.example")
    answers = msgspec.structs.replace(kept.answers, public_b64=public(KEY))
    keep_trust(home.trust, msgspec.structs.replace(kept, answers=answers))
    offer = opened(file(said()))
    assert (offer.known, offer.moves_from) == (True, "https://old.example")
