"""The jobs one after another: a bank officer's day with and without network, and an enterprise's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pikepdf
from PySide6.QtPrintSupport import QPrinter

from tests.officer.city import City
from tests.officer.jobs import Day
from tests.officer.tour import subject_named
from tests.officer.ways import Done
from tests.officer.window import WindowOfficer
from ui import printing

CASE = "LN-2026-0390"


def blank_proof(place: Path) -> Path:
    """A PDF of one empty page."""
    file = place / "证明.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(file)
    return file


def printer_into(place: Path) -> None:
    """The machine has one printer, and what it prints is a file: the dialog in between stays the system's."""

    def paper(title: str) -> QPrinter:
        made = true_paper(title)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(place / f"{title}.paper.pdf"))
        return made

    true_paper = printing.paper
    printing.has_printer, printing.paper = (lambda: True), paper


def whole_day(
    home: Path, served: City, bank: dict[str, str], firm: dict[str, str], place: Path
) -> list[Done]:
    """Every job in both ways, by a bank officer at one computer and an enterprise's at another.

    Raises:
        AssertionError: when a dialog of ours came up for something that is only a state.
    """
    printer_into(place)
    rich, own = subject_named(served, "rich"), subject_named(served, "certified")
    day = Day(WindowOfficer(home / "bank"), served, bank, place)
    try:
        at_the_bank(day, rich, own)
        day.officer.page("home")  # who is elsewhere comes back to there, a key away from the copies
        day.officer.desktop.desk.lock()
        day.until(lambda: day.officer.restarts, "the wish for a new process")
        day.officer.close()
        served.kill()
        day.move_to(WindowOfficer(home / "bank"))
        without_network(day, rich, own)
        served.start()
    finally:
        day.close()
        day.officer.close()
    own_day = Day(WindowOfficer(home / "firm"), served, firm, place)
    try:
        at_the_firm(own_day, own)
    finally:
        own_day.close()
        own_day.officer.close()
    assert day.modal + own_day.modal == [], day.modal + own_day.modal
    return day.done + own_day.done


def at_the_bank(day: Day, rich: dict[str, str], own: dict[str, str]) -> None:
    """Sign in, ask, report, verify, screen."""
    officer = day.officer
    day.until(lambda: officer.window.desk.view.stage == "sign_in", "the sign-in page")
    day.job("enrol", day.enrol)
    officer.state_purpose("B02", CASE)  # once a business, and it stays
    officer.page("verify")
    day.job("ask_keys", lambda: day.ask_keys(own["code"]))
    day.job("ask_mouse", lambda: day.ask_mouse(rich["code"]))
    day.job("report_keys", day.report_keys)
    saved = day.place / "报告.pdf"
    day.job("save_keys", lambda: day.save_keys(saved))
    number = day.desktop.report.view.issued.number
    day.job("verify_mouse", lambda: day.verify_mouse(saved))
    day.job("verify_keys", lambda: day.verify_keys(number))
    day.ask_keys(own["code"])
    day.job("report_mouse", day.report_mouse)
    listed = day.listed()
    day.job("screen_keys", lambda: day.screen_keys(listed, day.place / "一.xlsx"))
    day.desktop.screening.to_start()
    officer.page("home")
    day.job("screen_mouse", lambda: day.screen_mouse(listed, day.place / "二.xlsx"))


def without_network(day: Day, rich: dict[str, str], own: dict[str, str]) -> None:
    """Unlock, and read what is kept."""
    day.until(lambda: day.officer.window.desk.view.stage == "unlock", "the unlock page")
    day.until(lambda: day.officer.here.who(), "whose vault it is")
    day.job("unlock", day.unlock)
    day.job("offline_keys", lambda: day.offline_keys(rich["name"][2:6], rich["code"]))
    day.hand.press("Ctrl+F")
    day.job("offline_mouse", lambda: day.offline_mouse(own["name"][2:6], own["code"]))


def at_the_firm(day: Day, own: dict[str, str]) -> None:
    """An enterprise's officer objects to two records of its own, and signs in again."""
    officer, proof = day.officer, blank_proof(day.place)
    officer.sign_in(day.served, day.account)
    officer.state_purpose("B06", "ZX-390")
    day.ask_keys(own["code"])
    day.job("object_keys", lambda: day.object_keys(proof))
    day.ask_keys(own["code"])
    table = day.page("subject").records.table
    day.hand.click_row(table, 1)
    day.job("object_mouse", lambda: day.object_mouse(proof))
    end_sign_ins(day.served, officer.client.unlocking.user().device_id)
    day.hand.press("Ctrl+K")
    day.hand.paste(own["code"])
    day.hand.press("Return")  # the next question is refused
    day.until(lambda: officer.desktop.desk.view.banner is not None, "the banner")
    day.job("sign_in", day.sign_in)


def end_sign_ins(served: City, device_id: str) -> None:
    """As twelve hours do: nobody signs in again before the sign-in has ended."""
    with closing(sqlite3.connect(served.home / "server.sqlite3", timeout=20)) as database:
        database.execute(
            "UPDATE accounts_token SET ended_at = '2026-01-01 00:00:00' WHERE device_id = ?", [device_id]
        )
        database.commit()
