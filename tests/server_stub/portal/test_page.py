"""The page: each verdict in its words, what a reader may compare, and nothing that could send or keep."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from app.field.report_numbers import grouped, report_number
from app.field.reportdoc import read_document
from app.report import check_code_of
from server_stub.config.keys import keys
from server_stub.portal.words import language_of, words
from server_stub.records import services as records
from server_stub.reports import selectors, voiding
from server_stub.reports.models import HeldRecord, Report
from server_stub.subjects.models import Subject
from tests.server_stub.portal.reading import read
from tests.server_stub.reports.conftest import Desk, Watch

pytestmark = pytest.mark.django_db
SAY = words("zh")


def post(browser: Client, **fields: str) -> Any:
    return browser.post("/v/", fields)


def test_before_anything_is_asked_there_is_no_verdict(browser: Client, db: None) -> None:
    page = browser.get("/v/")
    assert page.status_code == 200
    assert read(page).one("verdict") == {}
    assert SAY["not_reports_text"] in read(page).text
    assert SAY["file_privacy"] in read(page).text
    assert browser.get("/v").headers["Location"] == "/v/"


def test_a_code_on_paper_leads_to_its_state_and_to_what_can_be_compared(
    browser: Client, issued: dict[str, Any], rich: Subject
) -> None:
    link = read_document(bytes(Report.objects.get().document)).verify_link
    address = link.partition("#")[0].partition("//")[2].partition("/")[2]
    page = read(browser.get(f"/{address}"))
    assert SAY["verify_page.number_current"] in page.text
    assert SAY["verify_page.number_known_advice"] in page.text, "a known number does not vouch for the paper"
    digest, code = issued["document_sha256"], check_code_of(issued["number"], issued["document_sha256"])
    fours = [" ".join(re.findall("....", text)) for text in (code, digest.upper())]
    assert page.facts[0] == grouped(issued["number"])
    assert page.facts[2:4] == ["2026-11-23 10:00:00（北京时间）", "2026-12-23"]
    assert page.facts[4] == SAY["purpose_B"]
    assert page.facts[5:7] == fours
    assert rich.name not in page.text
    assert rich.code not in page.text
    assert "***" in page.facts[1]
    verdict = page.one("verdict")
    assert (verdict["data-number"], verdict["data-digest"]) == (issued["number"], digest)
    assert base64.b64decode(verdict["data-key"]) == keys().answers.public


@pytest.mark.parametrize("typed", ["spaced", "small", "link"])
def test_a_typed_number_is_sent_on_to_its_address(
    browser: Client, issued: dict[str, Any], typed: str
) -> None:
    number = issued["number"]
    forms = {"spaced": grouped(number), "small": number.lower(), "link": f"https://a.example/v/{number}#abc"}
    sent = post(browser, number=forms[typed])
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/v/{number}")
    assert SAY["verify_page.number_current"] in read(browser.get(sent.headers["Location"])).text


def test_what_is_no_number_is_sent_on_as_it_is_and_never_off_this_site(browser: Client, db: None) -> None:
    assert post(browser, number="//evil.example/x").headers["Location"] == "/v/%2F%2Fevil.example%2Fx"
    assert post(browser, number="a b").headers["Location"] == "/v/a%20b"
    assert post(browser, number="").headers["Location"] == "/v/"
    assert len(post(browser, number="9" * 5000).headers["Location"]) == 203
    english = browser.post("/v/?lang=en", {"number": "x"})
    assert english.headers["Location"] == "/v/x?lang=en"


def change(state: str, number: str, watch: Watch) -> None:
    held = HeldRecord.objects.filter(report=number).order_by("rec_id")[0]
    if state == "superseded":
        records.annul(held.rec_id, reason="撤销（示例）", by="centre1")
    elif state == "void":
        voiding.void(number, why="出具有误（示例）", by="centre1", second="centre2")
    elif state == "expired":
        Report.objects.filter(number=number).update(valid_until=date(2026, 11, 22))


@pytest.mark.parametrize("state", ["current", "superseded", "expired", "void"])
def test_each_state_has_its_words_for_paper_and_for_file(
    browser: Client, issued: dict[str, Any], watch: Watch, state: str
) -> None:
    change(state, issued["number"], watch)
    paper = read(browser.get(f"/v/{issued['number']}"))
    assert SAY[f"verify_page.number_{state}"] in paper.text
    assert SAY[f"verify_page.state_{state}"] not in paper.text, "a number alone is not genuine"
    assert SAY["verify_page.number_known_advice"] in paper.text
    file = read(post(browser, pdf_sha256=issued["pdf_sha256"], number=issued["number"]))
    assert SAY[f"verify_page.state_{state}"] in file.text
    tone = {"current": "good", "void": "bad"}.get(state, "warn")
    assert [one.one("verdict")["class"] for one in (paper, file)] == [f"verdict {tone}"] * 2


def test_a_digest_alone_finds_its_report(browser: Client, issued: dict[str, Any]) -> None:
    page = read(post(browser, pdf_sha256=issued["pdf_sha256"].upper()))
    assert SAY["verify_page.state_current"] in page.text
    assert grouped(issued["number"]) in page.facts
    page = read(post(browser, pdf_sha256="ab" * 32))
    assert SAY["verify_page.not_genuine"] in page.text
    assert SAY["file_unknown_advice"] in page.text


def test_a_changed_file_of_a_known_number_is_altered(browser: Client, issued: dict[str, Any]) -> None:
    page = read(post(browser, pdf_sha256="ab" * 32, number=issued["number"]))
    assert SAY["verify_page.not_genuine"] in page.text
    assert SAY["verify.bad"] in page.text
    assert SAY["altered_file_means"] in page.text
    assert page.one("verdict")["class"] == "verdict bad"
    beside = read(post(browser, pdf_sha256="ab" * 32, number="", expected=issued["number"]))
    assert SAY["verify.bad"] in beside.text


def test_a_genuine_file_of_another_report_says_so(
    browser: Client, issued: dict[str, Any], desk: Desk, city: Any
) -> None:
    code = next(row["code"] for row in city.subjects if row["why"] == "heavy")
    other = desk.issue(desk.query(number=code)["query_no"])
    fields = {"pdf_sha256": other["pdf_sha256"], "number": other["number"]}
    assert SAY["other_report"] in read(post(browser, **fields, expected=issued["number"])).text
    assert SAY["other_report"] not in read(post(browser, **fields, expected=other["number"])).text
    assert SAY["other_report"] not in read(post(browser, **fields)).text


def test_a_file_that_is_sent_by_mistake_is_not_taken(browser: Client, issued: dict[str, Any]) -> None:
    """The page's own field for files has no name, so no browser sends it, script or none."""
    page = read(browser.get("/v/"))
    assert "name" not in page.one("file")
    forms = [attrs for tag, attrs in page.elements if tag == "form"]
    assert all(form["action"].startswith("/v/") and "enctype" not in form for form in forms)


def test_the_policy_lets_the_page_load_and_send_nothing(browser: Client, issued: dict[str, Any]) -> None:
    response = browser.get(f"/v/{issued['number']}")
    content = response.content.decode()
    policy = dict(
        part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "connect-src" not in policy, "nothing may be fetched: the default holds"
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", content, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert policy[name] == f"'sha256-{digest}'"
    assert not re.search(r"\son\w+=|style=|javascript:", content.partition("<script>")[0])
    assert not re.search(r"(src|href)=\"(?!/v/|data:,|#)", content)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.cookies == {}
    assert "Set-Cookie" not in response.headers


def test_nothing_that_was_typed_stands_in_the_page(browser: Client, issued: dict[str, Any]) -> None:
    evil = "<script>alert(1)</script>"
    assert b"alert" not in browser.get(f"/v/{evil}").content
    assert b"alert(1)<" not in post(browser, pdf_sha256=evil, number=issued["number"], expected=evil).content


def test_it_speaks_both_languages(browser: Client, issued: dict[str, Any]) -> None:
    english = words("en")
    address = f"/v/{issued['number']}"
    asked = browser.get(address, {"lang": "en"})
    liked = browser.get(address, headers={"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.5"})
    for page in (asked, liked):
        assert english["verify_page.number_current"] in read(page).text
        assert page.headers["Content-Language"] == "en"
        assert page.headers["Vary"] == "Accept-Language"
    assert SAY["verify_page.number_current"] in read(browser.get(address, {"lang": "zh"})).text
    assert read(asked).one("other-language")["href"] == f"{address}?lang=zh"


@pytest.mark.parametrize(
    ("wanted", "accepted", "language"),
    [("", "", "zh"), ("", "en", "en"), ("zh", "en", "zh"), ("xx", "en;q=x,zh-CN", "zh"), ("", "de,fr", "zh")],
)
def test_a_reader_gets_the_language_he_likes(wanted: str, accepted: str, language: str) -> None:
    assert language_of(wanted, accepted) == language


def test_a_fault_is_a_page_without_values(
    browser: Client, issued: dict[str, Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(number: str, pdf_sha256: str = "") -> dict[str, Any]:
        raise OSError(number)

    monkeypatch.setattr(selectors, "verify", broken)
    page = browser.get(f"/v/{issued['number']}")
    assert page.status_code == 500
    assert SAY["fault"] in read(page).text
    assert "OSError" in caplog.text
    assert issued["number"] not in caplog.text


def test_other_methods_are_refused(browser: Client, db: None) -> None:
    assert browser.delete("/v/").status_code == 405
    assert browser.head("/v/").content == b""


def test_a_real_subject_is_never_on_a_specimen_page(browser: Client, db: None, settings: Any) -> None:
    assert "SPECIMEN" in read(browser.get("/v/")).text
    settings.PRODUCTION = True
    assert "SPECIMEN" not in read(browser.get("/v/")).text


def test_an_unissued_number_is_unknown(browser: Client, issued: dict[str, Any]) -> None:
    never = report_number(False, date(2026, 11, 23), "0" * 20)
    page = read(browser.get(f"/v/{never}"))
    assert SAY["verify_page.number_unknown"] in page.text
    assert page.facts == []
