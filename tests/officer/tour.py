"""The main job from sign-in to the ledger, in the real window, with a picture of every page it passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.desks.words import minute
from app.field.records import Record
from app.field.report_numbers import grouped
from app.letters import LetterCard
from app.sheets.writing import as_workbook
from app.texts import Texts
from tests.officer.city import City
from tests.officer.window import WindowOfficer

Note = Callable[[str], None]


def _holds(is_so: bool, words: str) -> str:
    return words if is_so else f"没有{words}"


def subject_named(served: City, why: str) -> dict[str, str]:
    """The made-up subject that the sample prints for this reason: rich, ambiguous, person, minor ..."""
    return next(one for one in served.card["subjects"] if one["why"] == why)


def letter_for(
    served: City, account: dict[str, str], person: dict[str, str], purposes: tuple[str, ...]
) -> LetterCard:
    """A letter of the person for the officer's organisation, signed yesterday."""
    today = date.today()
    return LetterCard(
        authoriser_name=person["name"],
        id_type=person["id_type"],
        id_number=person["number"],
        institution=account["organisation_name"],
        purposes=purposes,
        scope="",
        signed_on=(today - timedelta(days=1)).isoformat(),
        valid_from=(today - timedelta(days=1)).isoformat(),
        valid_to=(today + timedelta(days=60)).isoformat(),
        kind="continuous",
    )


def ask_rich(officer: WindowOfficer, served: City, pictures: Path, note: Note) -> Any:
    """A name with namesakes, then the enterprise that has a record of every kind."""
    rich = subject_named(served, "rich")
    page = officer.state_purpose("B01", "LN-2026-0381")
    officer.type(page.field, rich["code"])
    officer.until(lambda: page.recognised.isVisible(), "what the code is recognised as")
    officer.picture(pictures / "home.png")
    officer.type(page.field, subject_named(served, "ambiguous")["name"][2:4])
    page.go.click()
    officer.until(lambda: page.desk.view.candidates, "the candidates")
    officer.picture(pictures / "candidates.png")
    note(f"同名主体 {len(page.desk.view.candidates)} 个，只列登记信息")
    subject = officer.query(rich["code"])
    officer.picture(pictures / "subject.png")
    answer = officer.desktop.subject.view.answer
    as_of = minute(answer.bundle.as_of)
    note(f"查询 {answer.query_no} {answer.bundle.subject.name} 数据截至 {as_of}，凭证已核验")
    officer.desktop.subject.panel(True)
    officer.picture(pictures / "subject-record.png")
    officer.desktop.subject.panel(False)
    return subject


def report(officer: WindowOfficer, pictures: Path, note: Note) -> Path:
    """Preview, issue, save; the file is then checked on the verification page."""
    officer.desktop.open_report()
    desk = officer.desktop.report
    officer.until(lambda: desk.view.pages and desk.view.pdf, "the whole preview")
    officer.picture(pictures / "report-preview.png")
    desk.issue()
    officer.until(lambda: desk.view.stage == "issued", "the issued report")
    officer.picture(pictures / "report.png")
    issued = desk.view.issued
    file = pictures / f"{issued.number}.pdf"
    desk.save(file)
    officer.until(file.exists, "the saved report")
    note(f"出具报告 {issued.number}，{len(desk.view.pages)} 页，保存为 {file.name}")
    officer.page("verify")
    judging = officer.desktop.verify
    officer.desktop.frame.pages["verify"].drop.taken.emit(file)
    officer.until(lambda: judging.view.verdict is not None, "the verdict")
    officer.picture(pictures / "verify.png")
    note(f"核验：{Texts().say(judging.view.verdict.words)}")
    page = officer.page("verify")
    officer.type(page.number.field, grouped(issued.number).lower())
    page.number.button.click()
    officer.until(lambda: judging.view.registered is not None, "the state of the number")
    officer.picture(pictures / "verify-number.png")
    known = judging.view.registered
    note(f"按编号查询：{Texts().say(f'verify_page.number_{known.state}')}，{known.subject_masked}")
    officer.page("reports")
    mine = officer.desktop.reports
    officer.until(lambda: mine.view.rows, "the list of issued reports")
    officer.picture(pictures / "my-reports.png")
    mine.open(issued.number)
    officer.until(lambda: mine.view.pages, "the report opened again")
    officer.picture(pictures / "my-report.png")
    seal = _holds(mine.view.opened.verdict.genuine, "签名有效")
    note(f"我的报告 {len(mine.view.rows)} 份，重新打开的一份{seal}")
    mine.close()
    return file


def repair(officer: WindowOfficer, pictures: Path, note: Note) -> None:
    """How a penalty stands: eligibility, checklist and who decides; nothing is handed in."""
    subject = officer.desktop.subject.view
    record = next(one for one in subject.answer.bundle.records if one.section == "penalty")
    officer.desktop.open_repair(record)
    desk = officer.desktop.repair
    officer.until(lambda: desk.view.standing is not None, "how the record stands")
    officer.picture(pictures / "repair-form.png")
    stands = desk.view.standing
    note(f"信用修复：{stands.words.zh}，由{stands.keeper_words.zh}认定")
    desk.discard()
    officer.until(lambda: desk.view.draft is None and desk.view.loaded, "the list of repairs")
    officer.picture(pictures / "repair.png")


def screen(officer: WindowOfficer, served: City, pictures: Path, note: Note) -> None:
    """A list as a spreadsheet left it: mapped, run, a namesake settled, exported."""
    subjects = [one for one in served.card["subjects"] if one.get("code")]
    twin = subject_named(served, "ambiguous")["name"]
    rows = [["序号", "客户名称", "统一社会信用代码"], ["1", twin, ""], ["2", "示例乙有限公司", "9.14304E+17"]]
    rows += [[str(at), one["name"], one["code"].lower()] for at, one in enumerate(subjects, 3)]
    listed = pictures / "四季度贷后名单.xlsx"
    listed.write_bytes(as_workbook((("贷后", rows),)))
    page = officer.page("screening")
    desk = officer.desktop.screening
    officer.until(lambda: desk.view.loaded, "the kept tasks")
    officer.picture(pictures / "screening-empty.png")
    page.start.drop.taken.emit(listed)
    officer.until(lambda: desk.view.stage == "map", "the columns of the list")
    page.map.purpose_stated.emit("B02")
    officer.type(page.map.case_no, "DH-2026-Q4")
    desk.name_case("DH-2026-Q4")
    officer.picture(pictures / "screening-map.png")
    page.map.start.click()
    officer.until(lambda: desk.view.task and desk.view.task.card.state == "done", "the end of the run")
    officer.until(lambda: page.side.ask.isVisible(), "the line that waits for a person")
    officer.picture(pictures / "screening.png")
    page.side.ask.why.setText("与合同所载地址一致")
    page.side.ask.confirm.click()
    officer.until(lambda: not desk.view.count("similar"), "the settled line")
    page.table.pick("4")
    officer.picture(pictures / "screening-line.png")
    out = pictures / "筛查结果.xlsx"
    desk.export(out)
    officer.until(out.exists, "the exported result")
    note(f"筛查 {desk.view.task.card.total} 行，不能筛查 {desk.view.count('aside')} 行，结果存为 {out.name}")


def ask_person(
    officer: WindowOfficer, served: City, account: dict[str, str], pictures: Path, note: Note
) -> None:
    """A person with a letter: scan and fields, then number and name; the query registers the letter."""
    person = subject_named(served, "person")
    scan = pictures / "letter-scan.png"
    officer.window.grab().save(str(scan))  # any picture will do as a scan
    page = officer.state_purpose("B01", "LN-2026-0382")
    page.toggle.click()
    page.letter.add.click()
    fill_letter(officer, page.form, letter_for(served, account, person, ("B01",)))
    page.form.take(scan)
    officer.picture(pictures / "home-letter.png")
    page.form.save.click()
    officer.until(lambda: page.desk.view.letter is not None, "the new letter")
    scan.unlink()
    officer.type(page.number, person["number"])
    officer.type(page.name, person["name"])
    hidden(page.number, person["number"])
    officer.picture(pictures / "home-person.png")
    page.go_person.click()
    number = officer.desktop.subject.view.answer.query_no if hasattr(officer.desktop, "subject") else ""
    desktop = officer.desktop
    officer.until(
        lambda: desktop.subject.view.answer is not None and desktop.subject.view.answer.query_no != number,
        "the person",
    )
    officer.until(lambda: page.desk.view.new_letter is None, "the letter's number")
    officer.picture(pictures / "subject-person.png")
    note(f"查询 {desktop.subject.view.answer.query_no} 自然人（凭授权书 {page.desk.view.letter.letter_no}）")


def fill_letter(officer: WindowOfficer, form: Any, card: LetterCard) -> None:
    """The letter's fields, one after the other."""
    form.id_type.choose(card.id_type)
    form.kind.choose(card.kind)
    said = {
        "name": card.authoriser_name,
        "number": card.id_number,
        "institution": card.institution,
        "scope": card.scope,
        "signed": card.signed_on,
        "starts": card.valid_from,
        "ends": card.valid_to,
    }
    for name, text in said.items():
        officer.type(form.fields[name], text)
    hidden(form.fields["number"], card.id_number)


def hidden(field: Any, number: str) -> None:
    """No picture shows a person's whole number.

    Raises:
        AssertionError: when the field does.
    """
    assert field.text() == number, "the number that was typed"
    assert number not in field.displayText(), "a person's number in full"


def doubted(records: Sequence[Record], turn: int) -> Record:
    """The penalty that this tour reports: one report a record is open at a time, so each tour has its own.

    Raises:
        IndexError: for more tours of one city than the subject has penalties.
    """
    return [one for one in records if one.section == "penalty"][turn]


def offline(officer: WindowOfficer, served: City, pictures: Path, note: Note, turn: int) -> None:
    """The server is gone: read a copy, draft a data-quality report, look at the ledger."""
    served.kill()
    note("服务器已停，继续离线查阅")
    officer.desktop.desk.look_around()
    officer.until(lambda: not officer.desktop.desk.view.online, "the offline state")
    officer.page("offline")
    files = officer.desktop.offline
    officer.until(lambda: files.view.copies, "the kept copies")
    copy = next(row for row in files.view.copies if row.kind == "legal")
    files.open(copy.query_no)
    officer.until(lambda: files.view.opened is not None, "the opened copy")
    officer.picture(pictures / "offline.png")
    note(f"离线副本 {len(files.view.copies)} 个，已打开 {copy.query_no}")
    record = doubted(files.view.opened.bundle.records, turn)
    query_no = files.view.opened.query_no
    page = officer.page("objection")
    objection = officer.desktop.objection
    officer.until(lambda: objection.view.loaded, "the list of objections")
    officer.picture(pictures / "objection-empty.png")
    officer.desktop.object_to(query_no, record)
    officer.until(lambda: objection.view.draft is not None, "the draft")
    form = page.form
    form.kind.button("data_error").click()
    form.ground.button("content").click()
    officer.type(form.statement, "登记的罚款金额与决定书不一致，请核对单位。")
    form.which.setCurrentIndex(max(0, form.which.findText("罚款金额")))
    form.which.activated.emit(form.which.currentIndex())
    officer.type(form.should, "2,000 元")
    form.keep.click()
    officer.until(lambda: objection.view.saved_at and not objection.view.dirty, "the kept draft")
    officer.picture(pictures / "objection.png")
    form.submit.click()
    officer.until(lambda: objection.view.draft is None and objection.view.filed, "the queued objection")
    note("数据纠错已写好，排队待发")
    officer.picture(pictures / "objection-queued.png")
    officer.page("outbox")
    outbox = officer.desktop.outbox
    officer.until(lambda: outbox.view.shown, "the item in the outbox")
    officer.picture(pictures / "outbox.png")
    officer.page("ledger")
    ledger = officer.desktop.ledger
    officer.until(lambda: ledger.view.rows, "the ledger")
    ledger.check()
    officer.until(lambda: ledger.view.chain is not None, "the ledger's verdict")
    officer.picture(pictures / "ledger.png")
    note(f"台账 {len(ledger.view.rows)} 条，{_holds(ledger.view.chain.ok, '链条完整')}")


def back_online(officer: WindowOfficer, served: City, pictures: Path, note: Note) -> None:
    """The server is there again: what waited is delivered, once."""
    served.start()
    officer.desktop.desk.sync()
    officer.until(
        lambda: not officer.client.syncing.outbox(),  # what was refused would stay there
        "the delivery of what waited",
    )
    note("恢复连接，排队事项已送达")
    settings = officer.page("settings")
    officer.settle(300)
    assert settings is not None
    officer.picture(pictures / "settings.png")
    officer.page("doctor")
    officer.until(lambda: officer.desktop.settings.view.checks, "the checks of the diagnosis")
    officer.picture(pictures / "doctor.png")
    assert officer.page("help") is not None
    officer.settle(100)
    officer.picture(pictures / "help.png")


def lock(officer: WindowOfficer, pictures: Path, note: Note, home: Path, theme: str) -> WindowOfficer:
    """Lock; the next process begins at the unlock page (here: a second window on the same home)."""
    officer.desktop.desk.lock()
    officer.until(lambda: officer.restarts, "the wish for a new process")
    officer.close()
    again = WindowOfficer(home, theme=theme)
    again.until(lambda: again.window.desk.view.stage == "unlock", "the unlock page")
    again.until(lambda: again.here.who(), "the card of the unlock page")
    again.picture(pictures / "unlock.png")
    again.unlock()
    note("锁定后重新解锁")
    return again


def whole(
    home: Path,
    served: City,
    account: dict[str, str],
    pictures: Path,
    note: Note,
    theme: str = "light",
    turn: int = 0,
) -> Path:
    """All of it; `turn` counts the tours of one city from 0. The sealed report's file is returned."""
    officer = WindowOfficer(home, theme=theme)
    try:
        officer.sign_in(served, account, pictures)
        note(f"登录 {account['user']} {account['organisation_name']}，本机已登记")
        ask_rich(officer, served, pictures, note)
        file = report(officer, pictures, note)
        repair(officer, pictures, note)
        screen(officer, served, pictures, note)
        ask_person(officer, served, account, pictures, note)
        offline(officer, served, pictures, note, turn)
        back_online(officer, served, pictures, note)
        officer = lock(officer, pictures, note, home, theme)
    finally:
        officer.close()
    return file
