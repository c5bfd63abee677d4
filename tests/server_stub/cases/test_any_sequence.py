"""Whatever is typed in whatever order: a mark stands exactly while an accepted objection is open.

The same walk holds the repairs to their table, and the number of steps, notices and leaves to each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.accounts.models import Officer
from server_stub.cases import deciding, services
from server_stub.cases.models import MARKED, REPAIR_OPEN, Objection, Repair, RepairStep, Step
from server_stub.cases.repairs import services as repairs
from server_stub.config.clock import clock
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.records import services as records
from server_stub.records.models import Record
from tests.server_stub.cases.conftest import FILED, Town
from tests.server_stub.cases.test_attachments import PNG, handed
from tests.server_stub.cases.test_repairs import body as application

pytestmark = pytest.mark.django_db
Act = Callable[[], object]
WHO = ("centre1", "centre2")
OUTCOMES = ("corrected", "supplemented", "removed", "kept", "noted")


class Street:
    """The town, its two decisions and everything that may be typed about them."""

    def __init__(self, town: Town) -> None:
        self.town, self.count = town, itertools.count()
        self.moment = FILED

    def objection(self) -> str:
        newest = Objection.objects.order_by("number").last()
        return newest.number if newest else "YY-0"

    def repair(self) -> str:
        newest = Repair.objects.order_by("number").last()
        return newest.number if newest else "XF-0"

    def act(self, name: str, by: str, outcome: str) -> object:
        town, one, two = self.town, self.objection(), self.repair()
        op = f"op{next(self.count)}"
        changes = {"fields": {"BZ": op}} if outcome in ("corrected", "supplemented") else None
        paper = {"paper_no": "示例〔2026〕1号", "by": by}
        acts: dict[str, Act] = {
            "file": lambda: services.file(town.own, op, town.body(town.own)),
            "hint": lambda: services.file(town.bank, op, town.body(town.bank, kind="data_error")),
            "accept": lambda: services.accept(one, by=by),
            "return": lambda: services.give_back(one, what="缺", by=by),
            "supplement": lambda: services.supplement(town.own, one, statement="补"),
            "add": lambda: services.add(town.own, one, statement="又", attached=[handed(PNG)]),
            "decline": lambda: services.decline(one, answer="否", by=by),
            "forward": lambda: services.forward(one, to="示例局", by=by),
            "answer": lambda: services.answer(one, answer="答", by=by),
            "extend": lambda: services.extend(one, why="因", by=by),
            "conclude": lambda: services.conclude(one, outcome=outcome, answer="由", by=by, changes=changes),
            "recheck": lambda: services.recheck(town.own, one, why="因"),
            "close": lambda: services.close(one, by=by, agreed=True),
            "apply": lambda: repairs.apply(town.own, op, application(town)),
            "reorganise": lambda: repairs.apply(town.own, op, application(town, kind="reorganisation")),
            "hand": lambda: repairs.hand(two, to="示例局", by=by),
            "repair accept": lambda: repairs.accept(two, by=by),
            "grant": lambda: repairs.grant(two, **paper),
            "refuse": lambda: repairs.refuse(two, answer="否", **paper),
            "plan done": lambda: repairs.plan_done(two, **paper),
            "plan failed": lambda: repairs.plan_failed(two, **paper),
            "correct": lambda: records.correct(town.rec_id, {"fields": {"BZ": op}}, reason="示例", by=by),
            "annul": lambda: records.annul(town.rec_id, reason="示例", by=by),
            "a day": self.next_day,
        }
        return acts[name]()

    def next_day(self) -> None:
        self.moment += timedelta(days=3)


NAMES = (
    "file", "hint", "accept", "return", "supplement", "add", "decline", "forward", "answer", "extend",
    "conclude", "recheck", "close", "apply", "reorganise", "hand", "repair accept", "grant", "refuse",
    "plan done", "plan failed", "correct", "annul", "a day",
)  # fmt: skip
# what leads somewhere is drawn more often than what is mostly refused
LIKELY = ("file", "accept", "conclude", "recheck", "apply", "hand", "grant", "forward", "reorganise")
WORDS = st.lists(
    st.tuples(st.sampled_from(NAMES + LIKELY * 2), st.sampled_from(WHO), st.sampled_from(OUTCOMES)),
    min_size=1,
    max_size=14,
)


@pytest.fixture
def street(town: Town) -> Street:
    Officer.objects.create(
        user="centre2",
        name="测试",
        organisation=town.centre.organisation,
        role="centre_staff",
        totp_secret=b"x",
    )
    return Street(town)


def flaws() -> Iterator[str]:
    """What does not hold of the rows as they are."""
    marks = set(Record.objects.exclude(objection_no="").values_list("rec_id", "objection_no"))
    awaited = Objection.objects.filter(kind="objection", state__in=MARKED)
    due = set(awaited.values_list("rec_id", "number"))
    if marks != due:
        yield f"marks {sorted(marks)} and open accepted objections {sorted(due)}"
    for one in awaited:
        if Record.objects.get(pk=one.rec_id).objection_due != one.due_on:
            yield f"the mark of {one.number} tells another day"
    for table, steps in ((Objection, Step), (Repair, RepairStep)):
        if sum(table.objects.values_list("rev", flat=True)) != steps.objects.count():
            yield f"{table.__name__}: revisions and steps"
    told = Change.objects.filter(op="notice").count()
    if told != Step.objects.count() + RepairStep.objects.count():
        yield "steps and notices"
    if told != Leaf.objects.filter(kind__in=("objection", "repair")).count():
        yield "notices and leaves"
    for case in Repair.objects.filter(state="granted", kind="performance"):
        if Record.objects.get(pk=case.rec_id).status == "current":
            yield f"{case.number} was granted and its record is shown"
    if Repair.objects.filter(state__in=REPAIR_OPEN).count() > 1:
        yield "two open applications for one record"


def walk(street: Street, words: list[tuple[str, str, str]]) -> list[str]:
    """Type everything; the flaws after each step, and rows that a refused one changed."""
    found: list[str] = []
    with clock(lambda: street.moment):
        for name, by, outcome in words:
            before = (Step.objects.count(), RepairStep.objects.count(), Leaf.objects.count())
            try:
                with transaction.atomic():
                    street.act(name, by, outcome)
            except Problem:
                after = (Step.objects.count(), RepairStep.objects.count(), Leaf.objects.count())
                if after != before:
                    found.append(f"{name} was refused and left rows")
            found += [f"after {name}: {flaw}" for flaw in flaws()]
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
def test_no_sequence_leaves_a_mark_alone_or_an_open_objection_unmarked(
    street: Street, words: list[tuple[str, str, str]]
) -> None:
    point = transaction.savepoint()
    try:
        assert walk(street, words) == []
    finally:
        transaction.savepoint_rollback(point)
        street.moment = FILED


LONG: tuple[str, ...] = (
    "file", "return", "supplement", "accept", "forward", "answer", "extend", "conclude", "recheck",
    "forward", "answer", "conclude", "close", "reorganise", "hand", "grant", "plan failed", "apply", "hand",
    "file", "accept", "grant", "conclude",
)  # fmt: skip


def test_the_longest_way_is_walked_to_its_end(street: Street) -> None:
    words = [(name, WHO[place > 8 and place < 13], "kept") for place, name in enumerate(LONG)]
    assert walk(street, words) == []
    states = list(Objection.objects.order_by("number").values_list("state", flat=True))
    assert states == ["closed", "kept"]
    assert list(Repair.objects.order_by("number").values_list("state", flat=True)) == ["resumed", "granted"]


def test_control_a_mark_that_stays_is_found(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "unmark", lambda *words, **more: 0)
    assert any(
        "marks" in flaw
        for flaw in walk(street, [(name, "centre1", "kept") for name in ("file", "accept", "conclude")])
    )


def test_control_an_objection_without_its_mark_is_found(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "_mark", lambda *words: None)
    assert any("marks" in flaw for flaw in walk(street, [("file", "centre1", ""), ("accept", "centre1", "")]))
