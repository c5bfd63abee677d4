"""Who asks: the line's own address, and a named one only on the word of a gateway of ours."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from server_stub.config import env
from server_stub.config.callers import UNKNOWN, caller


def ask(line: str, named: str = "") -> str:
    return caller({"REMOTE_ADDR": line, "HTTP_X_FORWARDED_FOR": named})


@pytest.fixture
def gateways(settings: Any) -> None:
    settings.HENGXIN_GATEWAYS = tuple(map(ipaddress.ip_network, ("10.0.0.0/30", "fd00::1/128")))


def test_without_gateways_the_header_is_nobodys_word() -> None:
    assert ask("10.0.0.1", "198.51.100.7") == "10.0.0.1"


@pytest.mark.parametrize(
    ("line", "named", "address"),
    [
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (
            "10.0.0.1",
            "203.0.113.9, 198.51.100.7",
            "198.51.100.7",
        ),  # the first is the caller's word
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),  # two gateways, one behind the other
        ("fd00::1", "198.51.100.7", "198.51.100.7"),
        ("198.51.100.8", "203.0.113.9", "198.51.100.8"),  # past the gateway
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("", "198.51.100.7", UNKNOWN),
    ],
)
def test_a_gateways_word_is_taken_from_its_end(gateways: None, line: str, named: str, address: str) -> None:
    assert ask(line, named) == address


def test_one_line_is_one_caller() -> None:
    assert ask("2001:db8:1:2:3::4") == ask("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert ask("2001:db8:1:3::1") != ask("2001:db8:1:2::1")
    assert ask("::ffff:198.51.100.7") == "198.51.100.7"


@pytest.mark.parametrize("text", ["10.0.0.1/8", "gateway.example", "0.0.0.0/0", "::/0", "10.0.0.1 10.0.0.2"])
def test_gateways_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HENGXIN_GATEWAYS", text)
    with pytest.raises(ImproperlyConfigured):
        env.networks("HENGXIN_GATEWAYS")


def test_none_one_and_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HENGXIN_GATEWAYS", raising=False)
    assert env.networks("HENGXIN_GATEWAYS") == ()
    monkeypatch.setenv("HENGXIN_GATEWAYS", "10.0.0.7, fd00::/64,")
    assert env.networks("HENGXIN_GATEWAYS") == (
        ipaddress.ip_network("10.0.0.7"),
        ipaddress.ip_network("fd00::/64"),
    )
