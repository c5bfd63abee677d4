"""A statement by the short way says, keeps and raises what Django's own way does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from server_stub import statements
from server_stub.config.clock import CITY_ZONE
from server_stub.subjects.models import Subject

pytestmark = pytest.mark.django_db
KEY = "A" * 26


def entered(name: str = "示例一厂") -> Subject:
    return Subject.objects.create(subject_key=KEY, kind="legal", name=name, name_folded=name)


def test_marks_values_and_a_literal_percent_sign() -> None:
    entered("百分之一%示例")
    asked = "SELECT name, %s FROM subjects_subject WHERE name LIKE '%%示例' AND subject_key = %s"
    assert statements.one(asked, "a%sb", KEY) == ("百分之一%示例", "a%sb")
    with CaptureQueriesContext(connection) as heard:
        assert statements.every(asked, "a%sb", KEY) == [("百分之一%示例", "a%sb")]
    assert len(heard) == 1  # whoever listens gets every statement


def test_errors_are_djangos() -> None:
    entered()
    row = {
        field.attname: getattr(Subject.objects.get(pk=KEY), field.attname) for field in Subject._meta.fields
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.insert("subjects_subject", **row)
    with pytest.raises(Exception, match="no_such_table") as told, transaction.atomic():
        statements.one("SELECT 1 FROM no_such_table")
    assert type(told.value).__module__ == "django.db.utils"
    assert (
        statements.run("UPDATE subjects_subject SET name = %s WHERE subject_key = %s", "示例二厂", KEY) == 1
    )


def test_a_broken_transaction_takes_nothing_more() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            statements.one("SELECT 1")
        transaction.set_rollback(False)
    assert statements.one("SELECT 1") == (1,)


def test_a_made_object_is_the_stored_one() -> None:
    entered()
    made = statements.made(Subject, {"subject_key": KEY, "name": "示例一厂"})
    assert made == Subject.objects.get(pk=KEY)
    assert made.kind == "legal"  # read when asked for
    made.name = "示例三厂"
    made.save(update_fields=["name"])
    assert Subject.objects.get(pk=KEY).name == "示例三厂"


@pytest.mark.parametrize("micro", [0, 1, 250_000])
def test_a_moment_is_written_as_django_writes_it(micro: int) -> None:
    here = datetime(2026, 3, 1, 0, 5, 9, micro, tzinfo=CITY_ZONE)
    for at in (here, here.astimezone(UTC), here.astimezone(timezone(timedelta(hours=-3)))):
        assert statements.moment(at) == connection.ops.adapt_datetimefield_value(at)


def test_control_a_lost_table_is_an_operational_error_on_sqlite() -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(OperationalError), transaction.atomic():
            statements.every("SELECT 1 FROM no_such_table")
