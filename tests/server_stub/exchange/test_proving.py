"""The short way and the careful judge say the same of every row, and right rows do go the short way."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from server_stub.catalogue.selectors import current
from server_stub.exchange.columns import Chunk
from server_stub.exchange.delivering import Delivery
from server_stub.exchange.lines import Ready, pack, unpack
from server_stub.exchange.mapping import forms, head_of
from server_stub.exchange.models import Batch
from server_stub.exchange.readers import Sheet
from server_stub.exchange.rereading import Rereader
from server_stub.exchange.rows import Receipt, Rows
from server_stub.rules.tables_file import shipped
from server_stub.subjects.services import LegalEntry, PersonEntry, register

from .conftest import as_judged
from .oddities import HEAD, row
from .test_stage import number

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
LICENCE = (
    "XK_XDR_MC", "XK_XDR_LB", "XK_XDR_SHXYM", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_NR", "XK_JDRQ", "XK_YXQZ",
    "XK_YXQZI", "XK_XKJG", "XK_XKJGDM", "XK_ZT", "XK_LYDW", "XK_LYDWDM",
)  # fmt: skip


def licence(serial: int, **change: object) -> list[object]:
    unit = dict(zip(HEAD, row(serial), strict=True))
    office, number_ = ("示例市市场监督管理局", "114304000060000010"), f"衡许字〔2026〕{serial}号"
    values = (
        unit["CF_XDR_MC"], "法人及非法人组织", unit["CF_XDR_SHXYM"], "许可决定书", number_,
        "普通", "从事示例经营", "2026-11-18", "2026-11-18", "长期", *office, "1", *office,
    )  # fmt: skip
    return list({**dict(zip(LICENCE, values, strict=True)), **change}.values())


def reader_of(head: tuple[str, ...]) -> Rereader:
    """What reads these rows again when they are applied."""
    found = head_of(Sheet("", 0, 0, [list(head)]), forms("auto"))
    assert found is not None
    batch = Batch(
        batch_no="B20261123-00000000", mapping=found.mapping.id, columns=found.columns,
        provider="示例局", received_at="2026-11-23T02:00:00Z",
    )  # fmt: skip
    return Rereader(batch)


def taken(
    head: tuple[str, ...], grid: list[list[object]], *, short: bool
) -> tuple[list[dict[str, Any]], list[str], int]:
    rows = [list(head), *([str(cell) for cell in cells] for cells in grid)]
    found = head_of(Sheet("", 0, 0, rows), forms("auto"))
    assert found is not None
    delivery = Delivery("", "示例局", current())
    receipt = Receipt("B20261123-00000000", DAY, "2026-11-23T02:00:00Z", shipped().calendar, delivery)
    desk = Rows(found, receipt, short=short)
    careful = Counter[str]()
    real = desk._long_way

    def counted(at: int, cells: Any) -> Ready:
        careful["rows"] += 1
        return real(at, cells)

    desk._long_way = counted  # type: ignore[method-assign]
    reader, done = reader_of(head), []
    for at in range(0, len(rows), 4):
        came = desk.take(Chunk.of(rows[at : at + 4]), at)
        kept = unpack(pack(came.accepted, {})) if came.accepted else []
        facts = dict(zip([one.number for one in kept], reader.facts(kept), strict=True))
        done += [plain(one, facts.get(one.number)) for one in as_judged(desk, came)]
    return done, desk.notes, len(done) - careful["rows"]


def plain(ready: Ready, facts: Any) -> dict[str, Any]:
    """What will be stored, with the record that the row makes when it is read again to be applied."""
    told: dict[str, Any] = {
        "number": ready.number,
        "cells": list(ready.cells),
        "subject_key": ready.subject_key,
        "unit": ready.unit,
        "act": ready.act[:3] if ready.act else None,
        "faults": sorted(ready.faults),
        "warnings": sorted(ready.warnings),
    }
    if ready.act is not None:
        told["facts"] = facts
    return told


_ODD = some.sampled_from(
    [
        "", " ", "-", "—", "长期", "2099-12-31", "2026-11-19", "2026-11-01", "2016-01-02", "2026年11月3日",
        "46344", "06/11/17", "罚款", "警告", "罚款、警告", "没收违法所得、没收非法财物", "其他", "罚站",
        "0.3", "2000", "0", "1,000", "罚款3000元", "罚款二千元", "法人", "个体工商户", "自然人", "普通",
        "登记", "1", "2", "异议", "9", "00000000000000000X", "114304000060000010", "11430400006000001X",
        "9.1E+17", "衡罚字[2026]1号", "衡罚字（2026）２号", "X-7", "锟斤拷", "有\ufffd误", "两\n行", "a\x07b",
        "云石（示例）", "云石1(示例)建材有限公司", "老云石（示例）", "Ａ有限公司", "公安局",
        "430400199001010002",
        "91430400MA0000001M", "91430400ma0000001m", "91350100M000100Y43", "字" * 300, number("19900101"),
    ]
)  # fmt: skip


def _rows(head: tuple[str, ...], make: Any) -> Any:
    changed = some.dictionaries(some.sampled_from(head), _ODD | some.text(max_size=6), max_size=2)
    one = some.builds(lambda serial, change: make(serial, **change), some.integers(1, 5), changed)
    return some.lists(
        one | one.map(lambda cells: [*cells, "备注"]) | one.map(lambda cells: cells[:-1]), max_size=9
    )


@pytest.fixture
def units(db: None) -> None:
    for serial in (1, 2):
        unit = dict(zip(HEAD, row(serial), strict=True))
        former = (("老云石（示例）", None),) if serial == 1 else ()
        register([LegalEntry(name=str(unit["CF_XDR_MC"]), code=str(unit["CF_XDR_SHXYM"]), former=former)])
    code = str(dict(zip(HEAD, row(3), strict=True))["CF_XDR_SHXYM"])
    register([LegalEntry(name="只有组织机构代码（示例）", other_numbers=(("org_code", code[8:17]),))])
    register([PersonEntry(name="测试甲", number=number("19900101"))])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
@pytest.mark.parametrize(("head", "make"), [(HEAD, row), (LICENCE, licence)], ids=["penalty", "licence"])
def test_both_ways_agree_on_mutated_rows(head: tuple[str, ...], make: Any, units: None, data: Any) -> None:
    grid = data.draw(_rows(head, make))
    short, notes, _ = taken(head, grid, short=True)
    careful, careful_notes, proven = taken(head, grid, short=False)
    assert proven == 0
    assert short == careful
    assert notes == careful_notes


@pytest.mark.parametrize(("head", "make"), [(HEAD, row), (LICENCE, licence)], ids=["penalty", "licence"])
def test_right_rows_go_the_short_way(head: tuple[str, ...], make: Any, units: None) -> None:
    grid = [make(serial) for serial in (1, 2, 4, 5, 6)]
    done, _, proven = taken(head, grid, short=True)
    assert (len(done), proven) == (5, 5)
    assert [not one["unit"] for one in done] == [True, True, False, False, False]


def test_a_unit_known_by_the_part_inside_its_code_is_left_to_the_judge(units: None) -> None:
    (one,), _, proven = taken(HEAD, [row(3)], short=True)
    assert (proven, [code for _, code, _ in one["faults"]]) == (0, ["name-code-mismatch"])
