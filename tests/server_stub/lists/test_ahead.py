"""What a batch was told before the lock goes out only while all that it hangs on still holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from server_stub.catalogue.selectors import current
from server_stub.lists import ahead
from server_stub.lists.screening import Asked, Viewer, screen
from server_stub.records import services
from server_stub.subjects.models import Subject
from server_stub.subjects.services import add_identifier, rename
from tests.server_stub.lists.made import listed
from tests.server_stub.records.made import BY, ON
from tests.server_stub.subjects.made import code, unit

pytestmark = pytest.mark.django_db

NAME = "云石（示例）建材"
VIEWER = Viewer("bank_officer", "bank")
BATCH = (Asked(code(1)), Asked(name="青岚（示例）商贸"), Asked(code(3)), Asked(code(4), NAME))


@pytest.fixture
def entry(db: None) -> str:
    unit(1, NAME, representative="测试甲")
    unit(2, "岭石（示例）")
    return listed(Subject.objects.get(name=NAME).subject_key)


def composed() -> ahead.Ahead:
    return ahead.compose(BATCH, ON, VIEWER)


def fresh() -> object:
    return screen(BATCH, ON, VIEWER, catalogue=current())


def other_unit() -> str:
    return Subject.objects.get(code=code(2)).subject_key


CHANGES: dict[str, Callable[[str], object]] = {
    "corrected": lambda rec: services.correct(rec, {"fields": {"BZ": "更正"}}, reason="笔误", by=BY),
    "annulled": lambda rec: services.annul(rec, reason="撤销", by=BY),
    "removed": lambda rec: services.remove(rec, on=ON, reason="移出", by=BY),
    "withdrawn": lambda rec: services.withdraw(rec, reason="sealed", by=BY),
    "shielded": lambda rec: services.shield(rec, on=ON, by=BY),
    "one entry more": lambda _: listed(
        Subject.objects.get(name=NAME).subject_key, document_no="另一号", list_code="wages", ground=""
    ),
    "a unit that nobody knew": lambda _: listed(unit(3, "新来（示例）").subject_key),
    "a unit of a name that was asked": lambda _: rename(other_unit(), "青岚（示例）商贸", date(2026, 1, 1)),
    "a number for another unit": lambda _: add_identifier(other_unit(), "uscc", code(3)),
    "another state of the unit": lambda _: Subject.objects.filter(name=NAME).update(state="revoked"),
    "another representative": lambda _: Subject.objects.filter(name=NAME).update(representative="测试丙"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_after_composing_is_told_as_it_is_now(name: str, entry: str) -> None:
    before = composed()
    assert before.screened.rows[0].state == "hit"
    assert before.screened == fresh()
    # the control: nothing changed, nothing is judged anew
    assert ahead.now(before, BATCH, ON, VIEWER) is before.screened
    CHANGES[name](entry)
    told = ahead.now(before, BATCH, ON, VIEWER)
    assert told is not before.screened
    assert told == fresh()


@pytest.mark.parametrize(
    ("batch", "on", "viewer"),
    [
        (BATCH[:1], ON, VIEWER),
        (BATCH, ON + timedelta(days=1), VIEWER),
        (BATCH, ON, Viewer("government_officer", "government")),
        (BATCH, ON, Viewer("bank_officer", "bank", lists=frozenset({"wages"}))),
    ],
)
def test_another_batch_day_or_viewer_is_told_anew(
    batch: tuple[Asked, ...], on: date, viewer: Viewer, entry: str
) -> None:
    before = composed()
    told = ahead.now(before, batch, on, viewer)
    assert told is not before.screened
    assert told == screen(batch, on, viewer, catalogue=current())


def test_another_catalogue_judges_anew(entry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, edition = composed(), current()
    other = type(edition).__new__(type(edition))
    other.__dict__.update(vars(edition))
    monkeypatch.setattr(ahead, "current", lambda: other)
    told = ahead.now(before, BATCH, ON, VIEWER)
    assert told is not before.screened
    assert told == before.screened
