"""Issued reports as the server sealed them, and the short list of what was asked lately."""

from __future__ import annotations

from dataclasses import dataclass

from local_cache.database import Connection, mapped, transaction

_COLUMNS = "number, query_no, name, issued_at, valid_until, state, pdf_sha256"


@dataclass(frozen=True)
class Report:
    """An issued report; the file itself is read with `pdf`. `state` is what it was at the issue."""

    number: str
    query_no: str
    name: str
    issued_at: str
    valid_until: str
    state: str
    pdf_sha256: str


@dataclass(frozen=True)
class Recent:
    """A query of late: gone with cache.db."""

    query_no: str
    name: str
    kind: str
    purpose: str
    at: str


def put(cache: Connection, report: Report, pdf: bytes) -> None:
    """Store a report; the same number again changes nothing."""
    with transaction(cache, "cache"):
        cache.execute(
            f"INSERT INTO reports ({_COLUMNS}, pdf) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (number) DO NOTHING",  # noqa: S608
            (*vars(report).values(), pdf),
        )


def listed(cache: Connection, query_no: str = "") -> list[Report]:
    """Reports of a query, or all, the newest first."""
    with mapped("cache"):
        rows = cache.execute(
            f"SELECT {_COLUMNS} FROM reports WHERE ?1 = '' OR query_no = ?1"  # noqa: S608
            " ORDER BY issued_at DESC, number",
            (query_no,),
        ).fetchall()
    return [Report(*row) for row in rows]


def pdf(cache: Connection, number: str) -> bytes | None:
    """The sealed bytes, None when there is no such report here."""
    with mapped("cache"):
        row = cache.execute("SELECT pdf FROM reports WHERE number = ?", (number,)).fetchone()
    return bytes(row[0]) if row else None


def erase_unheld(cache: Connection, number: str) -> None:
    """Remove a report whose query has no copy here: no withdrawal of a record would ever find it."""
    with transaction(cache, "cache"):
        cache.execute(
            "DELETE FROM reports WHERE number = ? AND query_no NOT IN (SELECT query_no FROM answers)",
            (number,),
        )


def put_recent(cache: Connection, recent: Recent) -> None:
    """Add a query to the short list."""
    with transaction(cache, "cache"):
        cache.execute("INSERT OR REPLACE INTO recents VALUES (?, ?, ?, ?, ?)", tuple(vars(recent).values()))


def recents(cache: Connection, limit: int) -> list[tuple[Recent, bool]]:
    """The latest queries with whether a copy is still here, the newest first."""
    with mapped("cache"):
        rows = cache.execute(
            "SELECT r.query_no, r.name, r.kind, r.purpose, r.at, a.query_no IS NOT NULL FROM recents r"
            " LEFT JOIN answers a ON a.query_no = r.query_no ORDER BY r.at DESC, r.query_no LIMIT ?",
            (limit,),
        ).fetchall()
    return [(Recent(*row[:5]), bool(row[5])) for row in rows]
