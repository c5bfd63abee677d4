"""Every name whose tokens lay in the old table goes into the new index, and back.

The old rows say which units were indexed and no longer which token came from which name; the names themselves
are in the register. A unit whose names were never indexed stays out.
"""

from __future__ import annotations

from django.db import migrations

from app.field.names import bigrams, search_key
from server_stub.subjects.name_index import tokens_of_engine, write


def names_of(apps, keys):
    """(subject_key, name, former) of these units; `keys` is a query."""
    subject, former = apps.get_model("subjects", "Subject"), apps.get_model("subjects", "FormerName")
    for key, name in subject.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name").iterator():
        yield key, name, False
    rows = former.objects.filter(subject_id__in=keys).order_by("pk")
    for key, name in rows.values_list("subject_id", "name").iterator():
        yield key, name, True


def forward(apps, schema_editor) -> None:
    indexed = apps.get_model("subjects", "IndexedName")
    keys = apps.get_model("subjects", "NameToken").objects.values("subject_id")
    rows = (
        indexed(subject_id=key, key=search_key(name), former=former)
        for key, name, former in names_of(apps, keys)
    )
    write(rows, indexed, apps.get_model("subjects", "TokenCount"), tokens_of_engine())


def backward(apps, schema_editor) -> None:
    token = apps.get_model("subjects", "NameToken")
    indexed = apps.get_model("subjects", "IndexedName")
    keys = indexed.objects.values("subject_id")
    rows = (
        token(token=each, subject_id=key)
        for key, name, _ in names_of(apps, keys)
        for each in bigrams(name)
    )
    token.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    indexed.objects.all().delete()
    apps.get_model("subjects", "TokenCount").objects.all().delete()
    tokens = tokens_of_engine()
    tokens.drop()
    tokens.create()


class Migration(migrations.Migration):
    dependencies = [("subjects", "0002_name_index")]
    operations = [migrations.RunPython(forward, backward)]
