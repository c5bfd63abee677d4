"""Plays a page of the window with made-up data, in a language and at a size."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desks.paper_desk import Source, Wanted
from app.field.records import Basis
from app.lists.columns import guess
from app.sheets.reading import Table
from app.texts import Texts
from tests.ui import fakes, fakes_outbox, fakes_screening
from ui.city import city
from ui.window import Window

SIZES = ((1280, 800), (1000, 640), (880, 480))
STAGES = (
    "sign_in",
    "sign_in_first",
    "sign_in_file",
    "sign_in_code",
    "sign_in_device",
    "sign_in_pending",
    "sign_in_seal",
    "unlock",
    "home",
    "home_person",
    "home_letter",
    "home_notice",
    "subject",
    "subject_panel",
    "report_preview",
    "report",
    "report_special",
    "paper",
    "paper_letter",
    "paper_statement",
    "paper_issued",
    "verify",
    "reports",
    "reports_open",
    "reports_outdated",
    "reports_erased",
    "reports_empty",
    "offline_banner",
    "outbox",
    "outbox_empty",
    "screening_map",
    "screening_task",
    "screening_line",
)

PAPERS = {
    "": Wanted(
        "screening",
        (Source("MD-20261122-0003", (2, 4, 5)), Source("MD-20261120-0007", (6,))),
        "名单.xlsx",
        50,
    ),
    "letter": Wanted("answer", (Source("YY-20261122-0001"),), "衡阳青禾（示例）有限公司"),
    "statement": Wanted("looks", (Source("CX-1122-000410"),), "衡阳青禾（示例）有限公司"),
}


class Stage:
    """A window that is shown, and the ways to its pages."""

    def __init__(
        self, qtbot: QtBot, language: str = "zh_CN", size: tuple[int, int] = (1280, 800), **changes: Any
    ) -> None:
        self.qtbot = qtbot
        self.restarts: list[str] = []
        self.client = fakes.client(**changes)
        self.window = Window(
            self.client,
            fakes.FakeLanes(),
            Texts(language),
            city(language),
            "0.1.0",
            lambda: self.restarts.append("lock"),
            lambda: self.restarts.append("language"),
        )
        qtbot.addWidget(self.window)
        self.window.resize(*size)
        self.window.show()

    def settle(self) -> None:
        """Let layouts come to rest: some need several rounds."""
        before: list[object] = []
        for _ in range(40):
            QTest.qWait(15)
            places = [one.geometry() for one in self.window.findChildren(QWidget) if one.isVisible()]
            if places == before:
                return
            before = places

    def page(self, name: str) -> Any:
        assert self.window.frame is not None
        return self.window.frame.pages[name]

    def play(self, name: str) -> None:
        """Show a page as an officer would see it."""
        place, _, part = name.partition("_")
        if name.startswith("sign_in"):
            self._sign_in(name)
        elif place == "unlock":
            self.window.begin()
        else:
            self.window.desk.opened(fakes.USER, device="HY-PC-0217")
            getattr(self, f"_{place}")(part)
        self.settle()

    def _sign_in(self, name: str) -> None:
        if name == "sign_in_first":
            self.client.signing_in.remembered = lambda: None
        self.window.desk.sign_in()
        desk = self.window.here.desk  # type: ignore[attr-defined]
        if name == "sign_in_file":
            desk.open_file(Path("示例银行.hxenrol"))
            return
        ways = ("sign_in", "sign_in_code", "sign_in_device", "sign_in_pending", "sign_in_seal")
        acts = (
            lambda: desk.password("jb017", "secret"),
            lambda: desk.code("123456"),
            lambda: desk.enrol("CODE", "HY-PC-0217"),
            desk.wait,
        )
        for act in acts[: ways.index(name) if name in ways else 0]:
            act()

    def _home(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None
        home = desktop.home
        home.choose_purpose("pre_loan")
        home.name_case("LN-2026-0381")
        home.choose_letter("SQ-2026-0381")
        if part == "person":
            home.person_mode(True)
            home.typed("430400199001010009")
        elif part == "letter":
            home.open_letter_form(True)
        elif part == "notice":
            home.search(fakes.CODE[:-1] + "9")
        else:
            home.search("青禾建设")

    def _subject(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None
        self.window.desk.standing("贷前审查", "LN-2026-0381")
        desktop.open_answer(fakes.answer())
        if part == "panel":
            desktop.subject.panel(True)

    def _report(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None
        given = fakes.answer()
        own = msgspec.structs.replace(given.bundle, basis=Basis("own"))
        desktop.open_answer(dataclasses.replace(given, bundle=own) if part == "special" else given)
        desktop.open_report()
        if part == "special":
            desktop.report.choose("special")
        elif not part:
            desktop.report.issue()

    def _paper(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None
        desktop.open_paper(PAPERS.get(part, PAPERS[""]))
        if part == "issued":
            page = self.page("paper")
            page.receiver.name.setText("示例公证处")
            desktop.paper.issue()

    def _verify(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None and self.window.frame is not None
        self.window.frame.go("verify")
        desktop.verify.check(Path("received.pdf"))

    def _reports(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None and self.window.frame is not None
        if part == "empty":
            self.client.report_files.will(list=())
        self.window.frame.go("reports")
        place = {"open": 0, "outdated": 1, "erased": 2}.get(part)
        if place is not None:
            desktop.reports.open(fakes.NUMBERS[place])

    def _outbox(self, part: str) -> None:
        assert self.window.frame is not None
        if not part:
            self.client.syncing.will(outbox=fakes_outbox.ROWS)
            self.client.unlocking.will(sealed_at=fakes_outbox.SEALED)
            self.window.desk.look_around()
        self.window.frame.go("outbox")

    def _screening(self, part: str) -> None:
        desktop = self.window.desktop
        assert desktop is not None and self.window.frame is not None
        if part == "denied":
            self.client.screening_tasks.refuses = "role-denied"
        self.window.frame.go("screening")
        desk = desktop.screening
        number = next(iter(self.client.screening_tasks.bodies))
        if part == "map":
            table = Table(fakes_screening.FILE, "xlsx", (fakes_screening.SHEET,))
            columns = guess(fakes_screening.SHEET)
            desk._was_read((table, 0, columns, fakes_screening.PREPARED))
            desk.state_purpose("post_loan")
            desk.name_case("DH-2026-Q4")
        elif part == "denied":
            desk.open_task(number, run=True)
        elif part == "changes":
            desk.open_task(number, run=True)
            desk.again()
        elif part:
            desk.open_task(number)
            if part == "line":
                desk.select(11)

    def _offline(self, part: str) -> None:
        self.client.syncing.will(online=SimpleNamespace(state="offline", as_of="", last_contact=""))
        self.window.desk.look_around()
