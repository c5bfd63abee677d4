"""Which vaults this home has. The list shows no names: "user 1", "user 2"."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from app.paths import write_atomically
from app.trouble import VaultTrouble


class Profile(msgspec.Struct, frozen=True):
    """`profile` names the folder, `label` is what a list shows."""

    profile: str
    label: str


class Profiles(msgspec.Struct, frozen=True):
    """profiles.json."""

    current: str = ""
    profiles: tuple[Profile, ...] = ()

    def with_profile(self, profile: str) -> Profiles:
        """The list with this profile current, added at the end when it is new."""
        if any(one.profile == profile for one in self.profiles):
            return msgspec.structs.replace(self, current=profile)
        number = 1 + max((int(one.label.rpartition(" ")[2]) for one in self.profiles), default=0)
        return Profiles(profile, (*self.profiles, Profile(profile, f"user {number}")))

    def without(self, profile: str) -> Profiles:
        """The list without it; nothing is current when it was."""
        rest = tuple(one for one in self.profiles if one.profile != profile)
        return Profiles("" if self.current == profile else self.current, rest)


def profile_name(url: str, user: str) -> str:
    """The folder of a user at a server; tells neither."""
    return "u" + hashlib.sha256(f"{url}\n{user}".encode()).hexdigest()[:16]


def read_profiles(path: Path) -> Profiles:
    """The list, empty when there is none.

    Raises:
        VaultTrouble: profiles.damaged when the file is not ours.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Profiles)
    except FileNotFoundError:
        return Profiles()
    except (msgspec.DecodeError, OSError) as flaw:
        raise VaultTrouble("profiles.damaged") from flaw


def write_profiles(path: Path, profiles: Profiles) -> None:
    """Replace the list atomically."""
    write_atomically(path, msgspec.json.encode(profiles))
