"""Reads of the server beside the bare driver: screening, name search, the feed; in one process, no wire.

    python -m benchmarks reads [--home H]

Screening and searches run on a seeded city. The feed is filled in a home of its own with 100,000 changes
(HENGXIN_BENCH_CHANGES makes it smaller), of which the reading device holds every second record.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import city
from benchmarks.measure import Figure, child, figure

BATCH, SEARCHES, ROUNDS = 1_000, 300, 5
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
    with tempfile.TemporaryDirectory() as place:
        said |= _said("feed", str(CHANGES), place)
    for name, floor in _KINDS.items():
        yield figure(f"reads.{name}", said[name], floor, said[f"{name}_floor"], "ms of CPU")


def _said(what: str, word: str, home: str) -> dict[str, Any]:
    env = {"HENGXIN_SERVER_HOME": home, "DJANGO_SETTINGS_MODULE": "server_stub.config.settings"}
    said: dict[str, Any] = child("benchmarks.reads", what, word, env=env, most_s=MOST_S).said
    return said


def _in_turns(
    ours: Callable[[], Any], floor: Callable[[], Any], per: int = 1
) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    ours(), floor()
    for _ in range(ROUNDS):
        for act, into in zip((ours, floor), taken, strict=True):
            began = time.process_time()
            act()
            into.append((time.process_time() - began) * 1000 / per)
    return taken


def _city(home: Path) -> dict[str, list[float]]:
    from django.db import connection

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
    asked = lists._SCREEN.format(asked=lists._ASKED[connection.vendor], columns=lists.COLUMNS)
    found = dict(
        zip(
            ("screening", "screening_floor"),
            _in_turns(
                lambda: screen(batch, on, viewer, catalogue=held),
                lambda: statements.every(asked, json.dumps(keys)),
            ),
            strict=True,
        )
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
        found[name], found[f"{name}_floor"] = _in_turns(each(texts, ours), each(texts, floor), len(texts))
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


def _feed(changes: int) -> dict[str, list[float]]:
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

    ours, bare = _in_turns(pull, floor)
    return {"feed": ours, "feed_floor": bare}


def main() -> None:
    import django

    django.setup()
    what, word = sys.argv[1:]
    print(json.dumps(_city(Path(word)) if what == "city" else _feed(int(word))), flush=True)


if __name__ == "__main__":
    main()
