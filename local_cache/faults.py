"""What can be wrong with a vault's files. The floors above turn these into words for the officer."""

from __future__ import annotations


class VaultFault(Exception):  # noqa: N818 - a fault of a file, not of a program
    """Base of all faults below; `part` is "work", "cache" or "header" where one file is meant."""

    def __init__(self, part: str = "") -> None:
        super().__init__(part)
        self.part = part


class Missing(VaultFault):
    """The file is not there."""


class WrongKey(VaultFault):
    """The key is not the one this file was made with."""


class Damaged(VaultFault):
    """The key is right and the file does not open, or its own row or its pages do not hold."""


class NewerFile(VaultFault):
    """A later program wrote this file."""


class NotEncrypted(VaultFault):
    """The library does not encrypt, or the file on the disk is plain."""


class DiskFull(VaultFault):
    """No room; nothing was lost, reads still work."""


class ReadOnly(VaultFault):
    """The place cannot be written."""


class AlreadyOpen(VaultFault):
    """Another process has this vault open."""


class Busy(VaultFault):
    """Another connection kept the file longer than the time-out."""


class Sealed(VaultFault):
    """A rule of the tables refused the change (an append-only row, a number used twice)."""


class DiskFault(VaultFault):
    """The disk answered with an error: what was being written is not saved. Close and open again."""
