"""The line against a real TLS server: pins, proofs, tokens, limits; nothing leaves to a stranger."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.keys.device import DeviceKey
from app.trouble import NotNow, NotRight, NotTrusted, NotYou, Trouble
from app.wire import session
from app.wire.messages import TokensAnswer
from app.wire.problems import Answered
from app.wire.session import Line, Tokens
from tests.app.wire.tls import Answer, Authority, FakeServer, authority, server_files, weak_key

Decide = Callable[[str, str, dict[str, str], bytes], Answer]


@pytest.fixture(scope="module")
def root() -> Authority:
    return authority()


@pytest.fixture
def serve(root: Authority, tmp_path: Path) -> Iterator[Callable[..., FakeServer]]:
    running: list[FakeServer] = []

    def start(answer: Decide | None = None, highest: Any = ssl.TLSVersion.TLSv1_3, **how: Any) -> FakeServer:
        issuer = how.pop("issuer", root)
        server = FakeServer(server_files(tmp_path, issuer, **how), answer or fine, highest)
        running.append(server.__enter__())
        return server

    yield start
    for server in running:
        server.__exit__()


def fine(*_: Any) -> Answer:
    return 200, {}, b"{}"


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    return status, headers or {}, json.dumps({"code": code, **more}).encode()


def claims(proof: str) -> dict[str, Any]:
    part = proof.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def test_what_every_request_carries(serve: Callable[..., FakeServer], root: Authority) -> None:
    server = serve()
    key = DeviceKey.generate()
    Line(server.url, root.pem, key, Tokens("acc", "ref", print)).call("GET", "/api/v1/objections")
    _, _, headers, _ = server.seen[-1]
    assert headers["hyc-protocol"] == "1"
    assert headers["authorization"] == "DPoP acc"
    assert headers["x-request-id"]
    said = claims(headers["dpop"])
    assert said["htu"] == f"{server.url}/api/v1/objections"
    assert said["ath"] == base64.urlsafe_b64encode(hashlib.sha256(b"acc").digest()).rstrip(b"=").decode()


def test_a_nonce_is_taken_up_once(serve: Callable[..., FakeServer], root: Authority) -> None:
    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if claims(headers["dpop"]).get("nonce") == "n1":
            return 200, {"DPoP-Nonce": "n2"}, b"{}"
        return problem(401, "nonce-needed", {"DPoP-Nonce": "n1"})

    server = serve(answer)
    line = Line(server.url, root.pem, DeviceKey.generate())
    line.prove("POST", "/x", {})
    assert [claims(seen[2]["dpop"]).get("nonce") for seen in server.seen] == [None, "n1"]
    with pytest.raises(Answered):  # n2 is not accepted by this server, and after one repetition it is over
        server.answer = lambda *_: problem(401, "nonce-needed", {"DPoP-Nonce": "n3"})
        line.prove("POST", "/x", {})
    assert [claims(seen[2]["dpop"]).get("nonce") for seen in server.seen[2:]] == ["n2", "n3"]


def test_an_ended_access_token_is_renewed_and_kept_before_use(
    serve: Callable[..., FakeServer], root: Authority
) -> None:
    kept: list[tuple[str, str]] = []

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if path == "/api/v1/tokens":
            assert json.loads(body) == {"refresh_token": "r1"}
            fresh = {"access_token": "a2", "refresh_token": "r2", "access_s": 600}
            return 200, {}, json.dumps(fresh).encode()
        if headers["authorization"] == "DPoP a1":
            return problem(401, "token-invalid")
        assert kept == [("a1", ""), ("a2", "r2")]
        return 200, {}, b"{}"

    server = serve(answer)
    line = Line(server.url, root.pem, DeviceKey.generate(), Tokens("a1", "r1", lambda *t: kept.append(t)))
    assert line.call("GET", "/x").status == 200
    assert [seen[1] for seen in server.seen] == ["/x", "/api/v1/tokens", "/x"]


LEASE = {
    "lease": {"payload_b64": "e30=", "key_id": "k", "sig_b64": ""},
    "lease_share_b64": "",
    "share_id": "s",
}


def refreshing(**more: Any) -> Decide:
    """Turns whatever refresh token comes."""
    fresh = {"access_token": "a2", "refresh_token": "r2", "access_s": 600, **more}
    return lambda *_: (200, {}, json.dumps(fresh).encode())


def test_what_comes_with_fresh_tokens_is_handed_over_with_them(
    serve: Callable[..., FakeServer], root: Authority
) -> None:
    stored: list[tuple[str, str]] = []
    whole: list[TokensAnswer] = []
    tokens = Tokens("a1", "r1", lambda *t: stored.append(t), whole.append)
    Line(serve(refreshing(lease=LEASE)).url, root.pem, DeviceKey.generate(), tokens).renew()
    assert stored == [("a1", "")]
    assert whole[0].lease is not None
    assert (whole[0].refresh_token, whole[0].lease.share_id) == ("r2", "s")
    assert (tokens.access, tokens.refresh) == ("a2", "r2")


def test_a_lease_that_cannot_be_kept_does_not_cost_the_sign_in(
    serve: Callable[..., FakeServer], root: Authority
) -> None:
    def refuse(_: TokensAnswer) -> None:
        raise NotTrusted("lease.foreign")

    tokens = Tokens("a1", "r1", lambda *_: None, refuse)
    with pytest.raises(NotTrusted):
        Line(serve(refreshing(lease=LEASE)).url, root.pem, DeviceKey.generate(), tokens).renew()
    assert (tokens.access, tokens.refresh) == ("a2", "r2")


def test_without_a_refresh_token_nothing_is_sent(serve: Callable[..., FakeServer], root: Authority) -> None:
    server = serve(refreshing())
    for tokens in (None, Tokens("a1", "", lambda *_: None)):
        with pytest.raises(NotYou) as none:
            Line(server.url, root.pem, DeviceKey.generate(), tokens).renew()
        assert none.value.code == "session.none"
    assert server.seen == []


def test_a_refresh_whose_answer_is_lost_is_never_repeated(
    serve: Callable[..., FakeServer], root: Authority
) -> None:
    kept: list[tuple[str, str]] = []

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        if path == "/api/v1/tokens":
            return 200, {"Content-Length": "900"}, b"{"
        return problem(401, "token-invalid")

    server = serve(answer)
    line = Line(server.url, root.pem, DeviceKey.generate(), Tokens("a1", "r1", lambda *t: kept.append(t)))
    with pytest.raises(NotNow):
        line.call("GET", "/x")
    with pytest.raises(NotYou):
        line.call("GET", "/x")
    assert [seen[1] for seen in server.seen].count("/api/v1/tokens") == 1
    assert kept == [("a1", "")]


def test_a_dead_refresh_token_asks_for_a_sign_in(serve: Callable[..., FakeServer], root: Authority) -> None:
    server = serve(lambda *_: problem(401, "token-invalid"))
    with pytest.raises(NotYou) as caught:
        Line(server.url, root.pem, DeviceKey.generate(), Tokens("a1", "r1", print)).call("GET", "/x")
    assert caught.value.code == "token-invalid"


def test_without_tokens_nothing_is_sent(serve: Callable[..., FakeServer], root: Authority) -> None:
    server = serve()
    with pytest.raises(NotYou):
        Line(server.url, root.pem, DeviceKey.generate()).call("GET", "/x")
    assert server.seen == []


@pytest.mark.parametrize(
    "how",
    [
        {"end": timedelta(hours=-1)},
        {"start": timedelta(hours=1)},
        {"host": "elsewhere.example"},
        {"self_signed": True},
        {"issuer": authority()},
        {"key": weak_key()},
    ],
    ids=["expired", "not-yet", "other-host", "self-signed", "wrong-authority", "weak-key"],
)
def test_a_bad_certificate_is_refused_before_a_byte_leaves(
    serve: Callable[..., FakeServer], root: Authority, how: dict[str, Any]
) -> None:
    server = serve(**how)
    with pytest.raises(NotTrusted) as caught:
        Line(server.url, root.pem, DeviceKey.generate()).prove("POST", "/x", {"password": "secret"})
    assert caught.value.code == "tls.mismatch"
    assert server.seen == []


def test_control_the_same_server_with_a_good_certificate_is_accepted(
    serve: Callable[..., FakeServer], root: Authority
) -> None:
    assert Line(serve().url, root.pem).open("GET", "/api/").status == 200
    assert Line(serve(highest=ssl.TLSVersion.TLSv1_2).url, root.pem).open("GET", "/api/").status == 200


def test_old_tls_is_refused(root: Authority) -> None:
    context = session.pinned_context(root.pem)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert all("RC4" not in c["name"] and "3DES" not in c["name"] for c in context.get_ciphers())


def test_the_environment_has_no_say(
    serve: Callable[..., FakeServer], root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = authority()
    other = tmp_path / "other.pem"
    other.write_text(stranger.pem)
    (tmp_path / ".netrc").write_text("machine localhost login a password b\n")
    keylog = tmp_path / "keys.log"
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(variable, str(other))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("SSLKEYLOGFILE", str(keylog))
    monkeypatch.setenv("HOME", str(tmp_path))
    server = serve()
    Line(server.url, root.pem).open("GET", "/api/")
    assert "authorization" not in server.seen[-1][2]
    assert not keylog.exists()
    with pytest.raises(NotTrusted):
        Line(serve(issuer=stranger).url, root.pem).open("GET", "/api/")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_stays(
    serve: Callable[..., FakeServer], root: Authority, status: int
) -> None:
    elsewhere = serve()
    server = serve(lambda *_: (status, {"Location": f"{elsewhere.url}/x"}, b""))
    with pytest.raises(NotTrusted) as caught:
        Line(server.url, root.pem, DeviceKey.generate(), Tokens("acc", "ref", print)).call("GET", "/x")
    assert caught.value.code == "answer.redirect"
    assert elsewhere.seen == []


def test_plain_http_is_refused(root: Authority) -> None:
    for url in ("http://localhost:1", "localhost", "https://a b", "https://u:p@localhost"):
        with pytest.raises(NotRight):
            Line(url, root.pem)
    with pytest.raises(NotRight):
        Line("https://localhost", "no certificate")


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip-bomb"])
def test_a_body_beyond_the_limit_is_given_up(
    serve: Callable[..., FakeServer], root: Authority, monkeypatch: pytest.MonkeyPatch, zipped: bool
) -> None:
    monkeypatch.setattr(session, "SMALL", 100_000)
    raw = b'{"a":"' + b"x" * 5_000_000 + b'"}'
    packed = (200, {"Content-Encoding": "gzip"}, gzip.compress(raw)) if zipped else (200, {}, raw)
    server = serve(lambda *_: packed)
    with pytest.raises(NotTrusted) as caught:
        Line(server.url, root.pem).open("GET", "/api/")
    assert caught.value.code == "answer.too-large"


@pytest.mark.parametrize(
    "raw",
    [b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", b"\xff", b"<html>", b"[1]"],
)
def test_odd_json_is_not_trusted(serve: Callable[..., FakeServer], root: Authority, raw: bytes) -> None:
    server = serve(lambda *_: (200, {}, raw))
    with pytest.raises(NotTrusted) as caught:
        Line(server.url, root.pem).open("GET", "/api/").read(dict)
    assert caught.value.code == "answer.malformed"


def test_an_error_page_that_is_no_problem_is_a_fault(
    serve: Callable[..., FakeServer], root: Authority
) -> None:
    server = serve(lambda *_: (502, {}, b"<html><img src=file:///etc/passwd>"))
    with pytest.raises(Answered) as caught:
        Line(server.url, root.pem).open("GET", "/api/")
    assert caught.value.trouble.code == "fault"


def test_network_faults_say_whether_anything_left(
    serve: Callable[..., FakeServer], root: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotNow) as offline:
        Line("https://localhost:9", root.pem).open("GET", "/api/")
    assert (offline.value.code, offline.value.context["sent"]) == ("net.offline", 0)
    cut = serve(lambda *_: (200, {"Content-Length": "900"}, b"{"))
    with pytest.raises(NotNow) as half:
        Line(cut.url, root.pem).open("GET", "/api/")
    assert half.value.context["sent"] == 1
    torn = serve(lambda *_: b"")  # type: ignore[arg-type, return-value]
    with pytest.raises(NotNow) as broken:
        Line(torn.url, root.pem, DeviceKey.generate(), Tokens("acc", "ref", print)).call(
            "PATCH", "/x", b"x" * 4_000_000
        )
    assert (broken.value.code, broken.value.context["sent"]) == ("net.cut", 1)
    slow = serve(lambda *_: (__import__("time").sleep(1.5), fine())[1])
    line = Line(slow.url, root.pem, DeviceKey.generate(), Tokens("acc", "ref", print))
    with pytest.raises(Trouble) as late:
        line.call("GET", "/x", read_s=1)
    assert (late.value.code, late.value.context["sent"]) == ("net.timeout", 1)
