"""What a piece gives back is what was staged, row by row, as the table of rows held it before."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction

from server_stub.catalogue.selectors import current
from server_stub.exchange import lines, sql, staging
from server_stub.exchange.delivering import Delivery
from server_stub.exchange.lines import Line, Ready, pack, unpack, waiting
from server_stub.exchange.mapping import forms
from server_stub.exchange.models import Batch
from server_stub.exchange.readers import opened
from server_stub.exchange.rows import Receipt, Rows
from server_stub.exchange.services import apply, stage
from server_stub.rules.tables_file import shipped
from server_stub.subjects.keying import route_key
from tests import engines
from tests.toolchain.tree import ROOT

from .conftest import SAMPLES, accepted, as_judged, gathered
from .oddities import HEAD, plain, row, rows
from .test_proving import DAY

pytestmark = pytest.mark.django_db


def judged(path: Path, batch: Batch) -> tuple[list[Ready], dict[str, str]]:
    """The rows of a file as they were judged, not stored."""
    with opened(path) as source:
        found, chunks = staging.head(source, forms("auto"))
        receipt = Receipt(
            batch.batch_no, DAY, batch.received_at, shipped().calendar, Delivery("", "示例单位", current())
        )
        desk, at, done = Rows(found, receipt), 0, []
        for chunk in chunks:
            done += as_judged(desk, desk.take(chunk, at))
            at += chunk.size
    return done, desk.letters


def as_a_row(ready: Ready, letters: dict[str, str]) -> dict[str, Any]:
    """A judged row in the columns that each row had: what the old table of rows held of it."""

    def told(doubts: Any) -> list[dict[str, str]]:
        return [
            {"cell": f"{letters[field]}{ready.number}" if field in letters else "", "field": field,
             "code": code, "reason": text}
            for field, code, text in doubts
        ]  # fmt: skip

    return {
        "number": ready.number,
        "raw": list(ready.cells),
        "state": "accepted" if ready.act else "refused",
        "faults": told(ready.faults),
        "warnings": told(ready.warnings),
        "subject_key": route_key("legal", ready.unit.number) if ready.unit else ready.subject_key,
        "unit": ready.unit,
        "facts": ready.facts,
    }


def kept(batch: Batch) -> list[dict[str, Any]]:
    """All rows of a staged batch in the same columns, as the home gives them back."""
    said = [
        {"number": line.number, "raw": line.cells, "state": "accepted", "faults": [],
         "warnings": line.warnings, "subject_key": line.subject_key, "unit": line.unit, "facts": line.facts}
        for line in accepted(batch)
    ]  # fmt: skip
    said += [
        {"number": one.number, "raw": json.loads(one.raw), "state": one.state, "faults": one.faults,
         "warnings": one.warnings, "subject_key": "", "unit": None, "facts": None}
        for one in batch.rows.all()
    ]  # fmt: skip
    return sorted(said, key=lambda one: one["number"])


def plainly(rows: list[dict[str, Any]]) -> Any:
    return json.loads(json.dumps(rows))


@pytest.mark.parametrize("name", ["01_许可_gbk.csv", "27_日期写法大全.csv", "30_双公示_合并标题.xlsx"])
def test_what_is_kept_is_what_was_judged(
    name: str, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "AT_ONCE", 7)
    batch = stage(SAMPLES / name, "示例单位", by=staff[0])
    assert batch.pieces.count() > 1
    ready, letters = judged(SAMPLES / name, batch)
    assert plainly(kept(batch)) == plainly([as_a_row(one, letters) for one in ready])
    assert len(ready) == batch.read


def test_a_piece_that_lost_or_mixed_rows_is_seen(staff: tuple[str, str]) -> None:
    batch = stage(SAMPLES / "27_日期写法大全.csv", "示例单位", by=staff[0])
    whole = kept(batch)
    piece = batch.pieces.get()
    held = unpack(bytes(piece.body))
    mixed = [one._replace(cells=other.cells) for one, other in zip(held, reversed(held), strict=True)]
    for change in (held[1:], mixed):
        batch.pieces.update(body=repacked(change))
        assert kept(batch) != whole
    batch.pieces.update(body=repacked(held))
    assert [one["raw"] for one in kept(batch)] == [one["raw"] for one in whole]


def repacked(held: list[Line]) -> bytes:
    return pack(gathered(held), {})


def test_a_row_waits_until_something_became_of_it(
    tmp_path: Path, staff: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "AT_ONCE", 3)
    path = tmp_path / "in.csv"
    plain([[*HEAD], *rows(6), row(7, CF_JDRQ="2026-02-30"), row(8)])(path)
    batch = stage(path, "示例局", by=staff[0])
    assert [one.number for one in waiting(batch.batch_no)] == [2, 3, 4, 5, 6, 7, 9]
    with transaction.atomic():
        sql.mark_new(batch.batch_no, [(3, "R1"), (9, "R2")])
    assert [one.number for one in waiting(batch.batch_no)] == [2, 4, 5, 6, 7]
    assert [one.number for one in lines.lines(batch.batch_no)] == [2, 3, 4, 5, 6, 7, 9]
    batch.rows.filter(state="applied").delete()
    apply(batch, staff[1])
    assert list(waiting(batch.batch_no)) == []
    assert dict(batch.rows.values_list("number", "state")) == {
        **dict.fromkeys((2, 3, 4, 5, 6, 7, 9), "applied"), 8: "refused",
    }  # fmt: skip


def test_nobody_puts_a_row_into_force_twice(tmp_path: Path, staff: tuple[str, str]) -> None:
    path = tmp_path / "in.csv"
    plain([[*HEAD], *rows(2)])(path)
    batch = stage(path, "示例局", by=staff[0])
    assert connection.vendor in ("sqlite", "postgresql")
    with transaction.atomic():
        sql.mark_new(batch.batch_no, [(2, "R1")])
    with pytest.raises(Exception, match="(?i)unique"), transaction.atomic():  # noqa: PT011 - both engines' own
        sql.mark_new(batch.batch_no, [(2, "R2")])
    assert batch.rows.get().rec_id == "R1"


@pytest.mark.parametrize("name", ["01_许可_gbk.csv", "27_日期写法大全.csv", "30_双公示_合并标题.xlsx"])
def test_pieces_by_rows_and_by_columns_say_the_same(name: str, staff: tuple[str, str]) -> None:
    moving = importlib.import_module("server_stub.exchange.migrations.0006_pieces_by_columns")
    batch = stage(SAMPLES / name, "示例单位", by=staff[0])
    whole = kept(batch)
    body = msgspec.msgpack.decode(zlib.decompress(bytes(batch.pieces.get().body)))
    rows = moving.turned_back(body)
    assert rows[0] == [one["number"] for one in whole if one["state"] == "accepted"]
    assert rows[1] == [one["raw"] for one in whole if one["state"] == "accepted"]
    again = msgspec.msgpack.encode(moving.turned(msgspec.msgpack.decode(msgspec.msgpack.encode(rows))))
    batch.pieces.update(body=zlib.compress(again))
    assert kept(batch) == whole


def test_rows_of_older_batches_move_into_pieces_and_back(tmp_path: Path) -> None:
    env = engines.environment(tmp_path) | {"HENGXIN_SERVER_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.server_stub.exchange.old_rows"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout)
    warned = {"field": "CF_XDR_MC", "code": "unit-new", "reason": "未收录"}
    code = "91430400MA00000011"
    unit, key = ["云石（示例）", code, []], said["keys"][code]
    lines = [
        [3, ["甲", "3"], [{"cell": "B3", **warned}], key, unit, None],
        [5, ["甲", "5"], [{"cell": "B5", **warned}], "S5", None, {"section": "penalty"}],
    ]
    assert said["waits"] == {"B1": lines, "B2": lines}
    assert [one[1:5] for one in said["others"]] == [[2, "applied", "R2", "new"], [4, "refused", "", ""]] * 2
    assert said["others"][1][5][0]["cell"] == "B4"
    assert said["back"] is True
    assert said["again"] == {name: said[name] for name in ("waits", "others")}
