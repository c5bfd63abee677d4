"""A device's fingerprint survives a telephone: no case, no signs to name, both sides read the same."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.field.fingerprints import read_out
from app.keys.device import DeviceKey

# RFC 7638's own example key
EXAMPLE = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_the_first_eighty_bits_in_groups_that_can_be_said() -> None:
    assert read_out(EXAMPLE) == "G43M XMLY PS4D BHDX"


def test_a_key_says_what_the_server_says_of_its_id() -> None:
    key = DeviceKey.generate()
    assert key.fingerprint() == read_out(key.thumbprint())


@given(st.binary(min_size=32, max_size=32))
def test_no_case_and_no_sign_has_to_be_said(digest: bytes) -> None:
    said = read_out(base64.urlsafe_b64encode(digest).rstrip(b"=").decode())
    assert re.fullmatch(r"[A-Z2-7]{4}( [A-Z2-7]{4}){3}", said)
    assert base64.b32decode(said.replace(" ", "")) == digest[:10]


@pytest.mark.parametrize("text", ["", "short", EXAMPLE + "A", EXAMPLE[:-1] + "!", "字" * 43])
def test_what_is_no_device_id_has_no_fingerprint(text: str) -> None:
    with pytest.raises(ValueError, match="device id"):
        read_out(text)
