"""An amount in doubt is said to be in doubt, with the reason, and is never a number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.desks.objection_desk import ObjectionView
from app.field.records import ObjectionMark, Record
from tests.ui import bench
from tests.ui import fakes_files as fake
from ui.objection_form import ObjectionForm
from ui.record_facts import facts
from ui.subject_panel import RecordPanel
from ui.subject_records import RecordsCard
from ui.table_rows import Column, Row
from ui.tables import Table

DISPLAY = Qt.ItemDataRole.DisplayRole
SPOKEN = Qt.ItemDataRole.AccessibleTextRole
TIP = Qt.ItemDataRole.ToolTipRole


def doubtful(why: str = "unit", **more: Any) -> Record:
    plain: dict[str, Any] = {"amount_fen": None, "amount_doubt": why, "objection": None, "fields": ()}
    return msgspec.structs.replace(fake.penalty(), **{**plain, **more})


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    bench.clean()
    yield
    bench.clean()


def told(record: Record, role: Qt.ItemDataRole, language: str = "zh_CN") -> str:
    """What the amount's cell says."""
    table = Table("x", (Column("document"), Column("金额（元）", right=True)))
    cell = RecordsCard(bench.texts(language))._row(record).cells[1]
    table.fill((Row("r", (cell, cell)),), "", "x")
    return str(table.rows_model.data(table.rows_model.index(0, 1), role))


@pytest.mark.parametrize(
    ("why", "language", "short", "reason"),
    [
        ("unit", "zh_CN", "存疑", "以处罚内容为准"),
        ("unreadable", "zh_CN", "存疑", "无法识别"),
        ("of-a-later-server", "zh_CN", "存疑", "未能确认"),
        ("unit", "en", "Disputed", "10,000 yuan"),
    ],
)
def test_the_table_says_so_and_tells_why(why: str, language: str, short: str, reason: str) -> None:
    record = doubtful(why)
    assert told(record, DISPLAY, language) == short
    assert reason in told(record, TIP, language) and reason in told(record, SPOKEN, language)


def test_under_objection_the_reason_names_it() -> None:
    record = doubtful(objection=ObjectionMark("YY-2026-0093", "2026-11-18"))
    assert told(record, DISPLAY) == "存疑"
    assert "YY-2026-0093" in told(record, TIP)


def test_control_an_amount_without_doubt_stays_a_number_and_none_a_dash() -> None:
    assert told(fake.penalty(), DISPLAY) == "30,000.00"
    assert told(doubtful(""), DISPLAY) == "—"


def test_labelled_lines_say_it_once() -> None:
    texts = bench.texts()
    assert ("金额", texts.say("paper_record.disputed_unit")) in facts(doubtful(), texts)
    said = (("罚款金额", "存疑：金额栏无法识别，以处罚内容为准"),)
    assert [name for name, _ in facts(doubtful(fields=said), texts)].count("金额") == 0


def test_the_panel_and_the_form_say_it() -> None:
    texts = bench.texts()
    panel = RecordPanel(texts)
    panel._lay_out(doubtful())
    assert any("存疑" in part.text() for part in panel.findChildren(QLabel))
    form = ObjectionForm(texts)
    form.show_view(ObjectionView(draft=fake.Draft("d1"), record=doubtful()))
    assert "金额存疑" in form.about.under.whole
    form.show_view(ObjectionView(draft=fake.Draft("d2"), record=fake.penalty()))
    assert "30,000.00 元" in form.about.under.whole
