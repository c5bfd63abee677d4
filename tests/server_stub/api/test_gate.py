"""The gate takes one fresh proof by the right key for this very request, and nothing else."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from server_stub.config.clock import clock, now
from tests.server_stub.in_process import InProcess
from tests.server_stub.knocking import Answer, Knocker

PATH = "/api/v1/objections"


def knock(knocker: Knocker, proof: str, token: str | None = None) -> Answer:
    headers = {"HYC-Protocol": "1", "DPoP": proof, "Authorization": f"DPoP {token or knocker.token}"}
    answer = knocker.over.send("GET", PATH, headers, None)
    knocker.nonce = answer.headers.get("dpop-nonce", knocker.nonce)
    return answer


def test_a_right_proof_opens_and_brings_a_nonce(bank: Knocker) -> None:
    answer = knock(bank, bank.proof("GET", PATH, bank.token))
    assert (answer.status, answer.body) == (200, {"objections": []})
    assert answer.headers["dpop-nonce"]


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "POST"},
        {"htu": "http://testserver/api/v1/changes"},
        {"htu": "https://testserver/api/v1/objections"},
        {"iat": None},
        {"iat": "1"},
        {"jti": "short"},
        {"jti": None},
        {"ath": None},
        {"ath": "x" * 43},
        {"header": {"typ": "jwt"}},
    ],
    ids=str,
)
def test_a_proof_with_one_wrong_part_is_refused(bank: Knocker, changes: dict[str, Any]) -> None:
    answer = knock(bank, bank.proof("GET", PATH, bank.token, **changes))
    assert (answer.status, answer.code) == (401, "proof-invalid")


def test_a_wrong_clock_locks_nobody_out(bank: Knocker) -> None:
    assert knock(bank, bank.proof("GET", PATH, bank.token, iat=1)).status == 200


def test_a_proof_is_taken_once(bank: Knocker) -> None:
    proof = bank.proof("GET", PATH, bank.token)
    assert knock(bank, proof).status == 200
    assert knock(bank, proof).code == "proof-replayed"


@pytest.mark.parametrize("nonce", [None, "", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "衡"])
def test_another_nonce_is_answered_with_a_good_one(bank: Knocker, nonce: str | None) -> None:
    answer = knock(bank, bank.proof("GET", PATH, bank.token, nonce=nonce))
    assert (answer.status, answer.code) == (401, "nonce-needed")
    assert knock(bank, bank.proof("GET", PATH, bank.token)).status == 200


def test_a_nonce_lives_ten_minutes_at_most(bank: Knocker) -> None:
    knock(bank, bank.proof("GET", PATH, bank.token))
    proof = bank.proof("GET", PATH, bank.token)
    later = now() + timedelta(seconds=601)
    with clock(lambda: later):
        assert knock(bank, proof).code == "nonce-needed"
        assert knock(bank, bank.proof("GET", PATH, bank.token)).code == "token-invalid"  # ended by then
        assert (
            bank.call("POST", "/api/v1/tokens", {"refresh_token": bank.refresh}, signed=False).status == 200
        )


def test_the_nonce_of_the_window_before_is_still_taken(bank: Knocker) -> None:
    knock(bank, bank.proof("GET", PATH, bank.token))
    proof = bank.proof("GET", PATH, bank.token)
    later = now() + timedelta(seconds=299)
    with clock(lambda: later):
        assert knock(bank, proof).status == 200


def test_a_stolen_token_is_nothing_without_its_key(bank: Knocker) -> None:
    thief = Knocker(InProcess(), nonce=bank.nonce)
    answer = knock(thief, thief.proof("GET", PATH, bank.token), bank.token)
    assert (answer.status, answer.code) == (401, "token-invalid")


@pytest.mark.parametrize("scheme", ["Bearer", "DPoP"])
def test_a_token_without_a_proof_is_refused(bank: Knocker, scheme: str) -> None:
    headers = {"HYC-Protocol": "1", "Authorization": f"{scheme} {bank.token}"}
    answer = bank.over.send("GET", PATH, headers, None)
    assert answer.status == 401
    assert answer.code == ("proof-invalid" if scheme == "DPoP" else "token-invalid")


def test_a_key_that_shows_its_private_part_is_refused(bank: Knocker) -> None:
    answer = knock(bank, bank.proof("GET", PATH, bank.token, header={"jwk": bank.key.as_dict(private=True)}))
    assert answer.code == "proof-invalid"


def test_other_algorithms_are_refused(bank: Knocker) -> None:
    claims = json.dumps({"htm": "GET", "htu": "http://testserver" + PATH, "iat": 1, "jti": "a" * 22})
    secret = OctKey.import_key("k" * 32)
    header = {"typ": "dpop+jwt", "alg": "HS256", "jwk": bank.key.as_dict(private=False)}
    forged = jws.serialize_compact(header, claims, secret, algorithms=["HS256"])
    assert knock(bank, forged).code == "proof-invalid"
    large = ECKey.generate_key("P-384")
    header = {"typ": "dpop+jwt", "alg": "ES384", "jwk": large.as_dict(private=False)}
    forged = jws.serialize_compact(header, claims, large, algorithms=["ES384"])
    assert knock(bank, forged).code == "proof-invalid"
    for text in ("", "a.b", "a.b.c", "ey" * 40, "…"):
        assert knock(bank, text.encode("utf-8", "replace").decode("latin-1")).code == "proof-invalid"


def test_a_signature_by_another_key_is_refused(bank: Knocker) -> None:
    thief = Knocker(InProcess(), nonce=bank.nonce)
    proof = thief.proof("GET", PATH, bank.token, header={"jwk": bank.key.as_dict(private=False)})
    assert knock(bank, proof).code == "proof-invalid"


def test_sign_in_needs_a_proof_too(bank: Knocker) -> None:
    body = {"user": "bank1", "password": "x"}
    answer = bank.call("POST", "/api/v1/sign-in/password", body, signed=False, proven=False)
    assert (answer.status, answer.code) == (401, "proof-invalid")


@pytest.mark.parametrize("number", ["", "0", "2", "1.0"])
def test_another_protocol_is_told_which_ones_there_are(db: None, number: str) -> None:
    answer = InProcess().send("GET", "/api/v1/log/checkpoint", {"HYC-Protocol": number}, None)
    assert (answer.status, answer.code, answer.body["context"]) == (
        426,
        "protocol-unsupported",
        {"protocols": [1]},
    )


def test_the_request_number_comes_back(db: None) -> None:
    number = str(uuid.uuid4())
    answer = InProcess().send("GET", "/api/v1/nothing", {"HYC-Protocol": "1", "X-Request-ID": number}, None)
    assert (answer.status, answer.code, answer.body["instance"]) == (404, "not-found", number)
    assert answer.headers["x-request-id"] == number
