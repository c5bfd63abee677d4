"""An invented city for pictures and checks of the window: no subject here exists."""

# ruff: noqa: E501 (rows of invented records read best as rows)

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pypdfium2

from app.field import identifiers
from app.field.enrolment import Enrolment
from app.field.records import (
    Basis,
    Bundle,
    Correction,
    Counter,
    Lease,
    Measure,
    ObjectionMark,
    PurposeRef,
    Record,
    RegisterCard,
    RepairOutlook,
    Requester,
    RuleRef,
    Signed,
    Standing,
    SubjectCard,
)
from app.field.report_numbers import report_number
from app.services.answer import Answer, Changes
from app.services.enrolling import Offer
from app.services.issued import IssuedReport
from app.services.leasing import LeaseCard
from app.services.querying import Candidates, KeptLetter, Letter, LetterCard, PurposeChoice, RecentQuery
from app.services.reviewing_reports import OpenReport
from app.services.vault_ending import Losses
from app.services.verifying import Registered, Verdict
from app.services.watching import Hold, Judged
from app.services.watching import Shown as Watched
from app.services.whereabouts import Place
from app.settings import Settings
from app.trouble import Refused
from tests.ui.fakes_screening import Tasks

NAME = "衡阳青禾（示例）建设工程有限公司"
CODE = "91430400MA00000A10"
RULE = RuleRef("publicity", "penalty-general", 3, "示例规则 第三条", "一般行政处罚公示一年")
OFFER = Offer(
    "示例银行.hxenrol",
    Enrolment(
        made_at="2026-11-22T01:00:00.000Z", url="https://credit.example:8443", ca_pem="", city="衡阳市", specimen=True,
        organisation="91430400MA00000B2X", organisation_name="示例银行衡阳分行", log_public_b64="", answers_public_b64="",
        user="jb017",
    ),
    "0f9d9d888cb34022" * 4,
)  # fmt: skip
MEASURES = (
    Measure("II", "审慎授信", "金融机构", "示例清单（2026 年版）第 12 项", True),
    Measure("III", "不得以此单独拒贷，应结合其他材料", "金融机构", "示例清单（2026 年版）第 12 项", True),
    Measure("I", "限制政府采购", "财政部门", "示例清单（2026 年版）第 3 项"),
    Measure("I", "限制财政性资金", "发改部门", "示例清单（2026 年版）第 4 项"),
    Measure("II", "重点监管", "市场监管部门", "示例清单（2026 年版）第 21 项"),
    Measure("III", "从严审核", "行业主管部门", "示例清单（2026 年版）第 30 项"),
)


def _record(
    number: int, section: Any, document: str, matter: str, provider: str, on: str, **more: Any
) -> Record:
    return Record(
        rec_id=f"REC{number:04d}",
        rev=more.pop("rev", 1),
        section=section,
        title=more.pop("title", matter),
        document_no=document,
        provider=provider,
        decided_on=on,
        matter=matter,
        status=more.pop("status", "公示中"),
        why=RULE,
        received_at=f"{on}T19:12:00.000Z",
        source_no=f"XZCF-{on[:4]}-示例-{number:05d}",
        publicity_end=more.pop("publicity_end", "2027-05-13"),
        fields=more.pop(
            "fields", (("文书号", document), ("事由", matter), ("决定机关", provider), ("决定日期", on))
        ),
        **more,
    )


RECORDS = (
    _record(
        1, "penalty", "示建罚决字〔2026〕014 号", "未按审查合格的设计文件施工", "示例住房城乡建设局", "2026-05-14",
        amount_fen=8_600_000, title="罚款",
        objection=ObjectionMark("YY-2026-0093", "2026-11-18", "2026-11-27"),
        corrections=(Correction("2026-06-01T02:00:00.000Z", "corrected", "罚款金额由 96,000.00 元更正为 86,000.00 元"),),
        repair=RepairOutlook("2026-08-14", "2027-05-13", RuleRef("repair", "min-term", 2, "示例规则 第七条")),
    ),
    _record(2, "penalty", "示环罚〔2025〕037 号", "施工工地未采取防尘降尘措施", "示例生态环境局", "2025-09-03",
            amount_fen=3_000_000, title="罚款"),
    _record(3, "penalty", "示市监处罚〔2026〕102 号", "未按规定办理变更登记", "示例市场监管局", "2026-02-05", amount_fen=500_000,
            title="罚款"),
    _record(4, "licence", "示建许字〔2026〕221 号", "建筑工程施工许可", "示例住房城乡建设局", "2026-10-09", status="有效",
            title="建筑工程施工许可证"),
    _record(5, "honour", "示税信〔2026〕A 级", "纳税信用 A 级", "示例税务局", "2026-03-01", status="有效", title="纳税信用 A 级纳税人"),
    _record(6, "serious", "示人社列决字〔2025〕008 号", "拖欠农民工工资", "示例人力资源社会保障局", "2025-08-12", status="列入",
            title="拖欠农民工工资失信联合惩戒名单"),
    _record(7, "judgement", "（2025）示执字第 0417 号", "执行案件", "示例人民法院", "2026-01-22", status="已履行", title="执行案件"),
    _record(8, "commitment", "示诺〔2024〕33 号", "信用承诺书", "示例行政审批局", "2024-06-03", status="履约", title="主动型"),
)  # fmt: skip
COUNTERS = (
    Counter("serious", 1, 0, "2025-08-12", 1),
    Counter("penalty", 3, 1, "2026-05-14", 3),
    Counter("licence", 38, 0, "2026-10-09", 2),
    Counter("honour", 1, 0, "2026-03-01", 1),
    Counter("judgement", 2, 0, "2026-01-22", 1),
    Counter("commitment", 6, 0, "2024-06-03", 2),
)
STANDING = (
    Standing("REC0005", 1, "honour", "纳税信用 A 级纳税人", "示例税务局", "2026-03-01"),
    Standing("REC0006", 1, "serious", "拖欠农民工工资失信联合惩戒名单", "示例人社局", "2025-08-12", "2028-08-12",
             "拖欠农民工工资，经责令限期支付仍未支付", "示人社列决字〔2025〕008 号", measures=MEASURES),
)  # fmt: skip


def bundle(**changes: Any) -> Bundle:
    """A signed answer's contents about one invented company."""
    made = Bundle(
        type="bundle",
        v=1,
        query_no="CX-1122-000417",
        op_id="op-1",
        made_at="2026-11-22T01:41:50.000Z",
        as_of="2026-11-21T18:00:00.000Z",
        as_of_seq=417,
        epoch="e1",
        specimen=True,
        subject_key="0" * 26,
        no_information=False,
        requester=Requester("jb017", "经办 017", "12430400MA00000D4H", "示例银行衡阳分行", "bank", "bank_officer"),
        purpose=PurposeRef("pre_loan", "贷前审查", "Pre-loan review"),
        case_no="LN-2026-0381",
        basis=Basis("letter", "SQ-2026-0381", "a" * 64, "2026-12-31"),
        lease=Lease("L1", "2026-11-22T01:41:50.000Z", "2026-11-29T01:41:50.000Z", 604800),
        subject=SubjectCard(
            "0" * 26, "legal", NAME, CODE, state="存续", category="企业法人", representative="李**", founded="2014-03-18",
            capital="5,000 万元", industry="房屋建筑业", district="雁峰区",
        ),
        counters=COUNTERS,
        standing=STANDING,
        records=RECORDS,
        rules=(RULE,),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def answer(**changes: Any) -> Answer:
    """The answer around the bundle."""
    made = Answer(
        "CX-1122-000417", bundle(), Signed("", "", ""), True, "server", "2026-11-21T18:00:00.000Z",
        Changes("2026-11-15T01:00:00.000Z", "CX-1115-000201", ("REC0001",), ("REC0004",), ()),
    )  # fmt: skip
    return replace(made, **changes)


PURPOSES = tuple(
    PurposeChoice(code, zh, en, True, code == "guarantee")
    for code, zh, en in (
        ("pre_loan", "贷前审查", "Pre-loan"),
        ("post_loan", "贷后管理", "Post-loan"),
        ("guarantee", "担保审查", "Guarantee"),
        ("procurement", "政府采购", "Procurement"),
        ("approval", "行政审批", "Approval"),
        ("award", "评先评优", "Awards"),
        ("supervision", "日常监管", "Supervision"),
        ("own", "本单位自查", "Own record"),
    )
)
WINDOW = PurposeChoice("own", "本单位、本人查询", "Own record", False, False, False, True)
CARDS = (
    RegisterCard("1" * 26, "legal", NAME, CODE, "存续", "2014-03-18", "李**", "雁峰区", "contains"),
    RegisterCard("2" * 26, "legal", "衡阳市青禾（示例）建设有限公司", "91430400MA00000B24", "存续", "2009-11-02", "王**", "蒸湘区", "contains"),
    RegisterCard("3" * 26, "legal", "衡阳青禾建设（示例）集团公司", "91430400MA00000C38", "注销", "1998-06-25", "陈**", "衡南县", "former"),
)  # fmt: skip
NEW_LETTER = Letter(
    LetterCard(NAME, "uscc", CODE, "示例银行", ("pre_loan",), "", "2026-11-20", "2026-11-20", "2026-12-31", "single"),
    "scan.png", b"",
)  # fmt: skip
LETTERS = (KeptLetter("SQ-2026-0381", "a" * 64, "2026-12-31", NAME),)
RECENT = (
    RecentQuery("CX-1122-000398", "衡阳新禾（示例）新材料股份有限公司", "legal", "贷前审查", "2026-11-22T01:18:00.000Z", False, False),
    RecentQuery("CX-1121-000311", "衡阳通达（示例）物流有限公司", "legal", "贷后管理", "2026-11-21T08:40:00.000Z", True, False),
    RecentQuery("CX-1121-000298", "李**", "person", "贷前审查", "2026-11-21T07:02:00.000Z", False, True),
    RecentQuery("CX-1120-000120", "衡阳丰年（示例）农业专业合作社", "legal", "担保审查", "2026-11-20T02:02:00.000Z", True, False),
)  # fmt: skip
USER = SimpleNamespace(
    user="jb017", name="经办 017", role="bank_officer", organisation="12430400MA00000D4H",
    organisation_name="示例银行衡阳分行", organisation_kind="bank", device_id="D" * 43,
)  # fmt: skip


@dataclass
class FakeLanes:
    """Does the work at once, or keeps it until `run`."""

    held: bool = False

    def __post_init__(self) -> None:
        self.waiting: list[Any] = []

    def submit(self, lane: str, job: Any, *args: Any, done: Any = None) -> Future[Any]:
        future: Future[Any] = Future()

        def work() -> None:
            try:
                future.set_result(job(*args))
            except Exception as flaw:  # noqa: BLE001 (a lane hands every exception over)
                future.set_exception(flaw)
            if done is not None:
                done(future)

        if self.held:
            self.waiting.append(work)
        else:
            work()
        return future

    def run(self) -> None:
        """Do what was kept."""
        waiting, self.waiting = self.waiting, []
        for work in waiting:
            work()


class Calls:
    """Answers every verb with what it was told to, and remembers what was asked."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, verb: str) -> Any:
        if verb.startswith("_") or verb not in self._answers:
            raise AttributeError(verb)

        def act(*args: Any, **named: Any) -> Any:
            self.asked.append((verb, *args, *named.values()))
            given = self._answers[verb]
            if isinstance(given, BaseException):
                raise given
            return given(*args) if callable(given) else given

        return act

    def will(self, **answers: Any) -> None:
        """Answer otherwise from now on."""
        self._answers.update(answers)

    def times(self, verb: str) -> int:
        return sum(call[0] == verb for call in self.asked)


def pdf_bytes() -> bytes:
    """A report drawn by the product's own renderer's neighbour: two plain pages, enough to look at."""
    path = Path(__file__).with_name("sample.pdf")
    return path.read_bytes()


class Set:
    """A paper on pages: the first alone, or all."""

    def first(self) -> bytes:
        alone, out = pypdfium2.PdfDocument.new(), BytesIO()
        alone.import_pages(pypdfium2.PdfDocument(pdf_bytes()), [0])
        alone.save(out)
        return out.getvalue()

    def whole(self) -> bytes:
        return pdf_bytes()


DOCUMENT_SHA256, PDF_SHA256 = "0f9d9d888cb34022" * 4, "77ab1c20e4d95f13" * 4
NUMBERS = ("HYXYE20261122ABCDEFGHJKMNPQRSTVWX7", "HYXYE20261120BCDEFGHJKMNPQRSTVWXY3",
           "HYXYP20261118CDEFGHJKMNPQRSTVWXYZ9", "HYXYE20261012DEFGHJKMNPQRSTVWXYZ05")  # fmt: skip


def issued_rows() -> tuple[IssuedReport, ...]:
    """One report in each state; of two the files have gone."""
    return (
        IssuedReport(NUMBERS[0], "CX-1122-000417", NAME, "pre_loan", "2026-11-22T01:42:16.000Z", "2026-12-22",
                     "current", "here", PDF_SHA256, template="standard", language="zh_CN"),
        IssuedReport(NUMBERS[1], "CX-1120-000120", "衡阳丰年（示例）农业专业合作社", "guarantee",
                     "2026-11-20T02:05:00.000Z", "2026-12-20", "superseded", "here", PDF_SHA256,
                     "2026-11-22T00:10:00.000Z", template="special", language="en", large=True),
        IssuedReport(NUMBERS[2], "CX-1118-000077", "李**", "pre_loan", "2026-11-18T07:02:00.000Z",
                     "2026-12-18", "void", "gone", PDF_SHA256, "2026-11-21T03:00:00.000Z", True),
        IssuedReport(NUMBERS[3], "CX-1012-000310", "衡阳通达（示例）物流有限公司", "post_loan",
                     "2026-10-12T08:40:00.000Z", "2026-11-11", "expired", "gone", PDF_SHA256),
    )  # fmt: skip


def still_true(shown: tuple[Watched, ...], hold: Hold = "holds") -> tuple[Judged, ...]:
    """Everything on the screen stands as it stood, or in another way."""
    return tuple(Judged(one.bundle, hold) for one in shown)


def open_report(number: str) -> OpenReport:
    """Opens what is here; what has gone is refused as the service would."""
    row = next(one for one in issued_rows() if one.number == number)
    if row.file == "gone":
        raise Refused("report.erased")
    checks = (("intact", True, ""), ("entire_file", True, "ENTIRE_FILE"))
    verdict = Verdict(
        True, "unchecked", "verify.offline", (), number, row.issued_at, "示例平台签章", "ENTIRE_FILE", checks,
        document_sha256=DOCUMENT_SHA256, pdf_sha256=PDF_SHA256,
    )  # fmt: skip
    return OpenReport(row, pdf_bytes(), verdict)


REPORT_NO = report_number(False, date(2026, 11, 22), "K7M3QZ8T5WAX9D2RVB4N")


def client(**changes: Any) -> SimpleNamespace:
    """Every service that a desk may ask, with friendly answers."""
    verdict = SimpleNamespace(
        genuine=True, state="current", words="verify.ok", reasons=(), number="HYXYE20261122ABCDEFGHJKMNPQRSTVWX7",
        issued_at="2026-11-22T01:42:16.000Z", signer="示例平台签章", coverage="ENTIRE_FILE",
        checks=(("intact", True, ""), ("trusted", True, ""), ("entire_file", True, "ENTIRE_FILE")),
        document_sha256=DOCUMENT_SHA256, pdf_sha256=PDF_SHA256, check_code="04X64WA8YCC194FY",
    )  # fmt: skip
    registered = Registered(
        REPORT_NO, "current", "2026-11-22T01:42:16.000Z", "2026-12-22", "衡阳***有限公司",
    )  # fmt: skip
    issued = SimpleNamespace(
        number="HYXYE20261122ABCDEFGHJKMNPQRSTVWX7", issued_at="2026-11-22T01:42:16.000Z",
        valid_until="2026-12-22T01:42:16.000Z", pdf=b"", pdf_sha256=PDF_SHA256, verdict=verdict,
        document_sha256=DOCUMENT_SHA256,
    )  # fmt: skip
    made: dict[str, Any] = {
        "screening_tasks": Tasks(2),
        "enrolling": Calls(open=OFFER),
        "signing_in": Calls(
            remembered=SimpleNamespace(
                url="https://localhost:8443", ca_file=Path("/tmp/ca.pem"), user="jb017", organisation_code=""
            ),
            keyring_state="ready",
            reach=SimpleNamespace(
                name="衡阳市公共信用信息平台（示例）", url="https://localhost:8443", specimen=True, skew_s=2,
                ca_fingerprint="0f9d9d888cb34022" * 4,
            ),
            reach_offered=SimpleNamespace(
                name="衡阳市公共信用信息平台（示例）", url="https://credit.example:8443", specimen=True, skew_s=2,
                ca_fingerprint="0f9d9d888cb34022" * 4,
            ),
            password=SimpleNamespace(expires_s=90, tries_left=4),
            code=SimpleNamespace(state="enrol", fingerprint="F3AX 22CQ 7BND 7EVT"),
            enrol=SimpleNamespace(state="pending", fingerprint="F3AX 22CQ 7BND 7EVT"),
            wait=SimpleNamespace(state="active", fingerprint="F3AX 22CQ 7BND 7EVT"),
            seal=None,
        ),
        "unlocking": Calls(
            card=SimpleNamespace(
                profile="p1", user="jb017", name="经办 017", organisation_name="示例银行衡阳分行", device_name="HY-PC-0217",
                why="idle", tries_left=9, keyring_state="ready", kept_drafts=1,
            ),
            unlock=SimpleNamespace(user=USER, lease_state="live", lease_until="2026-11-25T00:00:00.000Z", offline=False),
            lock=None,
            wipe=None,
            losses=Losses(objections=1, releases=0, drafts=1, requests=0, entries=3, copies=12),
            user=USER,
            is_open=True,
            policy=SimpleNamespace(idle_lock_s=600, purposes=()),
            sealed_left=False,
            sealed_at=(),
            change_passphrase=None,
            recover_sealed=SimpleNamespace(items=1, drafts=1, elsewhere=0),
        ),
        "querying": Calls(
            recognise=identifiers.recognise,
            purposes=PURPOSES,
            recent=RECENT,
            today_count=38,
            candidates=Candidates(CARDS, False),
            query=answer(),
            viewed=None,
        ),
        "lettering": Calls(letters=LETTERS, take=NEW_LETTER, begun=None, drop_begun=None),
        "offline_files": Calls(list=(), search=(), open=answer(source="cache"), release="op-9"),
        "reporting": Calls(begin_preview=None, begin_working_copy=None, issue=issued, saved=None, printed=None, printed_before=0, require_leave=None, make_ready=b""),
        "leasing": Calls(card=LeaseCard("live", "2026-11-25T00:00:00.000Z", 259_200, "")),
        "voiding": Calls(void="2026-11-22T02:00:00.000Z"),
        "report_files": Calls(list=issued_rows(), outdated=(), open=open_report, ask=lambda number: issued_rows()[0]),
        "verifying": Calls(verify=verdict, look_up=registered),
        "repairing": Calls(limits=None, drafts=(), list=(), outlooks=(), fetch=None, save_draft=None, discard=None),
        "objecting": Calls(limits=None, drafts=(), list=(), save_draft=None, discard=None),
        "syncing": Calls(
            online=SimpleNamespace(state="online", as_of="2026-11-21T18:00:00.000Z", last_contact="", signed_in=True),
            outbox=(),
            retry=0,
            sync=SimpleNamespace(sent=0, refused=0, unknown=0, removed_copies=0, entries_sent=0, judged=0, spared=0, letters=0, withdrawn_for="", lease_state="live", lease_until="", withdrawn=(), restored_at=""),
        ),
        "whereabouts": Calls(last=Place(), keep=None),
        "watching": Calls(judge=still_true),
        "ledger": Calls(list=(), verify=SimpleNamespace(ok=True, length=0, receipted=0, broken_at=0, detail="")),
        "settings": Calls(read=Settings(theme="light"), write=None),
    }  # fmt: skip
    made["reporting"].will(begin_preview=lambda *_, **__: Set(), begin_working_copy=lambda *_, **__: Set())
    issued.pdf = pdf_bytes()
    made.update(changes)
    return SimpleNamespace(**made)
