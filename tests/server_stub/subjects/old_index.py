"""A register of the time of the old index, moved to the new one, back, and forward again; run as a process of
its own on a home without a database. Says as JSON what each index holds.
"""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server_stub.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from app.field.names import bigrams, normalise  # noqa: E402
from server_stub.subjects.selectors import candidates  # noqa: E402

OLD = ("subjects", "0001_initial")
UNITS = {"A": "云石（示例）建材", "B": "青岚（示例）商贸", "C": "未收录（示例）"}


def migrate(app: str, name: str | None = None) -> None:
    call_command("migrate", *filter(None, (app, name)), verbosity=0, interactive=False)


def found(text: str) -> list[list[str]]:
    return [[card.name, card.match, card.matched_name] for card in candidates(text, 10)]


def tokens(apps: object) -> list[list[str]]:
    rows = apps.get_model("subjects", "NameToken").objects.order_by("subject_id", "token")  # type: ignore[attr-defined]
    return [list(row) for row in rows.values_list("subject_id", "token")]


def main() -> None:
    migrate(*OLD)
    old = MigrationExecutor(connection).loader.project_state([OLD]).apps
    subject, former, token = (
        old.get_model("subjects", name) for name in ("Subject", "FormerName", "NameToken")
    )
    for key, name in UNITS.items():
        subject(subject_key=key, kind="legal", name=name, name_folded=normalise(name)).save()
    subject(subject_key="P", kind="person", name="云石示例甲", name_folded="云石示例甲").save()
    former(subject_id="B", name="旧岚（示例）", name_folded=normalise("旧岚（示例）")).save()
    held = [("A", UNITS["A"]), ("B", UNITS["B"]), ("B", "旧岚（示例）")]  # C was never indexed
    pairs = dict.fromkeys((key, each) for key, name in held for each in bigrams(name))
    token.objects.bulk_create(token(subject_id=key, token=each) for key, each in pairs)
    before = tokens(old)
    migrate("subjects")
    said = {
        "tables": connection.introspection.table_names(),
        "new": [found(one) for one in ("云石", "旧岚", "未收录")],
    }
    migrate(*OLD)
    said["back"] = tokens(old) == before and len(before) > 10
    migrate("subjects")
    said["again"] = [found(one) for one in ("云石", "旧岚", "未收录")]
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main()
