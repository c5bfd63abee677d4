"""A person with a new document is the same person: report, copies, history; a minor stays nobody."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import msgspec
import pytest

from app.field.identifiers import id_card_check
from server_stub.config.clock import today
from server_stub.evidence.models import Leaf
from server_stub.queries.models import Query
from server_stub.sample import Sample
from server_stub.subjects.models import Subject as Person
from server_stub.subjects.selectors import find_person, route_key
from server_stub.subjects.services import renumber
from tests.server_stub.api.test_queries import bundle, letter, person, receipts
from tests.server_stub.knocking import Answer, Knocker, query_body
from tests.server_stub.own_seals import seal_kept

Subject = Callable[[str], dict[str, str]]

ITSELF = {"kind": "subject", "name": ""}


@pytest.fixture(autouse=True)
def seal(city: Sample) -> Iterator[None]:
    with seal_kept():
        yield


def renewed(who: dict[str, str], day: str = "") -> tuple[dict[str, str], Person]:
    """The same person with a number of another division, and who it is in the register."""
    found = find_person(who["id_type"], who["number"], who["name"])
    assert found is not None
    body = "430406" + (day or who["number"][6:14]) + "000"
    number = body + id_card_check(body)
    renumber(found.subject_key, "resident_id", number, today(), instead_of=found.id_type)
    return {**who, "id_type": "resident_id", "number": number}, found


def asked(bank: Knocker, who: dict[str, str]) -> Answer:
    return bank.query(subject=person(who), basis=letter(bank, who))


@pytest.fixture
def moved(subject: Subject) -> tuple[dict[str, str], Person]:
    return renewed(subject("person"))


def test_his_answer_and_its_leaf_are_under_his_own_key(
    bank: Knocker, moved: tuple[dict[str, str], Person], subject: Subject
) -> None:
    who, found = moved
    old = asked(bank, subject("person"))
    new = asked(bank, who)
    assert route_key("person", who["number"], who["id_type"]) != found.subject_key
    assert bundle(new).records and bundle(new).records == bundle(old).records
    assert {bundle(one).subject_key for one in (old, new)} == {found.subject_key}
    first, second = receipts(old)[-1].entry, receipts(new)[-1].entry
    assert (second.subject_key, second.subject_seq) == (found.subject_key, first.subject_seq + 1)
    assert set(Query.objects.values_list("subject_key", flat=True)) == {found.subject_key}


def test_his_report_is_made_and_his_answer_is_given_again(
    bank: Knocker, moved: tuple[dict[str, str], Person]
) -> None:
    who, _ = moved
    body, op_id = query_body(subject=person(who), basis=letter(bank, who)), str(uuid.uuid4())
    link = bank.link("query", op_id, body, purpose="B01")
    whole = {"entries": [link], "op_id": op_id, "body": body, "tree_size": 0}
    first, again = (bank.call("POST", "/api/v1/queries", whole) for _ in range(2))
    assert (again.status, again.body["replayed"]) == (201, True)
    query_no = bundle(first).query_no
    wish, number = (
        {"query_no": query_no, "template": "standard", "language": "zh_CN", "receiver": ITSELF},
        str(uuid.uuid4()),
    )
    entries = [bank.link("issue", number, wish, query_no=query_no)]
    report = bank.call(
        "POST", "/api/v1/reports", {"entries": entries, "op_id": number, "body": wish, "tree_size": 0}
    )
    assert report.status == 201, report.body


def test_his_copies_are_not_taken_back(bank: Knocker, moved: tuple[dict[str, str], Person]) -> None:
    seen = bundle(asked(bank, moved[0]))
    held = [{"rec_id": record.rec_id, "rev": record.rev} for record in seen.records]
    body = {"copies": [{"query_no": seen.query_no, "records": held}]}
    answer = bank.call("POST", "/api/v1/reconcile", body)
    assert (answer.body["revoke"], answer.body["gone"]) == ([], [])


def test_a_minor_with_a_new_document_is_as_unknown_as_a_stranger(bank: Knocker, subject: Subject) -> None:
    minor, found = renewed(subject("minor"))
    stranger = {**minor, "name": "测试无此人"}
    shapes, keys = [], []
    for who in (minor, stranger, minor):
        answer = asked(bank, who)
        entry = receipts(answer)[-1].entry
        assert bundle(answer).no_information
        shapes.append((sorted(answer.body), entry.outcome, len(msgspec.json.encode(bundle(answer)))))
        keys.append((entry.subject_key, entry.subject_seq))
    assert len(set(map(str, shapes))) == 1
    typed = route_key("person", minor["number"], minor["id_type"])
    assert keys == [(typed, 1), (typed, 2), (typed, 3)]
    assert typed != found.subject_key
    assert not Leaf.objects.filter(subject_key=found.subject_key, kind="query").exists()
