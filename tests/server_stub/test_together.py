"""Acts that end together, on a database of their own: what one does is no matter of the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.toolchain.tree import ROOT

pytestmark = pytest.mark.one_engine

# Twelve threads at once. The first act waits until all others have queued behind it, so they form one group.
PROGRAM = """
import json, sqlite3, sys, threading, time
import django
django.setup()
from django.db import DatabaseError, connection, transaction
from server_stub import statements, together as room
from server_stub.together import together, together_as_one

statements.run("CREATE TABLE note (n integer PRIMARY KEY)")
groups, told, queued = [], {}, threading.Event()
plain = room._commit

def commit(group):
    groups.append(len(group))
    plain(group)

room._commit = commit

def act(n):
    if n == 0:
        queued.wait(10)
    statements.insert("note", n=n)
    if n == 5 and sys.argv[1] == "raises":
        raise ValueError("not this one")
    if n == 5 and sys.argv[1] == "breaks":
        statements.run("ROLLBACK")
        statements.run("SELECT nothing")
    return n

calls = []

def same(given):
    if given == [0]:
        queued.wait(10)
    calls.append(len(given))
    statements.insert_many("note", ("n",), [(n,) for n in given])
    if 5 in given and sys.argv[1] == "same raises":
        raise ValueError("none of these")

def once(n):
    if sys.argv[1].startswith("same") and n != 7:
        together_as_one(same, n)
        return n
    return together(lambda: act(n))

def thread(n):
    try:
        found = once(n)
        beside = sqlite3.connect(connection.settings_dict["NAME"])
        told[n] = [found, beside.execute("SELECT count(*) FROM note WHERE n = ?", (n,)).fetchone()[0]]
    except (ValueError, DatabaseError) as flaw:
        told[n] = type(flaw).__name__

threads = [threading.Thread(target=thread, args=(n,)) for n in range(12)]
threads[0].start()
time.sleep(0.3)
for one in threads[1:]:
    one.start()
while len(room._QUEUE._waiting) < 11:
    time.sleep(0.01)
queued.set()
for one in threads:
    one.join(20)
left = [row[0] for row in statements.every("SELECT n FROM note ORDER BY n")]
with transaction.atomic():
    inside = together(lambda: statements.run("INSERT INTO note VALUES (99)"))
    transaction.set_rollback(True)
gone = statements.one("SELECT count(*) FROM note WHERE n = 99")[0]
print(json.dumps({"groups": groups, "told": told, "left": left, "inside": [inside, gone], "calls": calls}))
"""


def run(home: Path, how: str) -> dict[str, Any]:
    env = {
        **os.environ,
        "HENGXIN_SERVER_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "server_stub.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_those_that_wait_share_one_commit_and_know_it_is_on_disk(tmp_path: Path) -> None:
    said = run(tmp_path, "well")
    assert said["groups"] == [1, 11]
    assert said["told"] == {str(n): [n, 1] for n in range(12)}
    assert said["left"] == [*range(12)]
    assert said["inside"] == [1, 0]  # within a transaction it is a part of that one, and goes with it


def test_one_that_raises_takes_nothing_from_the_others(tmp_path: Path) -> None:
    said = run(tmp_path, "raises")
    assert said["told"].pop("5") == "ValueError"
    assert said["told"] == {str(n): [n, 1] for n in range(12) if n != 5}
    assert said["left"] == [n for n in range(12) if n != 5]


def test_when_the_transaction_is_lost_nobody_of_it_is_told_otherwise(tmp_path: Path) -> None:
    """The engine may take the whole transaction back (disk full): those before must not believe in theirs."""
    said = run(tmp_path, "breaks")
    assert said["groups"] == [1, 11]
    assert said["told"].pop("0") == [0, 1]
    assert len(said["told"]) == 11
    assert all(isinstance(one, str) for one in said["told"].values())
    assert said["left"] == [0]


def test_acts_of_one_kind_are_done_by_one_call(tmp_path: Path) -> None:
    said = run(tmp_path, "same")
    assert (said["groups"], said["calls"]) == ([1, 11], [1, 10])  # the eleventh is another act
    assert said["told"] == {str(n): [n, 1] for n in range(12)}
    assert said["left"] == [*range(12)]


def test_where_the_one_call_fails_it_fails_for_each_of_them_and_for_nobody_else(tmp_path: Path) -> None:
    said = run(tmp_path, "same raises")
    assert said["left"] == [0, 7]
    assert {n for n, told in said["told"].items() if told == "ValueError"} == {
        str(n) for n in range(12) if n not in (0, 7)
    }
