"""Six boxes that are one field, tables that speak, and the bridge between threads."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.fakes import pdf_bytes
from tests.ui.stage import Stage
from ui import printing
from ui.bridge import Bridge
from ui.table_rows import Cell, Column, Row
from ui.tables import Table
from ui.widgets.chips import ChipFace
from ui.widgets.fields import CodeField, SecretField
from ui.widgets.flow import Segments


def test_six_boxes_are_one_field(qtbot: QtBot) -> None:
    field = CodeField("code")
    qtbot.addWidget(field)
    got: list[str] = []
    field.complete.connect(got.append)
    QTest.keyClicks(field, "12a34-56789")
    assert field.text() == "123456"
    assert got == [], "the sixth digit has a moment's grace"
    qtbot.waitUntil(lambda: got == ["123456"], timeout=1500)


def test_taking_the_sixth_digit_back_sends_nothing(qtbot: QtBot) -> None:
    field = CodeField("code")
    qtbot.addWidget(field)
    got: list[str] = []
    field.complete.connect(got.append)
    field.setText("123456")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.qWait(500)
    assert got == []


def test_caps_lock_is_noticed(qtbot: QtBot) -> None:
    field = SecretField("secret")
    qtbot.addWidget(field)
    said: list[bool] = []
    field.caps.connect(said.append)
    QTest.keyClick(field, "a")
    QTest.keyClick(field, "A")
    QTest.keyClick(field, "A", Qt.KeyboardModifier.ShiftModifier)
    assert said == [False, True, False]


def table(qtbot: QtBot) -> Table:
    made = Table("records", (Column("name", 1), Column("amount", right=True), Column("state")), 52)
    qtbot.addWidget(made)
    made.resize(500, 300)
    rows = tuple(
        Row(
            str(number),
            (Cell(f"doc {number}", "matter"), Cell("1.00"), Cell("", chip=ChipFace("open", "warn"))),
        )
        for number in range(2000)
    )
    made.fill(rows)
    made.show()
    return made


def test_a_row_is_spoken_in_one_sentence_and_a_chip_is_not_silent(qtbot: QtBot) -> None:
    model = table(qtbot).rows_model
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(3, 0).data(role) == "doc 3 matter · 1.00 · open"
    assert model.index(3, 2).data(role) == "state open"


def test_keys_of_a_table(qtbot: QtBot) -> None:
    made = table(qtbot)
    opened: list[str] = []
    spaced: list[str] = []
    made.opened.connect(opened.append)
    made.spaced.connect(spaced.append)
    made.pick("5")
    QTest.keyClick(made, Qt.Key.Key_Return)
    QTest.keyClick(made, Qt.Key.Key_Space)
    QTest.keyClick(made, Qt.Key.Key_Down)
    assert (opened, spaced, made.current_key()) == (["5"], ["5"], "6")


def test_columns_fill_the_table_and_never_scroll_sideways(qtbot: QtBot) -> None:
    made = table(qtbot)
    for width in (300, 500, 900):
        made.resize(width, 300)
        QTest.qWait(10)
        assert sum(made.columnWidth(column) for column in range(3)) <= made.viewport().width()


def test_arrows_move_inside_the_segments(qtbot: QtBot) -> None:
    segments = Segments("purpose", (("a", "A"), ("b", "B & C")))
    qtbot.addWidget(segments)
    segments.show()
    got: list[str] = []
    segments.chosen.connect(got.append)
    segments.activateWindow()
    segments.button("a").setFocus()
    QApplication.sendPostedEvents()
    segments.choose("b")
    assert segments.button("b").isChecked()
    segments.choose("nothing")
    assert not segments.button("b").isChecked()
    segments.button("b").click()
    assert got == ["b"]
    assert segments.button("b").accessibleName() == "B & C"


def test_the_bridge_delivers_in_the_windows_thread_and_in_order(qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[tuple[int, bool]] = []
    home = QThread.currentThread()

    def send() -> None:
        for number in range(50):
            bridge.deliver(lambda number=number: got.append((number, QThread.currentThread() is home)))  # type: ignore[misc]

    thread = threading.Thread(target=send)
    thread.start()
    thread.join()
    assert got == [], "never in the thread that sends"
    qtbot.waitUntil(lambda: len(got) == 50)
    assert got == [(number, True) for number in range(50)]


def test_a_closed_bridge_drops_what_arrives(qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[int] = []
    bridge.deliver(lambda: got.append(1))
    bridge.close()
    QTest.qWait(20)
    assert got == []


def test_pages_are_drawn_as_large_as_asked() -> None:
    pages = printing.draw_pages(pdf_bytes(), 72)
    assert [(page.width(), page.height()) for page in pages] == [(595, 842)] * 2
    assert pages[0].pixelColor(5, 5).name() == "#ffffff"
    inks = {pages[0].pixelColor(x, y).lightness() for x in range(100, 500, 2) for y in range(260, 300, 2)}
    assert min(inks) < 80, "the title is there"


def test_pages_reach_the_printer_whole(tmp_path, qapp: QApplication) -> None:  # type: ignore[no-untyped-def]
    printer = printing.paper("HY-1")
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert printer.resolution() == 300
    assert printing.put_on_paper(printer, printing.draw_pages(pdf_bytes(), 100))
    again = printing.draw_pages((tmp_path / "out.pdf").read_bytes(), 72)
    assert len(again) == 2
    assert abs(again[0].width() / again[0].height() - 210 / 297) < 0.01
    inks = [again[0].pixelColor(x, y).lightness() for x in range(100, 500, 2) for y in range(260, 300, 2)]
    assert min(inks) < 80


def test_a_reprint_bears_its_mark_in_the_upper_margin_of_each_page(tmp_path, qapp: QApplication) -> None:  # type: ignore[no-untyped-def]
    inks = []
    for mark in ("", "补打 2"):
        printer = printing.paper("HY-1")
        printer.setOutputFileName(str(tmp_path / f"{mark}.pdf"))
        assert printing.put_on_paper(printer, printing.draw_pages(pdf_bytes(), 100), mark)
        pages = printing.draw_pages((tmp_path / f"{mark}.pdf").read_bytes(), 72)
        margin = [(x, y) for x in range(260, 336) for y in range(5, 30)]
        inks.append([min(page.pixelColor(x, y).lightness() for x, y in margin) for page in pages])
    assert min(inks[0]) > 200, "nothing is printed there otherwise"
    assert max(inks[1]) < 120


def test_what_is_no_pdf_is_refused() -> None:
    import pypdfium2

    with pytest.raises(pypdfium2.PdfiumError):
        printing.draw_pages(b"not a pdf", 72)


def test_no_page_shows_a_window_of_its_own_while_it_is_made(qtbot: QtBot) -> None:
    """A part that is shown before it has a place is a window for a moment, and takes the keyboard along."""
    stage = Stage(qtbot)
    stage.play("subject")
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt names it
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watch = Watch()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    try:
        frame = stage.window.frame
        assert frame is not None
        for name in (name for name in frame._shelves if name not in frame.pages):
            frame.page(name)
        assert shown == []
        alone = QWidget()
        qtbot.addWidget(alone)
        alone.show()
        assert shown == ["QWidget"]  # the control
    finally:
        app.removeEventFilter(watch)
