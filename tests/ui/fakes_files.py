"""Made-up copies, entries, objections, settings and checks for the pages of files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.desks.words import BEIJING
from app.field.records import (
    Basis,
    Bundle,
    Correction,
    Lease,
    ObjectionMark,
    PurposeRef,
    Record,
    Requester,
    Standing,
    SubjectCard,
)
from app.policy import EvidenceLimits, Policy, Purpose
from app.services import objection_drafts
from app.services.filing import FiledItem
from app.services.leasing import LeaseCard
from app.services.objection_rows import ObjectionRow
from app.services.sealing import Recovered
from app.services.vault_ending import Losses
from app.settings import Settings
from app.trouble import NotRight, NotYou
from app.wire.messages import HistoryStep, ObjectionView
from local_cache.evidence import Named


@dataclass(frozen=True)
class CopyRow:
    query_no: str
    name: str
    code: str
    kind: str
    purpose_zh: str
    as_of: str
    expires_at: str
    left_s: int
    state: str
    marks: int
    purpose: str = "B01"
    purpose_en: str = "Pre-loan review"
    of_lease: bool = False
    now_called: str = ""


@dataclass(frozen=True)
class CopyHit:
    query_no: str
    name: str
    snippet: str
    as_of: str
    left_s: int
    of_lease: bool = False


@dataclass(frozen=True)
class Answer:
    query_no: str
    bundle: Bundle
    as_of: str
    source: str = "cache"
    cached: bool = True
    signed: Any = None
    changed: Any = None
    now_called: str = ""
    called_until: str = ""


NAMES = ("衡阳某某建设工程（示例）有限公司", "衡阳某某机械制造（示例）有限公司",
         "衡阳某某混凝土（示例）有限公司", "衡阳某某物流（示例）有限公司")  # fmt: skip
CODES = ("91430400MA00000A1X", "91430400MA00000B2Y", "91430400MA00000C3Z", "91430400MA00000D40")
LEFT = (190_000, 90_000, 50_400, 32_400)


def copy_rows(states: tuple[str, ...] = ("live",) * 4) -> tuple[CopyRow, ...]:
    return tuple(
        CopyRow(f"CX-1122-00041{n}", NAMES[n], CODES[n], "legal", "贷前审查", f"2026-11-2{n}T18:00:00.000Z",
                "2026-11-24T00:00:00.000Z", LEFT[n], state, int(n == 0))
        for n, state in enumerate(states)
    )  # fmt: skip


def copy_hits() -> tuple[CopyHit, ...]:
    words = (
        "…建筑施工工地未采取有效防尘降尘措施…",
        "…防尘除尘设施竣工验收备案，准予许可…",
        "…物料堆场未落实防尘覆盖，罚款 20,000 元…",
        "…运输车辆密闭防尘承诺，核查结果：已履约…",
    )
    return tuple(
        CopyHit(row.query_no, row.name, words[n], row.as_of, row.left_s) for n, row in enumerate(copy_rows())
    )


def penalty(number: int = 37) -> Record:
    return Record(
        rec_id=f"R{number}", rev=2, section="penalty", title="行政处罚决定书",
        document_no=f"衡环罚〔2025〕示例 {number:03d} 号", provider="衡阳市生态环境局（示例）",
        decided_on="2025-09-03", publicity_end="2028-09-09", amount_fen=3_000_000, status="公示中",
        display="mark", received_at="2025-09-08T18:47:00.000Z", source_no=f"XZCF-2025-示例-{number:05d}",
        objection=ObjectionMark("YY-2026-0093", "2026-11-18", "2026-11-27"),
        corrections=(Correction("2026-07-01T02:00:00.000Z", "corrected", "原登记 80,000.00 元"),),
        fields=(("违法事实", "建筑施工工地未采取有效防尘降尘措施。"), ("处罚类别", "罚款"),
                ("罚款金额", "30,000.00 元"), ("履行情况", "已缴清（2025-09-20）")),
    )  # fmt: skip


def answer(query_no: str = "CX-1122-000410", records: int = 3) -> Answer:
    place = int(query_no[-1])
    purpose = PurposeRef("B01", "贷前审查", "Pre-loan review")
    asker = Requester("u017", "经办 017", "SLYH01", "示例银行衡阳分行", "bank", "bank_officer")
    lease = Lease("L1", "2026-11-22T01:00:00.000Z", "2026-11-24T01:00:00.000Z", 172_800)
    card = SubjectCard("S" * 26, "legal", NAMES[place], CODES[place], state="存续")
    lists = (Standing("R9", 1, "serious", "严重失信主体名单", "某局（示例）", "2026-01-02"),)
    bundle = Bundle(
        "bundle", 1, query_no, "op", "2026-11-21T18:00:00.000Z", "2026-11-21T18:00:00.000Z", 9, "e1", True,
        "S" * 26, False, asker, purpose, "LN-1", Basis("open"), lease, card,
        standing=lists if records else (), records=tuple(penalty(37 + n) for n in range(records)),
    )  # fmt: skip
    return Answer(query_no, bundle, bundle.as_of)


class FakeFiles:
    """The kept copies; `opened` counts what the ledger would have been given."""

    def __init__(self, rows: tuple[CopyRow, ...] = copy_rows(), flaw: Exception | None = None) -> None:
        self.rows, self.flaw = rows, flaw
        self.open_flaw: Exception | None = None
        self.opened: list[str] = []
        self.released: list[str] = []
        self.records, self.listed = 3, 0

    def list(self) -> tuple[CopyRow, ...]:
        self.listed += 1
        if self.flaw is not None:
            raise self.flaw
        return self.rows

    def search(self, text: str) -> tuple[CopyHit, ...]:
        return copy_hits() if "防尘" in text else ()

    def open(self, query_no: str) -> Answer:
        if self.open_flaw is not None:
            raise self.open_flaw
        self.opened.append(query_no)
        return answer(query_no, self.records)

    def release(self, query_no: str) -> str:
        self.released.append(query_no)
        self.rows = tuple(row for row in self.rows if row.query_no != query_no)
        return "op"


THREE_DAYS = LeaseCard("live", "2026-11-25T00:00:00.000Z", 259_200, "")


class FakeLeasing:
    """The lease of this computer, three days long when nothing else is said."""

    def __init__(self, card: LeaseCard = THREE_DAYS) -> None:
        self.now, self.asked = card, 0

    def card(self) -> LeaseCard:
        self.asked += 1
        return self.now


class Client:
    """What the desks ask for, nothing else."""

    def __init__(self, **services: Any) -> None:
        vars(self).update(services)


@dataclass(frozen=True)
class LedgerRow:
    n: int
    kind: str
    subject: str
    purpose: str
    query_no: str
    claimed_at: str
    leaf_index: int | None
    state: str
    outcome: str = ""
    report_no: str = ""
    copy: str = ""
    data_error: bool = False
    fate: str = "done"
    why: str = ""


@dataclass(frozen=True)
class ChainVerdict:
    ok: bool
    length: int
    receipted: int
    broken_at: int = 0
    detail: str = ""


REPORT_NO = "HYXYE20261122ABCDEFGHJKMNPQRSTVWX7"


def ledger_rows(count: int = 12) -> tuple[LedgerRow, ...]:
    kinds = ("print", "issue", "view", "query", "open_cached", "query", "objection", "save")
    return tuple(
        LedgerRow(
            n=count - place,
            kind=kinds[place % len(kinds)],
            subject="李*（自然人）" if place == 5 else NAMES[place % 4],
            purpose="B02" if place % 5 == 4 else "B01",
            query_no=f"CX-1122-{417 - place:06d}",
            claimed_at=f"2026-11-22T01:{44 - place % 40:02d}:16.300Z",
            leaf_index=None if place < 2 else 1200 - place,
            state="waiting" if place < 2 else "receipted",
            outcome="refused:letter-expired" if place == 5 else "",
            fate="refused" if place == 5 else "open" if place == 3 else "done",
            why="letter-expired" if place == 5 else "",
            report_no=REPORT_NO if place < 2 else "",
            copy={0: "here", 2: "gone", 4: "locked"}.get(place, ""),
        )
        for place in range(count)
    )


class FakeLedger:
    """Entries and the verdict on their chain."""

    def __init__(
        self, rows: tuple[LedgerRow, ...] | None = None, verdict: ChainVerdict | None = None
    ) -> None:
        self.rows = ledger_rows() if rows is None else rows
        self.verdict = verdict or ChainVerdict(True, 1204, 1202)
        self.flaw: Exception | None = None
        self.checked = 0

    def list(self, limit: int, kind: str = "") -> tuple[LedgerRow, ...]:
        if self.flaw is not None:
            raise self.flaw
        return tuple(row for row in self.rows if not kind or row.kind == kind)[:limit]

    def verify(self) -> ChainVerdict:
        self.checked += 1
        return self.verdict


class FakeSyncing:
    """What came back is offered to the server."""

    def __init__(self) -> None:
        self.delivered = 0
        self.flaw: Exception | None = None

    def deliver_items(self) -> int:
        if self.flaw is not None:
            raise self.flaw
        self.delivered += 1
        return 2


class FakeUnlocking:
    """The policy of the last sign-in, and the end of everything."""

    def __init__(self) -> None:
        self.wiped = 0
        self.wipe_flaw: Exception | None = None
        self.sealed, self.secret = False, "old words 1"
        self.flaw: Exception | None = None
        self.found = Recovered(2, 1, 0)
        self.would_lose = Losses(objections=2, releases=0, drafts=1, requests=1, entries=4, copies=7)

    def losses(self) -> Losses:
        if self.flaw is not None:
            raise self.flaw
        return self.would_lose

    def policy(self) -> Policy:
        purposes = (Purpose("B01", "贷前审查", "Pre-loan review"), Purpose("B02", "贷后管理", "Post-loan"))
        return Policy("policy", 1, "2026-11-01T00:00:00.000Z", "bank_officer", purposes, idle_lock_s=600)

    def sealed_left(self) -> bool:
        return self.sealed

    def change_passphrase(self, old: str, new: str) -> None:
        if self.flaw is not None:
            raise self.flaw
        if old != self.secret:
            raise NotYou("unlock.bad", "passphrase.wrong")
        if len(new) < 8:
            raise NotRight("passphrase.short", context={"least": 8})
        self.secret = new

    def recover_sealed(self, passphrase: str) -> Recovered:
        if self.flaw is not None:
            raise self.flaw
        if passphrase != "sealed words":
            raise NotYou("unlock.bad", "passphrase.wrong")
        self.sealed = False
        return self.found

    def wipe(self) -> None:
        if self.wipe_flaw is not None:
            raise self.wipe_flaw
        self.wiped += 1


@dataclass(frozen=True)
class Draft:
    draft_id: str
    query_no: str = "CX-1122-000410"
    rec_id: str = "R37"
    document_no: str = "衡环罚〔2025〕示例 037 号"
    subject_name: str = NAMES[0]
    kind: str = "objection"
    ground: str = ""
    wish: str = ""
    statement: str = ""
    should_be: str = ""
    letter_no: str = ""
    refused: str = ""
    why: str = ""
    other: str = ""
    file: Any = None
    left_out: tuple[int, ...] = ()
    picked: tuple[str, ...] = ()
    as_picked: tuple[Any, ...] = ()
    act: str = "file"
    number: str = ""
    rev: int = 0
    turn: str = ""
    moved = objection_drafts.Draft.moved


@dataclass(frozen=True)
class Letter:
    letter_no: str
    authoriser_name: str


def filed(state: str = "forwarded", number: str = "YY-2026-0093", kind: str = "objection") -> ObjectionRow:
    ways = {"filed": 1, "accepted": 2, "forwarded": 3}
    order = ("filed", "accepted", "forwarded", state)
    steps = tuple(
        HistoryStep(
            order[place], f"2026-11-1{7 + place // 2}T0{place + 1}:20:00.000Z", "市信用信息中心（示例）"
        )
        for place in range(ways.get(state, 4))
    )
    due = (datetime.now(BEIJING) + timedelta(days=5)).strftime("%Y-%m-%d")
    answer_text = "" if state in ways else "经核对处罚决定书原件，答复如下（示例）。"
    view = ObjectionView(number, kind, "CX-1122-000410", "R14", state, "2026-11-17T08:20:00.000Z",
                         "衡环罚〔2025〕示例 014 号", "2026-11-18", due, "衡阳市生态环境局（示例）",
                         answer_text, history=steps, rev=len(steps))  # fmt: skip
    facts = (view.query_no, view.rec_id, view.document_no, state, view.filed_at, due, "", view)
    return ObjectionRow("", number, *facts, kind=kind, subject=NAMES[0])


def waiting(state: str = "queued", why: str = "", sent: int = 0, size: int = 0) -> ObjectionRow:
    return ObjectionRow("op-7", "", "CX-1122-000411", "R1", "", state, "2026-11-22T01:00:00.000Z", "", why,
                        None, sent, size, kind="data_error", subject=NAMES[1])  # fmt: skip


class FakeObjecting:
    """Drafts and filed objections; `saved` is every draft that was kept, in order."""

    def __init__(self, rows: tuple[ObjectionRow, ...] = (), kept: tuple[Draft, ...] = ()) -> None:
        self.rows, self.kept = list(rows), list(kept)
        self.saved: list[Draft] = []
        self.filed: list[tuple[Draft, tuple[Path, ...]]] = []
        self.flaw: Exception | None = None
        self.list_flaw: Exception | None = None
        self.online = True
        self.sealed: tuple[Named, ...] = ()
        self.allowed: EvidenceLimits | None = EvidenceLimits(10 * 1024 * 1024, 5, ("pdf", "jpg", "png"))

    def limits(self) -> EvidenceLimits | None:
        return self.allowed

    def draft(self, query_no: str, rec_id: str) -> Draft:
        return Draft(f"d-{rec_id}", query_no, rec_id)

    def drafts(self) -> tuple[Draft, ...]:
        if self.list_flaw is not None:
            raise self.list_flaw
        return tuple(self.kept)

    def list(self) -> tuple[ObjectionRow, ...]:
        return tuple(self.rows)

    def note_seen(self, row: ObjectionRow) -> None:
        """Nothing of it shows on the page."""

    def proofs(self, draft: Draft) -> tuple[Named, ...]:
        return self.sealed if draft.refused else ()

    def save_draft(self, draft: Draft) -> None:
        self.saved.append(draft)
        self.kept = [one for one in self.kept if one.draft_id != draft.draft_id] + [draft]

    def discard(self, draft_id: str) -> None:
        self.kept = [one for one in self.kept if one.draft_id != draft_id]

    def file(self, draft: Draft, attach: tuple[Path, ...] = ()) -> FiledItem:
        if self.flaw is not None:
            raise self.flaw
        self.filed.append((draft, (*map(Path, draft.picked), *attach)))
        self.discard(draft.draft_id)
        if not self.online:
            self.rows.insert(0, waiting())
            return FiledItem("op-7", "queued", "")
        self.rows.insert(0, filed("filed", "YY-2026-0100"))
        return FiledItem("op-8", "sent", "YY-2026-0100")

    def show(self, number: str) -> ObjectionRow:
        return next(row for row in self.rows if number in (row.number, row.op_id))


class FakeQuerying:
    """Letters that were handed in."""

    def letters(self) -> tuple[Letter, ...]:
        return (Letter("SQ-2026-0402", "某某建设（示例）"),)


@dataclass(frozen=True)
class Check:
    name: str
    verdict: str
    detail: str
    remedy: str = ""
    move: str = ""


class FakeDoctor:
    """Findings of the diagnostics."""

    def __init__(self, *checks: Check) -> None:
        self.found = checks or (
            Check("home", "ok", ""),
            Check("disk", "warn", "180 MiB", "doctor.disk"),
            Check("keyring", "warn", "missing", "doctor.keyring_missing"),
            Check("vault", "ok", "live"),
            Check("trust", "ok", "K2026-1"),
            Check("server", "bad", "pins", "trust.changed"),
            Check("ledger", "ok", "1202/1204"),
        )
        self.flaw: Exception | None = None

    def checks(self) -> tuple[Check, ...]:
        if self.flaw is not None:
            raise self.flaw
        return self.found


class FakeSettings:
    """The settings file."""

    def __init__(self) -> None:
        self.kept = Settings(theme="light")
        self.flaw: Exception | None = None

    def read(self) -> Settings:
        return self.kept

    def write(self, settings: Settings) -> None:
        if self.flaw is not None:
            raise self.flaw
        self.kept = settings
