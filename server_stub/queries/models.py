"""Rows of the queries room: what was asked, on what ground, and exactly what was answered."""

from __future__ import annotations

from django.db import models


class Query(models.Model):
    """One answered query with the signed bytes as they were sent."""

    query_no = models.CharField(max_length=32, primary_key=True)
    op_id = models.CharField(max_length=64)
    subject_key = models.CharField(max_length=26, db_index=True)
    kind = models.CharField(max_length=8)
    user = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    device_id = models.CharField(max_length=43)
    purpose = models.CharField(max_length=16)
    case_no = models.CharField(max_length=120)
    basis_type = models.CharField(max_length=8)
    basis_ref = models.CharField(max_length=120, blank=True)
    basis_sha256 = models.CharField(max_length=64, blank=True)
    no_information = models.BooleanField()
    made_at = models.CharField(max_length=24)
    bundle = models.BinaryField()
    key_id = models.CharField(max_length=40)
    signature = models.BinaryField()
    lease_id = models.CharField(max_length=36)
    lease_until = models.CharField(max_length=24)
    leaf_index = models.BigIntegerField()


class Letter(models.Model):
    """An authorisation letter: what it allows, keyed digests of whom it names, and where its scan lies."""

    letter_no = models.CharField(max_length=32, primary_key=True)
    op_id = models.CharField(max_length=64)
    user = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    id_type = models.CharField(max_length=24)
    number_hash = models.CharField(max_length=64)
    name_hash = models.CharField(max_length=64)
    institution = models.CharField(max_length=200)
    purposes = models.JSONField()
    scope = models.CharField(max_length=400)
    signed_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    kind = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=4)
    size = models.IntegerField()
    made_at = models.CharField(max_length=24)


class OfficialLetter(models.Model):
    """An official letter that the centre admitted: who asks, who there answers for it (not who queries), how
    many subjects it names, with keyed digests of them (`keys`), until when it is used and until when its
    queries are not told. `letter_no` is the case number of its queries; `decisions` how silence was set,
    in order, and who ended the letter and why (`act`: stop, withdraw); its scan lies in a folder of its
    own. `waits` is what one of the staff decided and another has not confirmed yet: until the admission is
    confirmed `admitted_at` is empty, and the letter opens nothing.
    """

    organisation = models.CharField(max_length=32)
    letter_no = models.CharField(max_length=120)
    approver = models.CharField(max_length=80)
    subjects = models.PositiveIntegerField()
    keys = models.JSONField(default=list)
    signed_on = models.DateField()
    valid_to = models.DateField()
    silent_until = models.DateField()
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=4)
    admitted_by = models.CharField(max_length=64)
    second = models.CharField(max_length=64, blank=True, default="")
    admitted_at = models.CharField(max_length=24, blank=True, default="")
    decisions = models.JSONField(default=list)
    stopped_at = models.CharField(max_length=24, blank=True, default="")
    stopped_by = models.CharField(max_length=64, blank=True, default="")
    waits = models.JSONField(default=dict)
    withdrawn_at = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "letter_no"],
                condition=models.Q(withdrawn_at=""),
                name="queries_one_official",
            ),
        )


class Op(models.Model):
    """An operation of a device with its answer; the same op and body get the same answer again."""

    device_id = models.CharField(max_length=43)
    op_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    body_sha256 = models.CharField(max_length=64)
    status = models.IntegerField()
    response = models.JSONField()
    made_at = models.CharField(max_length=24)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["device_id", "op_id"], name="queries_one_op"),)
        # what the daily look for answers past their term finds; refusals are kept
        indexes = (
            models.Index(fields=["made_at"], name="queries_answered", condition=models.Q(status__lt=400)),
        )


class DayCounter(models.Model):
    """The last running number of one day and one kind of document."""

    name = models.CharField(max_length=16, primary_key=True)
    last = models.IntegerField(default=0)
