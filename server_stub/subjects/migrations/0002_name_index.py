"""The tables of the index of names: the names, how common each token is, and the engine's own table."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from server_stub.subjects.name_index import tokens_of_engine


def create(apps, schema_editor) -> None:
    tokens_of_engine().create()


def drop(apps, schema_editor) -> None:
    tokens_of_engine().drop()


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="TokenCount",
            fields=[
                ("token", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("names", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="IndexedName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.TextField()),
                ("former", models.BooleanField(default=False)),
                ("subject", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="indexed_names", to="subjects.subject")),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
