"""Rows of the province room: partners with their cursors, the journal of our own records, foreign records."""

from __future__ import annotations

from django.db import models

PARTNER_STATES = ("proposed", "approved", "stopped")
DIRECTIONS = ("push", "pull", "both")


class Partner(models.Model):
    """Another platform. `gives` and `takes` are ours: we give records to it, we take records from it.

    `given_*` is how far it acknowledged our journal; `taken_*` how far we applied its journal, under
    the epoch it had. `taken_ack` answers `taken_digest` again when that batch comes twice. `untold` are
    signed acknowledgements that it has not received yet. `bulk` is a bulk pull that is under way.
    """

    partner_id = models.CharField(max_length=24, primary_key=True)
    name = models.CharField(max_length=100)
    url = models.CharField(max_length=200, blank=True)
    ca_pem = models.TextField(blank=True)
    public_b64 = models.CharField(max_length=44)
    agreement_b64 = models.CharField(max_length=44)
    direction = models.CharField(max_length=4)
    scope = models.JSONField()
    state = models.CharField(max_length=8, default="proposed")
    added_by = models.CharField(max_length=64)
    approved_by = models.CharField(max_length=64, blank=True, default="")
    stopped_by = models.CharField(max_length=64, blank=True, default="")
    why_stopped = models.CharField(max_length=300, blank=True, default="")
    changed_at = models.CharField(max_length=24)
    given_upto = models.BigIntegerField(default=0)
    given_epoch = models.CharField(max_length=32, blank=True, default="")
    given_number = models.BigIntegerField(default=0)
    taken_upto = models.BigIntegerField(default=0)
    taken_epoch = models.CharField(max_length=32, blank=True, default="")
    taken_digest = models.CharField(max_length=64, blank=True, default="")
    taken_ack = models.JSONField(null=True, default=None)
    untold = models.JSONField(default=list)
    bulk = models.JSONField(default=dict)

    @property
    def gives(self) -> bool:
        return self.direction in ("push", "both")

    @property
    def takes(self) -> bool:
        return self.direction in ("pull", "both")


class Journal(models.Model):
    """The only row: the last number given, how far the feed is read in, and how far the basic round has come.

    `round_at` is the last record id of a round over all records, None when no round is under way;
    `round_from` the number before it.
    """

    number = models.BigIntegerField(default=0)
    feed_seq = models.BigIntegerField(default=0)
    epoch = models.CharField(max_length=32, blank=True, default="")
    round_at = models.CharField(max_length=26, null=True, default=None)
    round_from = models.BigIntegerField(default=0)


class Entry(models.Model):
    """One number of the journal: an own record reached `rev`. `op`: first, again (a round), put, revoke."""

    number = models.BigIntegerField(primary_key=True)
    rec_id = models.CharField(max_length=26)
    rev = models.IntegerField()
    op = models.CharField(max_length=8)


class Foreign(models.Model):
    """A record that belongs to another platform, by the revision of its origin; `rec_id` is ours, or empty
    when nothing but its revocation ever came."""

    origin = models.CharField(max_length=24)
    origin_rec_id = models.CharField(max_length=26)
    rec_id = models.CharField(max_length=26, blank=True, db_index=True)
    rev = models.IntegerField()
    op = models.CharField(max_length=8)
    reason = models.CharField(max_length=24, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    provenance = models.JSONField(default=dict)
    at = models.CharField(max_length=24)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["origin", "origin_rec_id"], name="province_one_foreign"),
        )


class Turn(models.Model):
    """One delivery: kind pushed, given (they pulled), taken (they pushed or we pulled), acked, manifest,
    segment or withdrawn."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="turns")
    kind = models.CharField(max_length=12)
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    accepted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    at = models.CharField(max_length=24)


class Ticket(models.Model):
    """A row that was not taken: `ours` when the partner refused our row, else we refused its row."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tickets")
    ours = models.BooleanField()
    rec_id = models.CharField(max_length=26)
    rev = models.IntegerField()
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=6, default="open")
    at = models.CharField(max_length=24)
    closed_at = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["partner", "ours", "rec_id", "rev", "code"], name="province_one_ticket"
            ),
        )


class Segment(models.Model):
    """Journal numbers `first` to `last` as one immutable file for one partner, named by its SHA-256."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="segments")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    rows = models.IntegerField()
    built_at = models.CharField(max_length=24)
    withdrawn_at = models.CharField(max_length=24, blank=True, default="")
    why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["partner", "first"],
                condition=models.Q(withdrawn_at=""),
                name="province_one_segment",
            ),
        )


class PersonHandle(models.Model):
    """The digest of a person's number, sealed: pair tokens for a partner are made of it, never the number."""

    subject_key = models.CharField(max_length=26, primary_key=True)
    sealed = models.BinaryField()


class PersonToken(models.Model):
    """Under which token one partner knows a person."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=64)
    subject_key = models.CharField(max_length=26)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["partner", "token"], name="province_one_token"),
            models.UniqueConstraint(fields=["partner", "subject_key"], name="province_one_person"),
        )


class UsedNonce(models.Model):
    """A signed request that was taken; it is not taken again."""

    mark = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
