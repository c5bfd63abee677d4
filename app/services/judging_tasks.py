"""Answers of screening tasks held against the server: the feed does not speak of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app.field.screening import ListEntry, Screening, read_screening
from app.services.judging import Held, Verdict
from app.services.room import Opened
from local_cache import screenings

Told = tuple[tuple[str, int], ...]


def held_parts(opened: Opened, known: dict[str, Told] | None = None) -> Held:
    """What each kept answer tells of records, by its number; answers that tell of none are left out. Nothing
    where the copies are shut. An answer never changes: one that is in `known` is not read again."""
    if opened.vault.cache is None or opened.lease_state() != "live":
        return {}
    cache, before = opened.copies(), known if known is not None else {}
    now: dict[str, Told] = {}
    for task_no in screenings.numbers(cache):
        for head in screenings.part_heads(cache, task_no):
            if head.screening_no in before:
                now[head.screening_no] = before[head.screening_no]
                continue
            told = _told(read_screening(screenings.part(cache, task_no, head.part).payload))
            records = {(one.standing.rec_id, one.standing.rev) for one in told}
            now[head.screening_no] = tuple(sorted(records))
    before.clear()
    before.update(now)
    return {number: list(told) for number, told in now.items() if told}


def outdated(held: Held, verdict: Verdict) -> frozenset[str]:
    """The answers that may not be told as they are: an entry does not hold, or an objection was put to it or
    ended since. An answer is signed as a whole: the mark cannot be laid over it, it is asked for anew."""
    marked = {number for number, told in held.items() if any(rec_id in verdict.marks for rec_id, _ in told)}
    return frozenset(marked | verdict.gone.keys())


def drop_parts(opened: Opened, numbers: Collection[str]) -> int:
    """Erase answers that no longer hold: their lines have to be asked about again. Returns how many."""
    return screenings.erase_parts(opened.copies(), numbers)


def _told(said: Screening) -> Iterator[ListEntry]:
    for row in said.rows:
        yield from row.entries
        for namesake in row.namesakes:
            yield from namesake.entries
