"""The real window against a real server: previews in the language of the issue, the letter that answers an
objection and the certificate of a screening, issued, saved, verified and found again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.keys.ring import Ring
from app.sheets.writing import as_workbook
from tests.app.report.tools import text_of
from tests.flows.filing import object_to_one
from tests.flows.server import Cli, Server
from tests.officer.window import WindowOfficer

CTRL = Qt.KeyboardModifier.ControlModifier


@contextmanager
def window_of(cli: Cli) -> Iterator[WindowOfficer]:
    """The window on the home of an officer who signed in on it by command."""
    ring = None if os.environ.get("HENGXIN_TESTS_KEYRING") == "1" else Ring.absent()
    officer = WindowOfficer(cli.home, keyring=ring)
    try:
        officer.unlock(cli.passphrase)
        officer.until(lambda: officer.window.desk.view.online, "the platform")
        yield officer
    finally:
        officer.close()


def press(page: Any, key: Qt.Key) -> None:
    QTest.keyClick(page, key, CTRL)


def issued(officer: WindowOfficer, out: Path) -> Any:
    """Ctrl+P issues what the page of papers offers; it is saved, and its row in the list of reports is
    returned."""
    page, desk = officer.window.frame.pages["paper"], officer.desktop.paper  # type: ignore[union-attr]
    press(page, Qt.Key.Key_P)
    refused = ("warning", "error")
    officer.until(
        lambda: desk.view.can_leave_house or desk.view.notice and desk.view.notice.level in refused,
        "the sealed paper",
    )
    assert desk.view.can_leave_house, desk.view.notice
    desk.save(out)
    officer.until(out.exists, "the saved paper")
    number = desk.view.issued.number
    officer.page("reports")
    reports = officer.desktop.reports
    officer.until(lambda: any(row.number == number for row in reports.view.rows), "the issued paper")
    return next(row for row in reports.view.rows if row.number == number)


@pytest.mark.timeout(300)
def test_an_english_preview_and_the_letter_that_answers(
    officers: Callable[[str], Cli], server: Server, tmp_path: Path
) -> None:
    firm, subject = officers("firm1"), server.subject("certified")
    own = firm.query(subject["code"], purpose="B06", case="ZX-70").json
    number = object_to_one(firm, own)["number"]

    def act(*words: str) -> None:
        json.loads(server.staff("objection", *words, "--as", "centre1"))

    act("accept", number)
    act("forward", number, "--to", "示例市监局")
    act("answer", number, "--answer", "属实（示例）")
    act("conclude", number, "--outcome", "kept", "--answer", "不成立（示例）")
    assert firm("sync").code == 0
    with window_of(firm) as officer:
        officer.query(subject["code"], "B06", "ZX-71")
        officer.page("subject").report_wanted.emit()
        report = officer.desktop.report
        officer.until(lambda: report.view.pdf, "the preview")
        report.speak("en")
        officer.until(lambda: report.view.pdf and not report.view.busy, "the preview in English")
        said = text_of(report.view.pdf, tmp_path)
        assert "Public Credit Information Report" in said and "PREVIEW" in said
        report.issue()
        officer.until(lambda: report.view.stage == "issued", "the report")
        assert "Public Credit Information Report" in text_of(report.view.pdf, tmp_path)

        officer.query(subject["code"], "S01", "ZX-72")
        officer.page("subject").report_wanted.emit()
        officer.until(lambda: report.view.stage == "preview", "the preview of one's own unit")
        officer.window.frame.pages["report"].statement.click()  # type: ignore[union-attr]
        stated = tmp_path / "looked.pdf"
        assert issued(officer, stated).template == "looks"
        assert subject["name"] in text_of(stated.read_bytes(), tmp_path)

        page = officer.page("objection")
        objections = officer.desktop.objection
        officer.until(lambda: objections.view.loaded, "the objections")
        objections.show_filed(number)
        officer.until(
            lambda: getattr(objections.view.shown, "number", "") == number, "the answered objection"
        )
        officer.until(page.way.letter.isVisible, "the letter's button")
        press(page, Qt.Key.Key_P)
        officer.until(lambda: officer.window.frame.current == "paper", "the page of papers")  # type: ignore[union-attr]
        out = tmp_path / "letter.pdf"
        row = issued(officer, out)
        assert (row.template, row.query_no, row.about) == ("answer", number, subject["name"])
        shown = officer.window.frame.pages["reports"]._row(row).cells[1]  # type: ignore[union-attr]
        assert shown.text == f"{number} · {subject['name']}"
        page = officer.page("objection")
        press(page, Qt.Key.Key_P)
        paper = officer.desktop.paper
        officer.until(lambda: paper.view.before, "the letter that was issued before")
        assert [one.number for one in paper.view.before] == [row.number]
    told = firm("verify", out).json
    assert (told["genuine"], told["state"]) == (True, "current")
    assert number in text_of(out.read_bytes(), tmp_path)


@pytest.mark.timeout(300)
def test_the_certificate_of_a_finished_screening(bank: Cli, server: Server, tmp_path: Path) -> None:
    units = [server.subject("certified"), server.subject("rich")]
    listed = tmp_path / "贷后名单.xlsx"
    rows = [["客户名称", "统一社会信用代码"], *([one["name"], one["code"]] for one in units)]
    listed.write_bytes(as_workbook((("贷后", rows),)))
    with window_of(bank) as officer:
        page, desk = officer.page("screening"), officer.desktop.screening
        officer.until(lambda: desk.view.loaded, "the page of lists")
        desk.read(listed)
        officer.until(lambda: desk.view.stage == "map" and not desk.view.busy, "the columns")
        desk.state_purpose("B02")
        desk.name_case("DH-2026-Q4")
        desk.begin()
        officer.until(lambda: desk.view.task and desk.view.task.card.state == "done", "the result")
        officer.until(page.certify.isVisible, "the certificate's button")
        page.certify.click()
        paper = officer.desktop.paper
        press(officer.window.frame.pages["paper"], Qt.Key.Key_P)  # type: ignore[union-attr]
        assert paper.view.unnamed and paper.view.issued is None
        paper.hand_to("office", "示例公证处")
        paper.limit("9")
        press(officer.window.frame.pages["paper"], Qt.Key.Key_P)  # type: ignore[union-attr]
        assert paper.view.notice.text == "sealed_paper.lines_wrong"
        first, *_ = paper.view.source.lines
        paper.limit(str(first))
        out = tmp_path / "certificate.pdf"
        row = issued(officer, out)
        assert (row.about, row.units, row.receiver) == ("贷后名单.xlsx", 1, "示例公证处")
        shown = officer.window.frame.pages["reports"]._row(row).cells[1]  # type: ignore[union-attr]
        assert shown.text == "贷后名单.xlsx · 1 家"
    told = bank("verify", out).json
    assert (told["genuine"], told["state"]) == (True, "current")
    said = text_of(out.read_bytes(), tmp_path)
    assert units[0]["code"] in said and units[1]["code"] not in said
