"""The index of unit names for both engines: what is asked, in which order it is answered, what is refused.

A name is kept under its pairs of neighbouring characters, one of three characters also under its outer pair.
A search asks the engine for the rarest pairs only, and each hit is verified on the key itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, islice
from typing import Any, NamedTuple, Protocol

from django.db import connection

from app.field.names import pairs, search_key
from server_stub.subjects import sql
from server_stub.subjects.errors import NameTooCommon, NameTooShort
from server_stub.subjects.models import IndexedName, TokenCount
from server_stub.subjects.name_index_postgresql import PostgresqlTokens
from server_stub.subjects.name_index_sqlite import SqliteTokens

ASKED = 3  # pairs of one search for a part of a name
TRIED, BROKEN = 5, 2  # one wrong character breaks two pairs: of five that exist, three stand together
MOST_READ = 5_000  # names verified for one search
_CHUNK = 2000
# a hit's rank: how the key lies in the name, and whether the name is a former one
EXACT, PREFIX, CONTAINS, ALIKE = 0, 2, 4, 6


class Hit(NamedTuple):
    """A unit with the key of the name that was meant; `rank` is EXACT, PREFIX, CONTAINS or ALIKE, one more
    for a former name."""

    subject_key: str
    key: str
    rank: int


class Named(NamedTuple):
    """A name as the index keeps it."""

    subject_id: str
    key: str
    former: bool


class Tokens(Protocol):
    """What an engine does: it keeps rows under tokens and finds them again."""

    def create(self) -> None:
        """Make the engine's own table."""

    def drop(self) -> None:
        """Remove it."""

    def write(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Keep each row (its number in IndexedName) under its tokens."""

    def erase(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Forget rows; the tokens are those under which they were written."""

    def counted(self, tokens: Sequence[str], most: int) -> int:
        """How many rows hold every token; the counting stops after `most`."""

    def holding_all(self, tokens: Sequence[str], key: str, limit: int) -> list[tuple[str, str, int]]:
        """(subject_key, key, rank) of units with a name that holds every token and `key` in one piece: the
        best name of each unit, in the order of `NameIndex.find`."""

    def holding_a_group(
        self, groups: Sequence[Sequence[str]], shortest: int, most: int
    ) -> list[tuple[str, str, bool]]:
        """(subject_key, key, former) of `most` names at most that are of that length or longer and hold all
        tokens of one of the groups."""


def tokens_of_engine() -> Tokens:
    """The variant for the database of this process."""
    return PostgresqlTokens() if connection.vendor == "postgresql" else SqliteTokens()


class NameIndex:
    """Finds units by a part of a present or former name, and by a name with one wrong character."""

    def __init__(self, most_read: int = MOST_READ) -> None:
        self._tokens = tokens_of_engine()
        self._most_read = most_read

    def add(self, names: Iterable[Named]) -> None:
        """Index names that were made ready by `named`."""
        write(names, IndexedName, TokenCount, self._tokens)

    def rename(self, subject_key: str, name: str) -> None:
        """The name is the subject's present one from now on, the others are former ones."""
        IndexedName.objects.filter(subject_id=subject_key).update(former=True)
        self.add(named({subject_key: [name]}))

    def remove(self, subject_key: str) -> None:
        """Forget a subject's names."""
        rows = IndexedName.objects.filter(subject_id=subject_key)
        held = [(row.pk, pairs(row.key)) for row in rows]
        self._tokens.erase(held)
        _count(Counter(token for _, tokens in held for token in tokens), -1, TokenCount)
        rows.delete()

    def find(self, text: str, limit: int) -> list[Hit]:
        """At most `limit` units whose name holds `text`: exact, beginning with it, containing it; the present
        name before a former one, existing units before ceased ones, shorter names first.

        Raises:
            NameTooShort: less than two characters. NameTooCommon: too many names hold its rarest pairs.
        """
        key, counts = self._asked(text)
        wanted = {token for token in pairs(key) if len(token) == 2}
        rarest = [token for token in counts if token in wanted][:ASKED]
        if len(counts.keys() & wanted) < len(wanted):
            return []
        if counts[rarest[0]] > self._most_read and self._too_many(rarest):
            raise NameTooCommon
        return [Hit(*row) for row in self._tokens.holding_all(rarest, key, limit)]

    def alike(self, text: str, limit: int) -> list[Hit]:
        """At most `limit` units whose name differs from `text` in one character: the whole name, and for four
        characters or more also a part of the name that is as long. Complete; two characters find nothing.

        Raises:
            NameTooShort: less than two characters. NameTooCommon: more names would have to be compared than
                one search may read.
        """
        key, counts = self._asked(text)
        rarest = list(counts)[:TRIED]
        if len(key) < 3 or not rarest:
            return []
        groups = [*combinations(rarest, max(1, len(rarest) - BROKEN))]
        read = self._tokens.holding_a_group(groups, len(key), self._most_read + 1)
        if len(read) > self._most_read:
            raise NameTooCommon
        best: dict[str, tuple[int, int, str]] = {}
        for subject_key, name, former in read:
            place = alike_at(key, name)
            if place is None:
                continue
            rank = (0 if len(name) == len(key) else PREFIX if place == 0 else CONTAINS) + former
            order = (rank, len(name), name)
            best[subject_key] = min(best.get(subject_key, order), order)
        # of thousands that were read few are alike: only these are asked whether they exist
        ceased = sql.ceased(list(best)) if best else frozenset()
        ordered = sorted(
            (rank, subject_key in ceased, length, name, subject_key)
            for subject_key, (rank, length, name) in best.items()
        )
        return [Hit(subject_key, name, ALIKE + rank % 2) for rank, _, _, name, subject_key in ordered[:limit]]

    def _too_many(self, rarest: Sequence[str]) -> bool:
        """Whether more names hold all of these common tokens than one search may read."""
        return len(rarest) == 1 or self._tokens.counted(rarest, self._most_read + 1) > self._most_read

    def _asked(self, text: str) -> tuple[str, dict[str, int]]:
        """The search key, and its tokens that exist with the number of names they are in, rarest first."""
        key = search_key(text)
        if len(key) < 2:
            raise NameTooShort
        return key, {token: names for names, token in sorted(sql.token_counts(pairs(key)))}


def named(names: Mapping[str, Sequence[str]]) -> list[Named]:
    """The names of each subject key, the present one first, ready to be indexed."""
    return [
        Named(subject_key, search_key(name), place > 0)
        for subject_key, given in names.items()
        for place, name in enumerate(given)
    ]


def alike_at(key: str, name: str) -> int | None:
    """Where `name` has a part that differs from `key` in one character at most; None when nowhere.

    A key of three characters is compared with names of three only: with longer ones nearly all would agree.
    """
    if len(key) < 4 and len(name) != len(key):
        return None
    for start in range(len(name) - len(key) + 1):
        wrong = 0
        for one, other in zip(key, name[start:], strict=False):
            wrong += one != other
            if wrong > 1:
                break
        else:
            return start
    return None


def write(rows: Iterable[Any], names: Any, counts: Any, tokens: Tokens) -> None:
    """Keep unsaved rows, as `Named` or as a model has them; `names` and `counts` are the two
    models as the caller knows them."""
    left = iter(rows)
    held: Counter[str] = Counter()
    while chunk := list(islice(left, _CHUNK)):
        kept = list(zip(_entered(chunk, names), (pairs(row.key) for row in chunk), strict=True))
        tokens.write(kept)
        held.update(token for _, each in kept for token in each)
    _count(held, 1, counts)


def _entered(chunk: Sequence[Any], names: Any) -> list[int]:
    """Numbers that the database gave these rows, in their order."""
    marks = ", ".join("(%s, %s, %s)" for _ in chunk)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{names._meta.db_table}" (subject_id, key, former) '  # noqa: S608 - a table of our own
            f"VALUES {marks} RETURNING id",
            [value for row in chunk for value in (row.subject_id, row.key, row.former)],
        )
        return [number for (number,) in cursor.fetchall()]


def _count(more: Counter[str], sign: int, counts: Any) -> None:
    """Once for all names that come together, in one order: a token is written once, not once a name."""
    table = counts._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" (token, names) VALUES (%s, %s) '  # noqa: S608 - a table of our own
            f'ON CONFLICT (token) DO UPDATE SET names = "{table}".names + excluded.names',
            [(token, sign * times) for token, times in sorted(more.items())],
        )
