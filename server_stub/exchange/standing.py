"""What the register and the records say of many rows at once; asked once a chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import NamedTuple

from server_stub.exchange import sql
from server_stub.statements import Row
from server_stub.subjects.keying import code_hashes


class Unit(NamedTuple):
    """A unit that certainly bears a code: its key and its name, as written and folded; all of them empty:
    nobody bears the code, and a row about it brings the unit in."""

    subject_key: str = ""
    name: str = ""
    folded: str = ""


NOBODY = Unit()


class Register:
    """Units by code, as they stood when first asked for. A code that is not certain has no unit here."""

    def __init__(self) -> None:
        self._units: dict[str, Unit | None] = {}

    def ask(self, codes: Iterable[str]) -> None:
        """Look up codes (18 characters, sound) that were not asked for before."""
        fresh = [code for code in dict.fromkeys(codes) if code not in self._units]
        if not fresh:
            return
        hashes = code_hashes(fresh)
        whole = _by_hash(hashes.values())
        strange = [code for code in fresh if hashes[code] not in whole] if whole else fresh
        inside = code_hashes({code[8:17] for code in strange})
        inner = _by_hash(inside.values()) if inside else {}
        self._units.update(dict.fromkeys(strange, NOBODY))
        if inner:
            self._units.update({code: _nobodys(inner.get(inside[code[8:17]], ())) for code in strange})
        if whole:
            borne = {code: whole[digest] for code, digest in hashes.items() if digest in whole}
            self._units.update({code: _certain(rows) for code, rows in borne.items()})

    def units(self, codes: Sequence[str], asked: Sequence[int]) -> list[Unit | None]:
        """The unit of each code that `asked` marks, looked up with the others; None where only the careful
        look can tell.
        """
        self.ask(compress(codes, asked))
        return list(map(self._units.get, codes))


def _by_hash(hashes: Iterable[str]) -> dict[str, list[Row]]:
    borne: dict[str, list[Row]] = {}
    for row in sql.bearers(list(hashes)):
        borne.setdefault(row[0], []).append(row)
    return borne


def _certain(whole: Sequence[Row]) -> Unit | None:
    """Who bears a code, where he is the only one that ever did."""
    _, _, value, first, last, key, name, folded, _ = whole[0]
    certain = len(whole) == 1 and value and first is None and last is None
    return Unit(key, name, folded) if certain else None


def _nobodys(within: Sequence[Row]) -> Unit | None:
    """Nobody bears the code: certain, where no unit without a code bears the part inside."""
    return NOBODY if all(row[8] or row[1] != "org_code" for row in within) else None


class Acts:
    """Payloads of the acts on record, by subject, folded document number and day."""

    def __init__(self, subject_keys: Iterable[str]) -> None:
        keys = sorted(set(subject_keys))
        rows = sql.acts_of(keys) if keys else []
        self._known = {(key, document, str(day)): payload for key, document, day, payload in rows}

    @property
    def any(self) -> bool:
        return bool(self._known)

    def payload(self, subject_key: str, document: str, day: str) -> str | None:
        """The payload of an act on record, as JSON text; None for an act that is new."""
        return self._known.get((subject_key, document, day))
