"""On the query page: the document seen at the window, and a letter that gets its number with its query."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

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
