"""Which vaults this home has. The list shows no names: "user 1", "user 2"."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

import msgspec

from app.paths import write_atomically
from app.trouble import VaultTrouble


class Profile(msgspec.Struct, frozen=True):
    """`profile` names the folder, `label` is what a list shows."""

    profile: str
    label: str


class Profiles(msgspec.Struct, frozen=True, omit_defaults=True):
    """profiles.json. `home` tells this home from another one of the same person, who has one keyring for
    both; it is empty where the file is older than this mark."""

    current: str = ""
    profiles: tuple[Profile, ...] = ()
    home: str = ""

    def with_profile(self, profile: str) -> Profiles:
        """The list with this profile current, added at the end when it is new."""
        if any(one.profile == profile for one in self.profiles):
            return msgspec.structs.replace(self, current=profile)
        number = 1 + max((int(one.label.rpartition(" ")[2]) for one in self.profiles), default=0)
        return msgspec.structs.replace(
            self, current=profile, profiles=(*self.profiles, Profile(profile, f"user {number}"))
        )

    def without(self, profile: str) -> Profiles:
        """The list without it; nothing is current when it was."""
        rest = tuple(one for one in self.profiles if one.profile != profile)
        return msgspec.structs.replace(
            self, current="" if self.current == profile else self.current, profiles=rest
        )


def profile_name(home: str, log_key: str, user: str) -> str:
    """The folder and the keyring's service of a user at a server in this home; tells none of them."""
    parts = [home, log_key, user] if home else [log_key, user]
    return "u" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def home_mark(path: Path) -> str:
    """The mark of this home, made when it has no list yet. A wiped home keeps its own: what was sealed there
    is found again under the same name.

    Raises:
        VaultTrouble: profiles.damaged, or as `write_atomically` when the disk takes nothing.
    """
    if not path.exists():
        write_profiles(path, Profiles(home=secrets.token_hex(8)))
    return read_profiles(path).home


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
