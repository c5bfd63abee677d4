"""Queries over the routes: evidence with every answer, refusals that stay, nothing told that is not shown."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.field.evidence import Receipt
from app.field.proofs import consistent, included, read_note
from app.field.records import Bundle, read_bundle
from server_stub.config.city import log_origin
from server_stub.config.clock import today
from server_stub.evidence.models import DeviceEntry, Leaf, StrayEntry
from server_stub.feed.models import Holding
from server_stub.queries.models import Op, Query
from server_stub.records import services as records
from server_stub.subjects.selectors import find_person
from tests.one_page import one_page
from tests.server_stub.api.test_sign_in import payload
from tests.server_stub.knocking import Answer, Knocker, query_body
from tests.server_stub.records.made import licence

Subject = Callable[[str], dict[str, str]]
SignedIn = Callable[[str], Knocker]


def bundle(answer: Answer) -> Bundle:
    assert answer.status == 201, answer.body
    payload(answer.body["answer"])
    return read_bundle(base64.b64decode(answer.body["answer"]["payload_b64"]))


def receipts(answer: Answer) -> list[Receipt]:
    body = answer.body if answer.status == 201 else answer.body["context"]
    return msgspec.convert(body["receipts"], list[Receipt])


def check(receipt: Receipt) -> None:
    """The receipt as a client verifies it."""
    note = read_note(receipt.checkpoint)
    assert note.checkpoint.origin == log_origin()
    assert included(
        receipt.leaf(),
        receipt.leaf_index,
        note.checkpoint.size,
        [bytes.fromhex(step) for step in receipt.inclusion],
        note.checkpoint.root,
    )


def legal(subject: dict[str, str]) -> dict[str, str]:
    return {"kind": "legal", "number": subject["code"]}


def person(subject: dict[str, str]) -> dict[str, str]:
    return {"kind": "person", **{name: subject[name] for name in ("id_type", "number", "name")}}


def letter(knocker: Knocker, subject: dict[str, str], **changes: Any) -> dict[str, str]:
    """Upload a letter and return the basis that names it."""
    day = today().isoformat()
    card = {
        "authoriser_name": subject["name"],
        "id_type": subject.get("id_type", "uscc"),
        "id_number": subject.get("number") or subject["code"],
        "institution": knocker.session["user"]["organisation_name"],
        "purposes": ["B01"],
        "scope": "公共信用信息",
        "signed_on": day,
        "valid_from": day,
        "valid_to": (today() + timedelta(days=3)).isoformat(),
        "kind": "continuous",
        **changes,
    }
    scan = base64.b64encode(one_page(json.dumps(card))).decode()
    body = {"op_id": str(uuid.uuid4()), "letter": card, "scan_name": "a.pdf", "scan_b64": scan}
    answer = knocker.call("POST", "/api/v1/letters", body)
    assert answer.status == 200, answer.body
    assert answer.body["valid_to"] == card["valid_to"]
    return {"type": "letter", "ref": answer.body["letter_no"], "sha256": answer.body["sha256"]}


def test_an_answer_comes_with_its_evidence(bank: Knocker, subject: Subject) -> None:
    view = bank.link("screen", str(uuid.uuid4()))
    answer = bank.query(subject=legal(subject("rich")), before=(view,))
    seen = bundle(answer)
    assert seen.subject is not None
    assert (seen.subject.code, seen.no_information) == (subject("rich")["code"], False)
    assert seen.records
    assert seen.query_no == answer.body["query_no"]
    assert answer.body["replayed"] is False
    of_view, of_query = receipts(answer)
    check(of_view)
    check(of_query)
    assert of_query.entry.op_id == seen.op_id
    assert of_query.entry.entry_sha256 == bank.prev
    content = base64.b64decode(answer.body["answer"]["payload_b64"])
    assert of_query.entry.records_sha256 == hashlib.sha256(content).hexdigest()
    assert of_query.entry.outcome == "done"
    assert seen.lease.max_offline_s == 7 * 24 * 3600
    held = Holding.objects.filter(query_no=seen.query_no)
    assert {row.rec_id for row in held} == {record.rec_id for record in seen.records}


def test_the_next_checkpoint_is_consistent_with_the_last(bank: Knocker, subject: Subject) -> None:
    before = read_note(receipts(bank.query(subject=legal(subject("rich"))))[0].checkpoint).checkpoint
    later = receipts(bank.query(tree_size=before.size, subject=legal(subject("rich"))))[0]
    after = read_note(later.checkpoint).checkpoint
    path = [bytes.fromhex(step) for step in later.consistency]
    assert later.consistency_from == before.size
    assert consistent(before.size, after.size, path, before.root, after.root)


def test_a_tree_larger_than_ours_means_another_history(bank: Knocker, subject: Subject) -> None:
    answer = bank.query(tree_size=10_000, subject=legal(subject("rich")))
    assert (answer.status, answer.code) == (409, "epoch-changed")
    assert not Query.objects.exists()
    assert not DeviceEntry.objects.exists()


def test_the_same_operation_gets_the_same_answer(bank: Knocker, subject: Subject) -> None:
    body = query_body(subject=legal(subject("rich")))
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    one, two = (bank.call("POST", "/api/v1/queries", whole) for _ in range(2))
    assert (one.status, two.status, two.body["replayed"]) == (201, 201, True)
    assert one.body["answer"] == two.body["answer"]
    assert receipts(one)[0].leaf() == receipts(two)[0].leaf()
    assert Query.objects.count() == 1
    other = query_body(subject=legal(subject("heavy")))
    link = bank.link("query", op_id, other, purpose="B01")
    reused = bank.call("POST", "/api/v1/queries", {**whole, "entries": [link], "body": other})
    assert (reused.status, reused.code) == (422, "op-reused")


def test_a_link_sent_ahead_does_not_block_its_query(bank: Knocker, subject: Subject) -> None:
    body = query_body(subject=legal(subject("rich")))
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    ahead = bank.call("POST", "/api/v1/log/entries", {"entries": [link], "tree_size": 0})
    assert (ahead.status, ahead.body["last_n"]) == (200, 1)
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    answer = bank.call("POST", "/api/v1/queries", whole)
    assert receipts(answer)[0].entry.outcome == "done"
    assert receipts(answer)[0].entry.query_no == answer.body["query_no"]


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"purpose": ""}, "purpose-needed"),
    ({"purpose": "G01"}, "purpose-not-allowed"),
    ({"case_no": " "}, "case-needed"),
    ({"subject": {"kind": "legal", "number": "91430405MA0000007H"}}, "number-invalid"),
    ({"subject": {"kind": "legal"}}, "number-invalid"),
    ({"subject": {"kind": "person", "name": "某人"}}, "number-invalid"),
    ({"subject": {"kind": "ship"}}, "body-invalid"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSALS, ids=lambda one: str(one)[:40])
def test_a_refusal_is_evidence_too(
    bank: Knocker, subject: Subject, changes: dict[str, Any], code: str
) -> None:
    answer = bank.query(**{"subject": legal(subject("rich")), **changes})
    assert answer.code == code
    (receipt,) = receipts(answer)
    check(receipt)
    assert receipt.entry.outcome == f"refused:{code}"
    assert receipt.entry.records_sha256 == ""
    assert not Query.objects.exists()
    assert bank.query(subject=legal(subject("rich"))).status == 201  # the chain went on


def test_an_old_answer_is_not_handed_out_after_a_record_changed(bank: Knocker, subject: Subject) -> None:
    body, op_id = query_body(subject=legal(subject("rich"))), str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    first = bank.call("POST", "/api/v1/queries", whole)
    one, other = [record.rec_id for record in bundle(first).records if record.objection is None][:2]
    records.mark(one, number="YY-9", accepted_on=today(), due_on=None, by="centre1")
    marked = bank.call("POST", "/api/v1/queries", whole)  # control: a mark ends nothing
    assert (marked.status, marked.body["answer"]) == (201, first.body["answer"])
    records.annul(other, reason="示例", by="centre1")
    stored = Op.objects.get(op_id=op_id)
    for _ in range(2):
        refused = bank.call("POST", "/api/v1/queries", whole)
        assert (refused.status, refused.code) == (409, "answer-withdrawn")
        assert set(refused.body["context"]) == {"receipts", "replayed"}
        (receipt,) = receipts(refused)
        check(receipt)
        assert (receipt.entry.outcome, receipt.leaf()) == ("done", receipts(first)[0].leaf())
    kept = Op.objects.get(op_id=op_id)
    assert (kept.status, kept.response) == (stored.status, stored.response) == (201, stored.response)
    again = bundle(bank.query(subject=legal(subject("rich"))))
    assert other not in {record.rec_id for record in again.records}


def test_a_refused_operation_is_refused_again(bank: Knocker) -> None:
    body = query_body(purpose="G01", subject={"kind": "legal"})
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="G01")
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    one, two = (bank.call("POST", "/api/v1/queries", whole) for _ in range(2))
    assert one.code == two.code == "purpose-not-allowed"
    assert two.body["context"]["replayed"] is True
    assert Leaf.objects.filter(op_id=op_id).count() == 1


def test_a_person_needs_a_letter(bank: Knocker, subject: Subject) -> None:
    who = subject("person")
    assert bank.query(subject=person(who)).code == "letter-needed"
    basis = letter(bank, who)
    seen = bundle(bank.query(subject=person(who), basis=basis))
    assert seen.subject is not None
    assert seen.subject.name == who["name"]
    assert who["number"] not in base64.b64encode(msgspec.json.encode(seen)).decode()
    assert who["number"] not in msgspec.json.encode(seen).decode()
    assert seen.basis.type == "letter"
    # the letter ends in three days, before the copy term of seven
    assert 3 * 24 * 3600 <= seen.lease.max_offline_s <= 4 * 24 * 3600


LETTERS: list[tuple[dict[str, Any], str]] = [
    ({"id_number": "430405198506150015"}, "letter-mismatch"),
    ({"authoriser_name": "测试别人"}, "letter-mismatch"),
    ({"purposes": ["B02"]}, "letter-scope"),
    ({"signed_on": "2100-01-01", "valid_to": "2100-02-01"}, "letter-not-yet"),
    ({"signed_on": "2020-01-01", "valid_from": "2020-01-01", "valid_to": "2020-02-01"}, "letter-expired"),
    # B01: ninety days from the signature, whatever the letter says
    ({"signed_on": "2026-01-01", "valid_from": "2026-01-01", "valid_to": "2100-01-01"}, "letter-expired"),
]


@pytest.mark.parametrize(("changes", "code"), LETTERS, ids=lambda one: str(one)[:40])
def test_a_letter_must_fit(bank: Knocker, subject: Subject, changes: dict[str, Any], code: str) -> None:
    who = subject("person")
    assert bank.query(subject=person(who), basis=letter(bank, who, **changes)).code == code


def test_another_scan_or_another_banks_letter_is_no_letter(
    bank: Knocker, signed_in: SignedIn, subject: Subject
) -> None:
    who = subject("person")
    basis = letter(bank, who)
    assert bank.query(subject=person(who), basis={**basis, "sha256": "0" * 64}).code == "letter-mismatch"
    branch = signed_in("branch1")
    assert branch.query(subject=person(who), basis=basis).code == "letter-needed"


def test_a_single_letter_serves_one_case(bank: Knocker, subject: Subject) -> None:
    who = subject("person")
    basis = letter(bank, who, kind="single")
    assert bank.query(subject=person(who), basis=basis).status == 201
    assert bank.query(subject=person(who), basis=basis).status == 201
    body = query_body(subject=person(who), basis=basis, case_no="另一件")
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    for _ in range(2):  # a stored refusal says as much as the first one
        refused = bank.call("POST", "/api/v1/queries", whole)
        assert (refused.status, refused.code) == (422, "letter-used")
        used = {name: refused.body["context"][name] for name in ("case_no", "used_on")}
        assert used == {"case_no": "示例-LN-2026-0381", "used_on": today().isoformat()}
    (receipt,) = receipts(refused)
    assert receipt.entry.outcome == "refused:letter-used"


def test_the_case_of_another_organisation_is_not_told(bank: Knocker, subject: Subject) -> None:
    """Its officers changed organisation after the letter had served there."""
    who = subject("person")
    basis = letter(bank, who, kind="single")
    assert bank.query(subject=person(who), basis=basis).status == 201
    Query.objects.update(organisation="another")
    refused = bank.query(subject=person(who), basis=basis, case_no="另一件")
    assert refused.code == "letter-used"
    assert set(refused.body["context"]) == {"receipts", "replayed"}
    assert "示例-LN-2026-0381" not in json.dumps(refused.body, ensure_ascii=False)


def test_control_a_continuous_letter_serves_many_cases(bank: Knocker, subject: Subject) -> None:
    who = subject("person")
    basis = letter(bank, who)
    for case_no in ("一件", "另一件"):
        assert bank.query(subject=person(who), basis=basis, case_no=case_no).status == 201


def test_minors_and_unknown_persons_cannot_be_told_apart(bank: Knocker, subject: Subject) -> None:
    minor = subject("minor")
    unknown = {**minor, "name": "测试无此人"}
    shapes = []
    for who in (minor, unknown):
        answer = bank.query(subject=person(who), basis=letter(bank, who))
        seen = bundle(answer)
        assert (seen.no_information, seen.subject, seen.records, seen.counters) == (True, None, (), ())
        assert (seen.lease.max_offline_s, seen.subject_key) == (0, "")
        (receipt,) = receipts(answer)
        shapes.append((sorted(answer.body), receipt.entry.outcome, len(msgspec.json.encode(seen))))
        assert not Holding.objects.filter(query_no=seen.query_no).exists()
    assert shapes[0] == shapes[1]


def test_a_minor_stays_unknown_whatever_day_a_source_writes(bank: Knocker, subject: Subject) -> None:
    """A mistyped year makes the act look like an adult's: then the age of today is all that protects."""
    seen = {}
    for why in ("minor", "person"):
        who = subject(why)
        found = find_person(who["id_type"], who["number"], who["name"])
        assert found is not None
        act = licence() | {"subject_key": found.subject_key, "decided_on": "2062-11-01"}
        rec_id = records.put(act, by="centre1")
        answer = bundle(bank.query(subject=person(who), basis=letter(bank, who)))
        seen[why] = (answer.no_information, rec_id in {record.rec_id for record in answer.records})
    assert seen == {"minor": (True, False), "person": (False, True)}


def test_an_enterprise_asks_about_itself_without_and_about_others_with_a_letter(
    signed_in: SignedIn, subject: Subject, account: Callable[[str], dict[str, str]], city: Any
) -> None:
    user = next(row["user"] for row in city.accounts if row["role"] == "enterprise_officer")
    own = signed_in(user)
    purposes = [row["code"] for row in payload(own.session["policy"])["purposes"]]  # type: ignore[attr-defined]
    purpose = purposes[0]
    seen = bundle(own.query(subject=legal(subject("certified")), purpose=purpose))
    assert seen.basis.type == "own"
    other = subject("rich")
    assert own.query(subject=legal(other), purpose=purpose).code == "letter-needed"
    basis = letter(own, other, purposes=purposes)
    assert bundle(own.query(subject=legal(other), purpose=purpose, basis=basis)).basis.type == "letter"


def test_a_persons_own_ground_is_the_centres_window_and_nobody_elses(
    signed_in: SignedIn, subject: Subject, city: Any
) -> None:
    """Who stands there shows an identity card; an enterprise's officer has nobody before him."""
    who = subject("person")
    shown = {"type": "own", "ref": who["id_type"], "sha256": ""}
    for role, code in (("enterprise_officer", "purpose-not-allowed"), ("centre_staff", "")):
        asking = signed_in(next(row["user"] for row in city.accounts if row["role"] == role))
        answer = asking.query(subject=person(who), purpose="S01", basis=shown)
        assert answer.code == code, role
        if not code:
            basis = bundle(answer).basis
            assert (basis.type, basis.ref) == (
                "own",
                f"resident_id {who['number'][:6]}********{who['number'][-4:]}",
            )


def test_no_document_is_shown_to_a_duty(signed_in: SignedIn, subject: Subject) -> None:
    hall, who = signed_in("hall1"), subject("person")
    for basis in (
        {"type": "own", "ref": "resident_id"}, {"type": "own", "ref": ""},
        {"type": "duty", "ref": "resident_id 4304**********0006"}, {"type": "duty", "ref": "passport"},
    ):  # fmt: skip
        assert hall.query(subject=person(who), purpose="G01", basis=basis).code == "body-invalid", basis
    given = {"type": "duty", "ref": "示例职责〔2026〕1号"}
    told = bundle(hall.query(subject=person(who), purpose="G01", basis=given)).basis
    assert (told.type, told.ref) == ("duty", given["ref"])  # the control


def test_at_the_window_the_document_that_was_shown_is_stated_or_the_letter_given(
    signed_in: SignedIn, subject: Subject, city: Any
) -> None:
    centre = signed_in(next(row["user"] for row in city.accounts if row["role"] == "centre_staff"))
    who = subject("person")
    for basis in (
        {"type": "own", "ref": ""}, {"type": "own", "ref": "passport"}, {"type": "own", "ref": "看过了"},
        {"type": "duty", "ref": who["id_type"]}, {},
    ):  # fmt: skip
        assert centre.query(subject=person(who), purpose="S01", basis=basis).code == "document-needed"
    other = letter(centre, who)
    assert centre.query(subject=person(who), purpose="S01", basis=other).code == "letter-scope"
    given = letter(centre, who, purposes=["S01"])
    told = bundle(centre.query(subject=person(who), purpose="S01", basis=given)).basis
    assert (told.type, told.ref, told.sha256) == ("letter", given["ref"], given["sha256"])
    unit = subject("rich")
    assert centre.query(subject=legal(unit), purpose="S01").code == "letter-needed"
    given = letter(centre, unit, purposes=["S01"])
    assert bundle(centre.query(subject=legal(unit), purpose="S01", basis=given)).basis.ref == given["ref"]


def test_candidates_show_register_identity_and_leave_a_leaf(bank: Knocker, subject: Subject) -> None:
    body = {"op_id": str(uuid.uuid4()), "text": subject("rich")["name"][:4], "purpose": "B01"}
    answer = bank.call("POST", "/api/v1/candidates", body)
    assert answer.status == 200
    assert any(card["code"] == subject("rich")["code"] for card in answer.body["candidates"])
    leaf = Leaf.objects.get(kind="search")
    assert (leaf.source, leaf.device_id, leaf.user) == ("server", "", "bank1")
    assert subject("rich")["name"][:4] not in leaf.entry
    key = answer.body["candidates"][0]["subject_key"]
    assert bank.query(subject={"kind": "legal", "subject_key": key}).status == 201


def test_too_many_candidates_are_none(bank: Knocker) -> None:
    body = {"op_id": str(uuid.uuid4()), "text": "衡", "purpose": "B01"}
    answer = bank.call("POST", "/api/v1/candidates", body)
    assert (answer.status, answer.code) == (422, "candidates-many")
    assert Leaf.objects.filter(kind="search").count() == 1


@pytest.mark.parametrize("scan", [b"GIF89a", b"", b"PK\x03\x04", b"<html>"])
def test_a_scan_of_another_kind_is_refused(bank: Knocker, subject: Subject, scan: bytes) -> None:
    with pytest.raises(AssertionError, match="attachment-refused"):
        _upload(bank, subject("person"), scan)


def _upload(knocker: Knocker, who: dict[str, str], scan: bytes) -> None:
    day = today().isoformat()
    card = {"authoriser_name": who["name"], "id_type": "resident_id", "id_number": who["number"]}
    card |= {
        "institution": knocker.session["user"]["organisation_name"],
        "scope": "x",
        "signed_on": day,
        "valid_from": day,
        "valid_to": day,
    }
    body = {"op_id": str(uuid.uuid4()), "letter": {**card, "purposes": ["B01"], "kind": "single"}}
    body |= {"scan_name": "x.pdf", "scan_b64": base64.b64encode(scan).decode()}
    answer = knocker.call("POST", "/api/v1/letters", body)
    assert answer.status == 200, answer.code


def test_a_gap_says_where_the_chain_stands_and_keeps_nothing(bank: Knocker, subject: Subject) -> None:
    bank.link("screen", str(uuid.uuid4()))  # lost on the way
    answer = bank.query(subject=legal(subject("rich")))
    assert (answer.status, answer.code) == (409, "chain-gap")
    assert answer.body["context"] == {"last_n": 0, "last_hash": "0" * 64}
    assert not DeviceEntry.objects.exists()


def test_a_fork_is_kept_as_evidence_and_freezes_the_device(bank: Knocker, subject: Subject) -> None:
    assert bank.query(subject=legal(subject("rich"))).status == 201
    bank.n, bank.prev = 0, "0" * 64
    answer = bank.query(subject=legal(subject("heavy")))
    assert (answer.status, answer.code) == (409, "chain-fork")
    stray = StrayEntry.objects.get()
    assert (stray.n, stray.digest) == (1, bank.prev)
    assert bank.query(subject=legal(subject("rich"))).code == "device-frozen"


def test_a_link_of_another_shape_is_refused(bank: Knocker, subject: Subject) -> None:
    body = query_body(subject=legal(subject("rich")))
    op_id = str(uuid.uuid4())
    for link in ("x.y.z", bank.signed(b"{}", "hyc-entry+jws"), bank.signed(b"[]", "other")):
        whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
        assert bank.call("POST", "/api/v1/queries", whole).code == "entry-invalid"
    other_op = bank.link("query", str(uuid.uuid4()), body, purpose="B01")
    whole = {"entries": [other_op], "op_id": op_id, "body": body, "tree_size": 0}
    assert bank.call("POST", "/api/v1/queries", whole).code == "entry-invalid"
    assert not DeviceEntry.objects.exists()


def test_a_fraction_in_the_body_is_refused(bank: Knocker) -> None:
    op_id = str(uuid.uuid4())
    link = bank.link("query", op_id, {}, purpose="B01")
    whole = {"entries": [link], "op_id": op_id, "body": {"salt": 0.5}, "tree_size": 0}
    assert bank.call("POST", "/api/v1/queries", whole).code == "body-invalid"


def test_the_log_proves_a_leaf_to_anyone(bank: Knocker, subject: Subject) -> None:
    (receipt,) = receipts(bank.query(subject=legal(subject("rich"))))
    leaf = receipt.leaf()
    proof = bank.call("GET", "/api/v1/log/proof", signed=False, proven=False, leaf=leaf.hex()).body
    head = bank.call("GET", "/api/v1/log/checkpoint", signed=False, proven=False).body["checkpoint"]
    root = read_note(head).checkpoint.root
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert included(leaf, proof["index"], proof["size"], path, root)
    none = bank.call("GET", "/api/v1/log/proof", signed=False, proven=False, leaf="0" * 64)
    assert (none.status, none.code) == (404, "not-found")
    wrong = {"from": 5, "to": 10_000}
    assert bank.call("GET", "/api/v1/log/consistency", signed=False, proven=False, **wrong).status == 404


def test_the_query_number_counts_the_day(bank: Knocker, subject: Subject) -> None:
    numbers = [bundle(bank.query(subject=legal(subject("rich")))).query_no for _ in range(2)]
    day = today().strftime("%Y%m%d")
    assert numbers == [f"CX-{day}-000001", f"CX-{day}-000002"]
