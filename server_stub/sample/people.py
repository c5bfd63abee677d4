"""Units and persons of the made-up city, the same ones for the same size and day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import msgspec

from server_stub.sample.numbers import person_number, unit_code
from server_stub.sample.words import words
from server_stub.subjects.services import LegalEntry, PersonEntry

YEAR = 365


class People(msgspec.Struct, frozen=True):
    """Register entries; the first units and persons are the special ones, in the order of the names below."""

    units: list[LegalEntry]
    persons: list[PersonEntry]

    @property
    def rich(self) -> LegalEntry:
        """Records of every section; on the serious list and on the honour list."""
        return self.units[0]

    @property
    def ambiguous(self) -> LegalEntry:
        """One of two units whose names differ only in the form of company."""
        return self.units[1]

    @property
    def heavy(self) -> LegalEntry:
        """181 judgements and 80 licences."""
        return self.units[3]

    @property
    def certified(self) -> LegalEntry:
        """The unit whose own officer may sign in."""
        return self.units[4]

    @property
    def adult(self) -> PersonEntry:
        """A grown person with records."""
        return self.persons[0]

    @property
    def rare(self) -> PersonEntry:
        """A person whose name needs a character beyond common fonts."""
        return self.persons[1]

    @property
    def minors(self) -> list[PersonEntry]:
        """Persons under 18 on the day."""
        return self.persons[2:5]

    @property
    def grown(self) -> PersonEntry:
        """A person of age today who was a minor at an act."""
        return self.persons[5]


def people(units: int, persons: int, on: date) -> People:
    """Exactly so many units and persons (at least the special ones), as they stand on the day `on`."""
    draw = Random(43040)  # noqa: S311 - made-up data wants to be the same each time
    entries = [*_special_units(on)]
    while len(entries) < units:
        entries.append(_unit(len(entries), draw, on))
    return People(entries, _persons(persons, draw, on))


def unit_name(brand: str, trade: str, form: str) -> str:
    """City, brand, the mark of a sample, trade and form."""
    table = words()["units"]
    return f"{table['city']}{brand}{table['mark']}{trade}{form}"


def _special_units(on: date) -> list[LegalEntry]:
    named = []
    for row in words()["units"]["special"]:
        former: tuple[tuple[str, date | None], ...] = ()
        form = words()["units"]["forms"][row["form"]]
        if "former" in row:
            until = on - timedelta(days=row["days"]) if row["days"] else None
            former = ((unit_name(row["former"], row["trade"], form), until),)
        named.append((unit_name(row["brand"], row["trade"], form), former))
    divisions = list(words()["districts"])
    return [
        _entry(name, at, divisions[at % len(divisions)], on - timedelta(days=4000 + 111 * at), former)
        for at, (name, former) in enumerate(named)
    ]


def _unit(serial: int, draw: Random, on: date) -> LegalEntry:
    table = words()["units"]
    brand = draw.choice(table["first"]) + draw.choice(table["second"])
    individual = draw.random() < 0.25
    form = table["individual"] if individual else draw.choice(table["forms"])
    name = unit_name(brand, draw.choice(table["trades"]), form)
    former: tuple[tuple[str, date | None], ...] = ()
    if serial % 17 == 0:
        old = unit_name(draw.choice(table["first"]) + draw.choice(table["second"]), table["trades"][-1], form)
        former = ((old, on - timedelta(days=draw.randrange(100, 2000))),)
    founded = on - timedelta(days=draw.randrange(400, 6000))
    state = draw.choices((0, 1, 2), (90, 7, 3))[0]
    division = draw.choice(list(words()["districts"]))
    return _entry(name, serial, division, founded, former, individual=individual, state=state)


def _entry(
    name: str,
    serial: int,
    division: str,
    founded: date,
    former: tuple[tuple[str, date | None], ...],
    *,
    individual: bool = False,
    state: int = 0,
) -> LegalEntry:
    table = words()["units"]
    district = words()["districts"][division]
    trade = next(trade for trade in table["trades"] if trade in name)
    return LegalEntry(
        name=name,
        code=unit_code(serial, division, "92" if individual else "91"),
        state=table["states"][state],
        existing=state == 0,
        category=table["categories"][2 if individual else serial % 2],
        representative=_person_name(serial),
        founded=founded,
        capital="" if individual else table["capital"].format(amount=50 * (1 + serial % 40)),
        registrar=table["registrar"].format(district=district),
        address=table["address"].format(district=district, number=1 + serial),
        district=district,
        industry=table["industries"][trade],
        former=former,
    )


def _persons(count: int, draw: Random, on: date) -> list[PersonEntry]:
    divisions = list(words()["districts"])
    table = words()["persons"]
    births = [
        date(1985, 6, 15),
        date(1990, 1, 1),
        on - timedelta(days=16 * YEAR),
        on - timedelta(days=12 * YEAR + 77),
        on - timedelta(days=17 * YEAR + 100),
        on - timedelta(days=21 * YEAR),
    ]
    taken: set[str] = set()
    entries: list[PersonEntry] = []
    while len(entries) < max(count, len(births)):
        at = len(entries)
        born = births[at] if at < len(births) else date(1950, 1, 1) + timedelta(days=draw.randrange(20000))
        division = divisions[at % len(divisions)]
        number = person_number(born, division)
        if number in taken:
            continue
        taken.add(number)
        name = f"{table['surname']}{table['rare']}" if at == 1 else _person_name(at)
        address = words()["units"]["address"].format(district=words()["districts"][division], number=1 + at)
        entries.append(PersonEntry(name=name, number=number, address=address))
    return entries


def _person_name(at: int) -> str:
    table = words()["persons"]
    first, second = table["first"], table["second"]
    return f"{table['surname']}{first[at % len(first)]}{second[at // len(first) % len(second)]}"
