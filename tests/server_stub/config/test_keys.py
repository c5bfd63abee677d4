"""Keys are made once, belong to their owner alone, and a spoiled file stops the start."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured

from server_stub.config.keys import NAMES, Keys, make


def test_keys_are_made_once_with_mode_0400(tmp_path: Path) -> None:
    folder = make(tmp_path)
    first = {name: (folder / f"{name}.key").read_bytes() for name in NAMES}
    assert len(set(first.values())) == len(NAMES)
    for name in NAMES:
        assert stat.S_IMODE((folder / f"{name}.key").stat().st_mode) == 0o400
    make(tmp_path)
    assert {name: (folder / f"{name}.key").read_bytes() for name in NAMES} == first
    assert not list(folder.glob("*.half"))


def test_a_file_open_to_others_stops_the_start(tmp_path: Path) -> None:
    folder = make(tmp_path)
    Keys(folder)
    (folder / "kek.key").chmod(0o440)
    with pytest.raises(ImproperlyConfigured, match="kek"):
        Keys(folder)


def test_a_short_file_stops_the_start(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "log.key").chmod(0o600)
    (folder / "log.key").write_bytes(b"short")
    with pytest.raises(ImproperlyConfigured, match="log"):
        Keys(folder)


def test_a_signed_payload_is_the_bytes_and_a_signature_that_bites(tmp_path: Path) -> None:
    key = Keys(make(tmp_path)).answers
    signed = key.sealed(b"payload")
    public = Ed25519PublicKey.from_public_bytes(key.public)
    public.verify(base64.b64decode(signed.sig_b64), base64.b64decode(signed.payload_b64))
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signed.sig_b64), b"Payload")


def test_no_two_uses_share_a_derived_key(tmp_path: Path) -> None:
    keys = Keys(make(tmp_path))
    uses = ["cursor", "nonce", "sealing", "throttle", "letter-name", "letter-number"]
    assert len({keys.derived(use) for use in uses} | {keys.kek}) == len(uses) + 1
