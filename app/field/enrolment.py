"""The enrolment file: which server an officer's computer is to speak to. What the centre writes and a client
reads; nothing in it is secret, and no password, code or key belongs into it.

Around the payload stand `type` and `v`, so that a file of a later form is told from a wrong one. The payload
is signed with the answers key that it names itself (docs/adr/059-the-file-is-compared-once.md): it shows that
nobody changed a part of it on the way; whose it is shows only when the server has the same keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import msgspec

from app.field.fours import in_fours
from app.field.records import Signed

KIND, VERSION = "hengxin-enrolment", 1
LARGEST = 16 * 1024  # bytes; a certificate of 4096 bits takes three thousand
GROUPS = 8  # of four hexadecimal digits: 128 bits
ADDRESS = re.compile(r"https://[A-Za-z0-9.\-\[\]:]{1,260}")
LONGEST: Mapping[str, int] = {
    "made_at": 24, "url": 268, "ca_pem": 8192, "city": 100, "organisation": 32, "organisation_name": 200,
    "log_public_b64": 44, "answers_public_b64": 44, "user": 64,
}  # fmt: skip
_MAY_BE_EMPTY = frozenset({"user"})
_SEVERAL_LINES = frozenset({"ca_pem"})
# Signs that are not seen and change how others are: a name must be what it looks like.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


class Enrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`url` without a slash at its end; `ca_pem` one certificate; both keys are Ed25519, base64. `user` is
    empty in a file for everybody of the organisation. `made_at` is UTC."""

    made_at: str
    url: str
    ca_pem: str
    city: str
    specimen: bool
    organisation: str
    organisation_name: str
    log_public_b64: str
    answers_public_b64: str
    user: str = ""


class EnrolmentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    type: str
    v: int
    signed: Signed


def enrolment_flaw(enrolment: Enrolment) -> str:
    """The first member that cannot be what it should be, by its name; empty when all can."""
    for name, limit in LONGEST.items():
        text = getattr(enrolment, name)
        bare = text.replace("\n", "").replace("\r", "") if name in _SEVERAL_LINES else text
        unseen = any(unicodedata.category(sign) in _UNSEEN for sign in bare)
        if len(text) > limit or unseen or bare != bare.strip():
            return name
        if not text.strip() and name not in _MAY_BE_EMPTY:
            return name
    return "" if ADDRESS.fullmatch(enrolment.url) else "url"


def compared(authority_sha256: str) -> str:
    """What two people compare of an authority: the first half of its SHA-256 in eight groups of four.

    Raises:
        ValueError: for what is no SHA-256 in hexadecimal digits.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", authority_sha256):
        raise ValueError("no SHA-256")
    return in_fours(authority_sha256[: GROUPS * 4].upper())


def same_authority(typed: str, authority_sha256: str) -> bool:
    """Whether a fingerprint as somebody typed it, the eight groups or the whole digest, is this authority's;
    blanks, colons, hyphens and case do not matter."""
    bare = re.sub(r"[\s:\-]", "", typed).lower()
    return bare in (authority_sha256.lower(), authority_sha256[: GROUPS * 4].lower())
