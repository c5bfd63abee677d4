"""Applying by a second person, going on after an interruption, and taking everything back."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.exchange import applying
from server_stub.exchange.effects import content_digest
from server_stub.exchange.errors import NotYours, WrongState
from server_stub.exchange.lines import pack, unpack
from server_stub.exchange.models import Batch
from server_stub.exchange.services import apply, reverse, stage
from server_stub.feed.models import Change
from server_stub.records.entering import Draft
from server_stub.records.models import Record, Revision
from server_stub.records.services import correct
from server_stub.subjects.models import Subject
from server_stub.subjects.selectors import find_legal
from server_stub.subjects.services import rename

from .conftest import SAMPLES, accepted, gathered, warned
from .test_stage import PENALTY, code

pytestmark = pytest.mark.django_db


def batch_of(tmp_path: Path, by: str, *rows: dict[str, str]) -> Batch:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, PENALTY)
        writer.writeheader()
        writer.writerows([{**PENALTY, "CF_XDR_SHXYM": code(1), **row} for row in rows])
    return stage(path, "示例局", by=by)


def test_nobody_approves_an_own_import(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = batch_of(tmp_path, staff[0], {})
    for user in (staff[0], "banker", "nobody"):
        with pytest.raises(NotYours):
            apply(batch, user)
    assert not Record.objects.exists()
    assert apply(batch, staff[1]).state == "applied"
    assert Record.objects.count() == 1


def test_a_sample_becomes_records_with_their_units(staff: tuple[str, str]) -> None:
    batch = apply(stage(SAMPLES / "03_许可_utf8_bom.csv", "示例单位", by=staff[0]), staff[1])
    assert (batch.state, batch.rows.filter(state="applied", outcome="new").count()) == ("applied", 60)
    assert Record.objects.count() == 60 == Change.objects.count()
    unit = find_legal("91430400MA004064XH")
    assert unit is not None
    assert unit.from_exchange
    record = Record.objects.get(subject_key=unit.subject_key)
    assert (str(record.decided_on), str(record.effect_until), record.schema) == (
        "2017-05-27", "2022-05-27", "2016",
    )  # fmt: skip
    assert json.loads(Revision.objects.get(record=record).payload)["XK_WSH"] == "衡许字〔2017〕第1号"
    kinds = list(Leaf.objects.order_by("index").values_list("kind", flat=True))
    assert (kinds[0], kinds[-1]) == ("import", "apply")


def test_an_interrupted_apply_goes_on(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "MOST", 2)
    batch = batch_of(tmp_path, staff[0], *({"CF_WSH": f"衡罚字〔2026〕{at}号"} for at in range(5)))
    assert apply(batch, staff[1], stop_after=1).state == "applying"
    assert Record.objects.count() == 2

    real = applying.enter

    def breaks(drafts: Sequence[Draft], *, by: str) -> None:
        real(drafts, by=by)
        raise RuntimeError("the power went")

    monkeypatch.setattr(applying, "enter", breaks)
    with pytest.raises(RuntimeError):
        apply(batch, staff[1])
    assert Record.objects.count() == 2  # the broken chunk left nothing
    monkeypatch.setattr(applying, "enter", real)
    assert apply(batch, staff[1]).state == "applied"
    assert Record.objects.count() == 5
    with pytest.raises(WrongState):
        apply(batch, staff[1])


def test_the_same_file_again_changes_nothing(tmp_path: Path, staff: tuple[str, str]) -> None:
    apply(batch_of(tmp_path, staff[0], {}), staff[1])
    again = batch_of(tmp_path, staff[0], {})
    assert warned(again) == ["known"]
    apply(again, staff[1])
    assert again.rows.get().outcome == "same"
    assert Revision.objects.count() == 1


def test_a_correction_and_its_reversal(tmp_path: Path, staff: tuple[str, str]) -> None:
    apply(batch_of(tmp_path, staff[0], {}), staff[1])
    other = {"CF_NR": "罚款3000元", "CF_NR_FK": "0.3"}
    batch = batch_of(tmp_path, staff[0], other, {**other, "CF_WSH": "衡罚字〔2026〕2号"})
    assert "correction" in [one["code"] for one in accepted(batch)[0].warnings]
    before = content_digest(batch)
    held = apply(batch, staff[1])
    assert list(batch.rows.order_by("number").values_list("outcome", flat=True)) == ["corrected", "new"]
    first = Record.objects.get(document_no="衡罚字〔2026〕1号")
    assert (first.rev, first.amount_fen) == (2, 300_000)
    assert content_digest(batch) != before == held.content_before

    assert reverse(batch, staff[0], "报送单位误传").state == "reversed"
    first.refresh_from_db()
    assert (first.rev, first.amount_fen, first.status) == (3, 200_000, "current")
    assert Record.objects.get(document_no="衡罚字〔2026〕2号").status == "annulled"
    assert content_digest(batch) == before
    assert Leaf.objects.order_by("index").last().kind == "reverse"  # type: ignore[union-attr]
    with pytest.raises(WrongState):
        reverse(batch, staff[0], "再次")


def test_what_was_changed_since_stays(tmp_path: Path, staff: tuple[str, str]) -> None:
    apply(batch_of(tmp_path, staff[0], {}), staff[1])
    batch = apply(batch_of(tmp_path, staff[0], {"CF_NR": "罚款3000元", "CF_NR_FK": "0.3"}), staff[1])
    record = Record.objects.get()
    correct(record.rec_id, {"fields": {"CF_SY": "核查后的事实"}}, reason="核查", by=staff[0])
    reverse(batch, staff[0], "误传")
    assert "核查后的事实" in Revision.objects.get(record=record, rev=3).payload
    assert Record.objects.get().rev == 3


def test_a_reversal_needs_an_applied_batch_and_a_reason(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = batch_of(tmp_path, staff[0], {})
    with pytest.raises(WrongState):
        reverse(batch, staff[0], "误传")
    apply(batch, staff[1])
    with pytest.raises(ValueError, match="reason"):
        reverse(batch, staff[0], "  ")


def test_a_half_applied_batch_can_be_taken_back(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "MOST", 2)
    batch = batch_of(tmp_path, staff[0], *({"CF_WSH": f"衡罚字〔2026〕{at}号"} for at in range(5)))
    apply(batch, staff[1], stop_after=1)
    assert reverse(batch, staff[1], "误传").state == "reversed"
    assert set(Record.objects.values_list("status", flat=True)) == {"annulled"}
    with pytest.raises(WrongState):
        apply(batch, staff[1])


def test_a_register_that_changed_meanwhile_refuses_the_row(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = batch_of(tmp_path, staff[0], {})
    apply(
        batch_of(tmp_path, staff[0], {"CF_XDR_MC": "岭石（示例）", "CF_WSH": "衡罚字〔2026〕9号"}), staff[1]
    )
    held = apply(batch, staff[1])
    assert (held.read, held.accepted, held.refused) == (1, 0, 1)
    assert batch.rows.get().faults[0]["code"] == "name-code-mismatch"
    assert Record.objects.count() == 1
    unit = Subject.objects.get()
    rename(unit.subject_key, PENALTY["CF_XDR_MC"], date(2026, 1, 1))
    assert apply(batch_of(tmp_path, staff[0], {}), staff[1]).accepted == 1


def test_a_row_that_checks_of_today_do_not_prove_is_refused(tmp_path: Path, staff: tuple[str, str]) -> None:
    batch = batch_of(tmp_path, staff[0], {}, {"CF_WSH": "衡罚字〔2026〕2号"})
    rows = unpack(bytes(batch.pieces.get().body))
    assert [row.facts for row in rows] == [None, None]  # what the rows say is read again from their cells
    spoilt = [cell.replace("2026-11-18", "2026-02-30") for cell in rows[0].cells]
    batch.pieces.update(body=pack(gathered([rows[0]._replace(cells=spoilt), rows[1]]), {}))
    held = apply(batch, staff[1])
    assert (held.state, held.read, held.accepted, held.refused) == ("applied", 2, 1, 1)
    refused = batch.rows.get(number=2)
    assert ([fault["code"] for fault in refused.faults], json.loads(refused.raw)) == (
        ["rules-changed"],
        spoilt,
    )
    assert Record.objects.get().document_no == "衡罚字〔2026〕2号"


def test_a_batch_that_is_being_taken_back_is_applied_no_further(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "MOST", 2)
    batch = batch_of(tmp_path, staff[0], *({"CF_WSH": f"衡罚字〔2026〕{at}号"} for at in range(5)))

    def taken_back(done: int) -> None:
        if done == 2:
            reverse(batch, staff[0], "误传")

    with pytest.raises(WrongState):
        apply(batch, staff[1], progress=taken_back)
    assert set(Record.objects.values_list("status", flat=True)) == {"annulled"}
    assert Record.objects.count() == 2


def test_an_unknown_batch_is_said_to_be_unknown(staff: tuple[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        apply("B-nothing", staff[1])
    assert refused.value.code == "not-found"
