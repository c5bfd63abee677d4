"""A refused filing in the page, over the real services and a real vault: only the server's word is played."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from PySide6.QtWidgets import QLabel

from app.assembly import Client, open_client
from app.desks.objection_desk import ObjectionDesk
from app.keys.device import DeviceKey
from app.keys.envelope import Envelope
from app.keys.ring import Ring
from app.services.objecting import Objecting
from app.services.syncing import Syncing
from tests.app.services.test_returning import SCAN, Refusing, prepare
from tests.app.services.vaults import LIGHT, TurnedClock, create
from tests.ui import bench
from tests.ui import fakes_files as fake
from ui.objection_page import ObjectionPage
from ui.objection_way import points
from ui.widgets.basics import Button

SAID = "写了半小时的说明（示例）。"


class Counter:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1


class Stage:
    """The page with its desk over a vault of its own."""

    def __init__(self, home: Path, language: str = "zh_CN") -> None:
        clock = TurnedClock()
        made = open_client(home, clock, Ring.absent(), envelope=Envelope(floor=LIGHT))
        create(made.unlocking, DeviceKey.generate(clock))
        prepare(made)
        self.server = Refusing(made)
        objecting = Objecting(made.unlocking.room, cast(Syncing, self.server), made.objecting.showing)
        self.client: Client = dataclasses.replace(made, objecting=objecting)
        self.lanes = bench.Lanes(False)
        self.page = ObjectionPage(bench.texts(language))
        self.desk = ObjectionDesk(self.client, self.lanes, self.page.show_view)
        self.desk.settled = self.settled = Counter()
        self.page.bind(self.desk)
        bench.lay(self.page)
        self.page.entered()
        bench.settle()

    @property
    def form(self) -> Any:
        return self.page.form

    def write(self, proof: Path | None = None) -> None:
        record = msgspec.structs.replace(fake.penalty(37), rec_id="r1")
        self.page.begin("Q1", record)
        self.form.ground.button("content").click()
        self.form.statement.setPlainText(SAID)
        if proof is not None:
            self.form.drop.dropped.emit(proof)
        bench.settle()

    def said(self) -> str:
        bench.settle()
        return "\n".join(part.text() for part in self.page.findChildren(QLabel) if part.isVisible())

    def press(self, name: str) -> None:
        """A button of the kept evidence by what it says to a screen reader."""
        found = [one for one in self.form.findChildren(Button) if one.accessibleName() == name]
        found[-1].click()
        bench.settle()


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    made = tmp_path / "决定书.pdf"
    made.write_bytes(SCAN)
    return made


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    bench.clean()
    made = Stage(tmp_path / "home")
    yield made
    made.client.close()
    bench.clean()


def test_a_refusal_keeps_words_and_evidence_in_the_form_and_on_the_disk(stage: Stage, proof: Path) -> None:
    stage.write(proof)
    stage.form.submit.click()
    bench.settle()
    assert "须有主体的授权书" in stage.page.notice.words.text()
    assert "已作为草稿退回" in stage.page.notice.words.text()
    assert stage.page.stack.currentIndex() == 1 and stage.form.submit.isEnabled()
    assert stage.form.statement.toPlainText() == SAID
    assert "决定书.pdf" in stage.said() and "随草稿加密保存" in stage.said()
    assert "退回的材料已随草稿保存" in stage.said() and "草稿只保存文字" not in stage.said()
    (kept,) = stage.client.objecting.drafts()
    assert (kept.statement, kept.refused != "", stage.settled.calls) == (SAID, True, 1)


def test_what_is_typed_after_a_refusal_is_kept_under_the_same_draft(stage: Stage, proof: Path) -> None:
    stage.write(proof)
    stage.form.submit.click()
    stage.form.statement.insertPlainText("补一句。")
    stage.page._save.timeout.emit()
    (kept,) = stage.client.objecting.drafts()
    assert "补一句。" in kept.statement and kept.refused


def test_it_stands_in_the_list_once_and_opens_with_its_reason(stage: Stage, proof: Path) -> None:
    stage.write(proof)
    stage.form.submit.click()
    stage.desk.put_away()
    bench.settle()
    assert stage.page.table.rows_model.rowCount() == 1
    assert "未被接收" in stage.page.way.chip.face.text
    assert "须有主体的授权书" in points(stage.desk.view.shown, bench.texts())[0].detail
    assert "打开后按原因修改" in stage.said()
    (key,) = [row.key for row in stage.page.table.rows_model.rows]
    stage.page._open(key)
    assert stage.form.statement.toPlainText() == SAID
    assert "须有主体的授权书" in stage.page.notice.words.text()
    assert "决定书.pdf" in stage.said()


def test_filed_again_from_the_form_the_evidence_goes_along(stage: Stage, proof: Path) -> None:
    stage.write(proof)
    stage.form.submit.click()
    proof.unlink()
    stage.server.code = ""
    stage.form.submit.click()
    bench.settle()
    (row,) = stage.client.objecting.list()
    assert (row.state, row.evidence_size) == ("queued", len(SCAN))
    assert stage.page.stack.currentIndex() == 0 and stage.client.objecting.drafts() == ()


def test_a_kept_file_can_be_left_out_and_taken_in_again(stage: Stage, proof: Path) -> None:
    stage.write(proof)
    stage.form.submit.click()
    bench.settle()
    stage.press("移除「决定书.pdf」")
    assert "这次不提交" in stage.said()
    stage.desk.autosave()
    assert stage.client.objecting.drafts()[0].left_out == (0,)
    stage.press("仍然提交「决定书.pdf」")
    assert stage.desk.view.draft.left_out == () and "这次不提交" not in stage.said()


def test_a_file_that_was_not_taken_is_marked_and_named_before_anything_is_sent(
    stage: Stage, proof: Path
) -> None:
    stage.server.code, stage.server.file = "attachment-refused", (proof.name, "encrypted")
    stage.write(proof)
    stage.form.submit.click()
    bench.settle()
    assert "“决定书.pdf”已加密" in stage.page.notice.words.text()
    assert "未被接受：文件已加密" in stage.said() and "随草稿加密保存" not in stage.said()
    stage.server.code = ""
    stage.form.submit.click()
    bench.settle()
    assert "什么都没有发送" in stage.page.notice.words.text()
    assert [row.state for row in stage.client.objecting.list()] == ["refused"]
    assert "“决定书.pdf”已加密" in points(stage.client.objecting.list()[0], bench.texts())[0].detail
    stage.press("移除「决定书.pdf」")
    stage.form.submit.click()
    bench.settle()
    assert [row.state for row in stage.client.objecting.list()] == ["queued"]


def test_that_the_draft_is_kept_is_said_once_whatever_is_wrong(stage: Stage, tmp_path: Path) -> None:
    stage.write()

    def kept() -> list[str]:
        return re.findall("草稿已[^，。；]*|尚未保存", stage.said())

    def wrong(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    stage.form.statement.setPlainText("")
    stage.form.submit.click()
    assert stage.page.notice.isVisible() and len(kept()) == 1 and "自动保存" in kept()[0]
    stage.form.statement.setPlainText("字" * 4001)
    stage.form.submit.click()
    assert stage.page.notice.isVisible() and len(kept()) == 1 and "自动保存" in kept()[0]
    stage.form.statement.setPlainText(SAID)
    stage.form.drop.dropped.emit(wrong("large.pdf", b"%PDF" + bytes(11 * 1024 * 1024)))
    assert stage.page.notice.isVisible() and len(kept()) == 1
    stage.form.drop.dropped.emit(wrong("none.pdf", b"MZ"))
    stage.form.submit.click()
    assert "附件只接受" in stage.said() and len(kept()) == 1


def test_dismissing_asks_first_names_what_goes_and_ends_it(stage: Stage, proof: Path) -> None:
    stage.write(proof)
    stage.form.submit.click()
    bench.settle()
    assert stage.form.discard.text() == "放弃申请"
    stage.form.discarded.emit()
    question = stage.page.question
    assert question is not None
    assert "1 份材料" in question.accessibleName() and "台账" in question.accessibleName()
    assert len(stage.client.objecting.list()) == 1
    question.act.click()
    bench.settle()
    assert (stage.client.objecting.list(), stage.client.objecting.drafts()) == ((), ())
    assert stage.client.syncing.outbox() == () and "还没有异议" in stage.said()
    assert stage.settled.calls == 2


def test_nothing_can_be_changed_while_it_is_filed(stage: Stage) -> None:
    stage.write()
    stage.lanes.held = True
    stage.form.submit.click()
    assert not stage.form.area.isEnabled() and not stage.form.discard.isEnabled()
    stage.lanes.go()
    stage.lanes.held = False
    bench.settle()
    assert stage.form.area.isEnabled() and stage.form.statement.toPlainText() == SAID


def test_another_draft_begun_meanwhile_is_not_put_away_by_the_answer(stage: Stage) -> None:
    stage.write()
    stage.server.code = ""
    stage.lanes.held = True
    stage.form.submit.click()
    waiting, stage.lanes.waiting, stage.lanes.held = stage.lanes.waiting, [], False
    other = stage.client.objecting.draft("Q1", "r1")
    stage.desk.put(draft=msgspec.structs.replace(other, draft_id="d-other", statement="另一件"), dirty=True)
    for work in waiting:
        work()
    assert stage.desk.view.draft.draft_id == "d-other" and stage.desk.view.dirty


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_nothing_is_cut_with_kept_evidence(tmp_path: Path, proof: Path, language: str) -> None:
    stage = Stage(tmp_path / "other", language)
    try:
        stage.write(proof)
        stage.form.submit.click()
        bench.lay(stage.page, 904, 560, "medium")
        bench.settle()
        assert bench.clipped(stage.page) == []
        assert bench.outside(stage.page) == []
    finally:
        stage.client.close()
