"""What was composed before the lock goes out only while every single thing that it says still holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest

from server_stub.catalogue.selectors import current
from server_stub.records import ahead, services
from server_stub.records.selectors import Shown, shown
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_by_key
from tests.server_stub.records.made import BY, COMPANY, ON, licence, penalty
from tests.server_stub.records.test_verbs import VERBS

pytestmark = pytest.mark.django_db

ASKED = ahead.Circumstances("bank_officer", "bank", ON, "open")


def _found() -> Subject:
    subject = find_by_key(COMPANY)
    assert subject is not None
    return subject


def _fresh(asked: ahead.Circumstances = ASKED) -> Shown:
    return shown(
        _found(), role=asked.role, organisation_kind=asked.organisation_kind, on=asked.on, basis=asked.basis
    )


def _other_representative(_: str) -> None:
    # whose name is masked wherever a record tells it
    Subject.objects.filter(pk=COMPANY).update(representative="测试丙")


CHANGES: dict[str, Callable[[str], object]] = {
    **{name: verb for name, (verb, _, _) in VERBS.items()},
    "one record more": lambda _: services.put(licence(), by=BY),
    "unmarked again": lambda rec_id: (
        VERBS["mark"][0](rec_id),
        services.unmark(rec_id, by=BY),
    ),
    "another representative": _other_representative,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_after_composing_is_told_as_it_is_now(name: str, company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    composed = ahead.compose(_found(), ASKED)
    assert composed.shown.records
    # the control: nothing changed, nothing is composed anew
    assert ahead.now(composed, _found(), ASKED) is composed.shown
    CHANGES[name](rec_id)
    told = ahead.now(composed, _found(), ASKED)
    assert told is not composed.shown
    assert told == _fresh()
    if name != "another representative":  # his name stands in none of these texts but as the record's own
        assert told != composed.shown


@pytest.mark.parametrize(
    "other",
    [
        {"role": "enterprise_officer"},
        {"organisation_kind": "authority"},
        {"on": ON + timedelta(days=1)},
        {"on": date(2099, 1, 1)},
        {"basis": "letter"},
    ],
)
def test_another_day_role_or_ground_is_another_document(other: dict[str, object], company: Subject) -> None:
    services.put(penalty(), by=BY)
    composed = ahead.compose(_found(), ASKED)
    asked = msgspec.structs.replace(ASKED, **other)
    told = ahead.now(composed, _found(), asked)
    assert told is not composed.shown
    assert told == _fresh(asked)


def test_another_subject_or_nobody_gets_none_of_it(company: Subject, person: Subject) -> None:
    services.put(penalty(), by=BY)
    composed = ahead.compose(_found(), ASKED)
    for whom in (person, None):
        assert ahead.now(composed, whom, ASKED).records == ()
    # a person who was nobody a moment ago is looked at anew, too
    nobody = ahead.compose(None, ASKED)
    assert ahead.now(nobody, _found(), ASKED) == _fresh()


def test_another_catalogue_judges_anew(company: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    services.put(penalty(), by=BY)
    composed = ahead.compose(_found(), ASKED)
    looked: list[object] = []
    edition = current()
    other = type(edition).__new__(type(edition))
    other.__dict__.update(vars(edition))
    monkeypatch.setattr(ahead, "current", lambda: other)

    def judged(*_: object, **how: object) -> Shown:
        looked.append(how["catalogue"])
        return Shown()

    monkeypatch.setattr(ahead, "shown", judged)
    assert ahead.now(composed, _found(), ASKED) == Shown()
    assert looked == [other]
