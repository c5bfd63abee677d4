"""The keys that a database was begun with are known by a digest."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_refused_alike")]
    operations = [
        migrations.CreateModel(
            name="KeyMark",
            fields=[
                ("name", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=64)),
            ],
        ),
    ]
