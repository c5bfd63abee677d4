"""The database itself refuses to change or delete evidence; the tree starts empty."""

from __future__ import annotations

from django.db import migrations

TABLES = ("evidence_leaf", "evidence_node", "evidence_deviceentry", "evidence_strayentry")


def guard(apps, schema_editor) -> None:
    apps.get_model("evidence", "Head").objects.get_or_create(pk=1)
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION evidence_stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'evidence stays'; END $$"
        )
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_no_{act.lower()}"
            if vendor == "sqlite":
                body = "BEGIN SELECT RAISE(ABORT, 'evidence stays'); END"
            else:
                body = "FOR EACH ROW EXECUTE FUNCTION evidence_stays()"
            schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} {body}")


def release(apps, schema_editor) -> None:
    for table in TABLES:
        for act in ("update", "delete"):
            where = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act}{where}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION evidence_stays()")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(guard, release)]
