"""What one of the staff decided about an official letter waits until another confirms it, and the number of a
letter that was withdrawn unused is free again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("queries", "0005_official_names")]

    operations = [
        migrations.AddField("officialletter", "waits", models.JSONField(default=dict)),
        migrations.AddField(
            "officialletter", "withdrawn_at", models.CharField(blank=True, default="", max_length=24)
        ),
        migrations.AlterField(
            "officialletter", "second", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AlterField(
            "officialletter", "admitted_at", models.CharField(blank=True, default="", max_length=24)
        ),
        migrations.RemoveConstraint("officialletter", "queries_one_official"),
        migrations.AddConstraint(
            "officialletter",
            models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", "")),
                fields=("organisation", "letter_no"),
                name="queries_one_official",
            ),
        ),
    ]
