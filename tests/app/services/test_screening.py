"""An answer to a screening is this officer's, to this list, row by row; another one is not taken in."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.field.evidence import ClientEntry
from app.field.records import PurposeRef, Requester
from app.field.screening import ScreenCounts, ScreenedRow, Screening
from app.services.delivering import Parcel
from app.services.screening import _read, _require_mine
from app.trouble import NotTrusted
from app.wire.receipts import Seen
from local_cache.outbox import OutboxItem

CODE = "91430400MA00000007"
BODY = {"rows": [{"code": CODE, "name": ""}, {"code": "", "name": "示例"}], "purpose": "B02", "case_no": "1"}
PARCEL = Parcel(
    OutboxItem("op1", "screen", "t", msgspec.json.encode(BODY), "0" * 64),
    ClientEntry(1, "d", 1, "0" * 64, "screen", "op1", "u1", "t", "b", 0, purpose="B02"),
    (),
    Seen(),
)
SAID = Screening(
    "screening", 1, "MD-20261126-000001", "op1", "t", "t", 1, "e", True,
    Requester("u1", "示例柜员", "MA000001", "示例银行", "bank", "bank_officer"),
    PurposeRef("B02", "贷后管理", "x"), "1", (),
    (ScreenedRow(0, CODE, "", "none"), ScreenedRow(1, "", "示例", "none")), ScreenCounts(),
)  # fmt: skip


def changed(**facts: Any) -> Screening:
    return msgspec.structs.replace(SAID, **facts)


def test_control_the_right_answer_is_taken() -> None:
    _require_mine(SAID, PARCEL, SAID.screening_no)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (changed(op_id="op2"), "answer.foreign"),
        (changed(screening_no="MD-20261126-000002"), "answer.foreign"),
        (changed(rows=SAID.rows[:1]), "answer.foreign"),
        (changed(rows=SAID.rows[::-1]), "answer.foreign"),
        (changed(rows=(msgspec.structs.replace(SAID.rows[0], code="x"), SAID.rows[1])), "answer.foreign"),
        (changed(purpose=PurposeRef("B01", "x", "x")), "answer.purpose"),
        (changed(requester=msgspec.structs.replace(SAID.requester, user="u2")), "answer.requester"),
    ],
)
def test_an_answer_to_something_else_is_dropped(said: Screening, code: str) -> None:
    with pytest.raises(NotTrusted) as flaw:
        _require_mine(said, PARCEL, SAID.screening_no)
    assert flaw.value.code == code


def test_bytes_that_are_no_screening_are_malformed() -> None:
    with pytest.raises(NotTrusted) as flaw:
        _read(b"{}")
    assert flaw.value.code == "answer.malformed"
    assert _read(msgspec.json.encode(SAID)) == SAID
