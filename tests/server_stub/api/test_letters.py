"""One paper is one letter: its scan handed in again gives nothing that the first time did not give."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pikepdf
import pytest

from server_stub.config.clock import today
from server_stub.queries.models import Letter
from tests.one_page import one_page
from tests.server_stub.api.test_queries import legal, letter, person
from tests.server_stub.cases.test_attachments import pdf
from tests.server_stub.knocking import Answer, Knocker

Subject = Callable[[str], dict[str, str]]
SCAN = one_page("one paper")


def card_of(knocker: Knocker, who: dict[str, str], **changes: Any) -> dict[str, Any]:
    day = today().isoformat()
    return {
        "authoriser_name": who["name"],
        "id_type": who["id_type"],
        "id_number": who["number"],
        "institution": knocker.session["user"]["organisation_name"],
        "purposes": ["B01", "B02"],
        "scope": "公共信用信息",
        "signed_on": day,
        "valid_from": day,
        "valid_to": (today() + timedelta(days=3)).isoformat(),
        "kind": "single",
        **changes,
    }


def hand_in(knocker: Knocker, card: dict[str, Any], scan: bytes = SCAN) -> Answer:
    body = {"op_id": str(uuid.uuid4()), "letter": card, "scan_name": "a.pdf"}
    return knocker.call("POST", "/api/v1/letters", {**body, "scan_b64": base64.b64encode(scan).decode()})


def basis_of(answer: Answer) -> dict[str, str]:
    assert answer.status == 200, answer.body
    return {"type": "letter", "ref": answer.body["letter_no"], "sha256": answer.body["sha256"]}


def test_a_scan_handed_in_again_is_the_same_letter_and_serves_no_second_case(
    bank: Knocker, subject: Subject
) -> None:
    who = subject("person")
    card = card_of(bank, who)
    first = hand_in(bank, card)
    assert bank.query(subject=person(who), basis=basis_of(first), case_no="一件").status == 201
    again = hand_in(bank, {**card, "purposes": ["B02", "B01"], "scope": " 公共信用信息 "})
    assert again.body == first.body
    assert Letter.objects.count() == 1
    assert bank.query(subject=person(who), basis=basis_of(again), case_no="一件").status == 201
    refused = bank.query(subject=person(who), basis=basis_of(again), case_no="另一件")
    assert (refused.status, refused.code) == (422, "letter-used")


CHANGES: list[dict[str, Any]] = [
    {"kind": "continuous"},
    {"id_number": "430405198506150015"},
    {"id_type": "passport"},
    {"authoriser_name": "测试别人"},
    {"institution": "示例银行别的分行"},
    {"purposes": ["B01"]},
    {"scope": "全部信息"},
    {"signed_on": (today() - timedelta(days=1)).isoformat()},
    {"valid_from": (today() + timedelta(days=1)).isoformat()},
    {"valid_to": (today() + timedelta(days=90)).isoformat()},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: next(iter(one)))
def test_a_known_scan_with_another_card_is_refused(
    bank: Knocker, subject: Subject, changes: dict[str, Any]
) -> None:
    card = card_of(bank, subject("person"))
    first = basis_of(hand_in(bank, card))
    refused = hand_in(bank, {**card, **changes})
    assert (refused.status, refused.code) == (422, "letter-known")
    assert refused.body["context"]["letter_no"] == first["ref"]
    assert Letter.objects.count() == 1


def test_control_two_papers_serve_two_cases(bank: Knocker, subject: Subject) -> None:
    who = subject("person")
    for case_no in ("一件", "另一件"):
        basis = basis_of(hand_in(bank, card_of(bank, who), one_page(case_no)))
        assert bank.query(subject=person(who), basis=basis, case_no=case_no).status == 201


@pytest.mark.parametrize("kind", ["single", "continuous"])
def test_a_second_number_given_to_one_scan_before_is_held_too(
    bank: Knocker, subject: Subject, kind: str
) -> None:
    """Rows of a time when each handing-in gave a number of its own."""
    who = subject("person")
    first = basis_of(hand_in(bank, card_of(bank, who)))
    twin = Letter.objects.get()
    twin.letter_no, twin.kind = "SQ-20260101-000001", kind
    twin.save(force_insert=True)
    assert bank.query(subject=person(who), basis=first, case_no="一件").status == 201
    refused = bank.query(subject=person(who), basis={**first, "ref": twin.letter_no}, case_no="另一件")
    assert refused.code == "letter-used"


def test_a_letter_is_for_one_kind_of_document(bank: Knocker, subject: Subject) -> None:
    who = subject("person")
    basis = letter(bank, who, id_type="passport")
    refused = bank.query(subject=person(who), basis=basis)
    assert (refused.status, refused.code) == (422, "letter-mismatch")
    told = (refused.body["fields"][0]["path"], refused.body["context"]["why"])
    assert told == ("subject.id_type", "id_type")
    assert hand_in(bank, {**card_of(bank, who), "knid": "single"}).code == "body-invalid"
    unit = subject("rich")
    of_a_person = letter(bank, {"name": unit["name"], "code": unit["code"]}, id_type="passport")
    assert bank.query(subject=legal(unit), basis=of_a_person).code == "letter-mismatch"
    of_the_unit = letter(bank, {"name": unit["name"], "code": unit["code"]})  # control
    assert bank.query(subject=legal(unit), basis=of_the_unit).status == 201


def test_control_an_old_and_a_new_resident_number_are_one_document(bank: Knocker, subject: Subject) -> None:
    who = subject("person")
    number = who["number"]
    assert number[6:8] == "19"
    old = letter(bank, who, id_type="resident_id_15", id_number=number[:6] + number[8:17])
    assert bank.query(subject=person(who), basis=old).status == 201


def test_a_letter_that_nobody_can_open_is_refused_and_leaves_no_row(bank: Knocker, subject: Subject) -> None:
    card = card_of(bank, subject("person"))
    locked = pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    for scan, why in ((locked, "encrypted"), (b"%PDF-1.4\n%%EOF\n", "damaged")):
        refused = hand_in(bank, card, scan)
        assert (refused.status, refused.code, refused.body["fields"][0]["code"]) == (
            422,
            "attachment-refused",
            why,
        )
    assert not Letter.objects.exists()
    assert hand_in(bank, card).status == 200


def test_a_mistyped_institution_is_said_before_the_scan_is_bound_to_it(
    bank: Knocker, subject: Subject
) -> None:
    who = subject("person")
    card = card_of(bank, who)
    wrong = hand_in(bank, {**card, "institution": "示例银行别的分行"})
    assert (wrong.status, wrong.code, wrong.body["fields"][0]["path"]) == (
        422,
        "letter-mismatch",
        "letter.institution",
    )
    assert not Letter.objects.exists()
    right = basis_of(hand_in(bank, card))
    assert bank.query(subject=person(who), basis=right, case_no="一件").status == 201


def test_a_scan_kept_with_a_wrong_institution_before_is_free_until_somebody_asked_on_it(
    bank: Knocker, subject: Subject
) -> None:
    who = subject("person")
    card = card_of(bank, who)
    first = basis_of(hand_in(bank, card))
    Letter.objects.update(institution="示例银行别的分行")
    second = basis_of(hand_in(bank, {**card, "scope": "全部信息"}))
    assert second["ref"] != first["ref"]
    assert bank.query(subject=person(who), basis=first).code == "letter-mismatch"
    assert bank.query(subject=person(who), basis=second, case_no="一件").status == 201
    assert hand_in(bank, {**card, "scope": "第三种"}).code == "letter-known"
