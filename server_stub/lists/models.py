"""Rows of the lists room: who screened whom, so that each subject's history shows who asked."""

from __future__ import annotations

from django.db import models


class Screening(models.Model):
    """One answered batch. `codes_sha256` is the digest of the rows as they were asked."""

    screening_no = models.CharField(max_length=32, primary_key=True)
    op_id = models.CharField(max_length=64)
    user = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    device_id = models.CharField(max_length=43)
    purpose = models.CharField(max_length=16)
    case_no = models.CharField(max_length=120)
    day = models.DateField()
    rows = models.PositiveIntegerField()
    codes_sha256 = models.CharField(max_length=64)
    payload_sha256 = models.CharField(max_length=64)
    made_at = models.CharField(max_length=24)
    leaf_index = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["user", "day"]),)


UNKNOWN = "unknown"


class ScreenedSubject(models.Model):
    """One subject a batch was about, by the place of its row; `state` is what was told there, UNKNOWN of a
    number that the register did not know then: nothing was told of who bears it."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="subjects")
    place = models.PositiveIntegerField()
    subject_key = models.CharField(max_length=26, db_index=True)
    state = models.CharField(max_length=8)
