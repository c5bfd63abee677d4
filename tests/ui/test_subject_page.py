"""The subject page gives its height to the records, and its timeline says what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.field.records import Measure, Standing
from tests.ui import bench, fakes
from tests.ui.stage import Stage
from ui.subject_header import StandingBanner
from ui.widgets.chips import PressableChip
from ui.widgets.panels import Tile
from ui.widgets.steps import TimelineRow

LONG = (
    Measure(
        "III", "从严审慎授信：银行可自行权衡，没有据此拒绝授信的义务", "金融机构自主决定", "示例清单", True
    ),
    Measure("I", "由人民法院执行：限制高消费及有关消费（供知悉）", "人民法院", "示例规定"),
    Measure(
        "I",
        "由登记机关执行：限制担任法定代表人、董事、监事、高级管理人员（供知悉）",
        "市场监管部门",
        "示例法",
    ),
    Measure("II", "由项目主管部门办理：限制申请财政性资金项目（供知悉）", "项目主管部门", "示例清单"),
)
STANDING = (
    Standing("REC0006", 1, "serious", "拖欠农民工工资失信联合惩戒对象名单", "示例市人力资源和社会保障局",
             "2026-03-31", "2029-03-31", measures=LONG),
    Standing("REC0007", 1, "serious", "失信被执行人", "示例市中级人民法院", "2026-01-10", measures=LONG[:2]),
    Standing("REC0010", 1, "abnormal", "经营异常名录", "示例市市场监督管理局", "2026-07-19"),
    *(Standing(f"REC002{n}", 1, "honour", "纳税信用A级", "示例税务局", f"202{n}-05-10") for n in range(5)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def light() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def heavy(qtbot: QtBot, language: str = "zh_CN", size: tuple[int, int] = (1280, 800)) -> Any:
    """A subject on three kinds of lists, with the server's own long wording of measures."""
    stage = Stage(qtbot, language, size)
    stage.play("subject")
    answer = fakes.answer()
    whole = msgspec.structs.replace(answer.bundle, standing=STANDING)
    stage.window.desktop.subject.open(fakes.answer(bundle=whole, changed=None))
    stage.settle()
    return stage.page("subject")


def whole_rows(page: Any) -> int:
    """Rows of the table that are in sight from top to bottom."""
    table, area = page.records.table, page.area.viewport()
    seen = 0
    for row in range(table.rows_model.rowCount()):
        box = table.visualRect(table.rows_model.index(row, 0))
        foot = table.viewport().mapTo(area, box.bottomLeft()).y()
        seen += box.bottom() <= table.viewport().height() and foot <= area.height()
    return seen


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "有效"), ("en", "active")])
def test_no_tile_calls_an_ended_licence_valid(qtbot: QtBot, language: str, word: str) -> None:
    stage = Stage(qtbot, language, (1280, 800))
    stage.play("subject")
    whole = fakes.answer().bundle
    over = tuple(
        msgspec.structs.replace(one, status="已过有效期") if one.section == "licence" else one
        for one in whole.records
    )
    stage.window.desktop.subject.open(
        fakes.answer(bundle=msgspec.structs.replace(whole, records=over, standing=()), changed=None)
    )
    stage.settle()
    page = stage.page("subject")
    said = [tile.accessibleName() for tile in page.findChildren(Tile)]
    (licences,) = [one for one in said if one.startswith(page.say("subject.tile_licence"))]
    assert any(sign in "123456789" for sign in licences)
    assert word not in licences


def test_three_records_are_in_sight_below_a_full_banner(qtbot: QtBot) -> None:
    page = heavy(qtbot)
    assert whole_rows(page) >= 3
    assert page.area.verticalScrollBar().maximum() == 0
    assert page.records.number.isVisible()


def test_control_a_small_window_shows_fewer(qtbot: QtBot) -> None:
    assert whole_rows(heavy(qtbot, size=(1280, 640))) < 3


def test_every_list_of_the_worst_kind_is_named_and_what_is_cut_has_a_tip(qtbot: QtBot) -> None:
    page = heavy(qtbot)
    banner = page.findChild(StandingBanner)
    said = " ".join(part.whole for part in bench.elided(banner))
    assert "拖欠农民工工资失信联合惩戒对象名单 2026-03-31" in said
    assert "失信被执行人 2026-01-10" in said
    page.grab()
    for chip in banner.findChildren(PressableChip):
        if chip.width() < chip.sizeHint().width():
            assert chip.toolTip() == chip.face.text
    own = next(
        chip for chip in banner.findChildren(PressableChip) if chip.face.text.startswith("从严审慎授信")
    )
    assert own.width() == own.sizeHint().width()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh_CN",
            {
                "行政处罚提出异议，已受理", "行政许可：建筑工程施工许可证", "行政处罚：罚款 86,000.00 元",
                "守信激励：纳税信用 A 级纳税人", "列入严重失信主体名单", "司法执行：执行案件",
            },
        ),
        ("en", {"Penalty: 罚款, CNY 86,000.00", "Put on the serious list"}),
    ],
)  # fmt: skip
def test_the_timeline_says_what_happened(qtbot: QtBot, language: str, words: set[str]) -> None:
    stage = Stage(qtbot, language)
    stage.play("subject")
    rows = stage.page("subject").timeline.findChildren(TimelineRow)
    assert words <= {row.toolTip() for row in rows}
    assert not {"罚款", "主动型"} & {row.toolTip() for row in rows}
