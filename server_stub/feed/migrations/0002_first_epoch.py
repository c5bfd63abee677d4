"""The main feed starts at number 0 with an epoch of its own."""

from __future__ import annotations

import secrets

from django.db import migrations


def begin(apps, schema_editor) -> None:
    apps.get_model("feed", "FeedHead").objects.get_or_create(
        feed="main", defaults={"epoch": secrets.token_hex(8)}
    )


class Migration(migrations.Migration):
    dependencies = [("feed", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
