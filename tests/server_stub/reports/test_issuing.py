"""Issuing: what comes back is sealed, logged, once only, and refused where it must be."""

from __future__ import annotations

import base64
import hashlib
import socket
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.field.evidence import Receipt
from app.field.proofs import included, read_note
from app.field.report_numbers import number_ok
from app.field.reportdoc import read_document
from app.report import document_sha256, render
from app.seals import SealTrust, check, check_link
from server_stub.config.clock import today
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.evidence.models import Leaf
from server_stub.queries.models import Query
from server_stub.queries.selectors import bundle_of
from server_stub.records import services as records
from server_stub.records.models import Record
from server_stub.records.selectors import Shown
from server_stub.reports import services, voiding
from server_stub.reports.authority import seal
from server_stub.reports.drafting import in_english
from server_stub.reports.models import HeldRecord, Report
from server_stub.reports.proving import fonts
from server_stub.reports.selectors import folder
from server_stub.reports.sourced import paper_row
from server_stub.subjects.models import Subject
from tests.app.report.test_closing import INTERNAL_KEY
from tests.app.report.tools import pages_of, text_of
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db
OWN = "https://localhost:8443"


def trust() -> SealTrust:
    key = keys().answers
    made = seal()
    assert made.stamping is not None
    return SealTrust(
        made.issuer_pem, made.certificate_pem, key.key_id, key.public,
        made.stamping.issuer_pem, made.stamping.since,
    )  # fmt: skip


def test_a_report_is_sealed_numbered_and_logged(desk: Desk, query_no: str, watch: Watch) -> None:
    answer = desk.issue(query_no)
    pdf = base64.b64decode(answer["pdf_b64"])
    assert number_ok(answer["number"])
    assert answer["valid_until"] == "2026-12-23"
    assert hashlib.sha256(pdf).hexdigest() == answer["pdf_sha256"]
    verdict = check(pdf, trust(), watch.at)
    assert verdict.ok, verdict
    assert (verdict.number, verdict.document_sha256) == (answer["number"], answer["document_sha256"])
    assert verdict.signed_at == "2026-11-23T02:00:00.000Z"
    receipt = msgspec.convert(answer["receipts"][-1], Receipt)
    note = read_note(receipt.checkpoint)
    path = [bytes.fromhex(step) for step in receipt.inclusion]
    assert included(receipt.leaf(), receipt.leaf_index, note.checkpoint.size, path, note.checkpoint.root)
    assert receipt.entry.kind == "issue"
    assert receipt.entry.report_no == answer["number"]
    assert receipt.entry.report_sha256 == answer["pdf_sha256"]
    assert receipt.entry.records_sha256 == hashlib.sha256(bytes(Query.objects.get().bundle)).hexdigest()


def test_the_file_is_the_renderers_own_bytes_and_then_the_seal(desk: Desk, query_no: str) -> None:
    answer = desk.issue(query_no)
    pdf = base64.b64decode(answer["pdf_b64"])
    document = read_document(bytes(Report.objects.get().document))
    assert pdf.startswith(render(document, fonts()))
    assert document_sha256(document) == answer["document_sha256"]


def test_the_qr_link_verifies_offline(desk: Desk, query_no: str) -> None:
    answer = desk.issue(query_no)
    link = read_document(bytes(Report.objects.get().document)).verify_link
    said = {"document_sha256": answer["document_sha256"], "issued_at": answer["issued_at"]}
    assert check_link(link, **said, answers_key=keys().answers.public).ok
    assert not check_link(link, **said, answers_key=keys().log.public).ok


@pytest.mark.parametrize(
    ("public", "own", "production", "base"),
    [
        ("https://credit.example:8443", OWN, False, "https://credit.example:8443/v/"),
        ("https://credit.example:8443", OWN, True, "https://credit.example:8443/v/"),
        ("", OWN, False, f"{OWN}/v/"),  # nobody else knows the numbers of a specimen server
        ("", OWN, True, "https://localhost/v/"),  # as the city says
        ("", "", False, "https://localhost/v/"),
    ],
)
def test_the_qr_link_leads_to_the_address_of_the_platform(
    desk: Desk, query_no: str, settings: Any, public: str, own: str, production: bool, base: str
) -> None:
    settings.HENGXIN_PUBLIC_URL, settings.HENGXIN_OWN_URL = public, own
    settings.PRODUCTION = production
    answer = desk.issue(query_no)
    link = read_document(bytes(Report.objects.get().document)).verify_link
    assert link.startswith(f"{base}{answer['number']}#")


def test_a_report_holds_no_word_for_programs(desk: Desk, rich: Subject, tmp_path: Path) -> None:
    held = Record.objects.filter(subject_key=rich.subject_key, section="penalty", status="current").first()
    assert held is not None
    records.correct(held.rec_id, {"fields": {"CF_SY": "示例事实"}}, reason="原金额录入有误", by="centre1")
    answer = desk.issue(desk.query(number=rich.code)["query_no"])
    bundle = read_document(bytes(Report.objects.get().document)).bundle
    text = text_of(base64.b64decode(answer["pdf_b64"]), tmp_path)
    assert "更正原金额录入有误" in "".join(text.split())
    assert "corrected" not in text
    assert bundle.rules
    for rule in bundle.rules:
        assert rule.basis.split("；")[0] in "".join(text.split())
        assert f"{rule.table}/{rule.row}" not in text
        assert f"/{rule.row}" not in text
    assert not INTERNAL_KEY.search(text), INTERNAL_KEY.search(text)
    assert answer["document_sha256"].upper() in "".join(text.split("\f")[-2].split())


def test_no_person_of_a_correction_is_printed(desk: Desk, rich: Subject, tmp_path: Path) -> None:
    reason = "经张测试（身份证430400199001010006，电话138 0000 0001）申请，原金额录入有误"
    for held in Record.objects.filter(subject_key=rich.subject_key, section="penalty", status="current"):
        records.correct(held.rec_id, {"fields": {"CF_SY": "示例事实"}}, reason=reason, by="centre1")
    answer = desk.issue(desk.query(number=rich.code)["query_no"])
    flat = "".join(text_of(base64.b64decode(answer["pdf_b64"]), tmp_path).split())
    assert "原金额录入有误" in flat
    for planted in ("张测试", "430400199001010006", "13800000001"):
        assert planted not in flat


def test_the_report_prints_what_the_answer_showed(desk: Desk, rich: Subject, tmp_path: Path) -> None:
    told = desk.query(number=rich.code)
    answer = desk.issue(told["query_no"])
    pages = pages_of(base64.b64decode(answer["pdf_b64"]), tmp_path)
    flat = "".join("".join(page.split()) for page in pages)
    bundle = msgspec.json.decode(base64.b64decode(told["answer"]["payload_b64"]))
    assert rich.name in "".join(pages[0].split())
    for record in bundle["records"]:
        assert "".join(record["document_no"].split()) in flat
    assert all("样例 SPECIMEN" in page for page in pages)


def test_the_same_operation_gives_the_same_file(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no)
    first = services.issue(desk.officer, desk.device, [link], op_id, body, 0)
    again = services.issue(desk.officer, desk.device, [link], op_id, body, 0)
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["pdf_b64"] == again["pdf_b64"]
    assert first["receipts"][-1]["leaf_index"] == again["receipts"][-1]["leaf_index"]
    assert Report.objects.count() == 1
    assert Leaf.objects.filter(kind="issue").count() == 1


def test_an_old_report_is_not_handed_out_after_a_record_changed(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no)
    first = services.issue(desk.officer, desk.device, [link], op_id, body, 0)
    shown = HeldRecord.objects.filter(report_id=first["number"]).first()
    assert shown is not None
    records.annul(shown.rec_id, reason="示例", by="centre1")
    for _ in range(2):
        with pytest.raises(Problem) as raised:
            services.issue(desk.officer, desk.device, [link], op_id, body, 0)
        assert raised.value.code == "answer-withdrawn"
        assert raised.value.context["replayed"] is True
        (receipt,) = raised.value.context["receipts"]
        assert receipt["leaf_index"] == first["receipts"][-1]["leaf_index"]
    assert (Report.objects.count(), Leaf.objects.filter(kind="issue").count()) == (1, 1)


def test_a_void_report_is_not_handed_out_again(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no)
    first = services.issue(desk.officer, desk.device, [link], op_id, body, 0)
    voiding.void(first["number"], why="示例", by="centre1", second="centre2")
    with pytest.raises(Problem) as raised:
        services.issue(desk.officer, desk.device, [link], op_id, body, 0)
    assert raised.value.code == "answer-withdrawn"


def test_one_operation_number_serves_one_body(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no)
    services.issue(desk.officer, desk.device, [link], op_id, body, 0)
    with pytest.raises(Problem) as raised:
        services.issue(desk.officer, desk.device, [link], op_id, {**body, "language": "en"}, 0)
    assert raised.value.code == "op-reused"


def test_the_link_must_be_this_reports(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no)
    with pytest.raises(Problem) as raised:
        services.issue(desk.officer, desk.device, [link], "another-operation", body, 0)
    assert raised.value.code == "entry-invalid"
    assert Report.objects.count() == 0


def test_others_queries_do_not_exist(other_desk: Desk, query_no: str) -> None:
    with pytest.raises(Problem) as raised:
        other_desk.issue(query_no)
    assert raised.value.code == "not-found"
    assert raised.value.context["receipts"][-1]["entry"]["outcome"] == "refused:not-found"
    assert Report.objects.count() == 0


def test_an_answer_without_information_makes_no_report(desk: Desk) -> None:
    query_no = str(desk.query(subject_key="Z" * 26)["query_no"])
    with pytest.raises(Problem) as raised:
        desk.issue(query_no)
    assert raised.value.code == "no-information"


def test_a_query_nobody_made_is_not_found(desk: Desk) -> None:
    with pytest.raises(Problem) as raised:
        desk.issue("CX-20260101-000001")
    assert raised.value.code == "not-found"


def test_an_old_query_is_stale(desk: Desk, query_no: str, watch: Watch) -> None:
    watch.forward(hours=23.9)
    assert desk.issue(query_no)["number"]
    watch.forward(hours=0.2)
    with pytest.raises(Problem) as raised:
        desk.issue(query_no)
    assert raised.value.code == "query-stale"


def test_a_record_corrected_since_makes_the_query_stale(desk: Desk, query_no: str) -> None:
    report = desk.issue(query_no)["number"]
    held = HeldRecord.objects.filter(report=report).first()
    assert held is not None
    records.correct(held.rec_id, {"payload": {"CF_SY": "更正后的事实（示例）"}}, reason="更正", by="centre1")
    with pytest.raises(Problem) as raised:
        desk.issue(query_no)
    assert raised.value.code == "query-stale"
    assert Leaf.objects.filter(kind="issue").count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"template": "golden"}, "body-invalid"),
        ({"language": "fr"}, "body-invalid"),
        ({"extra": 1}, "body-invalid"),
    ],
)
def test_wrong_wishes_are_refused_by_name_and_their_links_kept(
    desk: Desk, query_no: str, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Problem) as raised:
        desk.issue(query_no, **changes)
    assert raised.value.code == code
    assert [one["path"] for one in raised.value.fields] == list(changes)
    assert Leaf.objects.get(kind="issue").entry.count(f"refused:{code}") == 1
    assert desk.issue(query_no)["number"], "the chain goes on after a refusal"


def test_a_paper_that_is_not_about_persons_says_so_and_an_unknown_one_otherwise() -> None:
    assert paper_row("special", "legal", today()).paper == "special"  # the control
    for paper, code in (("special", "paper-not-about"), ("golden", "body-invalid")):
        with pytest.raises(Problem, match=code):
            paper_row(paper, "person", today())


def test_a_stored_refusal_is_given_again(desk: Desk, query_no: str) -> None:
    op_id, body, link = desk.wish(query_no, template="golden")
    for replayed in (False, True):
        with pytest.raises(Problem) as raised:
            services.issue(desk.officer, desk.device, [link], op_id, body, 0)
        assert raised.value.code == "body-invalid"
        assert raised.value.context["replayed"] is replayed
    assert Leaf.objects.filter(kind="issue").count() == 1


def test_the_files_are_kept_for_their_owner_only(desk: Desk, query_no: str) -> None:
    number = desk.issue(query_no)["number"]
    path = folder() / f"{number}.pdf"
    assert path.stat().st_mode & 0o777 == 0o400
    assert folder().stat().st_mode & 0o077 == 0


def test_a_report_bears_the_time(desk: Desk, query_no: str, watch: Watch) -> None:
    verdict = check(base64.b64decode(desk.issue(query_no)["pdf_b64"]), trust(), watch.at)
    assert verdict.stamped_at == "2026-11-23T02:00:00.000Z"


def test_without_the_time_nothing_is_issued_and_it_can_be_tried_again(
    desk: Desk, query_no: str, settings: Any, tmp_path: Path
) -> None:
    """The service that stamps is away: no report, no number in the books; the link of the chain stays."""
    made = seal()
    assert made.stamping is not None
    root = tmp_path / "root.pem"
    root.write_text(made.stamping.issuer_pem)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
        settings.HENGXIN_TSA_URL = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        settings.HENGXIN_TSA_CA = root
        with pytest.raises(Problem) as raised:
            desk.issue(query_no)
    assert raised.value.code == "seal-unavailable"
    assert Report.objects.count() == 0
    settings.HENGXIN_TSA_URL, settings.HENGXIN_TSA_CA = "", None
    assert desk.issue(query_no)["number"]


def test_an_english_report_has_english_labels_and_the_same_records(
    desk: Desk, query_no: str, tmp_path: Path
) -> None:
    numbers = [desk.issue(query_no, language=language)["number"] for language in ("zh_CN", "en")]
    chinese, english = (
        read_document(bytes(Report.objects.get(number=number).document)).bundle for number in numbers
    )
    assert [(one.rec_id, one.rev) for one in chinese.records] == [
        (one.rec_id, one.rev) for one in english.records
    ]
    assert chinese.counters == english.counters
    labels = {label for one in english.records for label, _ in one.fields}
    assert labels and all(label.isascii() for label in labels), labels
    assert all(one.status.isascii() for one in english.records)
    assert not all(label.isascii() for one in chinese.records for label, _ in one.fields)
    text = text_of((folder() / f"{numbers[1]}.pdf").read_bytes(), tmp_path)
    assert "in Chinese, which prevails" in " ".join(text.split())


def test_what_was_answered_and_is_not_shown_now_makes_no_english_report(query_no: str) -> None:

    with pytest.raises(Problem) as raised:
        in_english(bundle_of(Query.objects.get(query_no=query_no)), Shown())
    assert raised.value.code == "query-stale"
