"""Rows of the cases room: objections, each step they took, and what was handed in with them."""

from __future__ import annotations

from django.db import models

from app.field.objections import CONCLUDED, ENDED, MARKED, OPEN

__all__ = ["CONCLUDED", "ENDED", "MARKED", "OPEN"]


class Objection(models.Model):
    """One objection or report of a data error: one record, one ground. `rev` counts its changes.

    `due_on` is the end of the clock `clock` (a step of the table of deadlines) that began on `clock_from`;
    None while there is no clock or no calendar. `concluded_second` confirmed an end that `concluded_by`
    proposed; empty where it took one. `returned_on`, `extended_on` and `rechecked_on` are set once.
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
    concluded_second = models.CharField(max_length=64, blank=True, default="", db_default="")
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


class Proposal(models.Model):
    """A correction that moves a record's term, proposed by one of the staff and not confirmed yet; of a case
    (`number`) its end. `settings` are the fields as they were typed, [code, text] each in their order: they
    are judged again when it is confirmed. A repair before its time waits here, too: outcome `repaired`,
    `settings` its day and paper. `rev` is the record's revision, `case_rev` the case's (0: none).
    """

    rec_id = models.CharField(max_length=26)
    number = models.CharField(max_length=24, blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    settings = models.JSONField()
    text_stays = models.TextField(blank=True, default="")
    reason = models.TextField()
    rev = models.PositiveIntegerField()
    case_rev = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=64)
    at = models.CharField(max_length=24)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rec_id", "number"], name="cases_one_proposal"),)


REPAIR_OPEN = ("submitted", "returned", "handed", "accepted", "checking", "shielded")
REPAIR_ENDED = ("withdrawn", "granted", "noted", "refused", "resumed", "synced")


class Repair(models.Model):
    """One application for the repair of one record; the platform hands it over and receives the result.

    `due_on` ends the clock `clock` of who determines it (a step of the table of deadlines) that began on
    `clock_from`; `site_due` is the day by which the applicant has an answer. `next_on`: after a refusal, from
    when it may be applied for again (None: not told).
    """

    number = models.CharField(max_length=24, primary_key=True)
    kind = models.CharField(max_length=16)
    op_id = models.CharField(max_length=64, blank=True, default="")
    query_no = models.CharField(max_length=32, blank=True, default="")
    rec_id = models.CharField(max_length=26, db_index=True)
    rev_seen = models.PositiveIntegerField()
    subject_key = models.CharField(max_length=26)
    document_no = models.CharField(max_length=128, blank=True)
    user = models.CharField(max_length=64, db_index=True)
    organisation = models.CharField(max_length=32)
    letter_no = models.CharField(max_length=32, blank=True)
    statement = models.TextField(blank=True)
    route = models.CharField(max_length=24)
    keeper = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default="submitted")
    returned_from = models.CharField(max_length=12, blank=True, default="")
    filed_at = models.CharField(max_length=24)
    handed_to = models.CharField(max_length=200, blank=True, default="")
    handed_on = models.DateField(null=True)
    handed_by = models.CharField(max_length=64, blank=True, default="")
    tracking_no = models.CharField(max_length=120, blank=True, default="")
    clock = models.CharField(max_length=12, blank=True, default="")
    clock_from = models.DateField(null=True)
    due_on = models.DateField(null=True)
    site_due = models.DateField(null=True)
    extended_on = models.DateField(null=True)
    result_on = models.DateField(null=True)
    result_no = models.CharField(max_length=120, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    next_on = models.DateField(null=True)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rec_id"],
                condition=models.Q(state__in=REPAIR_OPEN),
                name="cases_one_open_repair",
            ),
        )


class RepairStep(models.Model):
    """One change of a repair, as `Step`."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="steps")
    rev = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    at = models.CharField(max_length=24)
    by = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    said = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["repair", "rev"], name="cases_one_repair_step"),)


class Paper(models.Model):
    """One paper of an application and what it is to prove; its bytes lie in the home by digest."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="papers")
    check_name = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media = models.CharField(max_length=4)
