"""Files beside the keys are known as well, and a key that is lost for good is replaced by two persons."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_key_marks")]
    operations = [
        migrations.AlterField("keymark", "name", models.CharField(max_length=40, primary_key=True, serialize=False)),
        migrations.AddField("keymark", "public_b64", models.CharField(blank=True, default="", max_length=44)),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=16)),
                ("asked_by", models.CharField(max_length=64)),
                ("asked_at", models.CharField(max_length=24)),
                ("why", models.CharField(max_length=300)),
                ("second", models.CharField(blank=True, default="", max_length=64)),
                ("done_at", models.CharField(blank=True, default="", max_length=24)),
                ("earlier_public_b64", models.CharField(blank=True, default="", max_length=44)),
            ],
        ),
    ]
