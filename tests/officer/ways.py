"""How much a job may take, and how much it took."""

from __future__ import annotations

from dataclasses import dataclass

from tests.officer.hand import Effort


@dataclass(frozen=True)
class Way:
    """The path of a job and the most it may take. `path` names the line of the design it is held against."""

    job: str
    by: str
    path: str
    acts: int
    tabs: int = 0
    texts: int = 0
    dialogs: int = 0

    def too_much(self, took: Effort) -> tuple[str, ...]:
        """In what the job went beyond its path; empty when it kept to it."""
        names = ("acts", "tabs", "texts", "dialogs")
        return tuple(name for name in names if getattr(took, name) > getattr(self, name))


MOUSE, KEYS = "clicks", "keys"
WAYS = {
    "enrol": Way("1 Sign in for the first time, enrol this computer", KEYS, "", acts=4, tabs=2, texts=7),
    "sign_in": Way("1 Sign in again, on an enrolled computer", "both", "", acts=2, texts=2),
    "unlock": Way("1 Unlock", KEYS, "", acts=1, texts=1),
    "ask_mouse": Way("2 Check one subject", MOUSE, "J1: 2 clicks", acts=2, texts=1),
    "ask_keys": Way("2 Check one subject", KEYS, "J1: 3 keys", acts=3),
    "report_mouse": Way("3 Issue and print a report", MOUSE, "J2: 3 clicks", acts=3, dialogs=1),
    "report_keys": Way("3 Issue and print a report", KEYS, "J2: 3 keys", acts=3, dialogs=1),
    "save_keys": Way("3 Save the report issued", KEYS, "", acts=1, dialogs=1),
    "screen_mouse": Way("4 Screen a list and settle a name", MOUSE, "J3: 4 clicks + 2", 6, 0, 1, 1),
    "screen_keys": Way("4 Screen a list and settle a name", KEYS, "J3: 4 keys + 2", 6, 0, 1, 1),
    "offline_mouse": Way("5 Read a kept copy offline", MOUSE, "J4: 1 click", acts=1, texts=1),
    "offline_keys": Way("5 Read a kept copy offline", KEYS, "J4: arrows", acts=1, texts=1),
    "object_mouse": Way("6 Object to a record", MOUSE, "J5: 4 clicks", acts=4, texts=2),
    "object_keys": Way("6 Object to a record", KEYS, "J5: 3 keys", acts=3, tabs=2, texts=2),
    "verify_mouse": Way("9 Verify a report", MOUSE, "", acts=2),
    "verify_keys": Way("9 Verify a report by its number", KEYS, "", acts=2, tabs=2, texts=1),
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """A job as it went."""

    name: str
    took: Effort

    @property
    def way(self) -> Way:
        return WAYS[self.name]
