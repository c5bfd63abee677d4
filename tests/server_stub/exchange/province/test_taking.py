"""What a partner pushes: applied once, in any order, row by row; nobody else changes its records."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server_stub.config.clock import today
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange.province import standing
from server_stub.exchange.province.models import Foreign, Ticket
from server_stub.feed.models import Change
from server_stub.records import services as records
from server_stub.records.errors import BelongsElsewhere
from server_stub.records.models import Record, Revision
from server_stub.subjects.models import Subject
from server_stub.subjects.services import LegalEntry, PersonEntry, register
from tests.server_stub.exchange.province.other import PAYLOAD, UNIT, Other, put, revoke

NUMBER = "430405199003070000"


def number() -> str:
    """A made-up number of a person that checks; its sequence is 000."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    body = NUMBER[:14] + "000"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def record() -> Record:
    return Record.objects.get()


def codes(said: dict[str, Any]) -> list[str]:
    return [row["code"] for row in said["refused"]]


def test_a_batch_becomes_records_with_origin_leaf_and_signed_word(other: Other) -> None:
    said = other.word(other.send("POST", "batches", other.batch(put())))
    assert (said["type"], said["accepted"], said["refused"], said["upto"]) == ("ack", 1, [], 1)
    assert said["receiver"] == other.id
    kept = record()
    assert kept.amount_fen == 2_000_000
    assert kept.source_no == f"{other.id}/R1"
    assert Subject.objects.get().from_exchange
    assert Foreign.objects.get().provenance == {"provider": "示例市监局"}
    leaf = Leaf.objects.get(kind="exchange.taken")
    assert leaf.user == other.id
    assert said["digest"] in leaf.entry


def test_the_same_batch_again_is_answered_again_and_applied_once(other: Other) -> None:
    batch = other.batch(put())
    first = other.send("POST", "batches", batch).json()
    assert other.send("POST", "batches", batch).json() == first
    assert Revision.objects.count() == 1
    assert Leaf.objects.filter(kind="exchange.taken").count() == 1


def test_an_older_batch_that_comes_late_changes_nothing(other: Other) -> None:
    first, second = other.batch(put()), other.batch(revoke())
    other.word(other.send("POST", "batches", first))
    other.word(other.send("POST", "batches", second))
    late = other.batch(put(), after=0, upto=1, number=9)
    assert other.word(other.send("POST", "batches", late))["accepted"] == 1
    assert record().status == "annulled"
    other.partner.refresh_from_db()
    assert other.partner.taken_upto == 2


def test_a_gap_is_refused_with_the_place_we_are_at(other: Other) -> None:
    answer = other.send("POST", "batches", other.batch(put(), after=5, upto=6))
    assert (answer.status_code, answer.json()["code"]) == (409, "rev-conflict")
    assert answer.json()["context"] == {"upto": 0}
    assert not Record.objects.exists()


def test_a_new_history_of_the_origin_may_begin_anywhere(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    restored = other.batch(put(rev=2, payload={"CF_WFXW": "改正后"}), after=70, upto=71, epoch="b2")
    assert other.word(other.send("POST", "batches", restored))["accepted"] == 1
    other.partner.refresh_from_db()
    assert (other.partner.taken_epoch, other.partner.taken_upto) == ("b2", 71)


def test_a_revision_supersedes_and_holders_of_copies_are_told(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    other.word(other.send("POST", "batches", other.batch(put(rev=4, payload={"CF_WFXW": "改正后"}))))
    kept = record()
    told = Change.objects.filter(rec_id=kept.rec_id).order_by("id")
    assert [(row.op, row.reason) for row in told] == [("put", ""), ("revoke", "corrected")]
    assert "改正后" in Revision.objects.get(record=kept, rev=kept.rev).payload
    newest = Revision.objects.order_by("-rev").first()
    assert newest is not None and newest.text == "来源平台的内容有变更"


@pytest.mark.parametrize(
    ("reason", "status", "op"),
    [
        ("annulled", "annulled", "annulled"),
        ("repaired", "repaired", "repaired"),
        ("shielded", "shielded", "court"),
        ("removed", "removed", "removed"),
        *((why, "withdrawn", "removed") for why in ("publicity_over", "withheld", "sealed", "out_of_scope")),
    ],
)
def test_a_revoke_purges_through_the_verb_of_its_kind(
    other: Other, reason: str, status: str, op: str
) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    other.word(other.send("POST", "batches", other.batch(revoke(reason=reason))))
    assert record().status == status
    assert Change.objects.order_by("id").last().reason == op  # type: ignore[union-attr]
    assert standing.taken(other.partner) == {}


def test_what_was_withdrawn_before_it_had_a_status_of_its_own_gets_it(other: Other) -> None:
    for rec_id, reason in (("R1", "sealed"), ("R2", "removed"), ("R3", "annulled")):
        row = put(rec_id, columns={"document_no": rec_id}, payload={"CF_WSH": rec_id})
        other.word(other.send("POST", "batches", other.batch(row)))
        other.word(other.send("POST", "batches", other.batch(revoke(rec_id, reason=reason))))
    Record.objects.filter(status="withdrawn").update(status="removed")
    import_module("server_stub.exchange.province.migrations.0003_withdrawn_by_origin").tell_apart(apps, None)
    kept = {row.origin_rec_id: Record.objects.get(pk=row.rec_id).status for row in Foreign.objects.all()}
    assert kept == {"R1": "withdrawn", "R2": "removed", "R3": "annulled"}


def test_a_revoke_that_comes_first_keeps_the_content_out(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(revoke(rev=3))))
    other.word(other.send("POST", "batches", other.batch(put(rev=2))))
    assert not Record.objects.exists()
    assert Foreign.objects.get().rec_id == ""


def test_after_a_revoke_only_a_newer_put_brings_the_record_back(other: Other) -> None:
    for row in (put(), revoke(rev=2, reason="shielded"), put(rev=2), put(rev=3)):
        other.word(other.send("POST", "batches", other.batch(row)))
    assert record().status == "current"
    assert list(standing.taken(other.partner)) == ["R1"]


def test_nobody_here_changes_a_foreign_record_but_it_can_be_marked(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    kept = record().rec_id
    changes = {"fields": {"CF_WFXW": "别的"}}
    for verb in (
        lambda: records.correct(kept, changes, reason="x", by="centre1"),
        lambda: records.annul(kept, reason="x", by="centre1"),
        lambda: records.repair(kept, on=date(2026, 11, 1), by="centre1"),
        lambda: records.annul(kept, reason="x", by=other.id),
    ):
        with pytest.raises(BelongsElsewhere):
            verb()
    assert record().rev == 1
    records.mark(kept, number="YY-1", accepted_on=date(2026, 11, 1), due_on=None, by="centre1")
    other.word(other.send("POST", "batches", other.batch(revoke(rev=2))))
    assert record().status == "annulled"


def test_control_without_the_guard_anybody_edits(other: Other, settings: Any) -> None:
    settings.HENGXIN_ASKED_BEFORE_CHANGES = ()
    other.word(other.send("POST", "batches", other.batch(put())))
    records.annul(record().rec_id, reason="x", by="centre1")
    assert record().status == "annulled"


@pytest.mark.parametrize("section", ["penalty", "serious", "judgement"])
def test_an_adverse_record_without_its_day_is_refused(other: Other, section: str) -> None:
    row = {**put(section=section, columns={"decided_on": ""}), "payload": {}}
    assert codes(other.word(other.send("POST", "batches", other.batch(row)))) == ["undated"]
    assert not Record.objects.exists()


@pytest.mark.parametrize("name", ["decided_on", "acted_on", "published_on"])
def test_a_day_that_is_still_to_come_did_not_happen(other: Other, name: str) -> None:
    day = (today() + timedelta(days=1)).isoformat()
    row = put(columns={name: day})
    assert codes(other.word(other.send("POST", "batches", other.batch(row)))) == ["date-future"]
    assert not Record.objects.exists()


def test_an_end_that_is_still_to_come_did_not_happen_either(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    ends = {**revoke(rev=2), "status_on": (today() + timedelta(days=1)).isoformat()}
    assert codes(other.word(other.send("POST", "batches", other.batch(ends)))) == ["date-future"]
    assert record().status == "current"


def test_control_a_day_of_today_is_taken(other: Other) -> None:
    row = put(columns={"decided_on": today().isoformat(), "effect_until": "2099-12-31"})
    assert codes(other.word(other.send("POST", "batches", other.batch(row)))) == []


def test_each_row_stands_or_falls_alone_and_a_refusal_is_a_ticket(other: Other) -> None:
    clear = put("R2", payload={"CF_WFXW": f"当事人{number()}"})
    foreign_field = put("R3", payload={"CF_FR_ZJHM": "x"})
    wrong = {**put("R4"), "digest": "0" * 64}
    bad_unit = put("R5", who={**UNIT, "code": "91430405MA0000007H"})
    other_name = put("R6", who={**UNIT, "name": "别家公司"}, columns={"document_no": "另号"})
    unreadable = {**put("R7"), "rev": "one"}
    odd = put("R8", columns={"amount_fen": "many"})
    same = put("R9")
    aside = put("R10", section="other")
    rows = [put(), clear, foreign_field, wrong, bad_unit, other_name, unreadable, odd, same, aside]
    said = other.word(other.send("POST", "batches", other.batch(*rows)))
    assert said["accepted"] == 1
    assert codes(said) == [
        "number-in-clear", "field-not-lawful", "digest-wrong", "number-invalid", "name-code-mismatch",
        "row-unreadable", "row-unreadable", "same-act", "section-unknown",
    ]  # fmt: skip
    assert Ticket.objects.filter(ours=False, state="open").count() == 9
    other.word(other.send("POST", "batches", other.batch(put("R2", columns={"document_no": "二号"}))))
    assert Ticket.objects.get(rec_id="R2").state == "closed"


def test_a_departments_file_does_not_edit_a_foreign_record(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    facts: Any = {
        "subject_key": record().subject_key,
        "section": "penalty",
        "provider": "示例市监局",
        "document_no": PAYLOAD["CF_WSH"],
        "decided_on": "2026-05-06",
        "payload": {**PAYLOAD, "CF_WFXW": "另一说法"},
    }
    with pytest.raises(BelongsElsewhere):
        records.put(facts, by="centre1")


def test_two_contents_of_one_revision_are_refused(other: Other) -> None:
    other.word(other.send("POST", "batches", other.batch(put())))
    said = other.word(other.send("POST", "batches", other.batch(put(payload={"CF_WFXW": "另一说法"}))))
    assert codes(said) == ["rev-fork"]
    assert record().rev == 1


def test_a_person_is_matched_by_tokens_of_number_and_name(other: Other) -> None:
    register([PersonEntry(name="测试甲", number=number())])
    rows = [
        put("R1", who=other.person("测试甲", number())),
        put("R2", who=other.person("测试乙", number())),
        put("R3", who={**other.person("测试甲", number()), "token": "0" * 64}),
    ]
    said = other.word(other.send("POST", "batches", other.batch(*rows)))
    assert codes(said) == ["person-unknown", "person-unknown"]
    assert record().subject_key == Subject.objects.get(kind="person").subject_key


def test_a_unit_is_found_by_its_code_and_entered_only_when_nobody_knows_it(other: Other) -> None:
    register([LegalEntry(name=UNIT["name"], code=UNIT["code"])])
    other.word(other.send("POST", "batches", other.batch(put())))
    assert Subject.objects.count() == 1
    assert not Subject.objects.get().from_exchange


STATES = st.lists(st.sampled_from(["put", "revise", "revoke", "annul"]), min_size=1, max_size=5)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATES, min_size=1, max_size=3), st.data())
def test_every_interleaving_ends_equal(home: Any, stories: list[list[str]], data: st.DataObject) -> None:
    """Random histories of records, delivered in any order with repeats, end at the origin's last state."""
    rows: list[dict[str, Any]] = []
    expected: dict[str, list[object]] = {}
    for place, ops in enumerate(stories):
        rec_id, mine = f"R{place}", []
        for rev, op in enumerate(ops, start=1):
            no = {"document_no": f"{place}号"}
            text = {"CF_WFXW": f"第{rev}稿" if op == "revise" else "原文"}
            if op in ("put", "revise"):
                mine.append(put(rec_id, rev, columns=no, payload=text))
            else:
                mine.append(revoke(rec_id, rev, "annulled" if op == "annul" else "repaired"))
        if mine[-1]["op"] == "put":
            expected[rec_id] = [mine[-1]["rev"], mine[-1]["digest"]]
        rows += mine
    repeats = data.draw(st.lists(st.sampled_from(rows), max_size=4))
    delivered = list(data.draw(st.permutations([*rows, *repeats])))
    with transaction.atomic():
        other = Other()
        while delivered:
            size = data.draw(st.integers(1, len(delivered)))
            part, delivered = delivered[:size], delivered[size:]
            said = other.word(other.send("POST", "batches", other.batch(*part)))
            assert said["refused"] == []
        assert standing.taken(other.partner) == expected
        transaction.set_rollback(True)


def test_nothing_is_taken_from_a_partner_that_only_fetches(db: None, home: Any) -> None:
    fetching = Other(direction="push")
    answer = fetching.send("POST", "batches", fetching.batch(put()))
    assert (answer.status_code, answer.json()["code"]) == (403, "role-denied")


def test_a_fault_in_the_middle_leaves_nothing(other: Other, monkeypatch: pytest.MonkeyPatch) -> None:
    from server_stub.exchange.province import turns

    def fail(*_: Any, **__: Any) -> None:
        raise Problem("storage-full")

    monkeypatch.setattr(turns, "note", fail)
    assert other.send("POST", "batches", other.batch(put())).status_code == 507
    assert not Record.objects.exists()
    other.partner.refresh_from_db()
    assert other.partner.taken_upto == 0
