"""A department's file of 100,000 rows: staged beside its reader alone, and applied while others write.

Costs are CPU of this process and of the limited child that opens workbooks. Three rows in a hundred are bad.

The same rows stand in two workbooks. `xlsx` keeps its texts in one table that cells point at, as Excel and
WPS leave a file: our own writer does so too. `inline` has each text in its cell, written by openpyxl, as
programs export. The reader takes half as long again or more for the second, and a ratio to it is lower there:
both are told.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, child, figure

ROWS = int(os.environ.get("HENGXIN_BENCH_ROWS", "100000"))
APPLIED = ROWS // 5
UNITS = 40_000
ROUNDS = 3
MOST_S = 1800.0
HEAD = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR",
    "CF_NR_FK", "CF_JDRQ", "CF_YXQ", "CF_GSJZQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM",
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """Staging of two kinds of XLSX and of CSV in CPU a row, then applying: cost, and how long another writer
    waits.
    """
    with tempfile.TemporaryDirectory() as folder:
        names = {"xlsx": "in.xlsx", "inline": "inline.xlsx", "csv": "in.csv"}
        files = {kind: Path(folder) / name for kind, name in names.items()}
        make(files, ROWS)
        for kind, path in files.items():
            taken = [(_said("read", path), _said("stage", path)) for _ in range(ROUNDS)]
            yield figure(
                f"importing.stage.{kind}",
                [one["cpu_us"] for _, one in taken],
                "the reader alone",
                [one["cpu_us"] for one, _ in taken],
                "us CPU a row",
            )
            yield figure(
                f"importing.stage.{kind}.kept",
                [one["cpu_us"] for _, one in taken],
                "the reader, the pieces packed and squeezed, and a bare insert of what is kept",
                [one["cpu_us"] + two["kept_us"] for one, two in taken],
                "us CPU a row",
            )
        small = {"csv": Path(folder) / "small.csv"}
        make(small, APPLIED)
        said = _said("apply", small["csv"])
        yield figure(
            "importing.apply", [said["cpu_us"]], "staging the same", [said["stage_us"]], "us CPU a row"
        )
        waits, idle = said["waits_ms"], said["idle_ms"]
        yield figure(
            "importing.apply.other_writer.p95", [_p95(waits)], "without an import", [_p95(idle)], "ms"
        )
        yield figure(
            "importing.apply.other_writer.longest", [max(waits)], "without an import", [max(idle)], "ms"
        )
        yield figure(
            "importing.apply.lock.longest", [said["held_ms"]], "its median", [said["held_median_ms"]], "ms"
        )


def make(files: dict[str, Path], rows: int) -> None:
    """Write the same made-up rows in each format."""
    from server_stub.exchange.writing import write

    for kind, path in files.items():
        if kind == "xlsx":
            write(path, "行政处罚", grid(rows))
        elif kind == "inline":
            _write_inline(path, rows)
        else:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(grid(rows))


def _write_inline(path: Path, rows: int) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("行政处罚")
    for cells in grid(rows):
        sheet.append(cells)
    book.save(path)


def grid(rows: int) -> Iterator[list[str]]:
    """The head and made-up penalties; every thirty-third row breaks one of three rules."""
    from app.field.identifiers import uscc_check

    yield list(HEAD)
    for at in range(rows):
        serial = at * 7919 % UNITS
        body = f"91430400MA{serial:07d}"
        code, fine, day = body + uscc_check(body), 200 + at * 37 % 49_000, at % 27 + 1
        decided = f"2026-{at // 27 % 9 + 1:02d}-{day:02d}"
        bad = at // 33 % 3 if at % 33 == 0 else -1
        yield [
            f"云石{serial}（示例）建材有限公司",
            "法人及非法人组织",
            code[:17] + "!" if bad == 0 else code,
            f"衡市监罚字〔2026〕{at}号",
            "违反登记管理规定",
            f"当事人于{decided}前未按规定办理变更登记，经责令改正后仍未办理，案号第{at}号",
            "示例市场主体登记条例第四十六条第一款、第二款",
            "罚款" if at % 3 else "警告、罚款",
            f"处以罚款人民币{fine}元整，限十五日内缴纳",
            str(fine) if bad == 1 else f"{fine / 10_000:.4f}",
            "2026-02-30" if bad == 2 else decided,
            f"2027-{at // 27 % 9 + 1:02d}-{day:02d}",
            f"2028-{at // 27 % 9 + 1:02d}-{day:02d}",
            "示例市市场监督管理局", "114304000060000010", "示例市市场监督管理局", "114304000060000010",
        ]  # fmt: skip


def _said(act: str, path: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        env = {
            "HENGXIN_SERVER_HOME": home,
            "DJANGO_SETTINGS_MODULE": "server_stub.config.settings",
            "DATABASE_URL": "",
        }
        return child("benchmarks.importing", act, str(path), env=env, most_s=MOST_S).said


def _cpu() -> float:
    seen = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in seen)


def _costs(act: Callable[[], Any]) -> tuple[float, Any]:
    began = _cpu()
    done = act()
    return (_cpu() - began) * 1e6, done


def _read(path: Path) -> int:
    """The reader alone, as anybody would call it."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return len(list(csv.reader(file)))
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return len(book.get_sheet_by_index(0).to_python(skip_empty_area=True))


def measure(act: str, path: Path) -> dict[str, Any]:
    if act == "read":
        cost, rows = _costs(lambda: _read(path))
        return {"cpu_us": cost / rows, "rows": rows}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from server_stub.accounts.services import create_officer, create_organisation
    from server_stub.exchange.services import stage

    centre = create_organisation("C001", "示例市公共信用信息中心", "centre")
    for user in ("importer", "approver"):
        create_officer(user, "测试甲", centre, "a long enough password 1")
    cost, batch = _costs(lambda: stage(path, "示例局", by="importer"))
    staged = {"cpu_us": cost / batch.read, "rows": batch.read, "accepted": batch.accepted}
    if act == "stage":
        return {**staged, "kept_us": _kept(batch.read)}
    return {"stage_us": staged["cpu_us"], **_applied(batch)}


def _kept(read: int) -> float:
    """What it costs to pack and squeeze the pieces and to insert them with the refused rows that staging
    kept, a row: by the driver, a transaction a piece, into empty tables with the same indexes.
    """
    import msgspec
    from django.conf import settings

    database = sqlite3.connect(settings.DATABASES["default"]["NAME"])
    tables = ("exchange_stagedpiece", "exchange_stagedrow")
    schema = [
        text
        for table in tables
        for (text,) in database.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", (table,)
        )
    ]
    pieces, rows = (database.execute(f"SELECT * FROM {table}").fetchall() for table in tables)  # noqa: S608
    columns = [msgspec.msgpack.decode(zlib.decompress(piece[-2])) for piece in pieces]
    with tempfile.TemporaryDirectory() as folder:
        bare = sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = OFF"):
            bare.execute(f"PRAGMA {pragma}")
        for text in schema:
            bare.execute(text)

        def keep() -> None:
            for piece, held in zip(pieces, columns, strict=True):
                body = zlib.compress(msgspec.msgpack.encode(held), 1)
                bare.execute("BEGIN IMMEDIATE")
                values = [*piece[:-2], body, piece[-1]]
                bare.execute(f"INSERT INTO {tables[0]} VALUES (?, ?, ?, ?, ?)", values)  # noqa: S608
                bare.execute("COMMIT")
            bare.execute("BEGIN IMMEDIATE")
            marks = ", ".join("?" * len(rows[0]))
            bare.executemany(f"INSERT INTO {tables[1]} VALUES ({marks})", rows)  # noqa: S608
            bare.execute("COMMIT")

        cost, _ = _costs(keep)
        bare.close()
    database.close()
    return cost / read


def _applied(batch: Any) -> dict[str, Any]:
    """Apply while another connection writes a line to the log again and again."""
    from server_stub.exchange import applying
    from server_stub.exchange.services import apply

    boxes: list[applying.Box] = []

    class Noted(applying.Box):
        def __init__(self) -> None:
            super().__init__()
            boxes.append(self)

    applying.Box = Noted  # type: ignore[misc]
    idle = _writes(lambda: time.sleep(2.0))[1]
    began = time.perf_counter()
    (cost, done), waits = _writes(lambda: _costs(lambda: apply(batch, "approver")))
    held = [seconds * 1000 for seconds in boxes[0].held]
    return {
        "cpu_us": cost / batch.accepted,
        "applied": done.accepted,
        "wall_s": time.perf_counter() - began,
        "waits_ms": waits,
        "idle_ms": idle,
        "held_ms": max(held),
        "held_median_ms": statistics.median(held),
    }


def _writes(act: Callable[[], Any]) -> tuple[Any, list[float]]:
    """What `act` gives, and how long each write of another connection took meanwhile, in milliseconds."""
    from django.db import connection, transaction

    from server_stub.evidence import services as evidence

    over, waits = threading.Event(), []

    def write() -> None:
        while not over.is_set():
            began = time.perf_counter()
            with transaction.atomic():
                evidence.append(kind="bench", outcome="done:1")
            waits.append((time.perf_counter() - began) * 1000)
            time.sleep(0.02)
        connection.close()

    other = threading.Thread(target=write)
    other.start()
    try:
        return act(), waits
    finally:
        over.set()
        other.join()


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
