"""What only a waiting row needs goes from the table of rows: the piece holds it."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_pieces")]
    operations = [
        migrations.RemoveField(model_name="stagedrow", name="subject_key"),
        migrations.RemoveField(model_name="stagedrow", name="unit"),
        migrations.RemoveField(model_name="stagedrow", name="facts"),
        migrations.AlterField(
            model_name="stagedrow", name="raw", field=models.TextField(blank=True, default="")
        ),
    ]
