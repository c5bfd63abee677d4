"""What its origin withdrew stood here as removed from a list, which some roles are shown; it is shown to nobody."""

from __future__ import annotations

from django.db import migrations

# reasons of a revoke that say what became of the act itself
_ENDED = ("annulled", "repaired", "shielded", "removed")


def tell_apart(apps, schema_editor) -> None:
    foreign = apps.get_model("province", "Foreign").objects.filter(op="revoke").exclude(reason__in=_ENDED)
    records = apps.get_model("records", "Record").objects.filter(status="removed")
    records.filter(pk__in=foreign.values("rec_id")).update(status="withdrawn")


class Migration(migrations.Migration):
    dependencies = [("province", "0002_first_journal"), ("records", "0005_conflicts")]
    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
