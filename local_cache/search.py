"""Words in the copies: characters apart by blanks, found as a phrase. The floors above fold and space
the text."""

from __future__ import annotations

from dataclasses import dataclass

from local_cache.database import Connection, mapped, transaction


@dataclass(frozen=True)
class Hit:
    """A copy that holds the phrase; `snippet` is still spaced."""

    query_no: str
    snippet: str


def put_words(cache: Connection, query_no: str, spaced: str) -> None:
    """Replace the words of a copy."""
    with transaction(cache, "cache"):
        drop_words(cache, query_no)
        cache.execute("INSERT INTO words (query_no, spaced) VALUES (?, ?)", (query_no, spaced))


def drop_words(cache: Connection, query_no: str) -> None:
    """Remove the words of a copy; the index forgets them too (secure-delete)."""
    with transaction(cache, "cache"):
        cache.execute("DELETE FROM words WHERE query_no = ?", (query_no,))


def find(cache: Connection, spaced: str, limit: int = 50) -> list[Hit]:
    """Copies that hold the spaced text in one piece, the best first. An empty text finds nothing."""
    phrase = spaced.replace('"', " ").strip()
    if not phrase:
        return []
    with mapped("cache"):
        rows = cache.execute(
            "SELECT query_no, snippet(words, 1, '', '', '', 24) FROM words WHERE words MATCH ?"
            " ORDER BY rank, query_no LIMIT ?",
            (f'spaced : "{phrase}"', limit),
        ).fetchall()
    return [Hit(*row) for row in rows]
