"""One chunk of rows on its way: what is proven stands beside the register and beside earlier rows, in order;
what is in doubt goes to the judge in its turn. Comes out as a piece's columns and as refused rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, repeat
from typing import NamedTuple

from app.field.names import normalise, same_name
from server_stub.exchange.columns import Chunk, Column, Text, alone, coded
from server_stub.exchange.lines import ANOTHER, KNOWN, Accepted, Act, Doubt, Ready
from server_stub.exchange.proving import Days, Low, Proofs, Prover
from server_stub.exchange.reasons import reason
from server_stub.exchange.standing import NOBODY, Acts, Register, Unit
from server_stub.records.reading import fold_document_nos


class Memory(NamedTuple):
    """What earlier rows of a file said: names of units that they bring in, by number, and their acts, each
    with the row's number and its content; `unit_new` is what is said of a row that brings a unit in.
    """

    register: Register
    entering: dict[str, str]
    acts: dict[Act, tuple[int, int]]
    unit_new: Doubt


class Taken(NamedTuple):
    """What came of a chunk."""

    accepted: Accepted | None
    refused: list[Ready]


class Gathering:
    """Rows of one chunk. `judge` takes a row's place in it and gives None for a row that is no data."""

    def __init__(
        self,
        chunk: Chunk,
        proofs: Proofs,
        first: int,
        memory: Memory,
        prover: Prover,
        judge: Callable[[int], Ready | None],
    ) -> None:
        self._chunk, self._proofs, self._first = chunk, proofs, first
        self._memory, self._prover, self._judge = memory, prover, judge
        self._taken = bytearray(proofs.sure)
        self._odd: dict[int, Ready] = {}
        self._refused: list[Ready] = []
        self._units: Sequence[Unit | None] = ()
        self._new = bytes(chunk.size)
        self._acts: Sequence[Act] = ()

    def run(self) -> None:
        """Take all rows in their order."""
        doubtful = self._beside_the_register() if any(self._taken) else self._taken
        begin, at = 0, doubtful.find(0)
        while at >= 0:
            self._bring_in(begin, at)
            self._ask(at)
            begin, at = at + 1, doubtful.find(0, at + 1)
        self._bring_in(begin, self._chunk.size)

    def _beside_the_register(self) -> bytearray:
        """Look up what is proven; returns which rows need no judge as far as the register tells."""
        proofs, sure = self._proofs, bytearray(self._proofs.sure)
        name, code, document = (proofs.texts[self._prover.place[of]] for of in ("name", "uscc", "document"))
        self._names, self._codes = name.whole(), code.whole()
        units = self._units = self._memory.register.units(self._codes, sure)
        whose: Sequence[str] = self._codes
        if units.count(NOBODY) == len(units):
            self._new = b"\x01" * len(units)
        else:
            self._new = bytes([unit is NOBODY for unit in units])
            whose = [(unit and unit.subject_key) or own for unit, own in zip(units, self._codes, strict=True)]
            for at, (unit, written) in enumerate(zip(units, self._names, strict=True)):
                if unit is None or (
                    unit is not NOBODY and unit.name != written and unit.folded != normalise(written)
                ):
                    sure[at] = 0
        self._acts = list(
            zip(
                whose,
                document.each(fold_document_nos).whole(),
                proofs.days.each(_decided).whole(),
                proofs.low.each(_authorities).whole(),
                strict=True,
            )
        )  # fmt: skip
        return sure

    def _bring_in(self, begin: int, end: int) -> None:
        """Rows that are certain but for what earlier ones said; most bring nothing that was there before."""
        if begin == end:
            return
        acts, known = self._acts[begin:end], self._memory.acts
        fresh = set(acts)
        new = self._new[begin:end]
        names = list(compress(self._names[begin:end], new))
        codes = compress(self._codes[begin:end], new)
        entering = self._memory.entering
        if (
            list(map(entering.setdefault, codes, names)) == names
            and len(fresh) == len(acts)
            and known.keys().isdisjoint(fresh)
        ):
            numbers = range(self._first + begin, self._first + end)
            known.update(zip(acts, zip(numbers, self._proofs.content[begin:end], strict=True), strict=True))
            return
        for at in range(begin, end):
            if not self._agrees(at):
                self._ask(at)

    def _agrees(self, at: int) -> bool:
        """Whether a row agrees with all earlier ones."""
        name, number = self._names[at], self._first + at
        if self._new[at]:
            entered = self._memory.entering.setdefault(self._codes[at], name)
            if entered != name and not same_name(entered, name):
                return False
        said = (number, self._proofs.content[at])
        return self._memory.acts.setdefault(self._acts[at], said)[0] == number

    def _ask(self, at: int) -> None:
        row = self._judge(at)
        self._taken[at] = row is not None and row.act is not None
        if row is not None and row.act is not None:
            self._odd[at] = row
        elif row is not None:
            self._refused.append(row)

    def taken(self) -> Taken:
        """What came of the rows."""
        flags, first, count = self._taken, self._first, self._chunk.size
        if not any(flags):
            return Taken(None, self._refused)
        brought, units = bytearray(self._new), []
        keys: list[str] = []
        if self._odd or not all(self._new):
            keys = [unit.subject_key if unit else "" for unit in self._units] or [""] * count
        for at, row in self._odd.items():
            brought[at], keys[at] = (KNOWN, row.subject_key) if row.unit is None else (ANOTHER, "")
            units += [row.unit] if row.unit is not None else []
        chosen = self._chunk_as_kept().chosen(flags)
        warnings, which = self._warnings()
        accepted = Accepted(
            list(compress(range(first, first + count), flags)),
            chosen,
            Column(warnings, list(compress(which, flags))),
            coded(list(compress(keys, flags))) if keys else alone("", chosen.size),
            (self._prover.column("name"), self._prover.column("uscc")),
            bytes(compress(brought, flags)),
            units,
            self._facts(flags),
        )
        return Taken(accepted, self._refused)

    def _facts(self, flags: bytearray) -> dict[int, dict[str, object]]:
        """What judged rows make, by their place among the accepted ones."""
        if not self._odd:
            return {}
        places = compress(range(self._chunk.size), flags)
        return {place: self._odd[at].facts or {} for place, at in enumerate(places) if at in self._odd}

    def _chunk_as_kept(self) -> Chunk:
        """Persons' numbers masked, dropped columns empty: a proven row has no number to mask."""
        columns = list(self._chunk.columns)
        for column in self._prover.dropped:
            columns[column] = alone("", self._chunk.size)
        for at, row in self._odd.items():
            for column, cell in enumerate(row.cells):
                if columns[column].of(at) != cell:
                    whole = list(columns[column].whole())
                    whole[at] = cell
                    columns[column] = Text(whole)
        return self._chunk._replace(columns=columns)

    def _warnings(self) -> tuple[list[tuple[Doubt, ...]], list[int]]:
        """What is doubtful, each combination once, and which of it is said of each row."""
        low, days = self._proofs.low.at or repeat(-1), self._proofs.days.at or repeat(-1)
        kinds = list(zip(low, days, self._new, strict=False))
        places = {kind: at for at, kind in enumerate(dict.fromkeys(kinds))}
        values = [self._said(*kind) for kind in places]
        at = list(map(places.__getitem__, kinds))
        for row, ready in self._odd.items():
            values.append(ready.warnings)
            at[row] = len(values) - 1
        for row, said in self._beside_the_record():
            values.append((*values[at[row]], said))
            at[row] = len(values) - 1
        return values, at

    def _said(self, low: int, days: int, new: int) -> tuple[Doubt, ...]:
        cells = self._proofs.low.values[low] if low >= 0 else None
        when = self._proofs.days.values[days] if days >= 0 else None
        said = (*(cells.warnings if cells else ()), *(when.warnings if when else ()))
        return (*said, self._memory.unit_new) if new else said

    def _beside_the_record(self) -> Iterator[tuple[int, Doubt]]:
        """Rows whose act is on record already, with the same content or with other."""
        mine = (
            {
                at: self._odd[at].act if at in self._odd else self._acts[at]
                for at in compress(range(self._chunk.size), self._taken)
                if (self._odd[at].unit is None if at in self._odd else not self._new[at])
            }
            if self._odd or not all(self._new)
            else {}
        )
        acts = Acts(act[0] for act in mine.values() if act is not None)
        if not acts.any:
            return
        for at, act in mine.items():
            known = acts.payload(*act[:3]) if act is not None and act[1] else None
            if known is None:
                continue
            odd = self._odd.get(at)
            facts = odd.facts or {} if odd else {}
            payload = facts["payload"] if odd else self._prover.payload(self._proofs, at)
            code = "known" if json.loads(known) == payload else "correction"
            yield at, ("", code, reason("warning", code))


def _decided(values: Sequence[Days | None]) -> list[str]:
    return [one.facts["decided_on"] if one is not None else "" for one in values]


def _authorities(values: Sequence[Low | None]) -> list[str]:
    return [one.authority if one is not None else "" for one in values]
