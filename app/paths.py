"""The client's home directory: who lives where, all of it private to the operating-system user."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.trouble import VaultTrouble
from local_cache.files import write_atomically

__all__ = ["Home", "VaultPaths", "default_home", "write_atomically"]

_PROFILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class VaultPaths:
    """The files of one vault. `lock` is held by the one process that has it open."""

    folder: Path

    @property
    def header(self) -> Path:
        return self.folder / "vault.json"

    @property
    def work(self) -> Path:
        return self.folder / "work.db"

    @property
    def cache(self) -> Path:
        return self.folder / "cache.db"

    @property
    def damaged_cache(self) -> Path:
        """Copies that could not be read, set aside when they began anew."""
        return self.folder / "cache.db.damaged"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def sealed(self) -> Path:
        return self.folder / "outbox.sealed"


@dataclass(frozen=True)
class Home:
    """Paths below the home directory; `make` creates it."""

    root: Path

    @property
    def trust(self) -> Path:
        return self.root / "trust.json"

    @property
    def profiles(self) -> Path:
        return self.root / "profiles.json"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def vaults(self) -> Path:
        return self.root / "vaults"

    def vault(self, profile: str) -> VaultPaths:
        """The files of one profile.

        Raises:
            ValueError: when the profile's name could leave its folder.
        """
        if not _PROFILE.fullmatch(profile):
            raise ValueError("a profile is named by lower-case letters, digits, _ and -")
        return VaultPaths(self.vaults / profile)

    def make(self) -> Home:
        """Create the folders (0700) and set the process' umask to 077.

        Raises:
            VaultTrouble: vault.read-only when the place cannot be written.
        """
        os.umask(0o077)
        try:
            for folder in (self.root, self.vaults):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
        except OSError as flaw:
            raise VaultTrouble("vault.read-only", retry=True) from flaw
        return self


def default_home(given: Path | None = None) -> Home:
    """`given` (--home), else HENGXIN_HOME, else the system's place for a program's data."""
    if given is not None:
        return Home(given.absolute())
    named = os.environ.get("HENGXIN_HOME", "")
    return Home(Path(named).absolute() if named else Path(platformdirs.user_data_dir("hengxin", False)))
