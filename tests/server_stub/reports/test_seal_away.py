"""The seal is away, slow, over its bound or without its token: a typed refusal, nothing half issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.reports import proving, services
from server_stub.reports.models import HeldRecord, Report
from server_stub.reports.selectors import folder
from server_stub.sample import Sample, load
from server_stub.seal import uses
from server_stub.seal.asking import ask
from server_stub.seal.providers import KeyFile
from server_stub.seal.words import SUITE, SealAway, Wanted
from tests.server_stub.own_seals import seal_kept
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None) -> Iterator[Sample]:
    """Without a keeper."""
    yield load("small")


class Fails:
    suite = SUITE

    def __init__(self, why: Any) -> None:
        self._why = why

    def sign(self, content: bytes) -> bytes:
        raise SealAway(self._why)


def refused(try_it: Callable[[], Any]) -> Problem:
    """The refusal; nothing but its link and its leaf is kept."""
    files = set(folder().glob("*")) if folder().exists() else set()
    leaves = Leaf.objects.count()
    with pytest.raises(Problem) as raised:
        try_it()
    assert raised.value.code == "seal-unavailable"
    assert (Report.objects.count(), HeldRecord.objects.count()) == (0, 0)
    assert (set(folder().glob("*")) if folder().exists() else set()) == files
    assert Leaf.objects.count() == leaves + 1
    assert Leaf.objects.order_by("-index")[0].report_no == ""
    return raised.value


def test_nobody_keeps_the_seal_and_the_same_wish_goes_through_later(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no)

    def send() -> dict[str, Any]:
        return services.issue(desk.officer, desk.device, [link], op_id, body, 0)

    assert refused(send).retry_after_s == 60
    with seal_kept():
        assert send()["number"]
    assert Report.objects.count() == 1


@pytest.mark.parametrize("why", ["token", "pin"])
def test_a_token_that_is_gone_or_wants_its_pin_stops_issuing(desk: Desk, query_no: str, why: str) -> None:
    with seal_kept(Fails(why)):
        assert refused(lambda: desk.issue(query_no)).detail == why
    with seal_kept():
        assert desk.issue(query_no)["number"]


def test_a_slow_seal_stops_issuing(desk: Desk, query_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "ask", lambda home, wanted: ask(home, wanted, patience_s=0.0))
    with seal_kept():
        problem = refused(lambda: desk.issue(query_no))
    assert problem.detail in {"slow", "away"}


def test_over_the_bound_it_is_said_when(
    desk: Desk, query_no: str, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "seals_an_hour", lambda on: 0)
    with seal_kept():
        problem = refused(lambda: desk.issue(query_no))
    assert (problem.detail, problem.retry_after_s) == ("over-rate", 3600)


def test_the_log_of_the_seal_names_the_officer_and_the_number(desk: Desk, query_no: str) -> None:
    asked: list[Wanted] = []
    with seal_kept() as keeper:
        said = keeper.answer
        keeper.answer = lambda wanted, asker=0: (asked.append(wanted), said(wanted, asker))[1]  # type: ignore[method-assign]
        number = desk.issue(query_no)["number"]
        with pytest.raises(SealAway, match="number-used"):  # a second file under a number that is out
            proving.ask(proving.settings.HENGXIN_HOME, asked[0])
    assert [(one.user, one.number) for one in asked][:1] == [("bank1", number)]


def test_the_application_holds_no_key(desk: Desk, query_no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes of the seal's key are read by the keeper alone."""
    read: list[str] = []
    real = KeyFile._read
    monkeypatch.setattr(KeyFile, "_read", lambda self: (read.append("keeper"), real(self))[1])
    with seal_kept():
        desk.issue(query_no)
    assert read == ["keeper"]
    assert not hasattr(proving.seal(), "key_path")


def test_no_seal_is_spent_on_what_the_chain_does_not_carry(
    desk: Desk, query_no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Wanted] = []
    real = proving.ask
    monkeypatch.setattr(proving, "ask", lambda home, wanted: (asked.append(wanted), real(home, wanted))[1])
    op_id, body, link = desk.wish(query_no)
    other = desk.wish(query_no)[2]

    def send(*links: str) -> dict[str, Any]:
        return services.issue(desk.officer, desk.device, list(links), op_id, body, 0)

    def told(*links: str) -> str:
        with pytest.raises(Problem) as raised:
            send(*links)
        return raised.value.code

    with seal_kept():
        assert (told("rubbish"), told()) == ("entry-invalid", "entry-invalid")
        assert told(link, other) == "entry-invalid"  # the last one is another wish's
        assert told(other) == "chain-gap"
        assert (asked, Report.objects.count()) == ([], 0)
        assert send(link)["number"] == asked[0].number  # the control: a sound link has its seal
