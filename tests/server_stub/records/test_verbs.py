"""Every verb is a revision, a feed row and a leaf, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connections, transaction

from server_stub.config.clock import clock
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.feed.models import Change
from server_stub.records import selectors, services
from server_stub.records.history import KEPT, columns_at
from server_stub.records.models import Record, Revision
from server_stub.records.revising import advance
from server_stub.records.sweeping import sweep
from server_stub.subjects.models import Subject
from tests.server_stub.records.made import BY, ON, debtor, penalty, see

pytestmark = pytest.mark.django_db


NO = "YY-20261123-0001"
# name -> the verb, the feed's op, the feed's reason
VERBS: dict[str, tuple[Callable[[str], int], str, str]] = {
    "correct": (
        lambda r: services.correct(r, {"fields": {"BZ": "更正"}}, reason="笔误", by=BY),
        "revoke",
        "corrected",
    ),
    "annul": (lambda r: services.annul(r, reason="复议撤销", by=BY), "revoke", "annulled"),
    "repair": (lambda r: services.repair(r, on=ON, by=BY), "revoke", "repaired"),
    "remove": (lambda r: services.remove(r, on=ON, reason="移出", by=BY), "revoke", "removed"),
    "withdraw": (lambda r: services.withdraw(r, reason="sealed", by=BY), "revoke", "removed"),
    "shield": (lambda r: services.shield(r, on=ON, by=BY), "revoke", "court"),
    "mark": (lambda r: services.mark(r, number=NO, accepted_on=ON, due_on=None, by=BY), "put", "marked"),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_writes_all_three_and_the_record_is_seen_accordingly(name: str, company: Subject) -> None:
    verb, op, reason = VERBS[name]
    rec_id = services.put(penalty(), by=BY)
    assert [r.rec_id for r in see(company).records] == [rec_id]
    leaves = Leaf.objects.count()
    assert verb(rec_id) == 2
    assert list(Revision.objects.filter(record_id=rec_id).values_list("rev", flat=True)) == [1, 2]
    change = Change.objects.latest("id")
    assert (change.rec_id, change.rev, change.op, change.reason) == (rec_id, 2, op, reason)
    assert Leaf.objects.count() == leaves + 1
    assert Leaf.objects.latest("index").subject_key == company.subject_key
    seen = see(company)
    assert bool(seen.records) == (name in ("correct", "mark"))
    assert sum(c.active for c in seen.counters) == len(seen.records)
    assert selectors.current_revisions([rec_id, "R-none"]) == {rec_id: 2}


@pytest.mark.parametrize("name", VERBS)
def test_control_a_failing_leaf_takes_everything_back(
    name: str, company: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    rec_id = services.put(penalty(), by=BY)
    changes = Change.objects.count()

    def broken(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("server_stub.records.revising.evidence.append", broken)
    with pytest.raises(OSError, match="disk full"):
        VERBS[name][0](rec_id)
    assert Record.objects.get(pk=rec_id).rev == 1
    assert Revision.objects.count() == 1
    assert Change.objects.count() == changes


def test_the_same_act_again_is_the_same_record(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    again = penalty(source_no="B2:7", received_at="2026-11-24T00:00:00.000Z")
    assert services.put(again, by=BY) == rec_id
    assert Record.objects.get(pk=rec_id).rev == 1
    other = penalty(document_no="衡示市监罚[2026] 1号")
    other["payload"]["CF_NR"] = "罚款三万元"
    other["payload"]["CF_NR_FK"] = "3.0"
    assert services.put(other, by=BY) == rec_id
    record = Record.objects.get(pk=rec_id)
    assert (record.rev, record.amount_fen) == (2, 3_000_000)
    assert Change.objects.latest("id").reason == "corrected"


def test_corrected_content_does_not_come_back_with_the_next_delivery(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    fields = {"CF_NR_FK": "0.2", "CF_NR": "罚款二千元"}
    services.correct(rec_id, {"fields": fields}, reason="金额有误", by=BY)
    assert services.put(penalty(), by=BY) == rec_id
    assert Record.objects.get(pk=rec_id).amount_fen == 200_000
    assert Record.objects.get(pk=rec_id).rev == 2


def test_a_repaired_record_stays_repaired_when_delivered_again(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    services.repair(rec_id, on=ON, by=BY)
    assert services.put(penalty(), by=BY) == rec_id
    assert see(company).records == ()


def test_a_correction_keeps_history_and_is_told(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    services.correct(rec_id, {"fields": {"CF_JDRQ": "2026-05-08"}}, reason="决定日期有误", by=BY)
    (seen,) = see(company).records
    assert seen.decided_on == "2026-05-08"
    assert [c.text for c in seen.corrections] == ["决定日期有误"]
    first = Revision.objects.get(record_id=rec_id, rev=1)
    assert '"CF_JDRQ": "2026-05-06"' in first.payload
    assert selectors.reasons_since(rec_id, 1) == ("corrected",)


def test_a_change_meanwhile_is_a_conflict(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    services.correct(rec_id, {"fields": {"BZ": "一"}}, reason="x", by=BY, rev=1)
    with pytest.raises(Problem) as refused:
        services.correct(rec_id, {"fields": {"BZ": "二"}}, reason="x", by=BY, rev=1)
    assert (refused.value.code, refused.value.context) == ("rev-conflict", {"rev": 2})


def test_a_whole_payload_restores_what_was(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    before = Revision.objects.get(record_id=rec_id, rev=1)
    services.correct(rec_id, {"fields": {"BZ": "多余", "CF_NR_FK": "3"}}, reason="x", by=BY)
    record = Record.objects.get(pk=rec_id)
    stood = columns_at(record, 1)
    services.correct(rec_id, {**stood, "payload": penalty()["payload"]}, reason="撤回", by=BY)
    after = Revision.objects.get(record_id=rec_id, rev=3)
    assert after.payload == before.payload
    record.refresh_from_db()
    assert columns_at(record, 3) == stood != columns_at(record, 2)


def test_a_revision_keeps_what_it_replaced_and_nothing_else(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    services.correct(rec_id, {"decided_on": "2026-05-08", "tier": "minor"}, reason="x", by=BY)
    services.repair(rec_id, on=ON, by=BY)
    kept = Revision.objects.filter(record_id=rec_id).order_by("rev")
    assert list(kept.values_list("replaced", flat=True)) == [
        {},
        {"decided_on": "2026-05-06", "tier": "general"},
        {"status": "current", "status_on": ""},
    ]
    record = Record.objects.get(pk=rec_id)
    stood = [columns_at(record, rev) for rev in (1, 2, 3)]
    assert [(one["decided_on"], one["status"]) for one in stood] == [
        ("2026-05-06", "current"),
        ("2026-05-08", "current"),
        ("2026-05-08", "repaired"),
    ]
    assert set(stood[0]) == set(KEPT)


@pytest.mark.parametrize(
    "bad",
    [{"section": "gossip"}, {"subject_key": ""}, {"decided_on": "2026-13-01"}, {"colour": "red"}],
)
def test_facts_that_do_not_fit_are_refused(bad: dict[str, str], company: Subject) -> None:
    with pytest.raises(Problem) as refused:
        services.put(penalty(**bad), by=BY)
    assert refused.value.code == "body-invalid"
    with pytest.raises(Problem):
        services.put_many([penalty(), penalty(**bad)], by=BY)
    assert Record.objects.count() == 0


def test_no_such_record() -> None:
    with pytest.raises(Problem) as refused:
        services.annul("R" + "0" * 25, reason="x", by=BY)
    assert refused.value.code == "not-found"


def test_seeding_writes_revisions_only(company: Subject) -> None:
    rows = [penalty(no=f"衡示〔2026〕{n}号", rec_id=f"R{n:025d}") for n in range(1200)]
    assert services.put_many(rows, by=BY) == 1200
    assert Revision.objects.count() == 1200
    assert Change.objects.count() == 0
    assert Leaf.objects.filter(kind="record.load").count() == 1


def test_a_second_objection_on_the_same_record_is_refused(company: Subject) -> None:
    rec_id = services.put(penalty(), by=BY)
    services.mark(rec_id, number="YY-20261123-0001", accepted_on=ON, due_on=None, by=BY)
    with pytest.raises(Problem) as refused:
        services.mark(rec_id, number="YY-20261123-0002", accepted_on=ON, due_on=None, by=BY)
    assert refused.value.context == {"number": "YY-20261123-0001"}
    assert services.unmark(rec_id, by=BY) == 3
    assert services.unmark(rec_id, by=BY) == 3
    assert selectors.reasons_since(rec_id, 1) == ("marked", "unmarked")
    assert see(company).records[0].display == "show"


def test_a_failed_plan_shows_the_record_again(company: Subject) -> None:
    rec_id = services.put(debtor(), by=BY)
    services.shield(rec_id, on=ON, by=BY)
    assert see(company).records == ()
    assert services.unshield(rec_id, on=ON, by=BY) == 3
    assert (see(company).records[0].rev, Change.objects.latest("id").op) == (3, "put")
    with pytest.raises(Problem):
        services.unshield(rec_id, on=ON, by=BY)


def test_the_sweep_tells_once_that_publicity_is_over(company: Subject) -> None:
    with clock(lambda: datetime(2026, 6, 1, tzinfo=UTC)):
        rec_id = services.put(penalty(), by=BY)
    assert sweep(date(2027, 5, 5), by=BY) == 0
    assert sweep(date(2027, 5, 6), by=BY) == 1
    assert sweep(date(2027, 5, 7), by=BY) == 0
    change = Change.objects.latest("id")
    assert (change.rec_id, change.op, change.reason) == (rec_id, "revoke", "publicity_over")
    # what was over when it came is never told: nobody could hold a copy
    old = penalty(no="衡示〔2020〕1号", decided="2020-01-01")
    services.put(old, by=BY)
    assert sweep(date(2027, 5, 8), by=BY) == 0


def test_the_sweep_tells_that_a_removed_entry_is_given_no_longer(company: Subject) -> None:
    rec_id = services.put(debtor(list_code="market", ground=""), by=BY)
    services.remove(rec_id, on=date(2026, 3, 1), reason="移出", by=BY)
    assert sweep(date(2031, 2, 28), by=BY) == 0
    assert sweep(date(2031, 3, 1), by=BY) == 1
    change = Change.objects.latest("id")
    assert (change.rec_id, change.op, change.reason) == (rec_id, "revoke", "publicity_over")


def test_case_27_the_sweep_tells_that_a_record_is_sealed(company: Subject) -> None:
    with clock(lambda: datetime(2025, 11, 5, tzinfo=UTC)):
        facts = penalty(decided="2025-11-03", public_security=True, classes=["行政拘留"])
        rec_id = services.put(facts, by=BY)
    assert sweep(date(2025, 12, 31), by=BY) == 0
    assert sweep(date(2026, 1, 1), by=BY) == 1
    change = Change.objects.latest("id")
    assert (change.rec_id, change.op, change.reason) == (rec_id, "revoke", "sealed")


def test_a_revision_outside_a_transaction_is_impossible(
    company: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record.objects.get(pk=services.put(penalty(), by=BY))
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(transaction.TransactionManagementError):
            advance(record, {}, reason="x", by=BY, op="put")
    assert Revision.objects.count() == 1
