"""On PostgreSQL the refusal is an integrity error, as on SQLite, and emptying a table whole is refused too."""

from __future__ import annotations

from django.db import migrations

TABLES = ("evidence_leaf", "evidence_node", "evidence_deviceentry", "evidence_strayentry")
FUNCTION = (
    "CREATE OR REPLACE FUNCTION evidence_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'evidence stays'{code}; END $$"
)


def guard(apps, schema_editor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION.format(code=" USING ERRCODE = 'integrity_constraint_violation'"))
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_stays()"
        )


def release(apps, schema_editor) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    schema_editor.execute(FUNCTION.format(code=""))


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_only_append")]
    operations = [migrations.RunPython(guard, release)]
