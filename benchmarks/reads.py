"""Reads of the server beside the bare driver: screening, name search, the feed; in one process, no wire.

    python -m benchmarks reads [--home H]        (DATABASE_URL as its server has it)

Screening and searches run on a seeded city. The feed is filled in a home of its own with 100,000 changes
(HENGXIN_BENCH_CHANGES makes it smaller), of which the reading device holds every second record; on PostgreSQL
in a database of its own in the same cluster, which is dropped again. CPU is that of the reading process; on
PostgreSQL the cluster's process is told apart. HENGXIN_BENCH_ROUNDS rounds are taken, five when nobody says.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import city
from benchmarks.measure import Figure, child, cpu_of_tree, figure
from tests.own_postgres import database_of

BATCH, SEARCHES, ROUNDS = 1_000, 300, int(os.environ.get("HENGXIN_BENCH_ROUNDS", "5"))
CHANGES = int(os.environ.get("HENGXIN_BENCH_CHANGES", "100000"))
MOST_S = 1800.0
_KINDS = {
    "screening": f"the one statement of {BATCH} codes, rows fetched",
    "two_characters": "the index asked for the pair, rows fetched",
    "one_wrong": "the index asked for three of five pairs, rows fetched",
    "feed": "the same pages of rows, fetched",
}


def figures() -> Iterator[Figure]:
    """CPU of each read and of its floor, in turns."""
    home = city.seeded().home
    said = _said("city", str(home), str(home))
    with tempfile.TemporaryDirectory() as place, _own_database(place) as database:
        said |= _said("feed", str(CHANGES), place, **database)
    for name, floor in _KINDS.items():
        yield figure(f"reads.{name}", said[name], floor, said[f"{name}_floor"], "ms of CPU")
        if said[f"{name}_there"]:
            there, bare = said[f"{name}_there"], said[f"{name}_floor_there"]
            yield figure(f"reads.{name}, the cluster's process", there, floor, bare, "ms of CPU")


def _said(what: str, word: str, home: str, **more: str) -> dict[str, Any]:
    env = {"HENGXIN_SERVER_HOME": home, "DJANGO_SETTINGS_MODULE": "server_stub.config.settings", **more}
    said: dict[str, Any] = child("benchmarks.reads", what, word, env=env, most_s=MOST_S).said
    return said


@contextlib.contextmanager
def _own_database(owner: str) -> Iterator[dict[str, str]]:
    """Where the feed is filled: the city keeps its own."""
    cluster = os.environ.get("DATABASE_URL")
    if not cluster:
        yield {}
        return
    import psycopg

    url = database_of(cluster, owner)
    try:
        yield {"DATABASE_URL": url}
    finally:
        with psycopg.connect(cluster, autocommit=True) as line:
            name = psycopg.sql.Identifier(url.partition("?")[0].rpartition("/")[2])
            line.execute(psycopg.sql.SQL("DROP DATABASE {}").format(name))


def _in_turns(name: str, ours: Callable[[], Any], floor: Callable[[], Any], per: int = 1) -> dict[str, Any]:
    """CPU of one of `per` reads of each round, ours and the floor's; the cluster's beside them, if there is
    one."""
    acts = {name: ours, f"{name}_floor": floor}
    taken: dict[str, list[float]] = {kind: [] for one in acts for kind in (one, f"{one}_there")}
    ours(), floor()
    there = _there()
    for _ in range(ROUNDS):
        for kind, act in acts.items():
            began, beside = time.process_time(), there()
            act()
            taken[kind].append((time.process_time() - began) * 1000 / per)
            if beside:
                taken[f"{kind}_there"].append((there() - beside) / per)
    return taken


def _there() -> Callable[[], float]:
    """Milliseconds of CPU of the cluster's process behind this connection so far; 0 where there is none."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return lambda: cpu_of_tree(pid)


def _city(home: Path) -> dict[str, Any]:
    from app.field.identifiers import uscc_fault
    from app.field.names import pairs, search_key
    from benchmarks.server import units
    from server_stub import statements
    from server_stub.catalogue.selectors import current
    from server_stub.config.clock import today
    from server_stub.lists import sql as lists
    from server_stub.lists.screening import Asked, Viewer, screen
    from server_stub.subjects.errors import NameTooCommon
    from server_stub.subjects.keying import number_hash
    from server_stub.subjects.name_index import NameIndex

    codes, names = units(home)
    batch = [Asked(code=codes[n % len(codes)]) for n in range(BATCH)]
    inside = [uscc_fault(one.code) is None for one in batch]
    keys = [
        (number_hash("legal", one.code), number_hash("legal", one.code[8:17]) if whole else "", "")
        for one, whole in zip(batch, inside, strict=True)
    ]
    viewer, on, held = Viewer("bank_officer", "bank"), today(), current()
    asked = lists._statement(lists.COLUMNS, lists._NEWEST)
    found = _in_turns(
        "screening",
        lambda: screen(batch, on, viewer, catalogue=held),
        lambda: statements.every(asked, json.dumps(keys)),
    )
    index = NameIndex()
    two = [name for name in names if len(name) == 2][:SEARCHES]
    wrong = [name[:1] + "\u9fa5" + name[2:] for name in _whole_names(home, SEARCHES)]

    def each(texts: Sequence[str], search: Callable[[str], Any]) -> Callable[[], None]:
        def run() -> None:
            for text in texts:
                try:
                    search(text)
                except NameTooCommon:
                    continue

        return run

    tokens = index._tokens
    groups = {text: _groups(index, text) for text in wrong}
    searches: dict[str, tuple[Sequence[str], Callable[[str], Any], Callable[[str], Any]]] = {
        "two_characters": (
            two,
            lambda text: index.find(text, 51),
            lambda text: tokens.holding_all(pairs(search_key(text))[:1], search_key(text), 51),
        ),
        "one_wrong": (
            wrong,
            lambda text: index.find(text, 51) or index.alike(text, 51),
            lambda text: tokens.holding_a_group(groups[text], len(search_key(text)), 5001),
        ),
    }
    for name, (texts, ours, floor) in searches.items():
        found |= _in_turns(name, each(texts, ours), each(texts, floor), len(texts))
    return found


def _whole_names(home: Path, many: int) -> list[str]:
    with city.opened(home) as ask:
        rows = ask("SELECT name FROM subjects_subject WHERE kind = 'legal' ORDER BY subject_key LIMIT 6000")
        return [name for (name,) in list(rows)[:: max(6000 // many, 1)]][:many]


def _groups(index: Any, text: str) -> list[tuple[str, ...]]:
    from itertools import combinations

    from server_stub.subjects.name_index import BROKEN, TRIED

    rarest = list(index._asked(text)[1])[:TRIED]
    return [*combinations(rarest, max(1, len(rarest) - BROKEN))]


def _feed(changes: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import transaction

    from server_stub import statements
    from server_stub.feed import selectors, services, sql

    call_command("migrate", verbosity=0)
    keys = [f"{n:026d}" for n in range(changes)]
    for start in range(0, changes, 5_000):
        with transaction.atomic():
            chunk = keys[start : start + 5_000]
            services.announce_many(services.drafted((key, key, 2) for key in chunk))
            held = [(key, 1) for key in chunk[::2]]
            sql.hold("device", "CX-1", "lease", "", held, "2999-01-01T00:00:00.000Z")
    services.number()

    class Someone:
        user, device_id = "bank1", "device"

    def pull() -> None:
        cursor, more = "", True
        while more:
            page = selectors.changes(cursor, Someone(), Someone(), 200)
            cursor, more = page["next_cursor"], page["more"]

    def floor() -> None:
        after = 0
        while rows := statements.every(sql._PAGE, "main", after, changes, 200):
            after = rows[-1][1]

    return _in_turns("feed", pull, floor)


def main() -> None:
    import django

    django.setup()
    what, word = sys.argv[1:]
    print(json.dumps(_city(Path(word)) if what == "city" else _feed(int(word))), flush=True)


if __name__ == "__main__":
    main()
