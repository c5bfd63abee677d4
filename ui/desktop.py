"""The desks of the open work and the pages they belong to: who opens what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QTimer

from app.desks.desk import LanesLike, Notice
from app.desks.home_desk import HomeDesk
from app.desks.ledger_desk import LedgerDesk
from app.desks.objection_desk import ObjectionDesk
from app.desks.offline_desk import OfflineDesk
from app.desks.outbox_desk import OutboxDesk
from app.desks.paper_desk import PaperDesk, Wanted
from app.desks.repair_desk import RepairDesk
from app.desks.report_desk import ReportDesk
from app.desks.reports_desk import ReportsDesk
from app.desks.screening_desk import ScreeningDesk
from app.desks.sealed_desk import DRAW_DPI
from app.desks.settings_desk import SettingsDesk, SettingsView
from app.desks.subject_desk import SubjectDesk
from app.desks.verify_desk import VerifyDesk
from app.desks.window_desk import WindowDesk
from app.settings import Settings
from app.texts import Texts
from ui import collecting, printing
from ui.beside import MOST, Beside
from ui.doctor_page import DoctorPage
from ui.frame import Frame, Shelf
from ui.help_page import HelpPage
from ui.home_page import HomePage
from ui.ledger_page import LedgerPage
from ui.objection_page import ObjectionPage
from ui.offline_page import OfflinePage
from ui.outbox_page import OutboxPage
from ui.page import Page
from ui.paper_page import PaperPage
from ui.repair_page import RepairPage
from ui.report_page import ReportPage
from ui.reports_page import ReportsPage
from ui.screening_page import ScreeningPage
from ui.settings_page import SettingsPage
from ui.subject_page import SubjectPage
from ui.verify_page import VerifyPage
from ui.watch import Watch
from ui.way_back import WayBack

READY_AFTER_MS = 400
"""Long enough after a click for the subject to be painted."""


class Desktop:
    """Made when the vault opens, gone when it closes."""

    def __init__(
        self, client: Any, lanes: LanesLike, texts: Texts, desk: WindowDesk, wear: Callable[[Settings], None]
    ) -> None:
        self.client, self.lanes, self.texts, self.desk, self._wear = client, lanes, texts, desk, wear
        self._frame: Frame | None = None
        self.beside: dict[str, Beside] = {}
        self.way_back, self.watch = WayBack(self), Watch(self)
        self._paper_ready = self._away = False
        desk.before_lock, desk.after_round, desk.look_at_pages = self.put_away, self.after_round, self.look
        self.settings = SettingsDesk(client, lanes, self._show_settings, wear, desk.leave_behind)

    @property
    def frame(self) -> Frame:
        if self._frame is None:
            raise RuntimeError("the desktop has no frame yet")
        return self._frame

    def shelves(self) -> dict[str, Shelf]:
        """Every page with the way to make it."""
        makers: dict[str, Callable[[], Page]] = {
            "home": self._home,
            "subject": self._subject,
            "report": self._report,
            "paper": self._paper,
            "verify": self._verify,
            "reports": self._reports,
            "screening": self._screening,
            "offline": self._offline,
            "objection": self._objection,
            "repair": self._repair,
            "outbox": self._outbox,
            "ledger": self._ledger,
            "settings": self._settings,
            "doctor": self._doctor,
            "help": self._help,
        }
        return {name: Shelf(make) for name, make in makers.items()}

    def move_in(self, frame: Frame) -> None:
        """Take the frame that the pages are shown in."""
        self._frame = frame
        self.desk.turn_to, self.desk.begun_offline = frame.go, self._to_copies
        frame.top.searched.connect(self._searched)
        frame.status.outbox_wanted.connect(lambda: frame.go("outbox"))

    def _to_copies(self) -> None:
        """The work was opened without a network: to what can be read, unless one is already elsewhere."""
        if self.frame.current == "home":
            self.frame.go("offline")

    def _searched(self, text: str) -> None:
        page = self.frame.go("home")
        if isinstance(page, HomePage) and text.strip():
            page.ask_for(text.strip())

    def _home(self) -> HomePage:
        page = HomePage(self.texts)
        self.home = HomeDesk(self.client, self.lanes, page.show_view, self.open_answer, self._standing)
        page.bind(self.home)
        self.home.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        page.show_view(self.home.view)
        return page

    def _standing(self, purpose: Any, case_no: str) -> None:
        words = "" if purpose is None else purpose.en if self.texts.language == "en" else purpose.zh
        self.desk.standing(words, case_no)

    def open_answer(self, answer: Any) -> None:
        """Show a subject."""
        page = self.frame.go("subject")
        self.subject.open(answer)
        QTimer.singleShot(READY_AFTER_MS, page, self._make_paper_ready)
        if answer.source == "server":
            self.desk.seen(answer.as_of)
        self.desk.look_around()

    def _make_paper_ready(self) -> None:
        """Once the subject is painted. What fails here fails again, and is told, when a paper is wanted."""
        answer = self.subject.view.answer
        if not self._paper_ready and answer is not None:
            self._paper_ready = True
            self.lanes.submit("press", self._draw_for_nothing, answer.query_no, done=self._loaded)

    def _draw_for_nothing(self, query_no: str) -> None:
        pdf = self.client.reporting.make_ready(query_no, self.texts.language)
        if pdf:
            printing.draw_pages(pdf, DRAW_DPI)

    def _loaded(self, _: Future[None]) -> None:
        """The page that a paper is shown on is made, too, unless the work was put away meanwhile."""
        collecting.keep_loaded()
        if not self._away and self._frame is not None:
            self._frame.page("report")

    def _subject(self) -> SubjectPage:
        page = SubjectPage(self.texts)
        self.subject = SubjectDesk(self.client, self.lanes, self.way_back.watched(page.show_view))
        page.bind(self.subject)
        self.subject.on_screen = page.on_screen
        page.back_wanted.connect(lambda: self.frame.go("home"))
        page.report_wanted.connect(self.open_report)
        page.objection_wanted.connect(self.open_objection)
        page.repair_wanted.connect(self.open_repair)
        page.beside_wanted.connect(self.open_beside)
        page.again_wanted.connect(self._ask_again)
        return page

    def _ask_again(self, about: str) -> None:
        """What was here holds no longer: to the query, with the code where there is one."""
        page = self.frame.go("home")
        if isinstance(page, HomePage) and about:
            page.ask_for(about)

    def open_beside(self) -> None:
        """The subject on the screen in a window of its own; its copy has to be here to be judged by."""
        answer = self.subject.view.answer
        if answer is None or not self.subject.view.kept:
            return
        known = self.beside.get(answer.query_no)
        if known is not None:
            known.activateWindow()
            return
        if len(self.beside) >= MOST:
            self.desk.tell(Notice("subject.beside_most", (("count", MOST),), "warning"))
            return
        made = Beside(self.client, self.lanes, self.texts, answer, self._closed_beside)
        made.page.copied.connect(self.frame.copy)
        self.beside[answer.query_no] = made
        made.show()

    def _closed_beside(self, query_no: str) -> None:
        self.beside.pop(query_no, None)

    def open_report(self) -> None:
        """Preview the report of the subject on the screen."""
        answer = self.subject.view.answer
        if answer is not None:
            self.frame.page("report")
            self.report.open(answer, self.desk.view.online)
            self.frame.go("report")

    def _report(self) -> ReportPage:
        page = ReportPage(self.texts)
        self.report = ReportDesk(
            self.client, self.lanes, page.show_view, printing.draw_pages, self.texts.language
        )
        page.bind(self.report)
        self.report.on_screen = page.on_screen
        page.paper_wanted.connect(self.open_paper)
        return page

    def open_paper(self, wanted: Wanted) -> None:
        """A sealed paper about an objection or a screening."""
        self.frame.page("paper")
        self.paper.open(wanted, self.desk.view.online)
        self.frame.go("paper")

    def _paper(self) -> PaperPage:
        page = PaperPage(self.texts)
        self.paper = PaperDesk(
            self.client, self.lanes, page.show_view, printing.draw_pages, self.texts.language
        )
        page.bind(self.paper)
        self.paper.on_screen = page.on_screen
        page.issued_wanted.connect(self._open_issued)
        return page

    def _open_issued(self, number: str) -> None:
        self.frame.go("reports")
        self.reports.open(number)

    def open_objection(self, record: Any) -> None:
        """Begin an objection to a record of the subject on the screen."""
        answer = self.subject.view.answer
        if answer is not None:
            self.object_to(answer.query_no, record)

    def object_to(self, query_no: str, record: Any) -> None:
        """Begin an objection to a record of an answer."""
        self.frame.go("objection")
        self.objection.begin(query_no, record)

    def _objection(self) -> ObjectionPage:
        page = ObjectionPage(self.texts)
        self.objection = ObjectionDesk(self.client, self.lanes, self.way_back.watched(page.show_view))
        self.objection.settled = self.desk.look_around
        page.bind(self.objection)
        self.objection.on_screen = page.on_screen
        page.paper_wanted.connect(self.open_paper)
        page.page_wanted.connect(lambda name: self.frame.go(name))
        return page

    def open_repair(self, record: Any) -> None:
        """Look how a record of the subject on the screen stands, and begin an application."""
        answer = self.subject.view.answer
        if answer is not None:
            self.repair_of(answer.query_no, record)

    def repair_of(self, query_no: str, record: Any) -> None:
        """The same for a record of any answer that is here."""
        self.frame.go("repair")
        self.repair.begin(query_no, record.rec_id, record)

    def _repair(self) -> RepairPage:
        page = RepairPage(self.texts)
        self.repair = RepairDesk(self.client, self.lanes, self.way_back.watched(page.show_view))
        self.repair.settled = self.desk.look_around
        page.bind(self.repair)
        self.repair.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        return page

    def _screening(self) -> ScreeningPage:
        page = ScreeningPage(self.texts)
        self.screening = ScreeningDesk(
            self.client,
            self.lanes,
            self.way_back.watched(page.show_view),
            self.texts,
            self._ground,
            self.desk.tell,
        )
        page.bind(self.screening)
        self.screening.on_screen = page.on_screen
        page.paper_wanted.connect(self.open_paper)
        page.page_wanted.connect(lambda name: self.frame.go(name))
        return page

    def _ground(self) -> tuple[str, str]:
        """Purpose and case that are in force on the page of queries."""
        home = self.frame.pages.get("home")
        return (self.home.view.purpose, self.home.view.case_no) if home is not None else ("", "")

    def _offline(self) -> OfflinePage:
        page = OfflinePage(self.texts)
        self.offline = OfflineDesk(self.client, self.lanes, page.show_view)
        page.bind(self.offline)
        self.offline.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        page.objection_wanted.connect(self.object_to)
        page.repair_wanted.connect(self.repair_of)
        page.connect_wanted.connect(self.desk.sync)
        return page

    def _outbox(self) -> OutboxPage:
        page = OutboxPage(self.texts)
        self.outbox = OutboxDesk(self.client, self.lanes, page.show_view)
        self.outbox.settled = self.desk.look_around
        page.bind(self.outbox)
        self.outbox.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        page.mend_wanted.connect(self.mend)
        page.fetch_wanted.connect(self._fetch_sealed)
        return page

    def mend(self, page: str, draft_id: str) -> None:
        """Go on with a kept draft on its page."""
        self.frame.go(page)
        (self.objection if page == "objection" else self.repair).take_up(draft_id)

    def _fetch_sealed(self) -> None:
        self.frame.go("settings")
        self.settings.unfold("recover")

    def _ledger(self) -> LedgerPage:
        page = LedgerPage(self.texts)
        self.ledger = LedgerDesk(self.client, self.lanes, page.show_view)
        page.bind(self.ledger)
        self.ledger.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        return page

    def _verify(self) -> VerifyPage:
        page = VerifyPage(self.texts)
        self.verify = VerifyDesk(self.client, self.lanes, page.show_view)
        page.bind(self.verify)
        self.verify.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        return page

    def _reports(self) -> ReportsPage:
        page = ReportsPage(self.texts)
        self.reports = ReportsDesk(self.client, self.lanes, page.show_view, printing.draw_pages)
        page.bind(self.reports)
        self.reports.on_screen = page.on_screen
        page.page_wanted.connect(lambda name: self.frame.go(name))
        return page

    def _settings(self) -> SettingsPage:
        page = SettingsPage(self.texts)
        page.bind(self.settings)
        page.page_wanted.connect(lambda name: self.frame.go(name))
        page.show_view(self.settings.view)
        return page

    def _doctor(self) -> DoctorPage:
        page = DoctorPage(self.texts)
        page.bind(self.settings)
        page.show_view(self.settings.view)
        return page

    def _help(self) -> HelpPage:
        page = HelpPage(self.texts)
        page.closed.connect(self.frame.back)
        return page

    def _show_settings(self, view: SettingsView) -> None:
        """Settings and diagnostics look at one view."""
        for name in ("settings", "doctor"):
            page = self.frame.pages.get(name)
            if isinstance(page, SettingsPage | DoctorPage):
                page.show_view(view)

    def look(self) -> None:
        """The window looks around: what is shown is looked at as well."""
        if self._frame is not None:
            self.watch.look()

    def after_round(self, moved: bool = False) -> None:
        """A meeting with the platform is over: the lease may be another, a filing may have come back, what is
        on the screen may have been taken back. `moved`: copies went."""
        if self._frame is None:
            return
        self.watch.look()
        if "offline" in self._frame.pages:
            self.offline.start() if moved else self.offline.look_at_lease()
        if self._frame.current == "objection":
            self.objection.start()
        if self._frame.current == "repair":
            self.repair.start()
        if self._frame.current == "outbox":
            self.outbox.start()
        if "screening" in self._frame.pages:
            self.screening.look_again()

    def put_away(self) -> None:
        """The window closes or locks: keep what is being written, take back what was copied."""
        self._away = True
        if self._frame is None:
            return
        self.way_back.stop()
        self._frame.clear_clipboard()
        for window in tuple(self.beside.values()):
            window.close()
        if "objection" in self._frame.pages:
            self.objection.put_away()
        if "repair" in self._frame.pages:
            self.repair.put_away()
        if "screening" in self._frame.pages:
            self.screening.put_away()
