"""Stages and applies a file on a home of its own, to be killed on the way: `python -m … ACT FILE`.

Says a line of JSON for each piece of progress, and for `tell` what every table holds. What differs from run
to run (drawn numbers, blinds, times) is left out of that, a record is called by its act.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from server_stub.accounts.services import create_officer, create_organisation  # noqa: E402
from server_stub.evidence import services as evidence  # noqa: E402
from server_stub.evidence import tree  # noqa: E402
from server_stub.evidence.models import Leaf  # noqa: E402
from server_stub.exchange.models import Batch  # noqa: E402
from server_stub.exchange.services import apply, stage  # noqa: E402
from server_stub.feed.services import number  # noqa: E402
from server_stub.records.models import Record  # noqa: E402

from .test_interrupting import _root  # noqa: E402

ROOMS = ("subjects", "records", "feed", "evidence", "exchange")
DRAWN = {
    *("id", "at", "received_at", "applied_at", "reversed_at", "sha256", "digest", "blind", "leaf", "hash"),
    *(
        "index",
        "op_id",
        "batch",
        "batch_no",
        "source_no",
        "seq",
        "epoch",
        "prev_subject_leaf",
        "prev_org_leaf",
    ),
    *("file_name", "content_before", "entry_sha256", "journal"),
}
OTHER = "elsewhere"  # leaves of the writer that is busy meanwhile


def say(**told: Any) -> None:
    print(json.dumps(told, ensure_ascii=False), flush=True)


def staged(path: Path) -> None:
    batch = stage(path, "示例局", by="importer", progress=lambda done: say(staged=done))
    say(batch=batch.batch_no)


def applied(batch_no: str) -> None:
    over, wrote = threading.Event(), []

    def write() -> None:
        while not over.is_set():
            with transaction.atomic():
                evidence.append(kind=OTHER, outcome="done:1")
            wrote.append(1)
            time.sleep(0.03)
        connection.close()

    other = threading.Thread(target=write, daemon=True)
    other.start()
    try:
        apply(batch_no, "approver", progress=lambda done: say(applied=done))
    finally:
        over.set()
        other.join()
    say(wrote=len(wrote))


def told() -> dict[str, Any]:
    number()
    leaves = list(Leaf.objects.order_by("index"))
    acts = {one.rec_id: f"{one.subject_key}/{one.document_no}/{one.decided_on}" for one in _all(Record)}
    said: dict[str, Any] = {
        "batches": list(Batch.objects.order_by("received_at").values_list("state", "read", "accepted")),
        "tree": tree.root(len(leaves)) == _root([bytes.fromhex(one.leaf) for one in leaves]),
        "dense": [one.index for one in leaves] == list(range(len(leaves))),
        "others": sum(one.kind == OTHER for one in leaves),
    }
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model._meta.model_name in ("node", "head", "feedhead", "indexedname", "key"):
                continue  # drawn, counted with the other writer's leaves, or numbered in order of arrival
            lines = sorted(_line(row, acts) for row in _all(model) if getattr(row, "kind", "") != OTHER)
            said[model._meta.db_table] = [len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()]
    return said


def _all(model: Any) -> Iterator[Any]:
    return model.objects.iterator(chunk_size=500)


def _line(row: Any, acts: dict[str, str]) -> str:
    kept: dict[str, str] = {}
    kind = getattr(row, "kind", "")
    for field in row._meta.concrete_fields:
        if field.name in DRAWN or (field.name == "outcome" and kind in ("import", "apply")):
            continue  # the outcome of these binds the number that the batch drew
        text = str(getattr(row, field.attname))
        if field.name == "entry":
            entry = {key: value for key, value in json.loads(text).items() if key not in DRAWN}
            if kind in ("import", "apply"):
                del entry["outcome"]
            text = json.dumps(entry, sort_keys=True)
        for rec_id, act in acts.items() if field.name in ("rec_id", "record", "outcome", "entry") else ():
            text = text.replace(rec_id, act)
        kept[field.name] = text
    return json.dumps(kept, sort_keys=True)


def main() -> None:
    act, rest = sys.argv[1], sys.argv[2:]
    if act == "begin":
        call_command("migrate", verbosity=0, interactive=False)
        centre = create_organisation("C001", "示例市公共信用信息中心", "centre")
        for user in ("importer", "approver"):
            create_officer(user, "测试甲", centre, "a long enough password 1")
    elif act == "stage":
        Batch.objects.filter(state="staging").update(received_at="2026-11-01T00:00:00Z")  # long ago
        staged(Path(rest[0]))
    elif act == "apply":
        applied(rest[0])
    else:
        say(**told())


if __name__ == "__main__":
    main()
