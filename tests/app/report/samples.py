"""Made-up answers for reports: an organisation with records of every kind, a heavy one, a person."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.field.records import (
    SECTIONS,
    Basis,
    Bundle,
    Correction,
    Counter,
    FormerName,
    Lease,
    Measure,
    ObjectionMark,
    PurposeRef,
    Record,
    RepairOutlook,
    Requester,
    RuleRef,
    Section,
    Standing,
    SubjectCard,
)
from app.field.report_numbers import report_number
from app.field.reportdoc import Copy, Paper, ReportDocument, ReportTimes
from app.report import compose, document_bytes

NUMBER = report_number(False, date(2026, 11, 22), "K7M3QZ8T5WAX9D2RVB4N")
LINK = (
    f"https://localhost/v/{NUMBER}#D52diIyzQCKkV0mJr0mFcXp1dGhpcyBpcyBhIG1hZGUtdXAgZnJhZ21lbnQgZm9yIHRlc3Rz"
    "IG9mIHRoZSBwYWdlIG9ubHkuLi4uLi4uLg"
)
TIMES = ReportTimes("2026-11-22T01:40:05.120Z", "2026-11-21T18:00:00.000Z", "2026-11-22T01:42:16.300Z")
DAY = date(2026, 11, 22)
RULE = RuleRef(
    "publicity_rule", "fine-general", 3, "《信用修复管理办法》（示例条目）", "行政处罚一般档公示期 1 年"
)
BANK = Requester("lin", "林某", "SLYH01", "示例银行衡阳分行", "bank", "bank_officer")
LOAN = PurposeRef("B01", "贷前审查", "pre-loan review")
PLAIN_FACTS = (
    ("违法事实", "未按照经审查合格的施工图设计文件施工，经责令改正后已完成整改。"),
    ("处罚类别", "罚款"),
    ("罚款金额", "86,000.00 元"),
    ("决定机关", "衡阳市住房和城乡建设局（示例）"),
    ("履行情况", "已缴清（2026-06-02）"),
)


def subject(name: str = "衡阳𬭊䶮建设工程有限公司（示例）") -> SubjectCard:
    return SubjectCard(
        subject_key="S" * 26,
        kind="legal",
        name=name,
        code="91430400MA00000A1X",
        state="存续（在营、开业）",
        category="有限责任公司（自然人投资或控股）",
        representative="李**",
        founded="2014-03-18",
        capital="5,000.00 万元人民币",
        registrar="衡阳市市场监督管理局（示例）",
        address="湖南省衡阳市示例区示例路 1 号",
        district="示例区",
        industry="房屋建筑业（E47）",
        former_names=(FormerName("衡阳旧名建筑有限公司（示例）", "2019-06-30"),),
    )


def person(id_type: str = "resident_id") -> SubjectCard:
    return SubjectCard("P" * 26, "person", "王𬭊", "430405********0007", id_type=id_type, district="示例区")


def penalty(place: int, section: Section = "penalty") -> Record:
    return Record(
        rec_id=f"R{section}{place}",
        rev=1,
        section=section,
        title="行政处罚决定书",
        document_no=f"衡住建罚决字〔2026〕示例 {place:03d} 号",
        provider=f"衡阳市住房和城乡建设局（示例 {place % 3}）",
        decided_on="2026-05-14",
        publicity_end="2027-05-14",
        amount_fen=8_600_000,
        status="公示中",
        received_at="2026-05-19T19:12:00.000Z",
        source_no=f"XZCF-2026-示例-{place:05d}",
        fields=PLAIN_FACTS,
    )


def licence(place: int, section: Section = "licence") -> Record:
    return Record(
        rec_id=f"L{section}{place}",
        rev=1,
        section=section,
        title="准予行政许可决定书",
        document_no=f"衡许〔2026〕示例 {place} 号",
        provider="衡阳市行政审批服务局（示例）",
        decided_on="2026-08-28",
        matter="建筑业企业资质变更",
        valid_from="2026-08-28",
        valid_to="2099-12-31" if place % 3 else "2029-08-28",
        status="有效",
        received_at="2026-08-29T18:00:00.000Z",
        source_no=f"XK-{place}",
        fields=(("许可类别", "核准"),),
    )


def everyday() -> tuple[Record, ...]:
    marked = penalty(14)
    contested = Record(
        **{f: getattr(marked, f) for f in marked.__struct_fields__}
        | {
            "display": "mark",
            "objection": ObjectionMark("YY-2026-0093", "2026-11-18", "2026-11-27"),
            "repair": RepairOutlook("2026-08-14", "2027-05-14", RULE),
            "why": RULE,
            "corrections": (Correction("2026-07-01T02:00:00.000Z", "corrected", "原登记 8.6 元"),),
        }
    )
    return (
        contested,
        penalty(37),
        penalty(102),
        *(licence(place) for place in range(430, 389, -1)),
        licence(3, "honour"),
        licence(4, "commitment"),
        penalty(8, "judgement"),
        listing(),
    )


def listing() -> Record:
    """The record behind the entry of `standing`: what both say of it is the same."""
    return msgspec.structs.replace(
        penalty(9, "serious"),
        title="列入严重失信主体名单决定书",
        document_no="衡人社失信列字〔2025〕示例 06 号",
        provider="衡阳市人力资源和社会保障局（示例）",
        decided_on="2025-08-12",
        publicity_end="2028-08-12",
        amount_fen=None,
        received_at="2025-08-12T19:12:00.000Z",
        fields=(("列入事由", "拖欠农民工工资，经责令限期支付仍未支付"),),
    )


def standing() -> tuple[Standing, ...]:
    return (
        Standing(
            "Rserious9",
            1,
            "serious",
            "拖欠农民工工资失信联合惩戒对象名单",
            "衡阳市人力资源和社会保障局（示例）",
            "2025-08-12",
            "2028-08-12",
            "拖欠农民工工资，经责令限期支付仍未支付",
            "衡人社失信列字〔2025〕示例 06 号",
            measures=(
                Measure("I", "依法限制参加政府采购活动", "财政部门", "《政府采购法》（示例条目）"),
                Measure("II", "限制申请财政性资金项目", "有关主管部门", "惩戒措施基础清单（示例版）"),
                Measure("III", "从严审慎授信", "金融机构", "惩戒措施基础清单（示例版）", for_you=True),
            ),
        ),
        Standing(
            "Lhonour3",
            1,
            "honour",
            "纳税信用 A 级纳税人",
            "国家税务总局衡阳市税务局（示例）",
            "2026-03-01",
            year="2025",
        ),
    )


def bundle(
    records: tuple[Record, ...] | None = None,
    *,
    card: SubjectCard | None = None,
    entries: tuple[Standing, ...] | None = None,
    specimen: bool = True,
) -> Bundle:
    shown = everyday() if records is None else records
    card = card or subject()
    return Bundle(
        type="bundle",
        v=1,
        query_no="CX-2026-1122-000417",
        op_id="7d0c9c0e-3c53-4a6f-9d7e-000000000001",
        made_at=TIMES.queried,
        as_of=TIMES.as_of,
        as_of_seq=4711,
        epoch="e1",
        specimen=specimen,
        subject_key=card.subject_key,
        no_information=False,
        requester=BANK,
        purpose=LOAN,
        case_no="示例-LN-2026-0381",
        basis=Basis("letter", "SQ-2026-0381", "ab" * 32, "2026-12-31"),
        lease=Lease("l1", TIMES.queried, "2026-11-29T01:40:05.120Z", 604800),
        subject=card,
        counters=tuple(
            Counter(
                section,
                sum(r.section == section and r.display != "label" for r in shown),
                sum(r.section == section and r.objection is not None for r in shown),
                max((r.decided_on for r in shown if r.section == section), default=""),
                len({r.provider for r in shown if r.section == section}),
            )
            for section in SECTIONS
        ),
        standing=standing() if entries is None else entries,
        records=shown,
        rules=(RULE,),
    )


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
KEY_ID = "answers-" + hashlib.sha256(PUBLIC).hexdigest()[:16]


Drawn = TypeVar("Drawn", bound=Paper)


def signed(document: Drawn) -> Drawn:
    """With the signature of a made-up platform's answers key."""
    mark = base64.b64encode(KEY.sign(document_bytes(document))).decode()
    return msgspec.structs.replace(document, key_id=KEY_ID, sig_b64=mark)


def official(answer: Bundle | None = None, **changes: object) -> ReportDocument:
    values: dict[str, object] = {
        "copy": "official",
        "times": TIMES,
        "number": NUMBER,
        "verify_link": LINK,
        "check_code": "8K2M4RTX9QWZ3VAB",
        "checkpoint_size": 88214,
        "checkpoint_root": "5c" * 32,
        "valid_until": "2026-12-22",
    } | changes
    return signed(compose(answer or bundle(), **values))  # type: ignore[arg-type]


def other(copy: Copy, answer: Bundle | None = None, **changes: object) -> ReportDocument:
    return compose(answer or bundle(), copy=copy, times=TIMES, **changes)  # type: ignore[arg-type]
