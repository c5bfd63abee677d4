"""A full disk is told as what it is: not now, and the question waits with who asked it."""

from __future__ import annotations

import errno
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from django.db import OperationalError
from django.db import connection as django_connection

from server_stub.evidence.models import Leaf
from server_stub.refusals import told
from server_stub.room_left import no_room
from tests.server_stub.api.test_queries import bundle, legal
from tests.server_stub.knocking import Knocker, query_body


def full(*_: object) -> None:
    """What the engine says of a file that may not grow, as Django hands it on."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE filler (content BLOB)")
        database.execute("PRAGMA max_page_count = 4")
        with django_connection.wrap_database_errors:
            database.execute("INSERT INTO filler VALUES (zeroblob(100000))")


@pytest.mark.one_engine
@pytest.mark.django_db
def test_a_question_on_a_full_disk_is_not_logged_and_answered_later_once(
    bank: Knocker, subject: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    body, op_id, before = query_body(subject=legal(subject("rich"))), str(uuid.uuid4()), Leaf.objects.count()
    link = bank.link("query", op_id, body, purpose=body["purpose"])
    asked = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    with monkeypatch.context() as disk:
        disk.setattr("server_stub.evidence.sql.grow", full)  # the log's last statement of a question
        said = bank.call("POST", "/api/v1/queries", asked)
    assert (said.status, said.code) == (507, "storage-full"), said.body
    assert int(said.headers["retry-after"]) > 0
    assert Leaf.objects.count() == before
    assert bundle(bank.call("POST", "/api/v1/queries", asked)).records
    assert Leaf.objects.count() == before + 1


def of_postgres() -> OperationalError:
    flaw = OperationalError("x")
    flaw.__cause__ = psycopg.errors.DiskFull("could not extend file")
    return flaw


def test_each_way_in_which_a_disk_is_full_is_known_and_told_by_commands() -> None:
    for flaw in (OSError(errno.ENOSPC, "x"), OSError(errno.EDQUOT, "x"), of_postgres()):
        assert no_room(flaw)
        code, said = told(flaw)
        assert code == 1
        assert "no room" in said


def test_control_another_failure_of_the_database_or_a_file_is_none() -> None:
    for flaw in (OperationalError("locked"), PermissionError(errno.EACCES, "x"), ValueError("x")):
        assert not no_room(flaw)
