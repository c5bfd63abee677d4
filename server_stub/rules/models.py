"""Rows of the rules room: which edition of which table this server has run on, since when."""

from __future__ import annotations

from django.db import models


class TableEdition(models.Model):
    """One edition of one table by the digest of its file, and when this server first ran on it."""

    table = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    loaded_at = models.CharField(max_length=24)
    by = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["table", "sha256"], name="rules_one_edition"),)
