"""Records of the time when each revision repeated every column, moved to what is kept now; run as a process
of its own on a home without a database. Says as JSON how each revision stood before and after.
"""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from server_stub.records.facts import DATES, PLAIN  # noqa: E402
from server_stub.records.history import columns_at  # noqa: E402
from server_stub.records.models import Record, Revision  # noqa: E402

OLD = ("records", "0002_item_code")
FIRST = {"subject_key": "A" * 26, "section": "penalty", "provider": "示例局", "decided_on": date(2026, 5, 6)}
STEPS: dict[str, list[dict[str, Any]]] = {
    "never": [{}],
    "often": [
        {},
        {"decided_on": date(2026, 5, 8), "classes": ["罚款"]},
        {"status": "repaired", "status_on": date(2026, 6, 1), "amount_fen": 7},
        {"decided_on": None, "amount_fen": None},
        {},
    ],
    "moved": [{}, {"item_code": "X-1"}],  # its first revision is older than the catalogue
}


def whole(record: Any) -> dict[str, Any]:
    days = {name: getattr(record, name) for name in DATES}
    return {
        **{name: getattr(record, name) for name in PLAIN},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "classes": list(record.classes),
    }


def enter(rec_id: str, steps: list[dict[str, Any]], apps: Any) -> dict[str, Any]:
    record = apps.get_model("records", "Record")(rec_id=rec_id, received_at="2026-05-09T00:00:00Z", **FIRST)
    said = {}
    for rev, changes in enumerate(steps, 1):
        for name, value in changes.items():
            setattr(record, name, value)
        record.rev = rev
        record.save()
        columns = whole(record)
        said[str(rev)] = dict(columns)
        if rec_id == "moved" and rev == 1:
            del columns["item_code"]
        apps.get_model("records", "Revision").objects.create(
            record=record, rev=rev, payload=json.dumps({"BZ": str(rev)}), digest="0" * 64, columns=columns,
            reason="put", at="2026-05-09T00:00:00Z", by="a",
        )  # fmt: skip
    return said


def indexes() -> list[list[str]]:
    with connection.cursor() as cursor:
        return sorted(
            sorted(one["columns"])
            for table in ("records_record", "records_revision")
            for one in connection.introspection.get_constraints(cursor, table).values()
            if one["index"] and not one["primary_key"] and one["columns"]
        )


def main() -> None:
    call_command("migrate", *OLD, verbosity=0, interactive=False)
    old = MigrationExecutor(connection).loader.project_state([OLD]).apps
    before = {rec_id: enter(rec_id, steps, old) for rec_id, steps in STEPS.items()}
    call_command("migrate", "records", verbosity=0, interactive=False)
    after = {
        record.rec_id: {str(rev): columns_at(record, rev) for rev in range(1, record.rev + 1)}
        for record in Record.objects.all()
    }
    kept = {
        rec_id: list(
            Revision.objects.filter(record=rec_id).order_by("rev").values_list("replaced", flat=True)
        )
        for rec_id in STEPS
    }
    payloads = list(Revision.objects.order_by("id").values_list("payload", flat=True))
    print(
        json.dumps(
            {"before": before, "after": after, "kept": kept, "payloads": payloads, "indexes": indexes()}
        )
    )


if __name__ == "__main__":
    main()
