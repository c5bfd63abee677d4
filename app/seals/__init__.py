"""Seals on reports: is this file exactly what the platform issued? Judged offline, with pinned
certificates only.
"""

from app.seals.checking import check
from app.seals.links import check_link
from app.seals.verdicts import Check, SealTrust, SealVerdict

__all__ = ["Check", "SealTrust", "SealVerdict", "check", "check_link"]
