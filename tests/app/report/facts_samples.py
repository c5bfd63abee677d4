"""Made-up facts for the papers that are no answer to a query."""

from __future__ import annotations

from typing import Any

import msgspec

from app.field.paper_facts import EntryFact, ListFact, ScreeningFacts, UnitFact
from app.field.records import Basis, ObjectionMark
from app.field.reportdoc import FactsDocument
from app.report import paper_for
from app.report.stating import state
from tests.app.report import samples

LISTS = (
    ListFact("失信被执行人", "serious", "人民法院", "法释〔2017〕7号", 1, "2017-05-01"),
    ListFact(
        "拖欠农民工工资失信联合惩戒对象名单", "serious", "人力资源社会保障部门",
        "人力资源社会保障部令第45号", 1, "2022-01-01",
    ),
    ListFact("经营异常名录", "abnormal", "市场监管部门", "企业信息公示暂行条例", 2, "2024-05-01"),
    ListFact("纳税信用 A 级纳税人", "honour", "税务机关", "纳税信用管理办法（示例）", 1, "2016-03-01"),
)  # fmt: skip
LISTED = EntryFact(
    record_no="RSERIOUS000000000000000001",
    kind="serious",
    list_name="拖欠农民工工资失信联合惩戒对象名单",
    authority="衡阳市人力资源和社会保障局（示例）",
    listed_on="2025-08-12",
    until="2028-08-12",
    reason="拖欠农民工工资，经责令限期支付仍未支付",
    document_no="衡人社失信列字〔2025〕示例 06 号",
    objection=ObjectionMark("YY-20261118-000093", "2026-11-18", "2026-11-27"),
)
HONOURED = EntryFact(
    record_no="RHONOUR0000000000000000001",
    kind="honour",
    list_name="纳税信用 A 级纳税人",
    authority="国家税务总局衡阳市税务局（示例）",
    listed_on="2026-03-01",
    year="2025",
    reason="A 级",
)


def unit(row: int, **changes: Any) -> UnitFact:
    found = UnitFact(row, f"衡阳第{row:03d}号建材有限公司（示例）", f"91430400MA00{row:05d}X", "none")
    return msgspec.structs.replace(found, **changes)


def screening(many: bool = False) -> ScreeningFacts:
    """Of each finding one unit, or as many as one certificate may state."""
    units = (
        unit(1, state="hit", entries=(LISTED, HONOURED), name="衡阳𬭊䶮建设工程有限公司（示例）"),
        unit(2),
        unit(3, state="similar", namesakes=2, code=""),
        unit(4, state="unknown", name=""),
        unit(5, state="hit", entries=(HONOURED,)),
    )
    if many:
        units = (*units, *(unit(row, state="hit", entries=(LISTED,)) for row in range(6, 51)))
    return ScreeningFacts("MD-20261122-000012", 380, LISTS, units)


def stated(facts: ScreeningFacts | None = None, paper: str = "screening", **changes: Any) -> FactsDocument:
    """A signed paper about facts."""
    values: dict[str, Any] = {
        "subject": "衡阳𬭊䶮建设工程有限公司（示例）等 5 家单位",
        "basis": Basis("open"),
        "requester": samples.BANK,
        "purpose": samples.LOAN,
        "case_no": "示例-LN-2026-0381",
        "times": samples.TIMES,
        "number": samples.NUMBER,
        "valid_until": "2026-11-29",
        "specimen": True,
        "checkpoint_size": 88214,
        "checkpoint_root": "5c" * 32,
    } | changes
    document = state(facts or screening(), paper_for(paper, "legal", samples.DAY), **values)
    linked = msgspec.structs.replace(document, verify_link=samples.LINK, check_code="8K2M4RTX9QWZ3VAB")
    return samples.signed(linked)
