"""An officer's daily jobs in the real window, once by mouse and once by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.sheets.writing import as_workbook
from tests.officer.city import City
from tests.officer.hand import Hand
from tests.officer.tour import subject_named
from tests.officer.ways import Done
from tests.officer.window import PASSPHRASE, WindowOfficer


class Day:
    """One officer's jobs at one window; what was done is kept in order."""

    def __init__(self, officer: WindowOfficer, served: City, account: dict[str, str], place: Path) -> None:
        self.officer, self.served, self.account, self.place = officer, served, account, place
        self.hand = Hand(officer)
        self.done: list[Done] = []
        self.modal: list[str] = []

    def move_to(self, officer: WindowOfficer) -> None:
        """Another window of the same officer: after a lock, a new process begins."""
        self.close()
        self.officer, self.hand = officer, Hand(officer)

    def close(self) -> None:
        """The hand is taken off; what dialogs it met is kept."""
        self.hand.rest()
        self.modal += self.hand.modal

    def job(self, name: str, act: Callable[[], Any]) -> Any:
        """Do it and keep what it took."""
        before = self.hand.effort
        found = act()
        self.done.append(Done(name, self.hand.effort - before))
        return found

    @property
    def desktop(self) -> Any:
        return self.officer.desktop

    def until(self, ready: Callable[[], Any], what: str) -> Any:
        return self.officer.until(ready, what)

    def page(self, name: str) -> Any:
        return self.officer.window.frame.pages[name]  # type: ignore[union-attr]

    def on(self, name: str) -> bool:
        frame = self.officer.window.frame
        return frame is not None and frame.current == name

    # ---- 1 -----------------------------------------------------------------------------------------------

    def enrol(self) -> None:
        """Server, account, code, enrolment and passphrase. The city's certificate is chosen
        beforehand: it would be one more dialog of the system."""
        here, hand = self.officer.here, self.hand
        here.account.ca_file = str(self.served.ca_file)
        hand.text(self.served.url)
        hand.press("Return")
        self.until(lambda: here.desk.view.reach_state == "reached", "the server's card")
        self.until(here.account.user.hasFocus, "the focus at the account")
        self._credentials(here)
        self.until(lambda: here.desk.view.step == "device", "the enrolment")
        hand.text(self.account["enrolment_code"])
        hand.press("Return")
        self.until(lambda: here.desk.view.step == "seal", "the passphrase")
        hand.text(PASSPHRASE)
        hand.tab()
        hand.text(PASSPHRASE)
        hand.press("Return")
        self.until(lambda: self.officer.window.frame is not None, "the open window")

    def _credentials(self, here: Any) -> None:
        self.hand.text(self.account["user"])
        self.hand.tab()
        self._password(here)

    def _password(self, here: Any) -> None:
        self.hand.text(self.account["password"])
        self.hand.press("Return")
        self.until(lambda: here.desk.view.step == "code", "the second factor")
        self.hand.text(self.served.fresh_code(self.account))  # the sixth digit sends

    def sign_in(self) -> None:
        """The sign-in of the morning, over the open work: the banner offers it."""
        officer, hand = self.officer, self.hand
        frame = officer.window.frame
        hand.click(frame.banner._button)  # type: ignore[union-attr]
        self.until(lambda: officer.window.again, "the sign-in over the work")
        again: Any = officer.window.again
        self.until(lambda: again.desk.view.reach_state == "reached", "the server's card")
        self._password(again)
        self.until(lambda: officer.window.again is None, "the work again")

    def unlock(self) -> None:
        """The passphrase, and the work is there."""
        self.hand.text(PASSPHRASE)
        self.hand.press("Return")
        self.until(lambda: self.officer.window.frame is not None, "the open window")

    # ---- 2 -----------------------------------------------------------------------------------------------

    def ask_mouse(self, code: str) -> None:
        """From another page back to the query, type, press the button."""
        hand = self.hand
        hand.click(self.officer.window.frame.navigation.items["home"])  # type: ignore[union-attr]
        hand.text(code)
        hand.click(self.page("home").go)
        self._answered(code)

    def ask_keys(self, code: str) -> None:
        """Ctrl+K from anywhere, paste, Enter: purpose and case stay."""
        self.hand.press("Ctrl+K")
        self.hand.paste(code)
        self.hand.press("Return")
        self._answered(code)

    def _answered(self, code: str) -> None:
        def there() -> bool:
            answer = self.desktop.subject.view.answer if self.on("subject") else None
            return answer is not None and answer.bundle.subject.code == code

        self.until(there, "the subject")

    # ---- 3 -----------------------------------------------------------------------------------------------

    def report_mouse(self) -> None:
        """Report, issue, print."""
        hand = self.hand
        hand.click(self.page("subject").report_button)
        self._previewed()
        hand.click(self.page("report").issue_button)
        self._issued()
        hand.will_answer()
        hand.click(self.page("report").print_button)
        self._printed()

    def report_keys(self) -> None:
        """Ctrl+P for the preview, Enter issues, Ctrl+P prints."""
        hand = self.hand
        hand.press("Ctrl+P")
        self._previewed()
        hand.press("Return")
        self._issued()
        hand.will_answer()
        hand.press("Ctrl+P")
        self._printed()

    def save_keys(self, path: Path) -> None:
        """Ctrl+S on the report that was issued."""
        self.hand.will_answer(path)
        self.hand.press("Ctrl+S")
        self.until(path.exists, "the saved report")

    def _previewed(self) -> None:
        self.until(lambda: self.on("report") and self.desktop.report.view.can_issue
                   and self.desktop.report.view.stage == "preview", "the preview")  # fmt: skip
        self.officer.settle()

    def _issued(self) -> None:
        self.until(lambda: self.desktop.report.view.can_leave_house, "the sealed report")
        self.officer.settle()

    def _printed(self) -> None:
        view = self.desktop.report
        said = lambda: view.view.notice.text if view.view.notice is not None else ""  # noqa: E731
        self.until(lambda: said() == "report.printed", "the paper")

    # ---- 4 -----------------------------------------------------------------------------------------------

    def listed(self) -> Path:
        """A list of three units, one of them by a name that several have."""
        twin = subject_named(self.served, "ambiguous")["name"]
        whole = [subject_named(self.served, why) for why in ("rich", "certified")]
        rows = [["客户名称", "统一社会信用代码"], [twin, ""], *([one["name"], one["code"]] for one in whole)]
        file = self.place / "贷后名单.xlsx"
        file.write_bytes(as_workbook((("贷后", rows),)))
        return file

    def screen_mouse(self, listed: Path, out: Path) -> None:
        """Page, drop, start; why, confirm; export."""
        hand, page = self.hand, "screening"
        hand.click(self.officer.window.frame.navigation.items[page])  # type: ignore[union-attr]
        self._dropped(listed)
        hand.click(self.page(page).map.start)
        self._waits()
        ask = self.page(page).side.ask
        hand.click(ask.why)
        hand.text("与合同所载地址一致")
        hand.click(ask.confirm)
        self._settled()
        hand.will_answer(out)
        hand.click(self.page(page).export)
        self.until(out.exists, "the exported result")

    def screen_keys(self, listed: Path, out: Path) -> None:
        """Ctrl+2, drop, Enter; Enter for the first candidate, why, Enter; Ctrl+E."""
        hand = self.hand
        hand.press("Ctrl+2")
        self._dropped(listed)
        hand.press("Return")
        self._waits()
        hand.press("Return")
        hand.text("与合同所载地址一致")
        hand.press("Return")
        self._settled()
        hand.will_answer(out)
        hand.press("Ctrl+E")
        self.until(out.exists, "the exported result")

    def _dropped(self, listed: Path) -> None:
        desk = self.desktop.screening
        self.until(lambda: desk.view.loaded and desk.view.stage == "start", "the place for a list")
        self.hand.drop(self.page("screening").start.drop, listed)
        self.until(lambda: desk.view.stage == "map" and not desk.view.busy, "the columns of the list")
        self.until(self.page("screening").map.start.isEnabled, "the start")
        self.officer.settle()

    def _waits(self) -> None:
        desk = self.desktop.screening
        self.until(lambda: desk.view.task and desk.view.task.card.state == "done", "the end of the run")
        self.until(self.page("screening").side.ask.isVisible, "the line that waits for a person")
        self.officer.settle()

    def _settled(self) -> None:
        desk = self.desktop.screening
        self.until(lambda: not desk.view.count("similar") and not desk.view.busy, "the settled line")
        self.until(lambda: not desk.view.running, "the end of the run")

    # ---- 5 -----------------------------------------------------------------------------------------------

    def offline_mouse(self, words: str, code: str) -> None:
        """The page is there already; words, then the copy that was found."""
        self._offline(words)
        page = self.page("offline")
        self.hand.click_row(page.list, 0)
        self._opened(code)

    def offline_keys(self, words: str, code: str) -> None:
        """The page is there already; words, and an arrow into what was found."""
        self._offline(words)
        self.hand.press("Down")
        self._opened(code)

    def _offline(self, words: str) -> None:
        self.until(lambda: self.on("offline") and self.desktop.offline.view.copies, "the copies")
        self.hand.text(words)
        self.until(lambda: self.desktop.offline.view.searched == words, "what the words found")
        self.officer.settle()

    def _opened(self, code: str) -> None:
        def there() -> bool:
            opened = self.desktop.offline.view.opened
            return opened is not None and opened.bundle.subject.code == code

        self.until(there, "the opened copy")

    # ---- 6 -----------------------------------------------------------------------------------------------

    def object_mouse(self, proof: Path) -> None:
        """Object, say why, drop the proof, say what it should be, send."""
        hand = self.hand
        hand.click(self.page("subject").object_button)
        self._drafted()
        form = self.page("objection").form
        hand.text("登记的金额与决定书不一致，请核对单位。")
        hand.drop(form.drop, proof)
        hand.click(form.should)
        hand.text("2,000 元")
        hand.click(form.submit)
        self._filed()

    def object_keys(self, proof: Path) -> None:
        """Ctrl+J, why, Tab, Tab, what it should be, the proof, Ctrl+Enter."""
        hand = self.hand
        hand.press("Ctrl+J")
        self._drafted()
        hand.text("登记的金额与决定书不一致，请核对单位。")
        hand.tab()
        hand.tab()
        hand.text("2,000 元")
        hand.drop(self.page("objection").form.drop, proof)
        hand.press("Ctrl+Return")
        self._filed()

    def _drafted(self) -> None:
        desk = self.desktop.objection
        self.until(lambda: self.on("objection") and desk.view.draft and not desk.view.busy, "a draft")
        self.until(lambda: desk.view.limits is not None, "what evidence may be")
        self.officer.settle()

    def _filed(self) -> None:
        view = self.desktop.objection

        def sent() -> bool:
            return view.view.draft is None and view.view.notice is not None

        self.until(sent, "the number of the objection")
        assert view.view.notice.text.startswith("objection_page.sent"), view.view.notice

    # ---- 9 -----------------------------------------------------------------------------------------------

    def verify_mouse(self, file: Path) -> None:
        """The page, and the file onto it."""
        self.hand.click(self.officer.window.frame.navigation.items["verify"])  # type: ignore[union-attr]
        self.hand.drop(self.page("verify").drop, file)
        self.until(lambda: self.desktop.verify.view.verdict is not None, "the verdict")
        assert self.desktop.verify.view.verdict.genuine

    def verify_keys(self, number: str) -> None:
        """Ctrl+6, to the number, Enter: of a paper that somebody brought."""
        self.hand.press("Ctrl+6")
        self.hand.tab()
        self.hand.text(number)
        self.hand.press("Return")
        self.until(lambda: self.desktop.verify.view.registered is not None, "the state of the number")
        assert self.desktop.verify.view.registered.state == "current"
