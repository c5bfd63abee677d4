"""Who of a batch stands on which list on a day: exact numbers, namesakes apart, nothing that is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from app.field import screening as field
from app.field.identifiers import fold_number, uscc_fault
from app.field.names import normalise
from app.field.records import RegisterCard, RuleRef
from server_stub.catalogue.judging import Catalogue
from server_stub.lists import sql
from server_stub.records.asking import facts_held
from server_stub.records.showing import persons_named, standing
from server_stub.records.third_persons import Told, masks_of
from server_stub.rules.selectors import explain, list_type, measures_for
from server_stub.rules.tables_file import Tables, shipped
from server_stub.subjects.keying import number_hash, route_key

REPORT = "screening"
_BY_NUMBER = ("number", "inside")


class Asked(msgspec.Struct, frozen=True):
    """One row of a batch: a unit's number, its name, or both."""

    code: str = ""
    name: str = ""


class Screened(msgspec.Struct, frozen=True):
    """The rows in the order asked; `subjects` are at each place the keys of those it was about."""

    rows: tuple[field.ScreenedRow, ...]
    counts: field.ScreenCounts
    rules: tuple[RuleRef, ...]
    subjects: tuple[tuple[str, ...], ...]


class Viewer(msgspec.Struct, frozen=True):
    """For whom, on what ground, and on which lists (none named: all)."""

    role: str
    organisation_kind: str
    basis: str = "open"
    lists: frozenset[str] = frozenset()


def screen(
    batch: Sequence[Asked],
    on: date,
    viewer: Viewer,
    *,
    catalogue: Catalogue,
    tables: Tables | None = None,
    met: Sequence[sql.Found] | None = None,
) -> Screened:
    """What the lists say of each row on a day; the batch itself is one statement, whatever its size.

    `met`: what the statement gave already. Persons are never met: numbers and names are looked up among units
    only.
    """
    met = sql.found(keys_of(batch))[0] if met is None else met
    judge = _Judge(on, viewer, catalogue, tables or shipped())
    places: dict[int, dict[str, list[sql.Found]]] = defaultdict(lambda: defaultdict(list))
    for one in met:
        places[one.place][one.subject_key].append(one)
    chosen = {place: _bearer(by_key, on) for place, by_key in places.items()}
    entries = {key: tuple(judge.entries(rows)) for by_key in places.values() for key, rows in by_key.items()}
    known = {one.subject_key: one.card for one in met}
    rows = tuple(
        _row(place, asked, chosen.get(place, ""), places.get(place, {}), entries, known)
        for place, asked in enumerate(batch)
    )
    return Screened(rows, _counts(rows), judge.rules(), tuple(_about(row) for row in rows))


def _about(row: field.ScreenedRow) -> tuple[str, ...]:
    """Of whom a row told something or was asked: the number's bearer, known or not, and shown namesakes."""
    bearer = row.subject.subject_key if row.subject else ""
    if not bearer and row.code:
        bearer = route_key("legal", fold_number(row.code))
    return (*([bearer] if bearer else []), *(one.subject.subject_key for one in row.namesakes))


def keys_of(batch: Iterable[Asked]) -> list[tuple[str, str, str]]:
    """What the rows are looked up by."""
    return [_keys(row) for row in batch]


def _keys(row: Asked) -> tuple[str, str, str]:
    folded = fold_number(row.code)
    number = number_hash("legal", folded) if folded else ""
    inside = number_hash("legal", folded[8:17]) if folded and uscc_fault(folded) is None else ""
    return number, inside, normalise(row.name)


def _bearer(met: dict[str, list[sql.Found]], on: date) -> str:
    """The unit that bears the number on the day, else the last that did; the whole number comes before the
    code inside it, and a name alone makes nobody the bearer.
    """

    def rank(one: sql.Found) -> tuple[bool, bool, date]:
        holds = (one.valid_from is None or one.valid_from <= on) and (
            one.valid_to is None or on <= one.valid_to
        )
        return one.how == "number", holds, one.valid_to or date.max

    numbered = [one for rows in met.values() for one in rows if one.how in _BY_NUMBER]
    return max(numbered, key=rank).subject_key if numbered else ""


class _Judge:
    """Turns records into entries by the rules, and remembers the rows it used."""

    def __init__(self, on: date, viewer: Viewer, catalogue: Catalogue, tables: Tables) -> None:
        self._on, self._viewer, self._catalogue, self._tables = on, viewer, catalogue, tables
        self._used: dict[tuple[str, str], RuleRef] = {}

    def rules(self) -> tuple[RuleRef, ...]:
        return tuple(self._used[key] for key in sorted(self._used))

    def entries(self, rows: Sequence[sql.Found]) -> Iterator[field.ListEntry]:
        """The entries of one subject that may be seen, each once."""
        done: set[str] = set()
        told = Told(masks_of({name for one in rows for name in _persons(one)}))
        for one in rows:
            if one.record is None or one.record.rec_id in done:
                continue
            done.add(one.record.rec_id)
            yield from self._entry(one, told)

    def _entry(self, one: sql.Found, told: Told) -> Iterator[field.ListEntry]:
        record, viewer = one.record, self._viewer
        if record is None or (viewer.lists and record.list_code not in viewer.lists):
            return
        facts = facts_held(record, one.payload)
        verdict = explain(
            facts, viewer.role, REPORT, self._on, basis=viewer.basis, tables=self._tables,
            catalogue=self._catalogue,
        )  # fmt: skip
        kind = list_type(facts, self._tables, self._on)
        if not verdict.visible or kind is None:
            return
        for rule in (verdict.rule, verdict.period_rule, verdict.item):
            if rule is not None:
                self._used[rule.table, rule.row] = rule
        measures = measures_for(record.list_code, viewer.organisation_kind, self._on, self._tables)
        former = verdict.display == "label"
        yield field.ListEntry(
            standing=standing(record, one.payload, kind, verdict, () if former else measures, told),
            list_code=record.list_code,
            basis=kind.basis,
            manager=kind.manager,
            note=kind.text,
            former=former,
            early_exit=verdict.earliest_repair if kind.early_months else "",
            flags=verdict.flags,
        )


def _persons(one: sql.Found) -> set[str]:
    """The representative, and whom an entry of the unit names."""
    named = persons_named(one.record.section, one.payload) if one.record else set()
    return {*one.third, *named}


def _row(
    place: int,
    asked: Asked,
    bearer: str,
    met: dict[str, list[sql.Found]],
    entries: dict[str, tuple[field.ListEntry, ...]],
    known: dict[str, RegisterCard],
) -> field.ScreenedRow:
    own = entries.get(bearer, ())
    others = sorted(key for key, rows in met.items() if key != bearer and any(_by_name(one) for one in rows))
    namesakes = tuple(
        field.Namesake(known[key], now)
        for key in others
        if (now := tuple(entry for entry in entries[key] if not entry.former))
    )
    state: field.ScreenState = "none"
    if any(not entry.former for entry in own):
        state = "hit"
    elif own:
        state = "former"
    elif namesakes:
        state = "similar"
    return field.ScreenedRow(
        place, asked.code, asked.name, state, known[bearer] if bearer else None, own, namesakes
    )


def _by_name(one: sql.Found) -> bool:
    return one.how not in _BY_NUMBER


def _counts(rows: Iterable[field.ScreenedRow]) -> field.ScreenCounts:
    kinds: dict[str, int] = defaultdict(int)
    for row in rows:
        for kind in {entry.standing.kind for entry in row.entries if not entry.former}:
            kinds[kind] += 1
        kinds["former"] += row.state == "former"
    return field.ScreenCounts(kinds["serious"], kinds["abnormal"], kinds["honour"], kinds["former"])
