"""Rows of the catalogue room: editions are entered, approved and never changed afterwards."""

from __future__ import annotations

from django.db import models

EDITION_STATES = ("staged", "approved", "shipped")


class Edition(models.Model):
    """One version of one edition by the digest of its file.

    `shipped` editions hold no rows here: they are files of the release, and this notes since when the server
    has run on them. Of the others the rows below are the content.
    """

    code = models.CharField(max_length=24)
    version = models.PositiveIntegerField()
    series = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    basis = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True, default="")
    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8)
    entered_by = models.CharField(max_length=64)
    entered_at = models.CharField(max_length=24)
    approved_by = models.CharField(max_length=64, blank=True, default="")
    approved_at = models.CharField(max_length=24, blank=True, default="")
    category_count = models.PositiveIntegerField()
    item_count = models.PositiveIntegerField()

    @property
    def name(self) -> str:
        return f"{self.code}/{self.version}"


class Category(models.Model):
    """A class of information of one edition; `key` is empty in a city's own catalogue."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=24, blank=True, default="")
    verified = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["edition", "code"], name="catalogue_one_category"),)


class Item(models.Model):
    """One kind of record of one edition; the fields mean what server_stub.catalogue.entries.Item says."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="items")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    section = models.CharField(max_length=12)
    kinds = models.JSONField(default=list)
    provider = models.CharField(max_length=200, blank=True, default="")
    provider_code = models.CharField(max_length=18, blank=True, default="")
    mode = models.CharField(max_length=12)
    share = models.CharField(max_length=12)
    instrument = models.CharField(max_length=200, blank=True, default="")
    article = models.CharField(max_length=100, blank=True, default="")
    frequency = models.CharField(max_length=24, blank=True, default="")
    retention_months = models.PositiveIntegerField(default=0)
    national_edition = models.CharField(max_length=24, blank=True, default="")
    national = models.CharField(max_length=24, blank=True, default="")
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    verified = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["edition", "code"], name="catalogue_one_item"),)
