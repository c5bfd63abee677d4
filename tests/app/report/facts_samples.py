"""Made-up facts for the papers that are no answer to a query."""

from __future__ import annotations

from datetime import timedelta
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

# the server draws facts up at the issue
TIMES = msgspec.structs.replace(samples.TIMES, as_of=samples.TIMES.issued)
CENTRE = Requester("centre1", "测试甲", "SLZX01", "衡阳市公共信用信息中心（示例）", "centre", "centre_staff")
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


def listed(row: int) -> EntryFact:
    """The entry of another unit, that nobody contests."""
    return msgspec.structs.replace(LISTED, record_no=f"RSERIOUS{row:018d}", objection=None)


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
        units = (*units, *(unit(row, state="hit", entries=(listed(row),)) for row in range(6, 51)))
    return ScreeningFacts("MD-20261122-000012", 380, LISTS, units)


PURPOSES = {
    "B01": PurposeRef("B01", "贷款审批", "Loan approval"),
    "B06": PurposeRef("B06", "客户准入、合作方审查", "Customer or partner admission"),
    "G01": PurposeRef("G01", "行政许可、审批审查", "Licensing and approval"),
    "S01": PurposeRef("S01", "本单位、本人查询", "Own record"),
    "C01": PurposeRef("C01", "异议核查", "Check of an objection"),
    "C03": PurposeRef("C03", "登记信息核对", "Check of what is registered"),
}
BRANCHES = ("分行", "石鼓支行", "雁峰支行")


def look(place: int, purpose: str = "B01", language: str = "zh_CN", **changes: Any) -> LookFact:
    """The `place`-th look before the day of the paper, three days between two: its number and its letter are
    of days that fit.
    """
    on = samples.DAY - timedelta(days=3 * place)
    letter = on - timedelta(days=5)
    why = PURPOSES[purpose]
    found = LookFact(
        at=f"{on.isoformat()}T0{1 + place % 8}:40:05.120Z",
        organisation=f"示例银行衡阳{BRANCHES[place % 3]}",
        act="query",
        purpose=why.en if language == "en" else why.zh,
        ground="letter",
        letter_no=f"SQ-{letter:%Y%m%d}-000381",
        reference=f"CX-{on:%Y%m%d}-{place + 12:06d}",
        papers=0,
    )
    return msgspec.structs.replace(found, **changes)


def who_looked(kind: SubjectKind, many: bool = False, language: str = "zh_CN") -> LooksFacts:
    """Each act and each ground once, or as many as somebody who deals with many has; the subject's own query
    for the paper is the newest.
    """
    own = {"at": samples.TIMES.queried, "ground": "own", "letter_no": ""}
    by_centre: dict[str, Any] = {"organisation": CENTRE.organisation_name, "ground": "duty", "letter_no": ""}
    asker = samples.subject().name if kind == "legal" else CENTRE.organisation_name
    hall = {"organisation": "衡阳市行政审批服务局（示例）", "ground": "duty", "letter_no": ""}
    register = "unit" if kind == "legal" else "person"
    few: tuple[LookFact, ...] = (
        look(0, "S01", language, organisation=asker, **own),
        look(1, language=language, papers=2),
        look(2, "C01", language, act="objection", reference="88120", **by_centre),
        look(3, "G01", language, **hall),
        look(4, "C03", language, act=register, reference="87406", times=3, **by_centre),
    )
    if kind == "legal":  # lists are screened for units alone
        screened = {"act": "screening", "ground": "open", "letter_no": "", "reference": "MD-20261107-000007"}
        few = (*few, look(5, "B06", language, **screened))
    code = samples.subject().code if kind == "legal" else samples.person().code
    looks = (*few, *(look(place, language=language) for place in range(6, 120))) if many else few
    return LooksFacts(kind, code, "2025-11-23", "2026-11-22", looks)


RESULT = {
    "zh": "异议部分成立，记录已更正，请求的处理未予采纳",
    "en": "Upheld in part; the record was corrected, and what was asked for was not granted",
}
REMEDIES = (
    {
        "zh": "对处理结果不服的，可在 2026-12-01 前向信用中心申请复核一次",
        "en": "Not content? Ask the centre for one recheck by 2026-12-01",
    },
    {
        "zh": "认为作出记录的行政行为违法的，可自知道之日起六十日内"
        "（自本结论之日起算至 2027-01-16）申请行政复议，或依法提起诉讼；异议处理不改变原决定",
        "en": "If the administrative act itself is contested: reconsideration within sixty days of knowing "
        "of it (by 2027-01-16 from this conclusion), or the court; an objection does not change the act",
    },
)


def answer(many: bool = False, language: str = "zh_CN") -> AnswerFacts:
    """A correction where removal was asked for; or a long one. Labels, contents and reasons are Chinese."""
    english = language == "en"
    changes: tuple[ChangeFact, ...] = (
        ChangeFact("罚款金额", "20 万元", "0.2 万元"),
        ChangeFact("处罚内容", "罚款二十万元", "罚款二千元"),
    )
    reasons = "经提供单位核对原始文书，罚款金额登记有误，处罚决定本身未被撤销。"
    if many:
        reasons = "\n".join([reasons] * 60)
        changes = (*changes, *(ChangeFact(f"项目{n}", "旧" * 120, "新" * 120) for n in range(30)))
    return AnswerFacts(
        case_no="YY-20261106-000093",
        kind="objection",
        document_no="衡住建罚决字〔2026〕示例 014 号",
        record_no="RPENALTY000000000000000014",
        asked=("Content is wrong", "remove it") if english else ("内容有误", "删除"),
        filed_on="2026-11-06",
        accepted_on="2026-11-09",
        rechecked_on="",
        term_days=7,
        term_until="2026-11-18",
        concluded_on="2026-11-17",
        days_taken=6,
        finding="partly",
        result=RESULT["en" if english else "zh"],
        reasons=reasons,
        changes=changes,
        basis="平台默认（示例）",
        remedies=tuple(
            RemedyFact(said["en" if english else "zh"], day)
            for said, day in zip(REMEDIES, ("2026-12-01", "2027-01-16"), strict=True)
        ),
    )


def stated(facts: Facts | None = None, paper: str = "screening", **changes: Any) -> FactsDocument:
    """A signed paper about facts."""
    defaults: dict[str, Any] = {
        "basis": Basis("open"),
        "requester": samples.BANK,
        "purpose": samples.LOAN,
        "case_no": "示例-LN-2026-0381",
        "times": TIMES,
        "number": samples.NUMBER,
        "valid_until": "2026-11-29",
        "specimen": True,
        "checkpoint_size": 88214,
        "checkpoint_root": "5c" * 32,
    }
    values = defaults | changes
    facts = facts or screening()
    kind: SubjectKind = "legal"
    if isinstance(facts, ScreeningFacts):
        told = {"subject": f"{facts.units[0].name}等 {len(facts.units)} 家单位"}
        values = defaults | told | changes
    if isinstance(facts, LooksFacts):
        kind = facts.kind
        own = PurposeRef("S01", "本单位、本人查询", "own information")
        name = (samples.subject() if kind == "legal" else samples.person()).name
        basis, until = Basis("own"), "2099-12-31"
        asker = SELF if kind == "legal" else CENTRE  # a person comes to the centre's window
        told = {"subject": name, "requester": asker, "purpose": own, "basis": basis, "valid_until": until}
        told["case_no"] = "示例-BR-2026-0012"
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
