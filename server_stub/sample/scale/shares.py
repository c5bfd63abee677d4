"""How many records each subject has: few have many, the sum is exact, and any one can be asked alone."""

from __future__ import annotations

import msgspec

# Records of ten neighbours, in proportion: of units and of persons.
UNIT_WEIGHTS = (3, 17, 0, 8, 5, 1, 30, 6, 2, 11)
PERSON_WEIGHTS = (1, 2, 0, 1, 4, 1, 0, 3, 1, 2)
UNIT_SHARE = 0.54  # of all records; 350,000 units then have about eight each


class Share(msgspec.Struct, frozen=True):
    """`total` records over `subjects` subjects by `weights`; `first` records come before all of them."""

    subjects: int
    total: int
    weights: tuple[int, ...]
    first: int = 0

    def before(self, serial: int) -> int:
        """The number of records of everybody before the subject `serial` (which may be one past the end)."""
        return self.first + self.total * self._weight(serial) // max(self._weight(self.subjects), 1)

    def _weight(self, serial: int) -> int:
        groups, rest = divmod(serial, len(self.weights))
        return groups * sum(self.weights) + sum(self.weights[:rest])


def shares(units: int, persons: int, records: int) -> tuple[Share, Share]:
    """The records of units, and of persons after them; all go to one side where the other is empty."""
    of_units = 0 if not units else records if not persons else round(records * UNIT_SHARE)
    return (
        Share(units, of_units, UNIT_WEIGHTS),
        Share(persons, records - of_units, PERSON_WEIGHTS, first=of_units),
    )
