"""Where an officer was at work: kept in the vault, for the way back after a lock, a crash or a restart."""

from __future__ import annotations

import msgspec

from app.services.room import Room
from local_cache import state

PLACE = "window.place"


class Place(msgspec.Struct, frozen=True):
    """A page of the window, and what was on it: the number of a query, a draft or a screening task; empty for
    the page alone. No words of a subject."""

    page: str = "home"
    about: str = ""


class Whereabouts:
    """The last place, in work.db and nowhere else: it ends with the keys."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def keep(self, place: Place) -> None:
        """Note where he is now.

        Raises:
            NotYou: vault.locked.
            VaultTrouble: vault.disk-full, vault.read-only: the place before is still there.
        """
        raw = msgspec.json.encode(place).decode()
        self._room.run(lambda opened: state.put(opened.work, {PLACE: raw}))

    def last(self) -> Place:
        """Where he was; home when nothing is known, or it was noted by a later program in words of its own.

        Raises:
            NotYou: vault.locked.
        """
        raw = self._room.run(lambda opened: state.get(opened.work, PLACE))
        try:
            return msgspec.json.decode(raw or b"{}", type=Place)
        except msgspec.DecodeError:
            return Place()
