"""A correction that moves a record's term waits here for the second of the staff."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0004_repairs")]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rec_id", models.CharField(max_length=26)),
                ("number", models.CharField(blank=True, default="", max_length=24)),
                ("outcome", models.CharField(blank=True, default="", max_length=12)),
                ("answer", models.TextField(blank=True, default="")),
                ("settings", models.JSONField()),
                ("text_stays", models.TextField(blank=True, default="")),
                ("reason", models.TextField()),
                ("rev", models.PositiveIntegerField()),
                ("case_rev", models.PositiveIntegerField(default=0)),
                ("by", models.CharField(max_length=64)),
                ("at", models.CharField(max_length=24)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("rec_id", "number"), name="cases_one_proposal")],
            },
        ),
    ]
