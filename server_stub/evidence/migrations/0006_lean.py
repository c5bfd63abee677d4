"""No statement finds a leaf by its operation; the index cost every leaf a page."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_replacing_keys")]
    operations = [migrations.RemoveIndex(model_name="leaf", name="evidence_le_op_id_fc7d6e_idx")]
