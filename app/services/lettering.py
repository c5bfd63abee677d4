"""Letters of authorisation of this officer: typed or read, handed in with a query, and kept by number."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.clock import from_epoch_ms
from app.field.beijing import AHEAD
from app.field.limits import file_name
from app.letters import Letter, LetterCard, check_use, letter_of, read_letter
from app.services.attaching import keepable
from app.services.entries import new_op_id
from app.services.lines import Lines
from app.services.picked_files import AsPicked, require_as_picked
from app.services.refused_files import refused_scan
from app.services.room import Opened, Room
from app.trouble import NotRight, NotTrusted
from app.wire.routes import Answered
from local_cache import drafts
from local_cache.database import transaction

DRAFT, ONLY = "letter", "new"


class KeptLetter(msgspec.Struct, frozen=True):
    """A letter that the server has taken in, with its fields where this computer handed it in."""

    letter_no: str
    sha256: str
    valid_to: str
    authoriser_name: str
    card: LetterCard | None = None


class BegunLetter(msgspec.Struct, frozen=True):
    """A letter that was typed and is not handed in: its card, and how its scan was when it was taken."""

    card: LetterCard
    scan: AsPicked


@dataclass(frozen=True)
class FoundLetter:
    """A begun letter found again. Without a `letter` the `flaw` says what is wrong with its scan."""

    begun: BegunLetter
    letter: Letter | None = None
    flaw: NotRight | None = None


class Lettering:
    """Letters of this officer. A scan is bound to its card for good once it is handed in."""

    def __init__(self, room: Room, lines: Lines) -> None:
        self.room = room
        self.lines = lines

    def read(self, path: Path) -> Letter:
        """A letter by its card or scan, see app.letters."""
        return read_letter(path)

    def take(self, scan: Path, card: LetterCard) -> Letter:
        """A letter whose card was typed here: everything that can be checked before it is known whom the
        query is about. Nothing is handed in: a scan is bound to its card for good. Until then card and place
        of the scan are a draft, the only one of its kind.

        Raises:
            NotRight: as app.letters.
            VaultTrouble: as `Drafts.save`.
        """
        letter = letter_of(card, scan)
        self.check_use(letter.card, letter.card.purposes[0], letter.card.id_type)
        place = str(scan.absolute())
        there = AsPicked(place, len(letter.scan), scan.stat().st_mtime_ns, letter.sha256)
        begun = BegunLetter(letter.card, there if keepable(place) else AsPicked("", 0, 0, letter.sha256))

        def put(opened: Opened) -> None:
            with transaction(opened.work, "work"):
                _drop(opened)
                body = drafts.Body(DRAFT, ONLY, msgspec.json.encode(begun), opened.now_text())
                drafts.save(opened.work, "drafts", body)

        self.room.run(put)
        return letter

    def begun(self) -> FoundLetter | None:
        """The letter that was typed and not handed in, while it can still be used."""
        found = self.room.run(lambda opened: drafts.listed(opened.work, "drafts", DRAFT))
        if not found:
            return None
        begun = msgspec.json.decode(found[0].body, type=BegunLetter)
        if begun.card.valid_to < self._today():
            self.drop_begun()
            return None
        scan = Path(begun.scan.path)
        try:
            letter = letter_of(begun.card, scan)
            require_as_picked(scan, letter.sha256, (begun.scan,))
        except NotRight as flaw:
            return FoundLetter(begun, flaw=flaw)
        except OSError:  # gone or shut between the look and the reading
            return FoundLetter(begun, flaw=NotRight("letter.scan-missing", context={"file": scan.name}))
        return FoundLetter(begun, letter)

    def drop_begun(self) -> None:
        """Forget the letter that was typed and not handed in; its scan stays where it lies."""
        self.room.run(_drop)

    def check_use(
        self, card: LetterCard, purpose: str, id_type: str, name: str = "", number: str = ""
    ) -> None:
        """Whether the letter covers such a query of this officer, see app.letters."""
        check_use(
            card,
            purpose=purpose,
            institution=self.room.run(lambda opened: opened.user).organisation_name,
            id_type=id_type,
            name=name,
            number=number,
            today=(self.room.clock.now() + AHEAD).date(),
        )

    def hand_in(self, letter: Letter) -> KeptLetter:
        """Upload a letter that was held against its query. The same scan and card again is the same letter.

        Raises:
            Trouble: as told of the server; attachment-refused (context file) by the reason's sentence.
        """
        facts = msgspec.to_builtins(letter.card)
        for known in self.letters():
            if known.sha256 == letter.sha256 and known.card == letter.card:
                self.room.run(lambda opened: _drop(opened, letter))
                return known
        name = file_name(letter.scan_name)
        try:
            taken = self.lines.routes().letter(
                new_op_id(), facts, name, base64.b64encode(letter.scan).decode()
            )
        except Answered as said:
            raise refused_scan(said, name) from said
        if taken.sha256 != letter.sha256:
            raise NotTrusted("answer.foreign")
        kept = KeptLetter(
            taken.letter_no, taken.sha256, taken.valid_to, letter.card.authoriser_name, letter.card
        )
        body = drafts.Body("letter", kept.letter_no, msgspec.json.encode(kept), self._now())

        def put(opened: Opened) -> None:
            with transaction(opened.work, "work"):
                drafts.save(opened.work, "kept", body)
                _drop(opened, letter)

        self.room.run(put)
        return kept

    def letters(self) -> tuple[KeptLetter, ...]:
        """Letters that are not over yet, the newest first."""
        found = self.room.run(lambda opened: drafts.listed(opened.work, "kept", "letter"))
        letters = [msgspec.json.decode(item.body, type=KeptLetter) for item in found]
        today = self._today()
        return tuple(one for one in letters if one.valid_to >= today)

    def _now(self) -> str:
        return self.room.run(lambda opened: opened.now_text())

    def _today(self) -> str:
        moment = self.room.run(lambda opened: from_epoch_ms(opened.time.now_ms()))
        return (moment + AHEAD).date().isoformat()


def _drop(opened: Opened, handed_in: Letter | None = None) -> None:
    """Forget what was begun; of one that was handed in, that one alone."""
    for item in drafts.listed(opened.work, "drafts", DRAFT):
        begun = msgspec.json.decode(item.body, type=BegunLetter)
        if handed_in is None or (begun.card, begun.scan.sha256) == (handed_in.card, handed_in.sha256):
            drafts.discard(opened.work, "drafts", DRAFT, item.key)
