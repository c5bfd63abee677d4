from django.db import migrations, models

# Both columns have a default in the database: a server of the release before goes on entering records meanwhile.
SECTIONS = ("serious", "penalty", "licence", "honour", "abnormal", "judgement", "commitment", "other")


def to_the_sections_own_item(apps, schema_editor):
    """Old rows named no item; the platform's own item of their section shows them as before."""
    record = apps.get_model("records", "Record")
    for section in SECTIONS:
        record.objects.filter(section=section, item_code="").update(item_code=f"PT-{section.upper()}")


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="record",
            name="item_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=24),
        ),
        migrations.AddField(
            model_name="record",
            name="withheld_told",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunPython(to_the_sections_own_item, migrations.RunPython.noop),
    ]
