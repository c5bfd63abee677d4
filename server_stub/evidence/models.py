"""Rows of the log. What is once written stays: a guard here, a trigger in the database."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models


class AppendOnlyError(Exception):
    """Somebody tried to change or delete evidence."""


class AppendOnlyRows(models.QuerySet[Any]):
    """A query set that reads and inserts."""

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnlyError("evidence is not updated")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("evidence is not deleted")


class AppendOnly(models.Model):
    """Base of rows that are inserted once."""

    objects: ClassVar[Any] = AppendOnlyRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("evidence is not updated")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("evidence is not deleted")


class Leaf(AppendOnly):
    """One leaf: its hash, the canonical entry behind it, the blind, and columns to find it by."""

    index = models.BigIntegerField(primary_key=True)
    leaf = models.CharField(max_length=64, unique=True)
    entry = models.TextField()
    blind = models.CharField(max_length=64)
    source = models.CharField(max_length=6)
    kind = models.CharField(max_length=32)
    user = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=32, blank=True)
    device_id = models.CharField(max_length=43, blank=True)
    op_id = models.CharField(max_length=64, blank=True)
    entry_sha256 = models.CharField(max_length=64, blank=True)
    subject_key = models.CharField(max_length=26, blank=True)
    query_no = models.CharField(max_length=32, blank=True)
    report_no = models.CharField(max_length=48, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["subject_key", "index"]),
            models.Index(fields=["organisation", "index"]),
            models.Index(fields=["entry_sha256"]),
            models.Index(fields=["user", "index"]),
        )


class Node(AppendOnly):
    """The hash over a complete subtree of 2**level leaves, the `position`-th of its level (level >= 1)."""

    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["level", "position"], name="evidence_one_node"),)


class Head(models.Model):
    """The number of leaves; its only row is the lock under which the tree grows."""

    size = models.BigIntegerField(default=0)


class DeviceChain(models.Model):
    """How far a device's own chain has been received."""

    device_id = models.CharField(max_length=43, primary_key=True)
    last_n = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64)


class DeviceEntry(AppendOnly):
    """One received link of a device's chain with the signature as it came."""

    device_id = models.CharField(max_length=43)
    n = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    op_id = models.CharField(max_length=64, blank=True)
    jws = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["device_id", "n"], name="evidence_one_link"),)


class StrayEntry(AppendOnly):
    """A signed link that contradicts the chain: kept as evidence, never part of it."""

    device_id = models.CharField(max_length=43)
    n = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    jws = models.TextField()
    why = models.CharField(max_length=16)
    at = models.CharField(max_length=24)


class KeyMark(models.Model):
    """By which digest a key or file of the home is known that this database was begun with
    (`config.keys.marks`, `config.marks`); of a signing key also its public half, so that what it signed can
    be judged without it.
    """

    name = models.CharField(max_length=40, primary_key=True)
    mark = models.CharField(max_length=64)
    public_b64 = models.CharField(max_length=44, blank=True, default="")


class Replacement(models.Model):
    """A key that is lost for good: asked for by one person, and done once a second one confirmed it."""

    name = models.CharField(max_length=16)
    asked_by = models.CharField(max_length=64)
    asked_at = models.CharField(max_length=24)
    why = models.CharField(max_length=300)
    second = models.CharField(max_length=64, blank=True, default="")
    done_at = models.CharField(max_length=24, blank=True, default="")
    earlier_public_b64 = models.CharField(max_length=44, blank=True, default="")
