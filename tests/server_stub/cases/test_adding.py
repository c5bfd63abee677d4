"""Further evidence for an objection that is under way, and evidence with the wish for a recheck."""

from __future__ import annotations

import pytest

from server_stub.cases import services
from server_stub.cases.models import Attachment, Objection, Step
from server_stub.errors import Problem
from server_stub.feed.models import Change
from tests.server_stub.cases.conftest import Town
from tests.server_stub.cases.test_attachments import PNG, handed

pytestmark = pytest.mark.django_db
FILE = handed(PNG, "收据.png")


def accepted(town: Town) -> str:
    number: str = services.file(town.own, "op", town.body(town.own))["number"]
    services.accept(number, by="centre1")
    return number


def test_what_is_added_leaves_state_and_clock_and_is_told(town: Town) -> None:
    number = accepted(town)
    before = Objection.objects.get(pk=number)
    seen = services.add(town.own, number, statement="另附收据", attached=[FILE], rev=before.rev)
    now = Objection.objects.get(pk=number)
    assert (now.state, now.due_on, now.clock, now.rev) == (
        "accepted",
        before.due_on,
        "total",
        before.rev + 1,
    )
    assert seen["history"][-1]["text"] == "补充材料已收到"
    assert Step.objects.get(objection=now, rev=now.rev).said == "另附收据"
    assert [one.name for one in Attachment.objects.all()] == ["收据.png"]
    notice = Change.objects.filter(op="notice", audience="own1").latest("pk")
    assert "补充材料已收到" in str(notice.body)


def test_words_alone_are_no_further_evidence_but_a_paper_at_the_window_is(town: Town) -> None:
    number = accepted(town)
    with pytest.raises(Problem, match="file"):
        services.add(town.own, number, statement="请快一点")
    assert services.add(town.centre, number, statement="窗口收到收据原件")["state"] == "accepted"


def test_a_case_takes_so_many_files_and_no_more(town: Town) -> None:
    number = accepted(town)
    with pytest.raises(Problem, match="too many"):
        services.add(town.own, number, statement="x", attached=[FILE] * 6)
    for _ in range(3):
        services.add(town.own, number, statement="x", attached=[FILE] * 5)
    with pytest.raises(Problem, match="too many"):
        services.add(town.own, number, statement="x", attached=[FILE])
    assert Attachment.objects.count() == 15


def test_a_recheck_brings_what_proves_it_and_comes_once(town: Town) -> None:
    number = accepted(town)
    services.conclude(number, outcome="kept", answer="一致", by="centre1")
    assert services.recheck(town.own, number, why="有收据", attached=[FILE])["state"] == "rechecking"
    assert Attachment.objects.get().objection_id == number
    services.forward(number, to="示例局", by="centre1")
    with pytest.raises(Problem) as caught:
        services.recheck(town.own, number, why="再来", attached=[FILE])
    assert caught.value.code == "rev-conflict"
    assert Attachment.objects.count() == 1
