"""Rows of the exchange room: a file as it came, row by row, and what became of each row."""

from __future__ import annotations

from django.db import models

BATCH_STATES = ("staging", "staged", "applying", "applied", "reversing", "reversed")
ROW_STATES = ("refused", "applied", "reversed")


class Batch(models.Model):
    """One file. read = accepted + refused always; `notes` keeps banner and signature lines that are no rows.

    `item_code` is the item of the catalogue it is delivered for; empty: the section's own. `importer` is
    empty for a provider's own hand-in. `content_before` is the digest over all current records when the apply
    began; a reversal restores it.
    """

    batch_no = models.CharField(max_length=24, primary_key=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    provider = models.CharField(max_length=200)
    mapping = models.CharField(max_length=24)
    section = models.CharField(max_length=12)
    item_code = models.CharField(max_length=24, blank=True, default="", db_default="")
    schema = models.CharField(max_length=8)
    encoding = models.CharField(max_length=16)
    sheet = models.CharField(max_length=100, blank=True, default="")
    header_row = models.PositiveIntegerField()
    columns = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="staged")
    read = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    importer = models.CharField(max_length=64)
    approver = models.CharField(max_length=64, blank=True, default="")
    reverser = models.CharField(max_length=64, blank=True, default="")
    why_reversed = models.CharField(max_length=300, blank=True, default="")
    received_at = models.CharField(max_length=24)
    applied_at = models.CharField(max_length=24, blank=True, default="")
    reversed_at = models.CharField(max_length=24, blank=True, default="")
    content_before = models.CharField(max_length=64, blank=True, default="")


class StagedPiece(models.Model):
    """Accepted rows of a batch as they came, `first` to `last`; packed and read by `lines`, never changed."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="pieces", db_index=False)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "last"], name="exchange_one_piece"),)


class StagedRow(models.Model):
    """A row that something became of: refused, put in force or taken back. An accepted one that waits is in
    its piece alone.

    `raw`: a refused row's cells (JSON text, identity numbers masked); others' are in their piece. `faults`
    and `warnings` of a refused row: {cell, field, code, reason}. `outcome` once applied: new, corrected or
    same; `rev_before` and `rev_after` frame what the apply changed.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    raw = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10)
    faults = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    rec_id = models.CharField(max_length=26, blank=True, default="")
    outcome = models.CharField(max_length=10, blank=True, default="")
    rev_before = models.PositiveIntegerField(default=0)
    rev_after = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="exchange_one_row"),)
        indexes = (
            models.Index(
                fields=["batch", "number"], condition=models.Q(state="refused"), name="exchange_refused"
            ),
        )
