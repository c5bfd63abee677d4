"""Names under their tokens in SQLite: FTS5 without a copy of the text and without places.

The tokens go in as hexadecimal code points. The tokenizer then sees letters and digits of ASCII only,
whatever a name or a query holds, and no character is one that its tables do not know yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import connection

from server_stub import statements

_CREATE = (
    "CREATE VIRTUAL TABLE subjects_name_fts USING fts5(tokens, content='', detail=none, tokenize='ascii')"
)
_ALL = """
    SELECT subject_id, key, rank FROM (
        SELECT subject_id, key, rank, ceased,
            row_number() OVER (PARTITION BY subject_id ORDER BY rank, length(key), key) AS place
        FROM (
            SELECT n.subject_id, n.key, NOT s.existing AS ceased,
                (CASE WHEN n.key = %s THEN 0 WHEN instr(n.key, %s) = 1 THEN 2 ELSE 4 END) + n.former AS rank
            FROM subjects_name_fts f
            JOIN subjects_indexedname n ON n.id = f.rowid
            JOIN subjects_subject s ON s.subject_key = n.subject_id
            WHERE subjects_name_fts MATCH %s AND instr(n.key, %s) > 0
        )
    )
    WHERE place = 1 ORDER BY rank, ceased, length(key), key, subject_id LIMIT %s
"""
_COUNT = """
    SELECT count(*) FROM (SELECT rowid FROM subjects_name_fts WHERE subjects_name_fts MATCH %s LIMIT %s)
"""
_GROUPS = """
    SELECT n.subject_id, n.key, n.former
    FROM subjects_name_fts f
    JOIN subjects_indexedname n ON n.id = f.rowid
    WHERE subjects_name_fts MATCH %s AND length(n.key) >= %s LIMIT %s
"""


class SqliteTokens:
    """The variant for SQLite; see `name_index.Tokens`."""

    def create(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE subjects_name_fts")

    def write(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO subjects_name_fts (rowid, tokens) VALUES (%s, %s)",
                [(number, _document(tokens)) for number, tokens in rows],
            )

    def erase(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO subjects_name_fts (subjects_name_fts, rowid, tokens) VALUES ('delete', %s, %s)",
                [(number, _document(tokens)) for number, tokens in rows],
            )

    def counted(self, tokens: Sequence[str], most: int) -> int:
        return int(statements.every(_COUNT, _query(tokens, "AND"), most)[0][0])

    def holding_all(self, tokens: Sequence[str], key: str, limit: int) -> list[tuple[str, str, int]]:
        return statements.every(_ALL, key, key, _query(tokens, "AND"), key, limit)

    def holding_a_group(
        self, groups: Sequence[Sequence[str]], shortest: int, most: int
    ) -> list[tuple[str, str, bool]]:
        asked = " OR ".join(f"({_query(group, 'AND')})" for group in groups)
        rows = statements.every(_GROUPS, asked, shortest, most)
        return [(subject, key, bool(former)) for subject, key, former in rows]


def _document(tokens: Iterable[str]) -> str:
    return " ".join(map(_ascii, tokens))


def _query(tokens: Iterable[str], word: str) -> str:
    return f" {word} ".join(f'"{_ascii(token)}"' for token in tokens)


@lru_cache(maxsize=1 << 16)
def _ascii(token: str) -> str:
    return "x".join(f"{ord(sign):04x}" for sign in token)
