"""Who confirmed the end of a case is kept with it: he does not end its recheck alone, either."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0005_proposals")]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="concluded_second",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
