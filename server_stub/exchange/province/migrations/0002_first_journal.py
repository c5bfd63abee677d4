"""The journal starts empty; the first round begins when there is a partner."""

from __future__ import annotations

from django.db import migrations


def begin(apps, schema_editor) -> None:
    apps.get_model("province", "Journal").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("province", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
