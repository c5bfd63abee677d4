"""Made-up facts for the papers that are no answer to a query."""

from __future__ import annotations

from typing import Any

import msgspec

from app.field.paper_facts import (
    AnswerFacts,
    ChangeFact,
    EntryFact,
    Facts,
    ListFact,
    LookFact,
    LooksFacts,
    RemedyFact,
    ScreeningFacts,
    UnitFact,
)
from app.field.records import Basis, ObjectionMark, PurposeRef, Requester, SubjectKind
from app.field.reportdoc import FactsDocument
from app.report import paper_for
from app.report.stating import state
from tests.app.report import samples

SELF = Requester("qiye", "李某", "QYSL01", samples.subject().name, "enterprise", "enterprise_officer")
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


def look(place: int, **changes: Any) -> LookFact:
    found = LookFact(
        at=f"2026-{11 - place % 10:02d}-{22 - place % 20:02d}T01:40:05.120Z",
        organisation=f"示例银行衡阳{('分行', '石鼓支行', '雁峰支行')[place % 3]}",
        act="query",
        purpose="贷款审批",
        ground="letter",
        letter_no=f"SQ-20260{place % 9 + 1}01-000381",
        reference=f"CX-202611{22 - place % 20:02d}-{place:06d}",
        papers=0,
    )
    return msgspec.structs.replace(found, **changes)


def who_looked(kind: SubjectKind, many: bool = False) -> LooksFacts:
    """Each act and each ground once, or as many as somebody who deals with many has."""
    few = (
        look(1, papers=2),
        look(2, act="screening", ground="open", letter_no="", reference="MD-20261120-000007"),
        look(3, ground="duty", letter_no="", organisation="衡阳市行政审批服务局（示例）"),
        look(4, ground="own", letter_no="", purpose="本单位、本人查询"),
    )
    code = samples.subject().code if kind == "legal" else samples.person().code
    looks = (*few, *(look(place) for place in range(5, 120))) if many else few
    return LooksFacts(kind, code, "2025-11-23", "2026-11-22", looks)


def answer(many: bool = False) -> AnswerFacts:
    """A correction where removal was asked for; or a long one."""
    changes = (
        ChangeFact("罚款金额", "20 万元", "0.2 万元"),
        ChangeFact("处罚内容", "罚款二十万元", "罚款二千元"),
    )
    reasons = "经提供单位核对原始文书，罚款金额登记有误，处罚决定本身未被撤销。"
    if many:
        reasons = "\n".join([reasons] * 60)
        changes = (*changes, *(ChangeFact(f"项目{n}", "旧" * 120, "新" * 120) for n in range(30)))
    return AnswerFacts(
        case_no="YY-20261109-000093",
        kind="objection",
        document_no="衡住建罚决字〔2026〕示例 014 号",
        record_no="RPENALTY000000000000000014",
        asked=("内容有误", "删除"),
        filed_on="2026-11-06",
        accepted_on="2026-11-09",
        rechecked_on="",
        term_days=7,
        term_until="2026-11-18",
        concluded_on="2026-11-17",
        days_taken=6,
        finding="partly",
        result="异议部分成立，记录已更正，请求的处理未予采纳",
        reasons=reasons,
        changes=changes,
        basis="平台默认（示例）",
        remedies=(
            RemedyFact("对处理结果不服的，可在 2026-12-01 前向信用中心申请复核一次", "2026-12-01"),
            RemedyFact("认为作出记录的行政行为违法的，可在 2027-01-16 前申请行政复议", "2027-01-16"),
        ),
    )


def stated(facts: Facts | None = None, paper: str = "screening", **changes: Any) -> FactsDocument:
    """A signed paper about facts."""
    defaults: dict[str, Any] = {
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
    }
    values = defaults | changes
    facts = facts or screening()
    kind: SubjectKind = "legal"
    if isinstance(facts, LooksFacts):
        kind = facts.kind
        own = PurposeRef("S01", "本单位、本人查询", "own information")
        name = (samples.subject() if kind == "legal" else samples.person()).name
        basis, until = Basis("own"), "2099-12-31"
        told = {"subject": name, "requester": SELF, "purpose": own, "basis": basis, "valid_until": until}
        values = defaults | told | changes
    if isinstance(facts, AnswerFacts):
        answering = PurposeRef("C01", "异议答复", "answer to an objection")
        told = {
            "subject": samples.subject().name,
            "purpose": answering,
            "case_no": "",
            "valid_until": "2099-12-31",
        }
        values = defaults | told | changes
    document = state(facts, paper_for(paper, kind, samples.DAY), **values)
    linked = msgspec.structs.replace(document, verify_link=samples.LINK, check_code="8K2M4RTX9QWZ3VAB")
    return samples.signed(linked)
