"""Rows of the reports room: what was issued, and which record revisions each report holds."""

from __future__ import annotations

from django.db import models


class Report(models.Model):
    """One issued report. The sealed file lies under `<home>/reports`; `document` is what it was rendered
    from; `receiver_kind` and `receiver` say who was handed it, empty for reports of before.
    """

    number = models.CharField(max_length=40, primary_key=True)
    op_id = models.CharField(max_length=64)
    query_no = models.CharField(max_length=32, db_index=True)
    subject_key = models.CharField(max_length=26, db_index=True)
    subject_kind = models.CharField(max_length=8)
    subject_masked = models.CharField(max_length=200)
    user = models.CharField(max_length=64, db_index=True)
    organisation = models.CharField(max_length=32)
    organisation_kind = models.CharField(max_length=12)
    role = models.CharField(max_length=24)
    device_id = models.CharField(max_length=43)
    purpose = models.CharField(max_length=16)
    basis_type = models.CharField(max_length=8)
    issued_at = models.CharField(max_length=24)
    valid_until = models.DateField()
    document = models.BinaryField()
    document_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, db_index=True)
    pdf_name = models.CharField(max_length=64)
    leaf_index = models.BigIntegerField()
    receiver_kind = models.CharField(max_length=8, blank=True, default="")
    receiver = models.CharField(max_length=80, blank=True, default="")
    void_at = models.CharField(max_length=24, blank=True, default="")
    void_why = models.CharField(max_length=500, blank=True, default="")


class HeldRecord(models.Model):
    """A record revision that a report shows."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="held")
    rec_id = models.CharField(max_length=26, db_index=True)
    rev = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "rec_id"], name="reports_one_record"),)


class Asked(models.Model):
    """A question to the register within the last minute, when several processes answer. Of the address only a
    keyed digest is kept.
    """

    address = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
