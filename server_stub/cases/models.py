"""Rows of the cases room: objections, each step they took, and what was handed in with them."""

from __future__ import annotations

from django.db import models

MARKED = ("accepted", "forwarded", "answered", "rechecking")  # states in which the record bears the mark
OPEN = ("filed", "returned", *MARKED)
CONCLUDED = ("corrected", "supplemented", "removed", "kept", "noted")
ENDED = ("declined", *CONCLUDED, "closed")


class Objection(models.Model):
    """One objection or report of a data error: one record, one ground. `rev` counts its changes.

    `due_on` is the end of the clock `clock` (a step of the table of deadlines) that began on `clock_from`;
    None while there is no clock or no calendar. `returned_on`, `extended_on` and `rechecked_on` are set once.
    """

    number = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=12)
    op_id = models.CharField(max_length=64)
    query_no = models.CharField(max_length=32)
    rec_id = models.CharField(max_length=26, db_index=True)
    rev_seen = models.PositiveIntegerField()
    subject_key = models.CharField(max_length=26)
    document_no = models.CharField(max_length=128, blank=True)
    user = models.CharField(max_length=64, db_index=True)
    organisation = models.CharField(max_length=32)
    letter_no = models.CharField(max_length=32, blank=True)
    ground = models.CharField(max_length=60)
    wish = models.CharField(max_length=200)
    statement = models.TextField()
    should_be = models.TextField(blank=True)
    state = models.CharField(max_length=12, default="filed")
    filed_at = models.CharField(max_length=24)
    accepted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    clock = models.CharField(max_length=12, blank=True, default="", db_default="")
    clock_from = models.DateField(null=True)
    holder = models.CharField(max_length=200)
    provider_due = models.DateField(null=True)
    provider_answer = models.TextField(blank=True, default="", db_default="")
    returned_on = models.DateField(null=True)
    extended_on = models.DateField(null=True)
    concluded_on = models.DateField(null=True)
    concluded_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    outcome = models.CharField(max_length=12, blank=True, default="", db_default="")
    recheck_until = models.DateField(null=True)
    rechecked_on = models.DateField(null=True)
    answer = models.TextField(blank=True, default="")
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rec_id"],
                condition=models.Q(kind="objection", state__in=OPEN),
                name="cases_one_open_objection",
            ),
        )


class Step(models.Model):
    """One change: the state it led to, when, by whom, what officers are told, and in full what was said."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    rev = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    at = models.CharField(max_length=24)
    by = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    said = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["objection", "rev"], name="cases_one_step"),)


class Attachment(models.Model):
    """One piece of evidence; its bytes lie in the home by digest."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media = models.CharField(max_length=4)


class Upload(models.Model):
    """A file on its way from one device: `received` bytes of `size` are here, in a file named by `upload_id`.

    `media` is empty until the whole file was judged. The row ends at `expires_at`, or with the filing that
    names its digest.
    """

    upload_id = models.CharField(max_length=32, primary_key=True)
    device_id = models.CharField(max_length=64)
    op_id = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    media = models.CharField(max_length=4, blank=True, default="")
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["device_id", "op_id"], name="cases_one_upload"),)
