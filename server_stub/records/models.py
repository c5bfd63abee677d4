"""Rows of the records room: what a record is now, and every revision of it, never overwritten."""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """One act behind one document, as it stands now; the typed columns are what the rules ask about.

    `payload` lives in the revisions. Dates are calendar days of the city. `rev` is the number of the newest
    revision. `item_code` is the item of the catalogue; an empty one means the section's own item. `over_told`
    remembers that holders of copies were told that publicity is over, `withheld_told` that the catalogue does
    not cover the record's item any more.
    """

    rec_id = models.CharField(max_length=26, primary_key=True)
    subject_key = models.CharField(max_length=26)
    section = models.CharField(max_length=12)
    provider = models.CharField(max_length=200)
    provider_code = models.CharField(max_length=18, blank=True, default="")
    document_no = models.CharField(max_length=128, blank=True, default="")
    document_no_folded = models.CharField(max_length=128, blank=True, default="")
    decided_on = models.DateField(null=True)
    acted_on = models.DateField(null=True)
    published_on = models.DateField(null=True)
    publicity_end_given = models.DateField(null=True)
    effect_until = models.DateField(null=True)
    tier = models.CharField(max_length=20, blank=True, default="")
    procedure = models.CharField(max_length=12, blank=True, default="")
    sector = models.CharField(max_length=24, blank=True, default="")
    channel = models.CharField(max_length=12, default="platform")
    classes = models.JSONField(default=list)
    amount_fen = models.BigIntegerField(null=True)
    public_security = models.BooleanField(default=False)
    performed = models.BooleanField(null=True)
    item_code = models.CharField(max_length=24, blank=True, default="", db_default="")
    list_code = models.CharField(max_length=32, blank=True, default="")
    ground = models.CharField(max_length=12, blank=True, default="")
    disclosure = models.CharField(max_length=12, blank=True, default="")
    schema = models.CharField(max_length=8, default="2018")
    status = models.CharField(max_length=12, default="current")
    status_on = models.DateField(null=True)
    objection_no = models.CharField(max_length=24, blank=True, default="")
    objection_on = models.DateField(null=True)
    objection_due = models.DateField(null=True)
    rev = models.PositiveIntegerField(default=1)
    source_no = models.CharField(max_length=64, blank=True, default="")
    received_at = models.CharField(max_length=24)
    over_told = models.BooleanField(default=False)
    withheld_told = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = (models.Index(fields=["subject_key", "section", "decided_on"]),)


class Revision(models.Model):
    """One state of a record: the payload exactly as received, its digest, who changed what, when and why.

    `replaced` has the columns that this revision changed, as they stood before it; what stood at any revision
    follows from the record and the revisions after that one (`records.history`).
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    rev = models.PositiveIntegerField()
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    replaced = models.JSONField(default=dict, db_default={})
    reason = models.CharField(max_length=16)
    text = models.CharField(max_length=500, blank=True, default="")
    at = models.CharField(max_length=24)
    by = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "rev"], name="records_one_rev"),)


class Conflict(models.Model):
    """One field of one record in which two sources disagree: what each of them says, until a person settles
    it or they come to agree.

    `first` is the source that leads the record, and its value is the one on record but for the end of
    publicity, of which the earlier counts. `source_no` is the delivery of the second one. `closed_how`:
    settled (by a person, who says why) or agreed.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="conflicts", db_index=False)
    document_no = models.CharField(max_length=128, blank=True, default="")
    field = models.CharField(max_length=32)
    first = models.CharField(max_length=200)
    first_value = models.TextField()
    second = models.CharField(max_length=200)
    second_value = models.TextField()
    source_no = models.CharField(max_length=64, blank=True, default="")
    opened_at = models.CharField(max_length=24)
    closed_at = models.CharField(max_length=24, blank=True, default="")
    closed_how = models.CharField(max_length=8, blank=True, default="")
    closed_by = models.CharField(max_length=64, blank=True, default="")
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(fields=["record", "field"]),
            models.Index(fields=["id"], condition=models.Q(closed_at=""), name="records_open_conflicts"),
        )
