"""How often an address may ask: counted in memory or in a table, by the same rule."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.queries.policy import figure
from server_stub.reports import asking
from server_stub.reports.models import Asked
from tests.server_stub.reports.conftest import START, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["memory", "table"])
def tally(request: pytest.FixtureRequest, watch: Watch) -> asking.Tally:
    if request.param == "table":
        return asking.InTable()
    return asking.InMemory(lambda: (watch.at - START).total_seconds())


def test_within_a_minute_so_many_and_then_none(tally: asking.Tally, watch: Watch) -> None:
    assert [tally.wait_s("a", 3) for _ in range(3)] == [0, 0, 0]
    assert tally.wait_s("a", 3) == 60
    assert tally.wait_s("b", 3) == 0
    watch.forward(seconds=59.5)
    assert tally.wait_s("a", 3) == 1
    watch.forward(seconds=0.5)
    assert tally.wait_s("a", 3) == 0


def test_whoever_waits_as_told_is_let_through(tally: asking.Tally, watch: Watch) -> None:
    for _ in range(4):
        assert tally.wait_s("a", 2) == 0
        watch.forward(seconds=5)
        assert tally.wait_s("a", 2) == 0
        for _ in range(20):
            wait_s = tally.wait_s("a", 2)
            assert wait_s > 0, "who was refused is not counted, and gets no nearer by trying"
        watch.forward(seconds=wait_s + 5)


def test_any_minute_has_no_more_than_allowed(tally: asking.Tally, watch: Watch) -> None:
    """A bound by the clock's minutes would let twice as many through around their turn."""
    through = []
    for second in range(150):
        if tally.wait_s("a", 5) == 0:
            through.append(second)
        watch.forward(seconds=1)
    assert max(sum(at <= other < at + 60 for other in through) for at in through) == 5
    assert len(through) >= 11


def test_memory_forgets_the_quiet_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "REMEMBERED", 3)
    tally = asking.InMemory()
    for address in "abcad":
        tally.wait_s(address, 9)
    assert list(tally._asked) == ["c", "a", "d"]


def test_the_table_keeps_no_address_and_nothing_for_long(watch: Watch) -> None:
    asking.InTable().wait_s("198.51.100.7", 9)
    assert "198.51" not in Asked.objects.get().address
    watch.forward(seconds=61)
    asking.InTable().wait_s("198.51.100.8", 9)
    assert Asked.objects.count() == 1


def test_the_bound_is_a_row_of_the_dated_table(settings: Any) -> None:
    asking.tally.cache_clear()
    most = figure("verify_a_minute", today())
    for _ in range(most):
        asking.admit("198.51.100.9")
    with pytest.raises(Problem) as refused:
        asking.admit("198.51.100.9")
    assert refused.value.code == "rate-limited"
    assert refused.value.retry_after_s
    asking.tally.cache_clear()
    settings.HENGXIN_PROCESSES = 2
    assert isinstance(asking.tally(), asking.InTable)
    asking.tally.cache_clear()
