"""Which file of a filing the server did not take, and why: kept with the refusal, told, and in the way of the
next sending until the officer leaves it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.trouble import NotRight, Trouble
from app.wire.messages import FieldFlaw, ProblemBody
from app.wire.problems import Answered
from local_cache.evidence import Named
from local_cache.outbox import OutboxItem

REFUSED = "attachment-refused"
# The reasons that the server publishes (docs/PROTOCOL.md); one of a later server is told as "not taken".
REASONS = ("type", "size", "digest", "active", "damaged", "encrypted")
KEY, STANDS = "file", "attachment.stands"
TOLD = 60  # signs of a name that the server tells


@dataclass(frozen=True)
class RefusedFile:
    """One file of a filing by its place and name; `why` is the server's reason, empty when it gave none.
    Where several bear the name that it gave, `others` are the places of the rest: it is one of these."""

    place: int
    name: str
    why: str = ""
    others: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """Every file that it may be."""
        return (self.place, *self.others)

    @property
    def text(self) -> str:
        """The id of the sentence that names file and reason (value `file`)."""
        return f"attachment.refused_{self.why if self.why in REASONS else 'other'}"

    @property
    def mark(self) -> str:
        """The id of the few words that stand at the file, or at each that it may be."""
        if self.others:
            return "attachment.mark_one_of"
        return f"attachment.mark_{self.why if self.why in REASONS else 'other'}"


def at_its_way(problem: ProblemBody, place: int, name: str) -> RefusedFile | None:
    """What the server said of a file while it was brought; None for a refusal of something else."""
    if problem.code != REFUSED:
        return None
    return RefusedFile(place, name, next((one.code for one in problem.fields), ""))


def refused_scan(said: Answered, name: str) -> Trouble:
    """What the officer is told of a letter that the server did not take; of its scan, the reason."""
    found = at_its_way(said.body, 0, name)
    return NotRight(REFUSED, found.text, {"file": name}) if found is not None else said.trouble


def at_the_filing(problem: dict[str, Any] | None, files: Iterable[Named]) -> RefusedFile | None:
    """What the server said of a file when the filing came that names it. Its digest says which one it is; an
    older server tells the name alone, of a long one the beginning: then equal names go before beginnings, and
    where several fit none of them is singled out."""
    try:
        body = msgspec.convert(problem or {"code": ""}, ProblemBody)
    except msgspec.ValidationError:
        return None
    if body.code != REFUSED or not body.fields:
        return None
    flaw = body.fields[0]
    found = _meant(flaw, tuple(files))
    if not found:
        return None
    names = {one.name for one in found}
    name = found[0].name if len(names) == 1 else f"{flaw.message}…"
    return RefusedFile(found[0].place, name, flaw.code, tuple(one.place for one in found[1:]))


def _meant(flaw: FieldFlaw, files: Sequence[Named]) -> tuple[Named, ...]:
    """The file that the server speaks of, or those that it may be."""
    if flaw.sha256:
        same = [one for one in files if one.sha256 == flaw.sha256]
        return tuple(same[:1])  # the same bytes go once
    if not flaw.message:
        return ()
    equal = tuple(one for one in files if one.name == flaw.message)
    if equal or len(flaw.message) < TOLD:
        return equal
    return tuple(one for one in files if one.name.startswith(flaw.message))


def refused_file(item: OutboxItem | None) -> RefusedFile | None:
    """The file for whose sake an item was refused; None where the server named none."""
    if item is None or item.state != "refused" or not item.result:
        return None
    known = msgspec.json.decode(item.result).get(KEY)
    return msgspec.convert(known, RefusedFile) if known else None


def require_left_out(found: RefusedFile | None, left_out: Sequence[int]) -> None:
    """Nothing is sent again with the file that the server has refused; where it may be one of several, not
    with all of them.

    Raises:
        NotRight: attachment.stands (context file), told by the refusal's own sentence.
    """
    if found is not None and not set(found.places) & set(left_out):
        raise NotRight(STANDS, found.text, {"file": found.name}, kept="kept.unsent")
