"""Names under their tokens in PostgreSQL: an array behind a GIN index, in any locale, with no extension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

_CREATE = (
    "CREATE TABLE subjects_name_tokens (name_id bigint PRIMARY KEY, tokens text[] NOT NULL)",
    "CREATE INDEX subjects_name_tokens_gin ON subjects_name_tokens USING gin (tokens)",
    # an array's usual statistics hold the commonest hundred tokens only, and plans hang on the rare ones
    "ALTER TABLE subjects_name_tokens ALTER COLUMN tokens SET STATISTICS 1000",
)
_ALL = """
    SELECT subject_id, key, rank FROM (
        SELECT subject_id, key, rank, ceased,
            row_number() OVER (PARTITION BY subject_id ORDER BY rank, length(key), key COLLATE "C") AS place
        FROM (
            SELECT n.subject_id, n.key, NOT s.existing AS ceased,
                (CASE WHEN n.key = %(key)s THEN 0 WHEN starts_with(n.key, %(key)s) THEN 2 ELSE 4 END)
                    + n.former::int AS rank
            FROM subjects_name_tokens f
            JOIN subjects_indexedname n ON n.id = f.name_id
            JOIN subjects_subject s ON s.subject_key = n.subject_id
            WHERE f.tokens @> %(tokens)s::text[] AND strpos(n.key, %(key)s) > 0
        ) AS found
    ) AS ranked
    WHERE place = 1
    ORDER BY rank, ceased, length(key), key COLLATE "C", subject_id COLLATE "C" LIMIT %(limit)s
"""
_COUNT = """
    SELECT count(*) FROM (
        SELECT 1 FROM subjects_name_tokens WHERE tokens @> %s::text[] LIMIT %s
    ) AS found
"""
_GROUPS = """
    SELECT n.subject_id, n.key, n.former
    FROM subjects_name_tokens f
    JOIN subjects_indexedname n ON n.id = f.name_id
    WHERE ({groups}) AND length(n.key) >= %s LIMIT %s
"""


class PostgresqlTokens:
    """The variant for PostgreSQL; see `name_index.Tokens`."""

    def create(self) -> None:
        with connection.cursor() as cursor:
            for statement in _CREATE:
                cursor.execute(statement)

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE subjects_name_tokens")

    def write(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        words = "COPY subjects_name_tokens (name_id, tokens) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(words) as copy:
            for number, tokens in rows:
                copy.write_row((number, list(tokens)))

    def erase(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM subjects_name_tokens WHERE name_id = ANY(%s)", [[number for number, _ in rows]]
            )

    def counted(self, tokens: Sequence[str], most: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [list(tokens), most])
            return int(cursor.fetchone()[0])

    def holding_all(self, tokens: Sequence[str], key: str, limit: int) -> list[tuple[str, str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(_ALL, {"tokens": list(tokens), "key": key, "limit": limit})
            return list(cursor.fetchall())

    def holding_a_group(
        self, groups: Sequence[Sequence[str]], shortest: int, most: int
    ) -> list[tuple[str, str, bool]]:
        asked = " OR ".join(["f.tokens @> %s::text[]"] * len(groups))
        with connection.cursor() as cursor:
            cursor.execute(_GROUPS.format(groups=asked), [*map(list, groups), shortest, most])
            return list(cursor.fetchall())
