"""The table of the old index is gone; its names are in the new one."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subjects", "0003_names_move")]
    operations = [migrations.DeleteModel(name="NameToken")]
