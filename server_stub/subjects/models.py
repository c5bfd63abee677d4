"""Rows of the subjects room: the register of units and persons. No person's number is kept in clear."""

from __future__ import annotations

from django.db import models


class Subject(models.Model):
    """One unit or person. `subject_key` follows from the number under the route key and never changes.

    `code` is a unit's 18-character code ("" for persons and for units without one). `number_masked` is all
    that can be shown of a person's number. `existing` is false once deregistered; `state` is the register's
    own word. `from_exchange` marks a unit that only a department's file has named, not the register.
    """

    subject_key = models.CharField(max_length=26, primary_key=True)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=200, db_index=True)
    code = models.CharField(max_length=18, blank=True, default="", db_index=True)
    id_type = models.CharField(max_length=24, blank=True, default="")
    number_hash = models.CharField(max_length=64, blank=True, default="")
    number_masked = models.CharField(max_length=32, blank=True, default="")
    born_on = models.DateField(null=True)
    existing = models.BooleanField(default=True)
    state = models.CharField(max_length=40, blank=True, default="")
    category = models.CharField(max_length=60, blank=True, default="")
    representative = models.CharField(max_length=100, blank=True, default="")
    founded = models.DateField(null=True)
    capital = models.CharField(max_length=60, blank=True, default="")
    registrar = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    district = models.CharField(max_length=60, blank=True, default="")
    industry = models.CharField(max_length=120, blank=True, default="")
    from_exchange = models.BooleanField(default=False)


class Identifier(models.Model):
    """A number by which a subject is or was known. Units keep `value`; persons only its keyed hash."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=24)
    value = models.CharField(max_length=50, blank=True, default="")
    value_hash = models.CharField(max_length=64, db_index=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "kind", "value_hash"], name="subjects_one_identifier"),
        )


class FormerName(models.Model):
    """A name the subject bore, with the last day of it where known."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=200, db_index=True)
    until = models.DateField(null=True)


class IndexedName(models.Model):
    """One name of a unit as the index of names knows it; persons are not in it.

    `key` is `app.field.names.search_key` of the name on the day it came in. The tokens under which the
    engine keeps this row are cut from the key, so that they can be taken out again whatever becomes of that
    function.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="indexed_names")
    key = models.TextField()
    former = models.BooleanField(default=False)


class TokenCount(models.Model):
    """How many indexed names hold a token: rare tokens are asked first, common ones alone are refused."""

    token = models.CharField(max_length=8, primary_key=True)
    names = models.BigIntegerField()
