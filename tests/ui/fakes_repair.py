"""Made-up applications for repair, and a service that takes them, for the page of repair."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from app.desks.words import BEIJING
from app.field.records import RuleRef
from app.policy import EvidenceLimits
from app.services.filing import FiledItem
from app.services.repair_drafts import RepairDraft
from app.services.repairing import Outlook, RepairRow
from app.wire.messages import HistoryStep
from app.wire.repair_messages import PaperView, RepairCheck, RepairKind, RepairStanding, RepairView, Words
from local_cache.evidence import Named

QUERY, NAME = "CX-1122-000410", "衡阳某某建设工程（示例）有限公司"
RULE = RuleRef(
    "publicity", "O36-general", 1, "国家发展改革委令第36号", "一般失信信息最短公示三个月，最长一年"
)
KEEPER = Words("“信用中国”网站及作出决定的行政机关", "Credit China and the authority that decided")
PERFORMED = RepairCheck(
    "performed", Words("违法行为已纠正、义务已履行的证明", "Proof of performance"), None,
    Words("向作出决定的机关取得", "From the authority that decided"),
)  # fmt: skip
COMMITMENT = RepairCheck("commitment", Words("信用承诺书", "Commitment letter"), None,
                         Words("样式以“信用中国”网站现行的为准", "Form of Credit China"))  # fmt: skip
EXPLAINED = RepairCheck("explanation", Words("情况说明", "Explanation"))


def in_days(days: int) -> str:
    return (datetime.now(BEIJING) + timedelta(days=days)).strftime("%Y-%m-%d")


def standing(word: str = "eligible", left: int = -3, **changes: Any) -> RepairStanding:
    """How the record R37 stands: `left` days until the earliest one."""
    words = {"eligible": Words("可以申请", "May be applied for"),
             "not_yet": Words("未满最短公示期", "The shortest publicity period is not over")}  # fmt: skip
    may = word == "eligible"
    day = RepairCheck("earliest", Words("已满最短公示期", "The shortest publicity period is over"), may)
    kinds = (
        RepairKind("performance", Words("履行修复", "Repair after performance"), "end", may,
                   (day, PERFORMED, COMMITMENT), ("performed", "commitment")),
        RepairKind("explanation", Words("情况说明", "Explanation"), "note", True, (EXPLAINED,),
                   ("explanation",)),
    )  # fmt: skip
    made = RepairStanding(
        "R37", 2, word, words[word], "衡环罚〔2025〕示例 037 号", in_days(left), in_days(270),
        "general",
        (), RULE, "credit_china", KEEPER,
        "国家发展改革委令第36号；谁认定、谁修复；经“信用中国”网站申请", kinds=kinds,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def case(state: str = "checking", number: str = "XF-20261117-0001", **more: Any) -> RepairRow:
    """An application that the server knows."""
    order = ["submitted", "handed", "accepted", "checking"]
    steps = order[: order.index(state) + 1] if state in order else [*order[:2], state]
    words = {"submitted": "已提交，平台核对材料", "handed": "已转认定单位", "accepted": "认定单位已受理",
             "checking": "认定单位核查中", "returned": "材料须补正", "granted": "准予修复",
             "refused": "不予修复", "withdrawn": "申请人已撤回"}  # fmt: skip
    history = tuple(
        HistoryStep(one, f"2026-11-1{7 + place // 2}T0{place + 1}:20:00.000Z", words[one])
        for place, one in enumerate(steps)
    )
    view = RepairView(
        number, "performance", QUERY, "R14", state, "2026-11-17T08:20:00.000Z", Words("履行修复", "Repair"),
        "衡环罚〔2025〕示例 014 号", Words(words[state], state), "credit_china", KEEPER,
        handed_to="" if state in ("submitted", "returned") else "衡阳市生态环境局（示例）",
        handed_on="" if state == "submitted" else "2026-11-17", due_on=in_days(5), site_due=in_days(8),
        papers=(PaperView("performed", "缴款凭证.pdf"), PaperView("commitment", "承诺书.pdf")),
        history=history, rev=len(history), **more,
    )  # fmt: skip
    return RepairRow("", number, QUERY, "R14", view.document_no, state, view.filed_at, view.due_on, "", view,
                     act="apply", code="performance", subject=NAME)  # fmt: skip


def waiting(state: str = "queued", why: str = "", act: str = "apply", other: str = "") -> RepairRow:
    """One that is on its way, or came back."""
    return RepairRow("op-7", "", QUERY, "R37", "", state, "2026-11-22T01:00:00.000Z", "", why, other=other,
                     act=act, code="performance", subject=NAME)  # fmt: skip


def outlook(days: int = 41, rec_id: str = "R50") -> Outlook:
    return Outlook("CX-1122-000500", rec_id, f"示市监处罚〔2026〕{rec_id} 号", "罚款", "示例市场监管局",
                   in_days(days), in_days(300), RULE, "2026-11-21T18:00:00.000Z")  # fmt: skip


@dataclass
class FakeRepairing:
    """Drafts, applications and what was asked; `stands` is the platform's answer, or why there is none."""

    rows: tuple[RepairRow, ...] = ()
    kept: tuple[RepairDraft, ...] = ()
    own: tuple[Outlook, ...] = ()
    stands: Any = None
    flaw: Exception | None = None
    list_flaw: Exception | None = None
    online: bool = True
    draft_own: bool = True
    sealed: tuple[Named, ...] = ()

    def __post_init__(self) -> None:
        self.saved: list[RepairDraft] = []
        self.filed: list[tuple[RepairDraft, tuple[tuple[str, Path], ...]]] = []
        self.gone: list[str] = []
        self.withdrawn: list[tuple[str, str]] = []
        self.asked = 0
        self.allowed: EvidenceLimits | None = EvidenceLimits(10 * 1024 * 1024, 5, ("pdf", "jpg", "png"))

    def limits(self) -> EvidenceLimits | None:
        return self.allowed

    def fetch(self) -> None:
        """Nothing new."""

    def outlooks(self) -> tuple[Outlook, ...]:
        return self.own

    def drafts(self) -> tuple[RepairDraft, ...]:
        if self.list_flaw is not None:
            raise self.list_flaw
        return self.kept

    def list(self) -> tuple[RepairRow, ...]:
        return self.rows

    def show(self, name: str) -> RepairRow:
        return next(row for row in self.rows if name in (row.op_id, row.number))

    def note_seen(self, row: RepairRow) -> None:
        """Nothing of it shows on the page."""

    def proofs(self, draft: RepairDraft) -> tuple[Named, ...]:
        return self.sealed if draft.refused else ()

    def standing(self, query_no: str, rec_id: str) -> RepairStanding:
        self.asked += 1
        found = self.stands or standing()
        if isinstance(found, Exception):
            raise found
        return found

    def draft(self, query_no: str, rec_id: str) -> RepairDraft:
        return RepairDraft(
            f"d-{rec_id}", query_no, rec_id, "衡环罚〔2025〕示例 037 号", NAME, own=self.draft_own
        )

    def supplement_of(self, number: str) -> RepairDraft:
        return RepairDraft(
            "d-more", QUERY, "R14", "衡环罚〔2025〕示例 014 号", NAME, "performance", number=number, rev=3
        )

    def save_draft(self, draft: RepairDraft) -> None:
        self.saved.append(draft)
        self.kept = (*(one for one in self.kept if one.draft_id != draft.draft_id), draft)

    def discard(self, draft_id: str) -> None:
        self.gone.append(draft_id)
        self.kept = tuple(one for one in self.kept if one.draft_id != draft_id)

    def file(self, draft: RepairDraft, papers: tuple[tuple[str, Path], ...] = ()) -> FiledItem:
        if self.flaw is not None:
            raise self.flaw
        picked = tuple((check, Path(path)) for check, path in draft.picked)
        self.filed.append((draft, (*picked, *papers)))
        self.discard(draft.draft_id)
        if not self.online:
            self.rows = (waiting(), *self.rows)
            return FiledItem("op-7", "queued", "")
        self.rows = (case("submitted", "XF-20261122-0002"), *self.rows)
        return FiledItem("op-8", "sent", "XF-20261122-0002")

    def withdraw(self, number: str, why: str) -> FiledItem:
        if self.flaw is not None:
            raise self.flaw
        self.withdrawn.append((number, why))
        return FiledItem("op-9", "sent", number)

    def exported(self, query_no: str, path: Path) -> None:
        self.gone.append(f"export {query_no}")
