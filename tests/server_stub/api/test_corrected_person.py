"""A person who turns out to be a minor is nobody at once: answers, copies, papers and partners."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
import pytest

from app.field.records import Basis, write_bundle
from server_stub.accounts.models import Officer
from server_stub.config.clock import today
from server_stub.evidence.models import Leaf
from server_stub.exchange.persons.correcting import Corrected, Wrong, correct
from server_stub.feed.models import Change
from server_stub.queries.models import Query
from server_stub.queries.selectors import bundle_of
from server_stub.records.models import Record
from server_stub.reports.models import Report
from server_stub.reports.selectors import verify
from server_stub.subjects.models import Subject as Person
from server_stub.subjects.selectors import find_person
from tests.server_stub.api.test_queries import bundle, letter, person
from tests.server_stub.knocking import Answer, Knocker
from tests.server_stub.own_seals import seal_kept

Who = dict[str, str]
ITSELF = {"kind": "subject", "name": ""}


@pytest.fixture(autouse=True)
def seal(city: object) -> Iterator[None]:
    with seal_kept():
        yield


@pytest.fixture(autouse=True)
def second(city: object) -> None:
    centre = Officer.objects.get(user="centre1").organisation
    Officer.objects.create(
        user="centre9", name="测试", organisation=centre, role="centre_staff", totp_secret=b"x"
    )


def known(who: Who) -> Person:
    found = find_person(who["id_type"], who["number"], who["name"])
    assert found is not None
    return found


def corrected(who: Who, **wrong: Any) -> Corrected:
    return correct(
        known(who), who["id_type"], who["number"], Wrong(**wrong), by="centre1", second="centre9", why="示例"
    )


def asked(bank: Knocker, who: Who) -> Answer:
    return bank.query(subject=person(who), basis=letter(bank, who))


def issued(bank: Knocker, query_no: str, template: str = "standard") -> Answer:
    wish = {"query_no": query_no, "template": template, "language": "zh_CN", "receiver": ITSELF}
    op_id = str(uuid.uuid4())
    entries = [bank.link("issue", op_id, wish, query_no=query_no)]
    return bank.call(
        "POST", "/api/v1/reports", {"entries": entries, "op_id": op_id, "body": wish, "tree_size": 0}
    )


def reconciled(bank: Knocker, seen: Any) -> tuple[set[str], list[str]]:
    held = [{"rec_id": record.rec_id, "rev": record.rev} for record in seen.records]
    body = {"copies": [{"query_no": seen.query_no, "records": held}]}
    answer = bank.call("POST", "/api/v1/reconcile", body).body
    return {one["rec_id"] for one in answer["revoke"]}, answer["gone"]


def child() -> date:
    return today().replace(year=today().year - 9, day=1)


def test_who_is_a_minor_after_all_is_hidden_everywhere_at_once(
    bank: Knocker, subject: Callable[[str], Who]
) -> None:
    who = subject("person")
    seen = bundle(asked(bank, who))
    paper = issued(bank, seen.query_no)
    assert paper.status == 201, paper.body
    number = Report.objects.get().number
    assert seen.records
    assert verify(number)["state"] == "current"
    assert reconciled(bank, seen) == (set(), [])  # control

    done = corrected(who, born=child())
    assert (done.minor, done.superseded, done.reports) == (True, (number,), ())
    assert done.turned >= len(seen.records)

    assert bundle(asked(bank, who)).no_information
    revoked, gone = reconciled(bank, seen)
    assert (revoked, gone) == ({one.rec_id for one in seen.records}, [])
    assert verify(number)["state"] == "superseded"
    assert issued(bank, seen.query_no).status != 201
    told = Change.objects.filter(subject_key=known(who).subject_key, op="revoke", reason="corrected")
    assert told.filter(rec_id="").count() == 1
    assert set(told.exclude(rec_id="").values_list("rec_id", flat=True)) >= {
        one.rec_id for one in seen.records
    }
    notices = Change.objects.filter(op="notice", audience=Report.objects.get().user)
    assert [one.body["number"] for one in notices if one.body] == [number]
    leaf = Leaf.objects.get(kind="person.corrected")
    assert (leaf.user, leaf.subject_key) == ("centre1", known(who).subject_key)
    assert "centre9" in json.loads(leaf.entry)["outcome"]
    before = {one.rec_id: one.rev for one in seen.records}
    hidden = dict(Record.objects.filter(pk__in=before).values_list("rec_id", "rev"))
    assert all(hidden[rec_id] > rev for rec_id, rev in before.items())  # partners go by the newest revision
    digits = who["number"][6:14]
    corrected(who, born=date.fromisoformat(digits))  # and back, as the card says: they are told anew
    again = dict(Record.objects.filter(pk__in=before).values_list("rec_id", "rev"))
    assert all(again[rec_id] > rev for rec_id, rev in hidden.items())


def test_an_answer_that_gave_no_information_holds_as_a_strangers_does(
    bank: Knocker, subject: Callable[[str], Who]
) -> None:
    minor = subject("minor")
    silent = bundle(asked(bank, minor))
    stranger = bundle(asked(bank, {**minor, "name": "测试无此人"}))
    assert silent.no_information
    assert reconciled(bank, silent) == reconciled(bank, stranger) == (set(), [])


def test_a_wrong_name_ends_copies_and_finds_nobody_any_more(
    bank: Knocker, subject: Callable[[str], Who]
) -> None:
    who = subject("person")
    seen = bundle(asked(bank, who))
    number = issued(bank, seen.query_no).body["number"]
    assert verify(number)["state"] == "current"  # control
    done = corrected(who, name="测试正名")
    assert (done.turned, done.superseded, done.reports) == (0, (number,), ())
    assert (verify(number)["state"], verify(number)["withdrawn"]) == ("superseded", 1)
    notices = Change.objects.filter(op="notice", reason="report_superseded")
    assert [one.body["number"] for one in notices if one.body] == [number]
    again = issued(bank, seen.query_no)
    assert (again.status, again.body["code"]) == (409, "query-stale")
    assert find_person(who["id_type"], who["number"], who["name"]) is None
    anew = bundle(asked(bank, {**who, "name": "测试正名"}))
    assert anew.records == seen.records
    right = issued(bank, anew.query_no).body["number"]
    assert verify(right)["state"] == "current"
    assert Change.objects.filter(op="revoke", rec_id="", subject_key=seen.subject_key).exists()


def test_a_name_that_he_bore_supersedes_nothing(bank: Knocker, subject: Callable[[str], Who]) -> None:
    who = subject("person")
    number = issued(bank, bundle(asked(bank, who)).query_no).body["number"]
    person_ = known(who)
    person_.former_names.create(name=person_.name, name_folded=person_.name_folded)
    Person.objects.filter(pk=person_.pk).update(name="测试新名", name_folded="测试新名")
    assert verify(number)["state"] == "current"


def own(bank: Knocker, who: Who) -> str:
    """A query as if the person himself had made it for his own purpose."""
    number = bundle(asked(bank, who)).query_no
    row = Query.objects.get(query_no=number)
    kept = msgspec.structs.replace(bundle_of(row), basis=Basis("own", "", "", "2099-12-31"))
    Query.objects.filter(pk=row.pk).update(basis_type="own", purpose="S01", bundle=write_bundle(kept))
    return number


@pytest.mark.parametrize(("wrong", "state"), [("name", "superseded"), ("born", "current")])
def test_a_statement_who_looked_is_made_of_who_he_is(
    wrong: str, state: str, bank: Knocker, subject: Callable[[str], Who]
) -> None:
    who = subject("person")
    number = own(bank, who)
    made = issued(bank, number, template="looks")
    assert made.status == 201, made.body
    assert verify(made.body["number"])["state"] == "current"  # control
    corrected(who, **{wrong: "测试正名" if wrong == "name" else child()})
    assert verify(made.body["number"])["state"] == state
    assert issued(bank, number, template="looks").body["code"] == "query-stale"
