"""The key in a PKCS#11 token (SoftHSM): it never leaves, a wrong PIN is tried once, a token may come back."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from django.core.exceptions import ImproperlyConfigured
from pkcs11.util.rsa import encode_rsa_public_key

from server_stub.config.clock import now
from server_stub.config.env import seal_pin, without_pin
from server_stub.reports.authority import _DOCUMENT_SIGNING, Seal
from server_stub.reports.certificates import authority, end_certificate, named, new_key, nobody_revoked
from server_stub.seal.content import fits
from server_stub.seal.keeper import Keeper
from server_stub.seal.token import Token
from server_stub.seal.uses import Uses
from server_stub.seal.words import SealAway
from tests.server_stub.seal.conftest import content, wanted

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")  # of the package softhsm2 (requirements/system.txt)
PIN = secrets.token_hex(6)


class Soft:
    """One SoftHSM with a token; `certificate_pem` is of the key `seal`."""

    def __init__(self, folder: Path) -> None:
        self.tokens = folder / "tokens"
        self.tokens.mkdir()
        self.conf = conf = folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {self.tokens}\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(conf)
        words = [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "centre",
            "--pin",
            PIN,
            "--so-pin",
            PIN,
        ]
        subprocess.run(words, check=True, capture_output=True)
        library = pkcs11.lib(str(MODULE))
        library.reinitialize()
        with library.get_token(token_label="centre").open(rw=True, user_pin=PIN) as session:
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="seal")
            loose = {pkcs11.Attribute.EXTRACTABLE: True, pkcs11.Attribute.SENSITIVE: False}
            session.generate_keypair(
                pkcs11.KeyType.RSA, 2048, store=True, label="loose", private_template=loose
            )
            raw = asn1_keys.PublicKeyInfo.wrap(encode_rsa_public_key(public), "rsa").dump()
        root = new_key()
        issuer = authority(named("样章签发 SPECIMEN Token Authority"), root, now(), 30)
        certificate = end_certificate(
            named("样章 SPECIMEN Token"), issuer, root, load_der_public_key(raw), 30, _DOCUMENT_SIGNING,
            digital_signature=True, content_commitment=True,
        )  # fmt: skip
        self.crl = nobody_revoked(issuer, root).public_bytes(Encoding.DER)
        self.issuer_pem = issuer.public_bytes(Encoding.PEM).decode()
        self.certificate_pem = certificate.public_bytes(Encoding.PEM).decode()
        self.content = content(self.certificate_pem)

    def key(self, name: str = "seal", pin: Callable[[], str] = lambda: PIN) -> Token:
        return Token(MODULE, "centre", name, pin)


@pytest.fixture(scope="module")
def soft(tmp_path_factory: pytest.TempPathFactory) -> Any:
    before = os.environ.get("SOFTHSM2_CONF")
    try:
        yield Soft(tmp_path_factory.mktemp("softhsm"))
    finally:
        os.environ.pop("SOFTHSM2_CONF", None)
        if before is not None:
            os.environ["SOFTHSM2_CONF"] = before


def test_the_token_signs_and_its_key_cannot_be_read(soft: Soft, tmp_path: Path) -> None:
    key = soft.key()
    assert fits(key.sign(soft.content), soft.content, soft.certificate_pem)
    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
        _ = key._key[pkcs11.Attribute.PRIVATE_EXPONENT]
    keeper = Keeper(key, lambda: soft.certificate_pem, Uses(tmp_path))
    made = Seal(soft.certificate_pem, soft.issuer_pem)
    assert keeper.answer(wanted(made)).why == ""
    assert PIN not in (tmp_path / "2026-11-23.jsonl").read_text()


def test_a_key_that_can_be_copied_out_is_refused(soft: Soft) -> None:
    with pytest.raises(SealAway, match="token"):
        soft.key("loose").sign(soft.content)


def test_a_wrong_pin_is_tried_once(soft: Soft) -> None:
    asked: list[int] = []

    def wrong() -> str:
        asked.append(1)
        return "000000000000"

    key = soft.key(pin=wrong)
    for _ in range(3):
        with pytest.raises(SealAway, match="pin"):
            key.sign(soft.content)
    assert len(asked) == 1
    assert soft.key().sign(soft.content)  # control: the token is not locked


def test_a_token_that_was_pulled_out_says_so_and_goes_on_when_it_is_back(soft: Soft, tmp_path: Path) -> None:
    key = soft.key()
    assert key.sign(soft.content)
    away = tmp_path / "pocket"
    shutil.move(soft.tokens, away)
    soft.tokens.mkdir()
    try:
        key._close()  # SoftHSM goes on with an open session; hardware ends it, and so does this
        with pytest.raises(SealAway, match="token"):
            key.sign(soft.content)
    finally:
        soft.tokens.rmdir()
        shutil.move(away, soft.tokens)
    assert fits(key.sign(soft.content), soft.content, soft.certificate_pem)


def test_no_such_library_and_no_such_key_are_told_alike(soft: Soft, tmp_path: Path) -> None:
    for odd in (Token(tmp_path / "none.so", "centre", "seal", lambda: PIN), soft.key("none")):
        with pytest.raises(SealAway, match="token"):
            odd.sign(soft.content)


def test_the_pin_comes_from_a_closed_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    monkeypatch.setenv("HENGXIN_SEAL_PIN_FILE", str(file))
    for mode in (0o600, 0o440, 0o444):
        file.chmod(mode)
        with pytest.raises(ImproperlyConfigured):
            seal_pin()
    file.chmod(0o400)
    assert seal_pin() == PIN
    monkeypatch.delenv("HENGXIN_SEAL_PIN_FILE")
    with pytest.raises(ImproperlyConfigured):
        seal_pin()
    monkeypatch.setenv("HENGXIN_SEAL_PIN", PIN)
    assert seal_pin() == PIN
    assert PIN not in without_pin(os.environ).values()
