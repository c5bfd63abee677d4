"""The list of copies says how long each can really be read, for people and for scripts."""

from __future__ import annotations

from datetime import timedelta

from app.assembly import Client
from app.cli import asking
from app.clock import epoch_ms
from local_cache import answers
from tests.app.cli.conftest import Run
from tests.app.services.vaults import START, bundle, kept_copy


def keep(client: Client, query_no: str, hours: int) -> None:
    ends = START + timedelta(hours=hours)
    kept = kept_copy(bundle(query_no, ends), epoch_ms(ends))
    client.unlocking.room.run(lambda o: answers.put(o.copies(), kept, [("r1", 1)], "x"))


def test_a_copy_is_not_said_to_live_longer_than_the_lease(client: Client, run: Run) -> None:
    keep(client, "Q1", 10)
    keep(client, "Q2", 150)
    listed = run(asking.cached, act="list")
    assert {one["query_no"]: one["left_s"] for one in listed.facts["copies"]} == {
        "Q1": 10 * 3600, "Q2": 72 * 3600,
    }  # fmt: skip
    told = {line.split()[0]: line for line in listed.lines}
    assert "10 小时" in told["Q1"] and "租约" not in told["Q1"]
    assert "3 天（离线租约先到期" in told["Q2"]
    shown = run(asking.cached, act="show", which="Q2")
    assert (shown.facts["left_s"], shown.facts["of_lease"]) == (72 * 3600, True)
    assert "3 天（离线租约先到期" in shown.lines[0]
