"""Rows of the feed: what changed, who holds copies, how far each device has read."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One change. `seq` is empty until numbered after the commit; `audience` is a user or empty."""

    feed = models.CharField(max_length=16, default="main")
    seq = models.BigIntegerField(null=True, default=None)
    subject_key = models.CharField(max_length=26, blank=True)
    rec_id = models.CharField(max_length=26, blank=True)
    rev = models.IntegerField(default=0)
    op = models.CharField(max_length=12)
    reason = models.CharField(max_length=24, blank=True)
    digest = models.CharField(max_length=64)
    at = models.CharField(max_length=24)
    body = models.JSONField(null=True, default=None)
    audience = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["feed", "seq"], name="feed_one_number"),)
        indexes = (
            models.Index(fields=["id"], name="feed_unnumbered", condition=models.Q(seq__isnull=True)),
            models.Index(fields=["audience"], name="feed_audience"),
        )


class FeedHead(models.Model):
    """The last number given, the oldest number still kept, and the epoch; its row is the numbering lock."""

    feed = models.CharField(max_length=16, primary_key=True)
    seq = models.BigIntegerField(default=0)
    kept_from = models.BigIntegerField(default=1)
    epoch = models.CharField(max_length=32)


class Holding(models.Model):
    """A device may hold a copy of one record under one query's lease; `ended_at` closes it before `until`."""

    device_id = models.CharField(max_length=43)
    query_no = models.CharField(max_length=32)
    lease_id = models.CharField(max_length=36)
    subject_key = models.CharField(max_length=26)
    rec_id = models.CharField(max_length=26, blank=True)
    rev = models.IntegerField(default=0)
    until = models.CharField(max_length=24)
    ended_at = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        indexes = (
            models.Index(fields=["device_id", "rec_id"]),
            models.Index(fields=["query_no"]),
        )


class Follower(models.Model):
    """How far a device says it has applied the feed."""

    device_id = models.CharField(max_length=43, primary_key=True)
    acked_seq = models.BigIntegerField(default=0)
    acked_at = models.CharField(max_length=24)
