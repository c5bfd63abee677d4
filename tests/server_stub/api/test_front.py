"""Before Django the same is asked and the same is told as behind it: both roads side by side."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import Any, cast

import pytest
from django.db import connections

from server_stub import statements
from server_stub.accounts.models import Device, Officer, Token
from server_stub.api import short
from server_stub.api.front import Front
from server_stub.config.clock import clock, now
from tests.server_stub.in_process import InProcess, called, django, routes
from tests.server_stub.knocking import Knocker

SEARCH = "/api/v1/candidates"
BODY = {"op_id": "12345678", "text": "云石", "purpose": "B01"}
Told = tuple[str, list[tuple[str, str]], Any]


class Roads:
    """One request by the front and once more by Django alone, each with a proof of its own."""

    def __init__(self, bank: Knocker) -> None:
        bank.call("GET", "/api/v1/objections")  # has the nonce
        assert isinstance(bank.over, InProcess)
        self.bank, self.over = bank, bank.over

    def environ(self, body: Any, changes: dict[str, Any], **claims: Any) -> dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "HYC-Protocol": "1",
            "X-Request-ID": "6f1c2c7e-8a52-4a8a-9f6b-0123456789ab",
            "Authorization": f"DPoP {self.bank.token}",
            "DPoP": self.bank.proof("POST", SEARCH, self.bank.token, **claims),
        }
        made = self.over.environ("POST", SEARCH, headers, content)
        given = {**made, "wsgi.input": io.BytesIO(content), **changes}
        return {name: value for name, value in given.items() if value is not None}

    def both(self, body: Any = BODY, changes: dict[str, Any] | None = None, **claims: Any) -> Told:
        """What both told, after they told the same."""
        road = []
        for application in (Front(forbidden if body == BODY else routes, lambda: None), routes):
            status, headers, content = called(application, self.environ(body, changes or {}, **claims))
            road.append((status, headers, content if status >= "400" else json.loads(content)))
        assert road[0] == road[1]
        return road[0]


def forbidden(environ: Any, begin: Any) -> list[bytes]:
    raise AssertionError("this road ends at the front")


def whole(environ: Any, begin: Any) -> Any:
    """Django's own answer, not yet cut."""
    answer = django(environ)
    begin(f"{answer.status_code} {answer.reason_phrase}", [*answer.items()])
    return answer


@pytest.fixture
def roads(bank: Knocker) -> Roads:
    return Roads(bank)


def code(told: Told) -> str:
    assert told[1][0] == ("Content-Type", "application/problem+json")
    return str(json.loads(told[2])["code"])


def test_a_search_that_is_answered(roads: Roads) -> None:
    status, headers, body = roads.both()
    assert status == "200 OK" and body["candidates"]
    assert [name for name, _ in headers] == [
        *("Content-Type", "DPoP-Nonce", "X-Request-ID", "Cache-Control", "X-Content-Type-Options")
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"HTTP_HOST": "elsewhere.example"}, "not-found"),
        ({"HTTP_HOST": "testserver:x"}, "not-found"),
        ({"HTTP_HOST": "testserver." * 40}, "not-found"),
        ({"HTTP_HYC_PROTOCOL": None}, "protocol-unsupported"),
        ({"HTTP_HYC_PROTOCOL": "2"}, "protocol-unsupported"),
        ({"CONTENT_LENGTH": "-1"}, "body-invalid"),
        ({"CONTENT_LENGTH": "²"}, "body-invalid"),
        ({"CONTENT_LENGTH": str(1024 * 1024 + 1)}, "body-too-large"),
        ({"HTTP_AUTHORIZATION": None}, "token-invalid"),
        ({"HTTP_AUTHORIZATION": "Bearer x"}, "token-invalid"),
        ({"HTTP_AUTHORIZATION": "DPoP x"}, "proof-invalid"),
        ({"HTTP_DPOP": None}, "proof-invalid"),
        ({"HTTP_DPOP": "a.b.c"}, "proof-invalid"),
        ({"wsgi.url_scheme": "https"}, "proof-invalid"),
        ({"HTTP_HYC_EPOCH": "another"}, "epoch-changed"),
    ],
    ids=str,
)
def test_a_request_that_is_refused(roads: Roads, changes: dict[str, Any], told: str) -> None:
    assert code(roads.both(changes=changes)) == told


@pytest.mark.parametrize("wrong", [{"htm": "GET"}, {"jti": "short"}, {"ath": None}, {"iat": True}], ids=str)
def test_a_proof_of_something_else(roads: Roads, wrong: dict[str, Any]) -> None:
    assert code(roads.both(**wrong)) == "proof-invalid"


def test_an_old_nonce_is_answered_with_a_new_one(roads: Roads) -> None:
    status, headers, body = roads.both(nonce="old")
    assert (status, dict(headers)["HYC-Problem"]) == ("401 Unauthorized", "nonce-needed")
    assert dict(headers)["DPoP-Nonce"] == roads.bank.nonce and json.loads(body)["instance"]


def test_a_proof_that_one_road_took_opens_neither(roads: Roads) -> None:
    given = roads.environ(BODY, {})
    content = given["wsgi.input"].getvalue()
    for application, status in ((routes, "200"), (Front(forbidden, lambda: None), "401"), (routes, "401")):
        again = {**given, "wsgi.input": io.BytesIO(content)}
        assert called(application, again)[0].startswith(status)


def test_a_device_or_an_officer_that_is_stopped_and_a_token_that_ended(roads: Roads) -> None:
    Device.objects.filter(pk=roads.bank.device_id).update(state="revoked")
    at = now()
    with clock(lambda: at):  # it stands in the order that is signed
        assert code(roads.both()) == "device-revoked"
    Device.objects.filter(pk=roads.bank.device_id).update(state="active")
    Officer.objects.filter(user="bank1").update(active=False)
    assert code(roads.both()) == "account-suspended"
    Officer.objects.filter(user="bank1").update(active=True)
    assert roads.both()[0] == "200 OK"  # the control
    Token.objects.update(expires_at=at - timedelta(seconds=1))
    assert code(roads.both()) == "token-invalid"


def test_what_the_service_refuses(roads: Roads) -> None:
    assert code(roads.both({**BODY, "purpose": "X99"})) not in {"", "body-invalid"}


def test_a_fault_of_ours(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("衡阳某人 43040019900101001X")

    monkeypatch.setattr("server_stub.queries.search.candidates", broken)
    assert code(roads.both()) == "fault"


def test_a_body_that_does_not_fit_comes_to_its_route_as_it_was(roads: Roads) -> None:
    status, _, told = roads.both({**BODY, "more": "衡" * 400})
    assert status == "200 OK" and told["candidates"]
    assert code(roads.both(b"{")) == "body-invalid"
    assert code(roads.both({**BODY, "text": "石" * 500})) == "text-too-long"


@pytest.mark.parametrize("change", [{"REQUEST_METHOD": "PUT"}, {"SCRIPT_NAME": "/x"}, {"PATH_INFO": "/"}])
def test_another_method_and_another_place_are_the_routes(roads: Roads, change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="ends at the front"):
        called(Front(forbidden, lambda: None), roads.environ(BODY, change))


def test_a_request_without_a_number_is_given_one(roads: Roads) -> None:
    for given in ("", "x", None):
        front = Front(forbidden, lambda: None)
        headers = dict(called(front, roads.environ(BODY, {"HTTP_X_REQUEST_ID": given}))[1])
        assert str(uuid.UUID(headers["X-Request-ID"])) == headers["X-Request-ID"]


def test_the_answer_is_in_one_piece_whichever_road_gave_it(roads: Roads) -> None:
    """The server then writes it with its length at once; a stream it would cut in pieces."""
    front, begin = Front(whole, lambda: None), cast("Any", lambda *_: None)
    for change in ({}, {"HTTP_DPOP": None}, {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/"}):
        answer = front(roads.environ(BODY, change), begin)
        assert isinstance(answer, list) and len(answer) == 1 and answer[0]


@pytest.mark.parametrize("given", ["good", "refused", "fault", "misfit"])
def test_the_connection_is_looked_after_whatever_became_of_the_request(
    roads: Roads, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    looked: list[str] = []
    front = Front(routes, lambda: looked.append(given))
    if given == "fault":
        monkeypatch.setitem(short.WAYS, SEARCH, short.way(short.Searched, 200, lambda *_: 1 / 0))
    body = {**BODY, "more": 1} if given == "misfit" else BODY
    called(front, roads.environ(body, {"HTTP_DPOP": None} if given == "refused" else {}))
    assert looked == [given]
    called(front, roads.environ(BODY, {"REQUEST_METHOD": "GET"}))
    assert looked == [given]  # Django looks after those of its own


def test_a_connection_left_within_a_transaction_is_not_left_to_the_next(db: None) -> None:
    base, closed = connections["default"], list[str]()
    base.ensure_connection()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "close", lambda: closed.append("closed"))
        statements.tend()  # each test stands within a transaction
        assert closed == ["closed"]
        patch.setattr(base, "autocommit", True)
        statements.tend()
        assert closed == ["closed"]  # the control
