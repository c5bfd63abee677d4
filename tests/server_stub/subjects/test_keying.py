"""Keys of many units at once are the keys of each; the standard library's HMAC and base32 are the control."""

from __future__ import annotations

import base64
import hmac
from types import SimpleNamespace

import pytest

from server_stub.subjects import keying
from server_stub.subjects.keying import code_hash, code_hashes, number_hash, route_key, route_keys


def test_many_keys_are_the_keys_of_each() -> None:
    codes = [f"91430400MA{serial:07d}X" for serial in range(40)]
    assert route_keys(codes) == {code: route_key("legal", code) for code in codes}
    assert code_hashes(codes) == {code: number_hash("legal", code) for code in codes}


def test_a_digest_is_the_librarys_under_whichever_key(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "91430400MA0000000X"
    for route in (b"a" * 32, b"b" * 32, b"a" * 32):
        monkeypatch.setattr(keying, "keys", lambda route=route: SimpleNamespace(route=route))
        plain = hmac.new(route, f"number|legal|{code}".encode(), "sha256").hexdigest()
        assert code_hash(code) == number_hash("legal", code) == plain
        assert code_hashes([code]) == {code: plain}


def test_the_characters_are_those_of_base32() -> None:
    for first in range(256):
        digest = bytes((first * step + step) % 256 for step in range(1, 33))
        assert keying._base32(digest) == base64.b32encode(digest[:20])[:26].decode()
