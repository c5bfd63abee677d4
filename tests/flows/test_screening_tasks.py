"""A screening task against a real server: a lost answer, a new start, and nothing counts twice."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from app.assembly import Client, open_client
from app.desks.screening_sheet import as_file
from app.lists.columns import guess
from app.lists.preparing import prepare
from app.services import screening_tasks
from app.sheets.reading import read_table
from app.sheets.writing import as_workbook
from app.trouble import NotNow
from tests.flows.proxy import Proxy
from tests.flows.server import PASSPHRASE, Cli, Server


def opened(home: Path) -> Client:
    client = open_client(home)
    client.unlocking.unlock(PASSPHRASE)
    return client


def test_a_task_goes_on_after_a_lost_answer_and_a_restart(
    proxied: tuple[Cli, Proxy], server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening_tasks, "PART_LEAST", 1)
    (cli, proxy), file = proxied, tmp_path / "units.xlsx"
    rich, twin = server.subject("rich"), server.subject("ambiguous")
    rows = [
        ["代码", "名称"],
        [rich["code"].lower(), "甲"],
        ["9.1E+17", "乙"],
        ["", twin["name"]],
        [rich["code"], "甲"],
    ]
    file.write_bytes(as_workbook((("1", rows),)))
    sheet = read_table(file).sheets[0]
    prepared = prepare(sheet, guess(sheet))
    client = opened(cli.home)
    try:
        tasks = client.screening_tasks
        table = (guess(sheet).titles(sheet), {line.number: line.cells for line in sheet.lines})
        number = tasks.begin(file.name, prepared, table, ("B02", "示例-筛-7"))
        assert tasks.advance(number).card.done == 2  # both lines of the one unit
        proxy.path, proxy.lose = "/screenings", 1
        with pytest.raises(NotNow):
            tasks.advance(number)
    finally:
        client.close()
    client = opened(cli.home)
    try:
        tasks = client.screening_tasks
        assert [(card.task_no, card.done, card.state) for card in tasks.cards()] == [(number, 2, "open")]
        assert tasks.look(number).card.done == 2
        task = tasks.advance(number)
        assert [line.state for line in task.lines] == ["serious", "similar", "serious"]
        similar = task.lines[1]
        assert similar.entries == () and similar.candidates()
        code = similar.candidates()[0].code
        task = tasks.choose(number, similar.place, code, "与合同地址一致")
        assert task.lines[1].pick is not None and task.lines[1].state not in ("similar", "queued")
        assert (task.card.state, len(task.numbers)) == ("done", 3)
        out = tmp_path / "out.xlsx"
        out.write_bytes(as_file(task, ".xlsx", client.texts))
        tasks.exported(task, out)
        again = tasks.again(number)
        while tasks.open(again).card.state != "done":
            tasks.advance(again)
        assert {line.change for line in tasks.open(again).lines} == {""}
        assert client.ledger.verify().ok
        assert client.syncing.sync().at  # control: every answer holds, and stays
        assert tasks.open(number).card.state == "done"
        foreign = (
            "UPDATE screening_parts SET screening_no = 'MD-20260101-999999' WHERE part = 0 AND task_no = ?"
        )
        client.unlocking.room.run(lambda o: o.copies().execute(foreign, (number,)))
        client.syncing.sync()  # what the platform does not stand by goes, to be asked again
        assert [line.state for line in tasks.open(number).lines][::2] == ["queued", "queued"]
    finally:
        client.close()
    assert openpyxl.load_workbook(out).worksheets[0]["D2"].value == rich["code"]
    asked = [row for row in cli("ledger", "list").json["entries"] if row["kind"] == "screen"]
    assert [row["fate"] for row in asked] == ["done"] * 5  # three of the first, two of the second
    read = [row for row in cli("ledger", "list").json["entries"] if row["kind"] == "open_cached"]
    assert [(row["query_no"][:3], row["copy"], row["state"]) for row in read] == [("MD-", "", "receipted")]
    assert cli("outbox", "list").json["items"] == []
    assert cli("ledger", "list").json["entries"][2]["kind"] == "export"
