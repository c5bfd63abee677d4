import django.db.models.deletion
from django.db import migrations, models

# The indexes that go are covered: a revision is found by (record, rev), an act among its subject's records.


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0003_replaced"),
    ]

    operations = [
        migrations.RemoveField(model_name="revision", name="columns"),
        migrations.AlterField(
            model_name="revision",
            name="record",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="records.record",
            ),
        ),
        migrations.AlterField(
            model_name="record",
            name="document_no_folded",
            field=models.CharField(blank=True, default="", max_length=128),
        ),
        migrations.AlterField(
            model_name="record",
            name="decided_on",
            field=models.DateField(null=True),
        ),
    ]
