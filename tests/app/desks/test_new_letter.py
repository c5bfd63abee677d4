"""A letter typed at the counter gets its number with the query it was held against, not before: a scan is
bound to its card for good, and a typing mistake is put right with the same scan."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app.assembly import Client, open_client
from app.desks.home_desk import NEW_LETTER, HomeDesk
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.letters import Letter, LetterCard
from app.services.lettering import KeptLetter
from app.trouble import NotNow, NotRight, VaultTrouble
from local_cache import drafts
from tests.app.desks.stand_ins import CARD as UNIT
from tests.app.desks.stand_ins import LETTER, PERSON, Lanes, Shown, answer, client
from tests.app.services.vaults import LIGHT, LONG, USER, TurnedClock

CARD = LetterCard(
    "示例乙", "resident_id", PERSON, USER.organisation_name, ("loan",), "", "2026-11-20", "2026-11-20",
    "2026-12-31", "single",
)  # fmt: skip
NEW = Letter(CARD, "scan.pdf", b"%PDF-1.4\n")
KEPT = KeptLetter("SQ-2", NEW.sha256, "2026-12-31", "示例乙", CARD)


def at_home(made: Any) -> HomeDesk:
    desk = HomeDesk(made, Lanes(), Shown(), lambda _: None, lambda *_: None)
    desk.start()
    desk.choose_purpose("loan")
    desk.name_case("L-1")
    return desk


def typed_in(desk: HomeDesk, tmp_path: Path, **changes: Any) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(NEW.scan)
    desk.add_letter(scan, msgspec.structs.replace(CARD, **changes))


@pytest.mark.parametrize("wrong", [{"authoriser_name": "示例丙"}, {"id_number": "43040019900101001X"}])
def test_a_card_for_somebody_else_is_told_in_its_form_and_never_handed_in(
    whole: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    handed: list[Letter] = []

    def hand_in(letter: Letter) -> KeptLetter:
        handed.append(letter)
        raise NotNow("net.unreachable")

    monkeypatch.setattr(whole.lettering, "hand_in", hand_in)
    desk = at_home(whole)
    typed_in(desk, tmp_path, **wrong)
    assert desk.view.letter is desk.view.new_letter is not None and not desk.view.adding_letter
    desk.open_person("resident_id", PERSON, "示例乙")
    assert desk.view.adding_letter and desk.view.letter_notice is not None
    part = "name" if "authoriser_name" in wrong else "number"
    assert desk.view.letter_notice.text == f"letter-mismatch.{part}"
    assert (desk.view.notice, desk.view.busy, handed) == (None, False, [])
    typed_in(desk, tmp_path)
    desk.open_person("resident_id", PERSON, "示例乙")
    assert [letter.card.authoriser_name for letter in handed] == ["示例乙"]
    assert desk.view.notice is not None and not desk.view.adding_letter


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"institution": "示例银行别处分行"}, "letter-mismatch"),
        ({"signed_on": "2026-10-01", "valid_from": "2026-10-01", "valid_to": "2026-11-01"}, "letter-expired"),
        ({"id_number": PERSON[:-1] + "9"}, "letter.card-broken"),
    ],
)
def test_what_can_be_seen_without_the_subject_is_told_at_once(
    whole: Client, tmp_path: Path, wrong: dict[str, str], code: str
) -> None:
    desk = at_home(whole)
    desk.open_letter_form(True)
    typed_in(desk, tmp_path, **wrong)
    assert (desk.view.letter_notice is not None and desk.view.letter_notice.code) == code
    assert desk.view.new_letter is None and desk.view.adding_letter and not desk.view.letter_busy


def test_a_units_letter_is_held_against_the_candidate_that_was_opened(
    whole: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Letter] = []
    monkeypatch.setattr(whole.lettering, "hand_in", handed.append)
    desk = at_home(whole)
    other = "91430405MA0000007G"
    typed_in(desk, tmp_path, id_type="uscc", id_number=other, authoriser_name="示例乙")
    desk.put(candidates=(UNIT,))
    desk.open_candidate(UNIT.subject_key)
    assert UNIT.code != other and desk.view.letter_notice is not None
    assert (desk.view.letter_notice.text, handed) == ("letter-mismatch.number", [])


def with_new_letter(**changes: Any) -> tuple[Any, HomeDesk]:
    made = client()
    made.querying.answers |= {"query": answer(), **changes}
    made.lettering.answers["take"] = NEW
    desk = at_home(made)
    desk.add_letter(Path("scan.pdf"), CARD)
    return made, desk


def test_after_its_query_the_letter_stands_there_by_its_number() -> None:
    made, desk = with_new_letter()
    made.lettering.answers["letters"] = (LETTER, KEPT)
    desk.open_person("resident_id", PERSON, "示例乙")
    (request,) = made.querying.last("query")
    assert request.letter is NEW
    assert (desk.view.letter, desk.view.new_letter) == (KEPT, None)


def test_a_letter_registered_by_a_query_that_then_failed_stands_by_its_number_too() -> None:
    made, desk = with_new_letter(query=NotNow("net.timeout"))
    made.lettering.answers["letters"] = (LETTER, KEPT)
    desk.open_person("resident_id", PERSON, "示例乙")
    assert (desk.view.letter, desk.view.new_letter) == (KEPT, None)


def test_a_refused_scan_opens_the_form_again() -> None:
    _, desk = with_new_letter(query=NotRight("attachment-refused", "attachment.refused_encrypted"))
    desk.open_person("resident_id", PERSON, "示例乙")
    assert desk.view.adding_letter and desk.view.letter_notice is not None
    assert desk.view.letter_notice.text == "attachment.refused_encrypted"


def test_letters_that_cannot_be_read_again_hide_no_refusal() -> None:
    made, desk = with_new_letter(query=NotNow("net.timeout"))
    made.lettering.answers["letters"] = VaultTrouble("vault.locked")
    desk.open_person("resident_id", PERSON, "示例乙")
    assert desk.view.notice is not None and desk.view.notice.text == "net.timeout"
    assert desk.view.letter is NEW


def test_control_a_flaw_of_a_kept_letter_does_not_open_the_form() -> None:
    made, desk = with_new_letter(query=NotRight("letter-expired", "problem.letter-expired"))
    desk.choose_letter(LETTER.letter_no)
    desk.open_person("resident_id", PERSON, "示例乙")
    assert not desk.view.adding_letter and desk.view.notice is not None
    desk.choose_letter(NEW_LETTER)
    assert desk.view.letter is NEW


def opened_again(made: Client) -> Client:
    """The program started anew after a lock, as after a crash: nothing is handed over but the vault."""
    made.close()
    again = open_client(made.home.root, made.clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
    again.unlocking.unlock(LONG)
    return again


def test_a_new_letter_outlives_a_lock_and_leaves_no_scan_in_the_house(whole: Client, tmp_path: Path) -> None:
    typed_in(at_home(whole), tmp_path)
    again = opened_again(whole)
    try:
        (kept,) = again.unlocking.room.run(lambda opened: drafts.listed(opened.work, "drafts"))
        assert NEW.scan.strip() not in kept.body
        desk = at_home(again)
        assert desk.view.letter is desk.view.new_letter and desk.view.new_letter == NEW
        assert desk.view.begun is not None and desk.view.begun.card == CARD
        assert (desk.view.adding_letter, desk.view.letter_notice) == (False, None)
        desk.choose_letter("")
        desk.start()  # the page is entered again
        assert (desk.view.letter, desk.view.new_letter) == (None, NEW)
        desk.drop_letter()
        assert at_home(again).view.new_letter is None
    finally:
        again.close()


@pytest.mark.parametrize(
    ("scan", "code"), [(b"%PDF-1.4 of another\n", "attachment.changed"), (None, "letter.scan-missing")]
)
def test_without_the_scan_that_was_picked_the_form_comes_back_and_says_so(
    whole: Client, tmp_path: Path, scan: bytes | None, code: str
) -> None:
    typed_in(at_home(whole), tmp_path)
    if scan is None:
        (tmp_path / "scan.pdf").unlink()
    else:
        (tmp_path / "scan.pdf").write_bytes(scan)
    desk = at_home(whole)
    assert (desk.view.new_letter, desk.view.letter, desk.view.adding_letter) == (None, None, True)
    assert desk.view.begun is not None and desk.view.begun.card == CARD
    assert desk.view.letter_notice is not None and desk.view.letter_notice.code == code
    desk.open_letter_form(False)
    desk.start()
    assert not desk.view.adding_letter  # told once


def test_a_letter_that_has_its_number_or_is_over_is_no_draft_any_more(
    whole: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_op: str, _card: object, _name: str, scan: str) -> Any:
        digest = hashlib.sha256(base64.b64decode(scan)).hexdigest()
        return SimpleNamespace(letter_no=f"SQ-{digest[:4]}", sha256=digest, valid_to="2026-12-31")

    monkeypatch.setattr(whole.lettering.lines, "routes", lambda: SimpleNamespace(letter=taken))
    typed_in(at_home(whole), tmp_path)
    whole.lettering.hand_in(Letter(CARD, "other.pdf", b"%PDF-1.4 of another\n"))
    assert whole.lettering.begun() is not None  # control: another letter's number is not this one's
    whole.lettering.hand_in(NEW)
    assert whole.lettering.begun() is None
    typed_in(at_home(whole), tmp_path)
    assert whole.lettering.begun() is not None
    whole.lettering.hand_in(NEW)  # known by its number already
    assert whole.lettering.begun() is None
    typed_in(at_home(whole), tmp_path)
    assert isinstance(whole.clock, TurnedClock)
    whole.clock.pass_(days=60)
    assert whole.lettering.begun() is None
    assert whole.unlocking.room.run(lambda opened: drafts.listed(opened.work, "drafts")) == []
