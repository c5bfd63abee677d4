"""Each verdict as a person meets it: by the code on the paper, by a typed number, by a file."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.field.report_numbers import grouped, read_link, report_number, write_link
from server_stub.portal.words import words
from tests.browser.papers import STATES, Paper

pytestmark = [pytest.mark.nightly, pytest.mark.browser, pytest.mark.one_engine]
SAY = words("zh")


@pytest.mark.parametrize("state", STATES)
def test_the_code_on_paper(browser: Any, issued: dict[str, Paper], state: str) -> None:
    paper = issued[state]
    browser.open(paper.link)
    browser.wait_for(SAY[f"verify_page.number_{state}"], "#verdict-title")
    browser.wait_for(SAY["code_fits"], "#code")
    text = browser.text("#verdict")
    for part in (grouped(paper.number), paper.masked, SAY["verify_page.number_known_advice"]):
        assert part in text
    (request,) = browser.sent()
    assert request["url"] == paper.link.partition("#")[0], "the part behind # stays in the browser"


@pytest.mark.parametrize("state", STATES)
def test_a_typed_number(browser: Any, page: str, issued: dict[str, Paper], state: str) -> None:
    browser.open(page)
    browser.run("document.getElementById('number').focus()")
    browser.press(grouped(issued[state].number).lower(), "ENTER")
    browser.wait_for(SAY[f"verify_page.number_{state}"], "#verdict-title")
    assert browser.text("#code") == ""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", ["choose", "drop"])
def test_a_file(browser: Any, page: str, issued: dict[str, Paper], state: str, way: str) -> None:
    paper = issued[state]
    browser.open(page)
    getattr(browser, way)(paper.file)
    browser.wait_for(SAY[f"verify_page.state_{state}"], "#verdict-title")
    digest = hashlib.sha256(paper.file.read_bytes()).hexdigest()
    assert digest.upper() in browser.text("#verdict").replace(" ", "").replace("\n", "")
    sent = browser.sent()[-1]
    assert parse_qs(sent["body"]) == {"pdf_sha256": [digest], "number": [paper.number]}
    assert len(sent["body"]) < 200, "the file stays here"


@pytest.mark.parametrize("way", ["choose", "drop"])
def test_one_byte_of_a_file_changed(
    browser: Any, page: str, issued: dict[str, Paper], tmp_path: Path, way: str
) -> None:
    content = bytearray(issued["current"].file.read_bytes())
    content[len(content) // 2] ^= 1
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content)
    browser.open(page)
    getattr(browser, way)(changed)
    browser.wait_for(SAY["verify_page.not_genuine"], "#verdict-title")
    assert SAY["verify.bad"] in browser.text("#means")
    assert grouped(issued["current"].number) in browser.text("#verdict")


def test_a_file_beside_its_paper_and_one_of_another_report(browser: Any, issued: dict[str, Paper]) -> None:
    browser.open(issued["current"].link)
    browser.choose(issued["current"].file)
    browser.wait_for(SAY["verify_page.state_current"], "#verdict-title")
    assert SAY["other_report"] not in browser.text("#means")
    browser.open(issued["expired"].link)
    browser.choose(issued["current"].file)
    browser.wait_for(SAY["other_report"], "#means")


def test_files_that_are_none(browser: Any, page: str, tmp_path: Path) -> None:
    foreign, picture = tmp_path / "foreign.pdf", tmp_path / "picture.png"
    foreign.write_bytes(b"%PDF-1.4\n%%EOF\n")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    browser.open(page)
    browser.choose(picture)
    browser.wait_for(SAY["verify_state.not_pdf"], "#file-status")
    assert [one["url"] for one in browser.sent()] == [page], "nothing was asked"
    browser.choose(foreign)
    browser.wait_for(SAY["verify_page.not_genuine"], "#verdict-title")
    assert SAY["file_unknown_advice"] in browser.text("#means")


def test_a_code_of_another_report_or_hand_is_altered(browser: Any, issued: dict[str, Paper]) -> None:
    mine, other = issued["current"], issued["expired"]
    address, _, code = mine.link.partition("#")
    raw = bytearray(base64.urlsafe_b64decode(code + "=="))
    raw[-1] ^= 1  # the digest fits, the signature does not
    forged = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
    for fragment in (other.link.partition("#")[2], forged, "x", "%20", code[:-4]):
        browser.open(f"{address}#{fragment}")
        browser.wait_for(SAY["verify_page.not_genuine"], "#verdict-title")
        assert SAY["code_altered"] in browser.text("#means")
        assert "bad" in browser.run("return document.getElementById('verdict').className")
    browser.open(mine.link)
    browser.wait_for(SAY["code_fits"], "#code")


def test_without_ed25519_the_code_is_compared_and_the_page_says_so(
    browser: Any, issued: dict[str, Paper]
) -> None:
    old = (
        "if (self.SubtleCrypto) SubtleCrypto.prototype.importKey ="
        " () => Promise.reject(new DOMException('', 'NotSupportedError'))"
    )
    made = browser.tell("Page.addScriptToEvaluateOnNewDocument", source=old)
    try:
        browser.open(issued["current"].link)
        browser.wait_for(SAY["code_unsigned"], "#code")
        assert SAY["code_fits"] not in browser.text("#code")
    finally:
        browser.tell("Page.removeScriptToEvaluateOnNewDocument", identifier=made["identifier"])


def test_what_nobody_issued_is_unknown_whatever_its_code_says(
    browser: Any, page: str, issued: dict[str, Paper]
) -> None:
    never = report_number(False, date(2026, 11, 23), "0" * 20)
    code = read_link(issued["current"].link)
    browser.open(write_link(page, never, code.digest_start * 2, code.signature))
    browser.wait_for(SAY["verify_page.number_unknown"], "#verdict-title")
    assert browser.text("#code") == ""


def test_a_scanner_types_the_whole_code_and_its_secret_part_is_not_sent(
    browser: Any, page: str, issued: dict[str, Paper]
) -> None:
    browser.open(page)
    browser.run("document.getElementById('number').focus()")
    browser.press(issued["current"].link, "ENTER")
    browser.wait_for(SAY["code_fits"], "#code")
    fragment = issued["current"].link.partition("#")[2]
    for request in browser.sent():
        assert fragment not in request["url"] + request["body"]
        assert urlsplit(request["url"]).fragment == ""


def test_whoever_asks_too_often_is_told_when_to_come_back(browser: Any, issued: dict[str, Paper]) -> None:
    for _ in range(10):
        browser.open(issued["current"].link)
    browser.open(issued["current"].link)
    browser.wait_for(SAY["busy"], "#verdict-title")
    refusals = [line for line in browser.complaints() if "429" not in line]
    assert refusals == []


def test_without_scripts_paper_can_still_be_checked(
    browser: Any, page: str, issued: dict[str, Paper]
) -> None:
    browser.scripts(on=False)
    browser.open(page)
    assert SAY["file_no_script"] in browser.text()
    browser.driver.find_element("id", "number").send_keys(issued["void"].number)
    browser.driver.find_element("css selector", "#number-form button").click()
    browser.wait_for(SAY["verify_page.number_void"], "#verdict-title")
