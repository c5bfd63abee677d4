"""What may still be done about a filed objection, offered beside its way and written in the same form."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt

from app.desks.objection_desk import ObjectionDesk
from app.wire.messages import HistoryStep
from tests.ui import bench
from tests.ui import fakes_files as fake
from tests.ui.fakes_objection_steps import Stepping, turned
from ui.objection_page import ObjectionPage
from ui.objection_way import points

NUMBER = "YY-2026-0093"


def opened(row: fake.ObjectionRow, language: str = "zh_CN") -> tuple[Any, Any, ObjectionPage]:
    objecting = Stepping((row,))
    client = fake.Client(objecting=objecting, lettering=fake.FakeQuerying())
    page = ObjectionPage(bench.texts(language))
    desk = ObjectionDesk(client, bench.Lanes(False), page.show_view)
    page.bind(desk)
    bench.lay(page)
    page.entered()
    bench.settle()
    return objecting, desk, page


@pytest.mark.parametrize(
    ("state", "turn", "until", "said", "button"),
    [
        ("returned", "supplement", "", "前补正，只有一次。", "补正材料"),
        ("accepted", "add", "", "办理期间可补充材料。", "补充材料"),
        ("kept", "recheck", "2026-12-08", "2026-12-08 前可申请复核一次。", "申请复核"),
    ],
)
def test_each_turn_is_offered_with_its_last_day(
    state: str, turn: str, until: str, said: str, button: str
) -> None:
    _, _, page = opened(turned(state, turn, until))
    assert page.way.offer.isVisible()
    assert said in page.way.offer.why.text()
    assert page.way.offer.button.text() == button


def test_control_where_it_is_nobodys_turn_nothing_is_offered() -> None:
    _, _, page = opened(turned("closed", ""))
    assert not page.way.offer.isVisible()


def test_the_form_asks_for_words_and_files_alone_and_hands_them_in(tmp_path: Path) -> None:
    objecting, desk, page = opened(turned("accepted", "add"))
    page.way.offer.button.click()
    bench.settle()
    form = page.form
    assert page.title.text() == "补充材料"
    assert form.statement.isVisible()
    assert form.drop.isVisible()
    assert not any(part.isVisible() for part in (form.ground, form.wish, form.kind, form.should))
    assert NUMBER in form.about.under.whole
    assert not page.way.offer.isVisible()
    form.statement.setPlainText("另附缴款收据（示例）")
    form.submit.click()
    bench.settle()
    assert objecting.filed == []
    assert desk.view.notice.text == "objection_page.incomplete_add"
    scan = tmp_path / "收据.pdf"
    scan.write_bytes(b"%PDF-1.7 x")
    form.drop.dropped.emit(scan)
    bench.settle()
    form.submit.click()
    bench.settle()
    ((draft, files),) = objecting.filed
    assert (draft.act, draft.number, draft.rev, files) == ("add", NUMBER, 4, (scan,))
    assert desk.view.notice.text == "objection_page.sent_add"


def test_a_step_on_its_way_says_on_what_and_opens_no_second_way() -> None:
    row = dataclasses.replace(fake.waiting(), act="recheck", of=NUMBER, kind="objection")
    _, _, page = opened(row)
    model = page.table.rows_model
    spoken = str(model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole))
    assert f"{NUMBER} 的复核申请" in spoken
    assert [point.state for point in points(row, bench.texts("zh_CN"))] == ["now"]


def test_material_that_came_between_is_named_and_not_the_state_again() -> None:
    row = turned("accepted", "add")
    assert row.view is not None
    more = HistoryStep("accepted", "2026-11-19T01:00:00.000Z", "补充材料已收到")
    seen = msgspec.structs.replace(row.view, history=(*row.view.history, more))
    said = [one.title for one in points(dataclasses.replace(row, view=seen), bench.texts("zh_CN"))]
    assert said[:3] == ["提交", "受理", "补充材料已收到"]


def test_words_for_another_act_are_told_and_go_only_by_the_officers_choice() -> None:
    objecting, desk, page = opened(turned("kept", "recheck", "2026-12-08"))
    page.way.offer.button.click()
    bench.settle()
    form = page.form
    form.statement.setPlainText("补充一张照片（示例）")
    assert (page.title.text(), form.submit.text()) == ("申请复核", "申请复核")  # the control
    desk.put(draft=dataclasses.replace(desk.view.draft, act="add", turn="add"))
    known = dataclasses.replace(desk.view.draft, turn="recheck")
    objecting.save_draft(known)
    desk.start()
    bench.settle()
    assert (page.title.text(), form.statement.toPlainText()) == ("补充材料", "补充一张照片（示例）")
    assert desk.view.notice.text == "objection_page.moved_recheck"
    assert form.submit.text() == "改用于申请复核…"
    assert bench.clipped(page) == [] and bench.nameless(page) == []
    desk.file()
    page._file()  # Ctrl+Enter
    bench.settle()
    assert objecting.filed == []
    assert any("只能申请一次" in line for line in page.question.spoken)
    page.question.act.click()
    bench.settle()
    assert objecting.filed == []
    assert (desk.view.draft.act, desk.view.draft.rev, form.submit.text()) == ("recheck", 5, "申请复核")
    page._file()
    bench.settle()
    ((draft, _),) = objecting.filed
    assert (draft.act, draft.statement) == ("recheck", "补充一张照片（示例）")
