"""Where the server listens and under which names: words that do not go together are refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from server_stub.config import reaching
from server_stub.config.reaching import reach

EVERYWHERE = "0.0.0.0"  # noqa: S104 - as an argument


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(reaching.PUBLIC_URL, raising=False)
    monkeypatch.delenv(reaching.NAMES, raising=False)


def test_without_words_it_is_this_machine_only() -> None:
    at = reach("", [], sample=True)
    assert (at.host, at.names, at.url(8443)) == (
        "127.0.0.1",
        ("localhost", "127.0.0.1"),
        "https://localhost:8443",
    )
    assert reaching.allowed_names() == ["localhost", "127.0.0.1"]


def test_names_and_addresses_are_what_officers_type(monkeypatch: pytest.MonkeyPatch) -> None:
    at = reach("10.0.0.7", ["Credit.Example."], sample=False)
    assert at.names == ("localhost", "127.0.0.1", "credit.example", "10.0.0.7")
    assert at.url(443) == "https://credit.example:443"
    assert reach("10.0.0.7", [], sample=False).url(443) == "https://10.0.0.7:443"
    assert reach("::1", [], sample=False).url(443) == "https://[::1]:443"
    assert reach(EVERYWHERE, ["a.example"], sample=False).near() == "127.0.0.1"
    assert reach("::", ["a.example"], sample=False).near() == "::1"
    monkeypatch.setenv(reaching.NAMES, ",".join([*at.names, "::1"]))
    assert reaching.allowed_names()[2:] == ["credit.example", "10.0.0.7", "[::1]"]


def test_a_public_address_is_named_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reaching.PUBLIC_URL, "https://credit.example:8443/")
    at = reach(EVERYWHERE, [], sample=False)
    assert at.url(9) == "https://credit.example:8443"
    assert "credit.example" in at.names
    assert "credit.example" in reaching.allowed_names()


@pytest.mark.parametrize(
    ("host", "names", "sample", "why"),
    [
        ("credit.example", [], False, "not an IP address"),
        (EVERYWHERE, [], False, "needs --name"),
        ("::", [], False, "needs --name"),
        ("10.0.0.7", ["credit.example"], True, "loopback only"),
        (EVERYWHERE, ["credit.example"], True, "loopback only"),
        ("", ["*.example"], False, "no wildcard"),
        ("", ["credit.example:443"], False, "no port"),
        ("", [""], False, "not a host name"),
        ("", ["10.0.0.300"], False, "not a host name"),
        ("", [EVERYWHERE], False, "no name"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_reason(
    host: str, names: list[str], sample: bool, why: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=why):
        reach(host, names, sample=sample)


@pytest.mark.parametrize(
    "url",
    ["http://a.example", "a.example", "https://", "https://a.example/base", "https://u@a.example",
     "https://a.example:99999", "https://a.example?x=1", "https://*.example"],
)  # fmt: skip
def test_a_public_address_is_a_plain_https_base(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(reaching.PUBLIC_URL, url)
    with pytest.raises(ImproperlyConfigured):
        reaching.public_url()
