from django.db import migrations, models

AT_ONCE = 2000


def from_whole_columns(apps, schema_editor):
    """Revisions repeated every column of their record; what each one changed says the same in a few bytes.

    A column that revisions of an earlier release do not name yet (`item_code`) was empty then. The record's
    own row, which answers were made from, says what the newest revision stands for.
    """
    revision = apps.get_model("records", "Revision")
    changed = revision.objects.filter(record__rev__gt=1).order_by("record_id", "rev")
    rows = changed.only("record_id", "rev", "columns", "replaced").iterator(chunk_size=AT_ONCE)
    waiting, before = [], None
    for row in rows:
        if before is not None and before.record_id == row.record_id:
            then, now = before.columns, row.columns
            row.replaced = {name: then.get(name, "") for name in now if then.get(name, "") != now[name]}
            waiting.append(row)
        before = row
        if len(waiting) >= AT_ONCE:
            revision.objects.bulk_update(waiting, ["replaced"], batch_size=500)
            waiting.clear()
    revision.objects.bulk_update(waiting, ["replaced"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0002_item_code"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="replaced",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.RunPython(from_whole_columns),
    ]
