"""Controls: each fault that a check is there for, planted, is found; and what is in order is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect, QRectF, QStringListModel, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tests.shots.checks import contrast, fitting, focus, heard, overlaps
from tests.shots.checks.ink import Ink, joined, read
from tests.shots.room import look_over
from tests.ui import bench
from ui.look import look, tokens
from ui.widgets.basics import Elided, label

WORDS = "行政处罚决定书"
FIXED = frozenset({WORDS})
Page = Callable[..., QWidget]


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of parts below each other, 240x160."""
    bench.clean()
    look().wear("light", 100)

    def make(*parts: QWidget, laid_out: bool = True) -> QWidget:
        made = QWidget()
        made.setProperty("cls", "page")
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if laid_out:
            box = QVBoxLayout(made)
            for part in parts:
                box.addWidget(part)
        else:
            for part in parts:
                part.setParent(made)
        bench.lay_out(made, 240, 160)
        return made

    yield make
    bench.clean()


class Painted(QWidget):
    """Writes its words itself, like a tile."""

    def __init__(self, words: str, left: int = 4, ink: str = "#14233B") -> None:
        super().__init__()
        self._words, self._left, self._ink = words, left, ink
        self.setMinimumHeight(40)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setFont(look().font(14))
        painter.setPen(QColor(self._ink))
        painter.drawText(self._left, 24, self._words)


def ink(text: str, left: float = 0, top: float = 0, wide: float = 40, colour: str = "#000000") -> Ink:
    box = QRectF(left, top, wide, 14)
    return Ink(text, box, QRectF(0, 0, 400, 400), QColor(colour), 14)


def test_control_a_page_in_order_has_no_finding(page: Page) -> None:
    made = page(label(WORDS), Elided(WORDS), Painted(WORDS), QPushButton(WORDS))
    said = [one.text for one in read(made)]
    assert said.count(WORDS) == 4
    assert look_over(made)[0] == []


def test_words_are_read_with_place_colour_and_size(page: Page) -> None:
    (one,) = read(page(Painted(WORDS, 30, "#B01E23")))
    assert (one.text, one.colour.name(), one.size) == (WORDS, "#b01e23", 14.0)
    assert abs(one.box.left() - one.seen.left() - 30) < 1.5 and abs(one.box.width() - 7 * 14) < 2


def test_runs_of_one_line_are_one_text() -> None:
    runs = [ink("P", 0, wide=8), ink("ress", 8, wide=24), ink("other", 80)]
    assert [one.text for one in joined(runs)] == ["Press", "other"]


def test_a_label_that_is_too_narrow_is_found(page: Page) -> None:
    words = QLabel(WORDS)
    words.setFixedWidth(40)
    made = page(words)
    assert any(WORDS in one for one in fitting.squeezed(made))
    assert any("cut by" in one for one in fitting.clipped(made, read(made)))


def test_words_that_a_widget_paints_over_its_edge_are_found(page: Page) -> None:
    made = page(Painted(WORDS, 180))
    (found,) = fitting.clipped(made, read(made))
    assert WORDS in found and "Painted" in found


def test_what_can_be_scrolled_to_is_not_cut(page: Page) -> None:
    area, inner = QScrollArea(), QWidget()
    inner.setFixedSize(180, 400)
    one = QLabel(WORDS, inner)
    one.adjustSize()
    area.setWidget(inner)
    made = page(area)
    one.move(4, area.viewport().height() - one.height() // 2 - 2)  # across the edge of what is seen
    bench.settle()
    assert fitting.clipped(made, read(made)) == []
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    bench.settle()
    assert fitting.clipped(made, read(made)) != []


def test_our_own_words_cut_with_an_ellipsis_are_found_and_data_are_not(page: Page) -> None:
    made = page(Elided("二〇二六年行政处罚决定书全文如下所列"), Elided(WORDS))
    for one in made.findChildren(Elided):
        one.setFixedWidth(60)
    bench.settle()
    (found,) = fitting.shortened(made, read(made), FIXED)
    assert "our own words" in found and "行政" in found


def test_words_that_can_be_read_nowhere_in_full_are_found(page: Page) -> None:
    made = page(Painted("行政处…"))
    (found,) = fitting.shortened(made, read(made), FIXED)
    assert "nowhere in full" in found


def test_a_part_beyond_what_scrolls_is_found(page: Page) -> None:
    area, inner = QScrollArea(), QWidget()
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner.setFixedSize(600, 400)
    QLabel(WORDS, inner).move(400, 10)
    area.setWidget(inner)
    assert any("right of what scrolls" in one for one in fitting.stranded(page(area)))


def test_a_button_that_sticks_out_is_found(page: Page) -> None:
    button = QPushButton(WORDS)
    made = page(button, laid_out=False)
    button.setGeometry(200, 10, 120, 30)
    button.show()
    assert any("sticks out" in one for one in fitting.stranded(made))


def test_words_over_words_are_found() -> None:
    assert overlaps.overlapping([ink("甲"), ink("乙", 30, 4)]) == ["'甲' over '乙' by 10x10"]
    assert overlaps.overlapping([ink("甲"), ink("乙", 0, 12)]) == []


def test_parts_over_each_other_are_found(page: Page) -> None:
    one, other = QPushButton("甲"), QPushButton("乙")
    made = page(one, other, laid_out=False)
    one.setGeometry(10, 10, 80, 30)
    other.setGeometry(60, 20, 80, 30)
    one.show(), other.show()
    assert len(overlaps.crowded(made)) == 1
    other.move(100, 20)
    assert overlaps.crowded(made) == []


@pytest.mark.parametrize("theme", ["light", "dark", "highContrast"])
def test_every_pair_of_every_theme_can_be_read(theme: str) -> None:
    assert contrast.weak_pairs(tokens()["color"][theme]) == []


def test_a_pair_at_3_9_is_found() -> None:
    colours = {**tokens()["color"]["light"], "textTertiary": "#6B7B91"}
    found = contrast.weak_pairs(colours)
    assert any(one.startswith("textTertiary on rowSelected: 3.") for one in found)
    assert round(contrast.ratio(QColor("#000000"), QColor("#FFFFFF")), 1) == 21.0


def test_faint_words_on_a_real_picture_are_found(page: Page) -> None:
    made = page(Painted(WORDS, ink="#7C8794"))
    inks, picture = read(made), made.grab().toImage()
    (found,) = contrast.faint(inks, picture, lambda _: False)
    assert "#7c8794 on #f3f5f8: 3." in found
    assert contrast.faint(inks, picture, lambda _: True) == []


def test_a_ground_of_many_tones_is_still_the_ground() -> None:
    gradient = {0x0F2342: 3, 0x0F2343: 3, 0x102445: 3, 0xFFFFFF: 5}
    assert contrast.ground_of(gradient, 0xFFFFFF).name() in ("#0f2342", "#0f2343", "#102445")


def test_words_that_are_painted_over_are_found(page: Page) -> None:
    made = page(Painted(WORDS))
    plain = QImage(240, 160, QImage.Format.Format_RGB32)
    plain.fill(QColor("#FFFFFF"))
    (found,) = contrast.faint(read(made), plain, lambda _: False)
    assert "cannot be seen" in found


def test_a_nameless_button_and_field_are_found(page: Page) -> None:
    bare, named = QPushButton(), QPushButton(WORDS)
    field = QLineEdit()
    made = page(bare, named, field)
    found = heard.nameless(made)
    assert [one.split(" ")[0] for one in found] == ["QPushButton", "QLineEdit"]
    field.setAccessibleName("名称")
    bare.setAccessibleName("关闭")
    assert heard.nameless(made) == []


def test_a_cell_without_a_text_is_found(page: Page) -> None:
    view = QListView()
    view.setModel(QStringListModel(["一", "", "三"], view))
    assert [one for one in heard.silent(page(view)) if "cell 1,0" in one]


def test_a_way_of_tab_that_leads_back_is_found(page: Page) -> None:
    parts = [QPushButton(str(number)) for number in range(3)]
    made = page(*parts)
    assert focus.out_of_order(focus.stops(made, None)) == []
    QWidget.setTabOrder(parts[2], parts[1])
    assert focus.out_of_order(focus.stops(made, None)) == [
        "QPushButton stands above QPushButton and comes after it"
    ]


def test_words_told_in_another_order_than_they_lie_are_found(page: Page) -> None:
    words = [label(one) for one in "甲乙丙"]
    made = page(*words)
    assert list(heard.told(made)) == words
    assert look_over(made)[0] == []
    words[0].raise_()
    assert [one for one in look_over(made)[0] if one.startswith("read aloud: ")] == [
        "read aloud: QLabel stands above QLabel and comes after it"
    ]


def test_a_zone_out_of_turn_is_found() -> None:
    way = [focus.Stop("表", 4, QRect(0, 60, 10, 10)), focus.Stop("导航", 0, QRect(0, 0, 10, 10))]
    assert focus.out_of_order(way) == ["导航: navigation after stack"]
    level = [focus.Stop("乙", 4, QRect(80, 0, 20, 20)), focus.Stop("甲", 4, QRect(10, 0, 20, 20))]
    assert focus.out_of_order(level) == ["甲 stands left of 乙 and comes after it"]


def test_what_was_scrolled_away_stands_at_the_edge() -> None:
    inside = focus.Stop("附件", 4, QRect(0, 700, 10, 30), ((1, QRect(0, 100, 400, 200)),))
    below = focus.Stop("提交", 4, QRect(0, 310, 10, 30))
    assert focus.out_of_order([inside, below]) == []
    assert focus.out_of_order([below, inside]) != []


def test_a_control_that_takes_no_focus_is_found(page: Page) -> None:
    button = QPushButton(WORDS)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert focus.unreached(page(button)) == ["QPushButton takes no focus"]
