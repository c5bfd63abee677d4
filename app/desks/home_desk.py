"""The query: purpose first, then authorisation, then the subject. Nothing of credit is shown here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.desks.desk import Desk, LanesLike, Notice, notice_of
from app.desks.home_todo import Todo, what_waits
from app.field.identifier_kinds import exact_kind, has_check, identifier_fault
from app.field.identifiers import fold_number
from app.field.records import RegisterCard
from app.services.lettering import BegunLetter, FoundLetter
from app.services.querying import Letter, LetterCard, QueryRequest, SubjectAsk

FIRST_PURPOSES = 6
RECENT = 6
NEW_LETTER = "new"
LETTER_FLAWS = ("letter", "attachment-refused", "body-too-large")


@dataclass(frozen=True)
class HomeView:
    """`recognised` says what the typed text is; `asking` a person needs number and name besides.
    `new_letter` was typed and checked here; it gets its number with the query that it is held against.
    `begun` is its draft where it was found again after a lock or a crash: the form is filled from it."""

    purposes: tuple[Any, ...] = ()
    purpose: str = ""
    all_purposes: bool = False
    case_no: str = ""
    letters: tuple[Any, ...] = ()
    letter: Any = None
    document_seen: bool = False
    new_letter: Letter | None = None
    begun: BegunLetter | None = None
    adding_letter: bool = False
    text: str = ""
    recognised: Any = None
    person: bool = False
    searched: str = ""
    candidates: tuple[RegisterCard, ...] = ()
    more: bool = False
    recent: tuple[Any, ...] = ()
    todo: tuple[Todo, ...] = ()
    busy: bool = False
    waiting: bool = False
    letter_busy: bool = False
    letter_notice: Notice | None = None
    notice: Notice | None = None

    @property
    def shown_purposes(self) -> tuple[Any, ...]:
        """The first six for the role; all of them after 其他, and the chosen one always."""
        if self.all_purposes:
            return self.purposes
        first = self.purposes[:FIRST_PURPOSES]
        return first + tuple(one for one in self.purposes[FIRST_PURPOSES:] if one.code == self.purpose)

    def chosen_purpose(self) -> Any:
        return next((one for one in self.purposes if one.code == self.purpose), None)

    @property
    def letter_needed(self) -> bool:
        """Whether the purpose asks for a letter for the kind of subject on the screen."""
        chosen = self.chosen_purpose()
        if chosen is None:
            return False
        return bool(chosen.letter_for_person if self.person else chosen.letter_for_enterprise)

    @property
    def document_needed(self) -> bool:
        """Whether the person on the screen is asked about on the identity document shown at the window."""
        chosen = self.chosen_purpose()
        return self.person and self.letter is None and bool(getattr(chosen, "document_for_person", False))


class HomeDesk(Desk[HomeView]):
    """`opened` gets the answer; `standing` tells the frame which purpose is in force."""

    def __init__(
        self,
        client: Any,
        lanes: LanesLike,
        show: Callable[[HomeView], None],
        opened: Callable[[Any], None],
        standing: Callable[[Any, str], None],
    ) -> None:
        super().__init__(client, lanes, show, HomeView())
        self._opened, self._standing = opened, standing

    def start(self) -> None:
        """Fetch purposes, letters, recent queries and what waits."""
        self.ask("vault", self._opening, then=self._opened_at)
        if self.view.begun is None and self.view.new_letter is None:
            # its scan may lie on a disk that takes its time: the vault's lane does not wait for it
            self.ask("courier", self.client.lettering.begun, then=self._found_again)

    def _opened_at(self, found: dict[str, Any]) -> None:
        self.put(**found, **self._registered(found["letters"]))

    def _found_again(self, again: FoundLetter | None) -> None:
        """A new letter of before a lock or a crash, once; without its scan its form says why."""
        if again is None or self.view.begun is not None or self.view.new_letter is not None:
            return
        if again.letter is not None:
            letter = self.view.letter or again.letter
            self.put(begun=again.begun, new_letter=again.letter, letter=letter)
        else:
            said = notice_of(again.flaw) if again.flaw is not None else None
            self.put(begun=again.begun, adding_letter=True, letter_notice=said)

    def _registered(self, letters: tuple[Any, ...]) -> dict[str, Any]:
        """The new letter by its number, once it has one."""
        new = self.view.new_letter
        kept = next((one for one in letters if new is not None and one.sha256 == new.sha256), None)
        if kept is None or new is None or kept.card != new.card:
            return {}
        return {"new_letter": None, "letter": kept if self.view.letter is new else self.view.letter}

    def _letters_again(self) -> None:
        """After a query that may have handed the new letter in."""

        def found(letters: tuple[Any, ...]) -> None:
            self.put(letters=letters, **self._registered(letters))

        if self.view.new_letter is not None:
            job = self.client.lettering.letters  # the list as it was is still one: what was told stays
            self.ask("vault", job, then=found, failed=lambda _: None)

    def _opening(self) -> dict[str, Any]:
        querying = self.client.querying
        return {
            "purposes": querying.purposes(),
            "letters": self.client.lettering.letters(),
            "recent": querying.recent(RECENT),
            "todo": what_waits(self.client),
        }

    def choose_purpose(self, code: str) -> None:
        """Set the purpose; it stays for the following subjects."""
        if code == "*":
            self.put(all_purposes=True)
            return
        self.put(purpose=code, notice=None)
        self._standing(self.view.chosen_purpose(), self.view.case_no)

    def name_case(self, case_no: str) -> None:
        """The business number the query belongs to."""
        self.put(case_no=case_no.strip())
        self._standing(self.view.chosen_purpose(), self.view.case_no)

    def choose_letter(self, letter_no: str) -> None:
        """Take one of the kept letters or the new one (NEW_LETTER); an empty number takes none."""
        kept = next((one for one in self.view.letters if one.letter_no == letter_no), None)
        self.put(letter=self.view.new_letter if letter_no == NEW_LETTER else kept, notice=None)

    def drop_letter(self) -> None:
        """Give the new letter up before it is handed in."""
        kept = None if self.view.letter is self.view.new_letter else self.view.letter
        self.put(new_letter=None, letter=kept, notice=None)
        self.ask("vault", self.client.lettering.drop_begun, then=lambda _: None)

    def open_letter_form(self, shown: bool) -> None:
        """Show or put away the form for a new letter; what was typed stays in the form."""
        self.put(adding_letter=shown, letter_notice=None)

    def add_letter(self, scan: Path, card: LetterCard) -> None:
        """Check a letter as far as that goes without its query, which registers it; then use it."""
        missing = not (card.authoriser_name and card.id_number and card.valid_to and card.signed_on)
        if missing or not str(scan):
            self.put(letter_notice=Notice("home.letter_incomplete", (), "warning"))
            return
        self.put(letter_busy=True, letter_notice=None)
        job = self.client.lettering.take
        self.ask("vault", job, scan, card, then=self._lettered, failed=self._unlettered)

    def _lettered(self, letter: Letter) -> None:
        self.put(new_letter=letter, letter=letter, adding_letter=False, letter_busy=False, notice=None)
        self._letters_again()  # the same paper with the same card has its number already

    def _unlettered(self, notice: Notice) -> None:
        self.put(letter_busy=False, letter_notice=notice)

    def typed(self, text: str) -> None:
        """Say what the text is while it is typed. Nothing is sent."""
        recognised = self.client.querying.recognise(text) if text.strip() else None
        person = self.view.person or (recognised is not None and recognised.kind == "id_card")
        listed = (
            {} if text.strip() == self.view.searched else {"candidates": (), "searched": "", "more": False}
        )
        self.put(text=text, recognised=recognised, person=person, document_seen=False, notice=None, **listed)

    def person_mode(self, person: bool) -> None:
        """Switch between enterprises and persons; a person needs type, number and name."""
        self.put(person=person, recognised=None, candidates=(), searched="", document_seen=False, notice=None)

    def see_document(self, seen: bool) -> None:
        """The person is here and the original of the document was seen: said anew for each person."""
        self.put(document_seen=seen, notice=None)

    def _ground_missing(self) -> bool:
        if not self.view.purpose:
            self.put(notice=Notice("query.purpose", (), "warning"))
        elif not self.view.case_no:
            self.put(notice=Notice("problem.case-needed", (), "warning"))
        else:
            return False
        return True

    def search(self, text: str) -> None:
        """A number opens its subject, a name lists candidates."""
        if self._ground_missing():
            return
        found = self.client.querying.recognise(text)
        self.put(text=text, recognised=found)
        if found.kind == "empty":
            self.put(notice=Notice("home.empty", (), "warning"))
        elif found.kind == "id_card":
            self.put(person=True, notice=Notice("home.person_needs_name", (), "warning"))
        elif found.kind == "name":
            self._list(found.value)
        elif not found.ok:
            place = found.fault_position
            said = ("query.codeCheck", (("position", place),)) if place else ("home.code_length", ())
            self.put(notice=Notice(said[0], said[1], "warning"))
        else:
            self._open(SubjectAsk(kind="legal", number=found.value))

    def _list(self, name: str) -> None:
        self.put(busy=True, waiting=True, notice=None, candidates=(), searched=name)
        job = self.client.querying.candidates
        self.ask("wire", job, name, self.view.purpose, then=self._listed, failed=self._broken, alone=True)

    def _listed(self, found: Any) -> None:
        notice = None
        if not found.rows:
            notice = Notice("home.no_candidate", (("name", self.view.searched),), "info")
        elif found.more:
            notice = Notice("query.tooMany", (("limit", len(found.rows)),), "info")
        self.put(busy=False, waiting=False, candidates=found.rows, more=found.more, notice=notice)

    def open_candidate(self, subject_key: str) -> None:
        """Query one of the listed subjects. This is what is counted and logged."""
        if not self._ground_missing():
            meant = (one.code for one in self.view.candidates if one.subject_key == subject_key)
            # a letter is held against its number before it is handed in
            self._open(SubjectAsk(kind="legal", number=next(meant, ""), subject_key=subject_key))

    def open_person(self, id_type: str, number: str, name: str) -> None:
        """Query a person: type, number and name, all three, and a letter where the purpose asks for one."""
        if self._ground_missing():
            return
        if not number.strip() or not name.strip():
            self.put(notice=Notice("home.person_needs_name", (), "warning"))
            return
        folded = fold_number(number)
        kind = exact_kind(id_type, folded)
        if identifier_fault(kind, folded) is not None:
            found = self.client.querying.recognise(number)
            said = "query.idCheck" if has_check(kind) else "query.idForm"
            self.put(recognised=found, notice=Notice(said, (), "warning"))
            return
        if self.view.letter_needed and self.view.letter is None:
            self.put(notice=Notice("query.authNeeded", (), "warning"))
            return
        if self.view.document_needed and not self.view.document_seen:
            self.put(notice=Notice("problem.document-needed", (), "warning"))
            return
        self._open(SubjectAsk(kind="person", number=folded, name=name.strip(), id_type=kind))

    def _open(self, subject: SubjectAsk) -> None:
        view = (
            self.view
        )  # whether a unit's letter lacks is for the service to say: of one's own none is asked
        letter = view.letter if subject.kind == "person" or speaks_for_unit(view.letter) else None
        request = QueryRequest(
            subject=subject,
            purpose=view.purpose,
            case_no=view.case_no,
            letter=letter,
            document_seen=view.document_needed and view.document_seen and subject.kind == "person",
        )
        self.put(busy=True, waiting=True, notice=None)
        job = self.client.querying.query
        self.ask("wire", job, request, then=self._answered, failed=self._unanswered, alone=True)

    def cancel(self) -> None:
        """Stop waiting. The query's fate is settled by its number at the next contact."""
        self.leave()
        self.put(busy=False, waiting=False, notice=Notice("home.cancelled", (), "info"))

    def _answered(self, answer: Any) -> None:
        self.put(document_seen=False)
        self._letters_again()
        if answer.bundle.no_information:
            self.put(busy=False, waiting=False, notice=Notice("query.none", (), "info"))
            return
        self.put(busy=False, waiting=False, notice=None)
        self._opened(answer)

    def _unanswered(self, notice: Notice) -> None:
        """What is wrong with a letter without a number is put right in its form, with the same scan."""
        new = self.view.new_letter
        if new is not None and self.view.letter is new and notice.code.startswith(LETTER_FLAWS):
            self.put(busy=False, waiting=False, adding_letter=True, letter_notice=notice)
        else:
            self._broken(notice)
        self._letters_again()

    def _broken(self, notice: Notice) -> None:
        self.put(busy=False, waiting=False, notice=notice)

    def open_recent(self, query_no: str) -> None:
        """Open the kept copy of an earlier query."""
        self.put(busy=True, waiting=True, notice=None)
        job = self.client.offline_files.open
        self.ask("vault", job, query_no, then=self._answered, failed=self._broken, alone=True)


def speaks_for_unit(letter: Any) -> bool:
    """Whether a kept letter is an enterprise's; a person's letter must not ride with a query of a unit."""
    card = getattr(letter, "card", None)
    return letter is not None and (card is None or card.id_type == "uscc")
