"""An official letter keeps keyed digests of those it names. One admitted before names nobody: it opens
nothing until it is admitted anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("queries", "0004_official_letters")]

    operations = [
        migrations.AddField("officialletter", "keys", models.JSONField(default=list)),
    ]
