"""Copies of answers, verbatim as signed, with all that depends on them: words, held records, reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from local_cache.database import Connection, mapped, transaction
from local_cache.search import drop_words, put_words

_COLUMNS = (
    "query_no, op_id, payload, key_id, sig, subject_key, kind, name, code, purpose, as_of, expires_ms,"
    " lease_id, stored_at"
)


@dataclass(frozen=True)
class Copy:
    """One signed answer. `expires_ms`: milliseconds since 1970 at which the copy is erased."""

    query_no: str
    op_id: str
    payload: bytes
    key_id: str
    sig: bytes
    subject_key: str
    kind: str
    name: str
    code: str
    purpose: str
    as_of: str
    expires_ms: int
    lease_id: str
    stored_at: str


@dataclass(frozen=True)
class Tombstone:
    """What remains of a record that was withdrawn: no content."""

    rec_id: str
    reason: str
    at: str


def put(cache: Connection, copy: Copy, holds: Iterable[tuple[str, int]], spaced: str) -> None:
    """Store a copy with the records it holds (rec_id, rev) and its words. The same query again replaces
    it."""
    with transaction(cache, "cache"):
        erase(cache, [copy.query_no], keep_reports=True)
        cache.execute(
            f"INSERT INTO answers ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            tuple(vars(copy).values()),
        )
        cache.executemany(
            "INSERT INTO holds VALUES (?, ?, ?)", [(copy.query_no, rec_id, rev) for rec_id, rev in holds]
        )
        put_words(cache, copy.query_no, spaced)


def get(cache: Connection, query_no: str) -> Copy | None:
    """The copy of a query, None when there is none."""
    found = _read(cache, "WHERE query_no = ?", query_no)
    return found[0] if found else None


def by_op(cache: Connection, op_id: str) -> Copy | None:
    """The copy made for an intent."""
    found = _read(cache, "WHERE op_id = ?", op_id)
    return found[0] if found else None


def newest_of(cache: Connection, code_or_key: str) -> Copy | None:
    """The newest copy about a subject, by its code or key."""
    found = _read(
        cache, "WHERE code = ?1 OR subject_key = ?1 ORDER BY as_of DESC, query_no DESC LIMIT 1", code_or_key
    )
    return found[0] if found else None


def all_copies(cache: Connection) -> Iterator[Copy]:
    """Every copy, the newest first, one in memory at a time: a day's answers are many. A copy that is erased
    meanwhile does not come."""
    for query_no in numbers(cache):
        copy = get(cache, query_no)
        if copy is not None:
            yield copy


def numbers(cache: Connection) -> list[str]:
    """The queries of which there is a copy, the newest first."""
    return _numbers(cache, "SELECT query_no FROM answers ORDER BY as_of DESC, query_no DESC")


def about(cache: Connection, subject_key: str) -> list[str]:
    """The queries of which there is a copy about a subject."""
    return _numbers(cache, "SELECT query_no FROM answers WHERE subject_key = ?", subject_key)


def kept_longest(cache: Connection) -> list[tuple[str, list[str]]]:
    """The subjects of which there are copies, with the queries of each; first the one whose newest copy was
    stored before that of any other."""
    with mapped("cache"):
        rows = cache.execute(
            "SELECT subject_key, query_no, stored_at FROM answers ORDER BY as_of DESC, query_no DESC"
        ).fetchall()
    found: dict[str, list[str]] = {}
    newest: dict[str, str] = {}
    for key, query_no, stored_at in rows:
        found.setdefault(key, []).append(query_no)
        newest[key] = max(newest.get(key, ""), stored_at)
    return sorted(found.items(), key=lambda one: newest[one[0]])


def held(cache: Connection) -> dict[str, list[tuple[str, int]]]:
    """Which records each copy holds."""
    with mapped("cache"):
        rows = cache.execute("SELECT query_no, rec_id, rev FROM holds ORDER BY query_no, rec_id").fetchall()
    found: dict[str, list[tuple[str, int]]] = {}
    for query_no, rec_id, rev in rows:
        found.setdefault(query_no, []).append((rec_id, rev))
    return found


def count(cache: Connection) -> int:
    """How many copies there are."""
    with mapped("cache"):
        return int(cache.execute("SELECT count(*) FROM answers").fetchone()[0])


def count_subjects(cache: Connection) -> int:
    """How many different subjects there are copies of."""
    with mapped("cache"):
        return int(cache.execute("SELECT count(DISTINCT subject_key) FROM answers").fetchone()[0])


def holding(cache: Connection, rec_id: str) -> list[str]:
    """The queries whose copy holds a record."""
    return _numbers(cache, "SELECT query_no FROM holds WHERE rec_id = ?", rec_id)


def readable(cache: Connection, now_ms: int) -> set[str]:
    """The queries whose copy is here and has not reached its end."""
    return set(_numbers(cache, "SELECT query_no FROM answers WHERE expires_ms > ?", now_ms))


def expired(cache: Connection, now_ms: int) -> list[str]:
    """The queries whose copy has reached its end."""
    return _numbers(cache, "SELECT query_no FROM answers WHERE expires_ms <= ?", now_ms)


def of_lease(cache: Connection, lease_id: str) -> list[str]:
    """The queries whose copy stands on a lease."""
    return _numbers(cache, "SELECT query_no FROM answers WHERE lease_id = ?", lease_id)


def erase(cache: Connection, query_nos: Iterable[str], keep_reports: bool = False) -> int:
    """Remove copies with their words, held records and reports; pages are overwritten. Returns how many."""
    removed = 0
    with transaction(cache, "cache"):
        for query_no in query_nos:
            drop_words(cache, query_no)
            removed += int(cache.execute("DELETE FROM answers WHERE query_no = ?", (query_no,)).rowcount)
            if not keep_reports:
                cache.execute("DELETE FROM reports WHERE query_no = ?", (query_no,))
    return removed


def withdraw(cache: Connection, rec_id: str, reason: str, at: str) -> list[str]:
    """A record was taken back: erase every copy that holds it, keep a tombstone. Returns the queries
    erased."""
    with transaction(cache, "cache"):
        gone = holding(cache, rec_id)
        erase(cache, gone)
        cache.execute("DELETE FROM marks WHERE rec_id = ?", (rec_id,))
        cache.execute(
            "INSERT INTO tombstones VALUES (?, ?, ?) ON CONFLICT (rec_id)"
            " DO UPDATE SET reason = excluded.reason, at = excluded.at",
            (rec_id, reason, at),
        )
    return gone


def tombstones(cache: Connection) -> list[Tombstone]:
    """All tombstones, the newest first."""
    with mapped("cache"):
        rows = cache.execute("SELECT rec_id, reason, at FROM tombstones ORDER BY at DESC, rec_id").fetchall()
    return [Tombstone(*row) for row in rows]


def mark(cache: Connection, rec_id: str, body: bytes, at: str) -> None:
    """Lay a mark (JSON) over a record in all copies."""
    with transaction(cache, "cache"):
        cache.execute(
            "INSERT INTO marks VALUES (?, ?, ?) ON CONFLICT (rec_id)"
            " DO UPDATE SET body = excluded.body, at = excluded.at",
            (rec_id, body, at),
        )


def marks(cache: Connection, since: str = "") -> dict[str, bytes]:
    """All marks by record; `since` (wire text): only those that came then or later."""
    with mapped("cache"):
        rows = cache.execute("SELECT rec_id, body FROM marks WHERE at >= ?", (since,)).fetchall()
    return {row[0]: bytes(row[1]) for row in rows}


def _numbers(cache: Connection, sql: str, *values: str | int) -> list[str]:
    with mapped("cache"):
        return [row[0] for row in cache.execute(sql, values).fetchall()]


def _read(cache: Connection, where: str, *values: str) -> list[Copy]:
    with mapped("cache"):
        rows = cache.execute(f"SELECT {_COLUMNS} FROM answers {where}", values).fetchall()  # noqa: S608
    return [Copy(*row) for row in rows]
