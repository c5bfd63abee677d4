"""On the query page: the document seen at the window, and a letter that gets its number with its query."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.services.lettering import BegunLetter, FoundLetter
from app.services.picked_files import AsPicked
from app.trouble import NotRight
from tests.ui import bench, fakes
from tests.ui.stage import Stage

PERSON = "430400199001010001"


def test_the_document_is_ticked_and_a_new_letter_stands_in_its_row(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.play("home_person")
    desktop = stage.window.desktop
    assert desktop is not None
    desk, page = desktop.home, stage.page("home")
    assert not page.seen.isVisible()  # of a bank nobody stands at the window
    desk.put(purposes=(*fakes.PURPOSES[:2], fakes.WINDOW))
    desk.choose_purpose("own")
    desk.choose_letter("")
    stage.settle()
    assert page.seen.isVisible() and not page.seen.isChecked()
    assert page.seen.text() == "本人到场，已核对上述证件原件"
    page.number.setText(PERSON)
    page.name.setText("示例乙")
    page.go_person.click()
    assert desk.view.notice is not None and desk.view.notice.text == "problem.document-needed"
    page.seen.click()
    assert desk.view.document_seen and desk.view.notice is None
    stage.settle()
    bench.grab(page, "home-window-light")
    assert bench.clipped(page) == []
    page.id_type.activated.emit(1)
    assert not page.seen.isChecked()

    desk.add_letter(Path("scan.png"), fakes.NEW_LETTER.card)
    stage.settle()
    assert page.letter._lines.upper.text() == "新授权书，查询时登记"
    assert page.letter.pick.currentText() == "新授权书"
    assert not page.seen.isVisible()  # on the letter nobody has to be there
    bench.grab(page, "home-new-letter-light")
    assert bench.clipped(page) == []
    desk.choose_letter("SQ-2026-0381")
    assert page.letter.pick.currentText() == "SQ-2026-0381"
    desk.choose_letter("new")
    stage.settle()
    page.letter.drop.click()
    assert (desk.view.new_letter, desk.view.letter) == (None, None)
    assert stage.client.lettering.times("drop_begun") == 1
    stage.settle()
    assert not page.letter.drop.isVisible()


def test_a_letter_of_before_the_lock_stands_in_its_form_again(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    card = msgspec.structs.replace(
        fakes.NEW_LETTER.card, id_type="pr_card_2017", id_number="USA110092021300", kind="continuous"
    )
    begun = BegunLetter(card, AsPicked("/there/scan.png", 1, 1, "a" * 64))
    lost = NotRight("letter.scan-missing", context={"file": "scan.png"})
    stage.client.lettering.will(begun=FoundLetter(begun, flaw=lost))
    stage.play("home_person")
    form = stage.page("home").form
    assert form.isVisible() and "scan.png" in " ".join(one.text() for one in form.notice.findChildren(QLabel))
    assert form.card("own") == msgspec.structs.replace(card, id_type="pr_card", purposes=("own",))
    assert form.scan == Path("/there/scan.png")
    form.fields["name"].setText("示例丙")
    form.show_view(stage.window.desktop.home.view)
    assert form.fields["name"].text() == "示例丙"  # once: what is typed now stays
