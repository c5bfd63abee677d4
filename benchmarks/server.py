"""The server at the city's scale, beside datasette on the same file, both over TLS with the same certificate.

HENGXIN_BENCH_CITY=small|tenth|full chooses the city (small by default; seeding the full one takes a quarter
of an hour, and it stays in bench-out). A home that exists already is measured by

    python -m benchmarks.server --home H [--home H2]      (DATABASE_URL as its server has it)

and the memory of the serving process is compared from the first home to each further one. Server and load
have a core each. Ours proves who asks, judges every record by the rules of the day and masks; datasette
hands out rows. A search is set beside datasette's own search of a table (`_search`, with our index named to
it) and, as `by_statement`, beside a query that somebody wrote for this very index.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from app.field.names import pairs, search_key
from benchmarks import asking, city, serving
from benchmarks.asking import Cost
from benchmarks.measure import Figure, figure
from server_stub.subjects.name_index_sqlite import _query

ROUNDS = int(os.environ.get("HENGXIN_BENCH_ROUNDS", "5"))
UNITS = 600
_JOIN = (
    "select s.subject_key, s.name, s.code, s.state, r.*, v.payload from subjects_subject s"
    " join records_record r on r.subject_key = s.subject_key"
    " join records_revision v on v.record_id = r.rec_id and v.rev = r.rev where s.code = :code"
)
_SEARCH = (
    "select s.subject_key, s.name, s.code, s.state from subjects_name_fts f"
    " join subjects_indexedname n on n.id = f.rowid join subjects_subject s on s.subject_key = n.subject_id"
    " where subjects_name_fts match :tokens and instr(n.key, :key) > 0 limit 50"
)
_CODES = (
    "SELECT code, name FROM subjects_subject WHERE kind = 'legal' AND code <> ''"
    " ORDER BY subject_key LIMIT 6000"
)
# datasette does not see that a table without content is an index, so it is told; tokens need no escaping
_OWN_SEARCH = (
    "/server/subjects_indexedname.json?_shape=array&_size=50&_searchmode=raw"
    "&_fts_table=subjects_name_fts&_fts_pk=id"
)
_OURS = ("document", "candidates")
_COMMON = "SELECT token FROM subjects_tokencount WHERE names > 50"


def figures() -> Iterator[Figure]:
    """The document and the candidates, ours and the peer's in turns; what each cost of one core; memory."""
    place = city.seeded()
    thousands = [place.counts[2] / 1000]
    if place.cpu_s:
        yield figure("server.seed_cpu", [place.cpu_s], "records seeded, in thousands", thousands, "s")
    yield figure("server.disk", [place.megabytes], "records, in thousands", thousands, "MB")
    yield from _compared(place.home)


def _compared(home: Path, memory: list[float] | None = None) -> Iterator[Figure]:
    codes, names = units(home)
    peer = not os.environ.get("DATABASE_URL")
    ours: dict[str, list[Cost]] = {}
    theirs: dict[str, list[Cost]] = {}
    held: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        with serving.ours(home) as served:
            before = serving.memory_mb(served.pid)
            for name, cost in _ours(home, served, codes, names):
                ours.setdefault(name, []).append(cost)
            held.append((serving.memory_mb(served.pid), before))
        if peer:
            with serving.datasette(home, {"document": _JOIN, "search": _SEARCH}) as served:
                for name, cost in _theirs(served, codes, names):
                    theirs.setdefault(name, []).append(cost)
    against = "datasette on the same file and certificate, without sign-in" if peer else "the bare route"
    beside = {"document": "document", "candidates": "candidates", "candidates.by_statement": "by_statement"}
    for name, peers in beside.items() if peer else ((name, name) for name in _OURS):
        asked = name.partition(".")[0]
        other = theirs[peers] if peer else ours["bare"]
        for part, unit in (("per_core", "1/s of one core"), ("per_second", "1/s"), ("cpu_ms", "ms of CPU")):
            mine = [getattr(one, part) for one in ours[asked]]
            yield figure(f"server.{name}.{part}", mine, against, [getattr(one, part) for one in other], unit)
    for name in _OURS:
        mine, bare = [one.cpu_ms for one in ours[name]], [one.cpu_ms for one in ours["bare"]]
        yield figure(f"server.{name}.above_bare", mine, "a route that proves nothing", bare, "ms of CPU")
    after, before_ = [one for one, _ in held], [one for _, one in held]
    if memory is not None:
        memory[:] = after
    yield figure("server.memory", after, "the same before its first request", before_, "MB")


def _ours(
    home: Path, served: serving.Served, codes: list[str], names: list[str]
) -> Iterator[tuple[str, Cost]]:
    device = asking.signed_in(home, served.url, served.ca_file)
    asked = {
        "document": (serving.DOCUMENT, asking.documents(codes)),
        "candidates": ("/api/v1/candidates", asking.searches(names)),
    }
    for name, (path, bodies) in asked.items():
        yield (
            name,
            asking.measured(
                served.pid,
                lambda each, path=path, bodies=bodies: asking.our_plan(  # type: ignore[misc]
                    device, path, bodies, served.ca_file, each=each
                ),
            ),
        )
    bare = [serving.BARE]
    yield (
        "bare",
        asking.measured(
            served.pid, lambda each: asking.peer_plan(served.port, bare, served.ca_file, each=each)
        ),
    )


def _theirs(served: serving.Served, codes: list[str], names: list[str]) -> Iterator[tuple[str, Cost]]:
    paths = {
        "document": [f"/server/document.json?_shape=array&code={code}" for code in codes],
        "candidates": [f"{_OWN_SEARCH}&_search={quote(_tokens(name))}" for name in names],
        "by_statement": [f"/server/search.json?_shape=array&{_words(name)}" for name in names],
    }
    for name, asked in paths.items():
        yield (
            name,
            asking.measured(
                served.pid,
                lambda each, asked=asked: asking.peer_plan(  # type: ignore[misc]
                    served.port, asked, served.ca_file, each=each
                ),
            ),
        )


def units(home: Path) -> tuple[list[str], list[str]]:
    """Codes of units all over the register, and of as many the brand; the name where many have it."""
    with city.opened(home) as ask:
        common = {brand for (brand,) in ask(_COMMON)}
        rows = list(ask(_CODES))
    chosen = rows[:: max(len(rows) // UNITS, 1)]
    named = [name[2:4] if name[2:4] not in common else name for _, name in chosen]
    return [code for code, _ in chosen], named


def _words(name: str) -> str:
    return f"tokens={quote(_tokens(name))}&key={quote(search_key(name))}"


def _tokens(name: str) -> str:
    return _query(list(pairs(name)), "AND")


def main() -> int:
    """Measure homes that exist."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server", description=__doc__)
    parser.add_argument(
        "--home", type=Path, action="append", required=True, help="a server's home; repeatable"
    )
    first: list[float] = []
    for home in parser.parse_args().home:
        place, memory = city.at(home.resolve()), list[float]()
        print(f"{place.home}: {place.counts[2]} records, {place.megabytes} MB", file=sys.stderr)
        for one in _compared(place.home, memory):
            print(one.line(), flush=True)
        if first:
            print(figure("server.memory_growth", memory, "the first home's", first, "MB").line(), flush=True)
        first = first or memory
    return 0


if __name__ == "__main__":
    sys.exit(main())
