"""Who may put what right, and what stays as a trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from server_stub.errors import Problem
from server_stub.exchange.persons import services
from server_stub.exchange.persons.correcting import Corrected, Wrong, correct
from server_stub.exchange.persons.models import PersonBatch, PersonRow
from server_stub.subjects.models import Subject

from .made import resident, row
from .test_services import A, B, Stage, entered, stage

__all__ = ["stage"]
pytestmark = pytest.mark.django_db
YOUNGER, OLDER = date(2012, 5, 6), date(1980, 1, 2)
Fix = Callable[..., Corrected]


@pytest.fixture
def known(stage: Stage) -> Subject:
    entered(stage, row(kind="护照", number="E00000002"))
    return Subject.objects.get()


def fix(
    person: Subject, wrong: Wrong, kind: str = "passport", number: str = "E00000002", **who: str
) -> Corrected:
    said = {"by": A, "second": B, "why": "户籍证明〔2026〕示例 1 号", **who}
    return correct(person, kind, number, wrong, **said)


def test_two_different_members_of_the_staff_and_a_reason(known: Subject) -> None:
    for who in ({"second": A}, {"second": "banker"}, {"by": "nobody"}):
        with pytest.raises(Problem, match="role-denied"):
            fix(known, Wrong(born=YOUNGER), **who)
    for why in ("", "  ", "x" * 301):
        with pytest.raises(ValueError, match="reason"):
            fix(known, Wrong(born=YOUNGER), why=why)
    known.refresh_from_db()
    assert known.born_on == date(1988, 3, 14)
    assert not PersonBatch.objects.filter(act="correct").exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Wrong(), "already"),
        (Wrong(born=date(1988, 3, 14), name="测试甲"), "already"),
        (Wrong(born=date(2027, 1, 1)), "to come"),
        (Wrong(name="测试 110105 1949"), "name"),
    ],
)
def test_what_is_nothing_or_cannot_be_is_refused(known: Subject, wrong: Wrong, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        fix(known, wrong)


def test_what_stood_there_before_is_kept_and_one_alone_takes_nothing_back(known: Subject) -> None:
    done = fix(known, Wrong(born=YOUNGER, name="测试正"))
    known.refresh_from_db()
    assert (known.born_on, known.name, done.minor) == (YOUNGER, "测试正", True)
    assert not known.former_names.exists()
    trace = json.loads(PersonRow.objects.get(batch_id=done.number).undo)
    assert trace["before"] == {"born_on": "1988-03-14", "name": "测试甲"}
    assert trace["why"].startswith("户籍证明")
    with pytest.raises(Problem, match="rev-conflict"):
        services.reverse(done.number, by=B, why="示例")
    first = PersonBatch.objects.get(act="import").batch_no
    assert services.reverse(first, by=B, why="示例").kept == 1  # what came after a batch keeps its person
    assert Subject.objects.get().born_on == YOUNGER


def test_nobody_becomes_older_against_the_number_of_his_card(stage: Stage) -> None:
    entered(stage, row(number=resident(YOUNGER), born=YOUNGER.isoformat()))
    young = Subject.objects.get()
    for kind, number in (("resident_id", resident(YOUNGER)), ("passport", "E00000002")):
        with pytest.raises(ValueError, match="earlier"):
            fix(young, Wrong(born=OLDER), kind, number)
    fix(young, Wrong(born=date(2015, 1, 1)), "resident_id", resident(YOUNGER))  # younger protects
    back = fix(young, Wrong(born=YOUNGER), "resident_id", resident(YOUNGER))  # as the number says
    assert back.minor
    young.refresh_from_db()
    assert young.born_on == YOUNGER


def test_where_no_card_tells_the_day_two_may_put_it_earlier(known: Subject) -> None:
    fix(known, Wrong(born=OLDER))
    known.refresh_from_db()
    assert known.born_on == OLDER
