"""Rows of the persons room: what the population register handed in, and what became of each row.

No number is here in the clear at any time: a row that waits holds keyed digests and masks, a refused one its
cells with every number masked, an applied one the key of its person alone.
"""

from __future__ import annotations

from django.db import models


class PersonBatch(models.Model):
    """One file, or one person typed in. read = accepted + refused always.

    `act` is import (whoever comes), add (a new person) or document (a known one). `mark` is a digest of the
    bytes under a key of the home, for a plain one would give a short file's numbers away. `kept` counts rows
    that a reversal left as they are, because something came after them.
    """

    batch_no = models.CharField(max_length=24, primary_key=True)
    act = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200, blank=True, default="")
    mark = models.CharField(max_length=64)
    encoding = models.CharField(max_length=16)
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="staging")
    read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    importer = models.CharField(max_length=64)
    approver = models.CharField(max_length=64, blank=True, default="")
    reverser = models.CharField(max_length=64, blank=True, default="")
    why_reversed = models.CharField(max_length=300, blank=True, default="")
    received_at = models.CharField(max_length=24)
    applied_at = models.CharField(max_length=24, blank=True, default="")
    reversed_at = models.CharField(max_length=24, blank=True, default="")


class PersonRow(models.Model):
    """One row. `facts`: JSON text of the waiting person by digests, empty once applied; `undo`: what a change
    replaced. `outcome` once applied: new, changed or same; `state` is accepted, refused, applied, reversed.
    """

    batch = models.ForeignKey(PersonBatch, on_delete=models.PROTECT, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    raw = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10)
    faults = models.JSONField(default=list)
    facts = models.TextField(blank=True, default="")
    subject_key = models.CharField(max_length=26, blank=True, default="", db_index=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    undo = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="persons_one_row"),)
