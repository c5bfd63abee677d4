"""Who may ask: organisations, officers, their devices, and the short-lived rows of signing in."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

ROLES = ("bank_officer", "government_officer", "enterprise_officer", "centre_staff")
ROLE_OF_KIND = {
    "bank": "bank_officer",
    "government": "government_officer",
    "enterprise": "enterprise_officer",
    "centre": "centre_staff",
}


class Organisation(models.Model):
    """A bank, department, enterprise or the credit centre. `subject_key` is an enterprise's own unit;
    `acted_by` the member of the staff who added or suspended it: somebody else certifies.
    """

    code = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    subject_key = models.CharField(max_length=26, blank=True, default="")
    active = models.BooleanField(default=True)
    acted_by = models.CharField(max_length=64, blank=True, default="")


class Officer(AbstractBaseUser):
    """A natural person acting for one organisation in one role. `password` holds an argon2id text;
    `acted_by` is the member of the staff who added or stopped the account: somebody else approves.
    """

    user = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    role = models.CharField(max_length=24)
    totp_secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    active = models.BooleanField(default=True)
    acted_by = models.CharField(max_length=64, blank=True, default="")
    last_login = None

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()
    USERNAME_FIELD = "user"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Throttle(models.Model):
    """Wrong guesses for one user name, known or not; the name itself is not kept. `guessed_at`: the last one,
    empty where that was before this was noted."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True, default=None)
    guessed_at = models.DateTimeField(null=True, default=None)


class EnrolmentCode(models.Model):
    """One permission to enrol one device; only the digest of the code is kept."""

    code_hash = models.CharField(max_length=64, unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    approved_beforehand = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, default=None)


class Device(models.Model):
    """A device key that was enrolled. Its chain of entries is kept by the evidence room."""

    device_id = models.CharField(max_length=43, primary_key=True)
    jwk = models.JSONField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=8)
    enrolled_at = models.DateTimeField()
    last_seen = models.DateTimeField(null=True, default=None)


class LeaseShare(models.Model):
    """The server's half of a device's cache key, sealed under the kek."""

    share_id = models.CharField(max_length=36, primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    share = models.BinaryField()
    made_at = models.DateTimeField()


class Token(models.Model):
    """An access or refresh token as its SHA-256. All tokens of one sign-in are one family."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8)
    family = models.CharField(max_length=36, db_index=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE)
    expires_at = models.DateTimeField(db_index=True)
    family_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, default=None)
    ended_at = models.DateTimeField(null=True, default=None)


class Challenge(models.Model):
    """Between password and code: five minutes, one success, bound to the key that proved the first step."""

    challenge_hash = models.CharField(max_length=64, primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE)
    device_id = models.CharField(max_length=43)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, default=None)


class Ticket(models.Model):
    """Both factors were right but the device is not active yet: lets the officer enrol it or wait."""

    ticket_hash = models.CharField(max_length=64, primary_key=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE)
    device_id = models.CharField(max_length=43)
    jwk = models.JSONField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, default=None)


class UsedProof(models.Model):
    """The id of a proof that was accepted; it is never accepted again while its nonce lives."""

    jti_hash = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
