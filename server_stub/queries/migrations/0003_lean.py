"""What no statement looks by goes: each of these indexes cost every query a page or more on disk.

Which records an answer showed stands in its signed bytes; the rows that said it again go.
"""

from __future__ import annotations

from django.db import migrations, models


def unlooked(apps, schema_editor) -> None:
    """Only the index, where Django's own change of the column would write SQLite's table anew."""
    query = apps.get_model("queries", "Query")
    for name in schema_editor._constraint_names(query, ["user"], index=True, unique=False):
        schema_editor.execute(f'DROP INDEX "{name}"')


class Migration(migrations.Migration):
    dependencies = [("queries", "0002_answers_end")]
    operations = [
        migrations.RemoveIndex(model_name="query", name="queries_que_device__9a42c5_idx"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(unlooked, elidable=False)],
            state_operations=[
                migrations.AlterField(
                    model_name="query", name="user", field=models.CharField(max_length=64)
                )
            ],
        ),
        migrations.DeleteModel(name="QueryRecord"),
    ]
