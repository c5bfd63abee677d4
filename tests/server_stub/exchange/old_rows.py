"""Batches of the time when each row had its own, moved into pieces, back, and forward again; run as a process
of its own on a home without a database. Says as JSON what waits and what became of the others.
"""

from __future__ import annotations

import json
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from server_stub.subjects.keying import route_key  # noqa: E402

OLD = ("exchange", "0003_lean_rows")
BATCH = {
    "file_name": "in.csv", "sha256": "0" * 64, "provider": "示例局", "mapping": "penalty-2018",
    "section": "penalty", "schema": "2018", "encoding": "utf-8", "header_row": 1, "read": 5,
    "accepted": 4, "refused": 1, "importer": "", "received_at": "2026-11-23T02:00:00Z",
}  # fmt: skip
UNIT: dict[str, Any] = {
    "name": "云石（示例）",
    "code": "91430400MA00000011",
    "other_numbers": [],
    "from_exchange": True,
}


def row(number: int, state: str, **more: Any) -> dict[str, Any]:
    told = [{"cell": f"B{number}", "field": "CF_XDR_MC", "code": "unit-new", "reason": "未收录"}]
    return {
        "number": number,
        "state": state,
        "raw": json.dumps(["甲", str(number)]),
        "warnings": told,
        **more,
    }


def main() -> None:
    call_command("migrate", *OLD, verbosity=0, interactive=False)
    old = MigrationExecutor(connection).loader.project_state([OLD]).apps
    batch, kept = old.get_model("exchange", "Batch"), old.get_model("exchange", "StagedRow")
    rows = [
        row(2, "applied", rec_id="R2", outcome="new", rev_after=1, subject_key="S2"),
        row(3, "accepted", subject_key=route_key("legal", UNIT["code"]), unit=json.dumps(UNIT)),
        row(4, "refused", faults=[{"cell": "B4", "field": "CF_XDR_MC", "code": "empty", "reason": "空"}]),
        row(5, "accepted", subject_key="S5", facts=json.dumps({"section": "penalty"})),
    ]
    for batch_no in ("B1", "B2"):
        batch.objects.create(batch_no=batch_no, state="applying", **BATCH)
        kept.objects.bulk_create(kept(batch_id=batch_no, **one) for one in rows)
    before = list(kept.objects.filter(state="accepted").order_by("batch_id", "number").values())
    call_command("migrate", "exchange", verbosity=0, interactive=False)
    said = {"keys": {UNIT["code"]: route_key("legal", UNIT["code"])}, **told()}
    call_command("migrate", *OLD, verbosity=0, interactive=False)
    after = list(kept.objects.filter(state="accepted").order_by("batch_id", "number").values())
    said["back"] = len(after) == 4 and [plain(one) for one in before] == [plain(one) for one in after]
    call_command("migrate", "exchange", verbosity=0, interactive=False)
    said["again"] = told()
    print(json.dumps(said, ensure_ascii=False))


def plain(values: dict[str, Any]) -> dict[str, Any]:
    texts = {name: json.loads(values[name] or "null") for name in ("raw", "unit", "facts")}
    return {**values, **texts, "id": 0}


def told() -> dict[str, Any]:
    from server_stub.exchange.lines import waiting
    from server_stub.exchange.models import StagedRow

    return {
        "waits": {no: [list(line) for line in waiting(no)] for no in ("B1", "B2")},
        "others": [list(one) for one in StagedRow.objects.order_by("batch_id", "number").values_list(
            "batch_id", "number", "state", "rec_id", "outcome", "faults")],
    }  # fmt: skip


if __name__ == "__main__":
    main()
