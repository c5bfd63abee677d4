"""The Secret Service over one connection that stays open as long as the process lives.

The library opens a connection for each call and closes it behind. gnome-keyring 42 aborts now and then when a
client leaves the bus while a property is being read, and every program's open keyring is locked with it: a
process that calls twenty times in a second is twenty chances a start.
"""

from __future__ import annotations

import threading
import weakref
from typing import Any

import secretstorage
from keyring.backends import SecretService
from keyring.errors import InitError, KeyringLocked

_Library: Any = SecretService.Keyring  # untyped


class _Kept:
    """A connection that the library may close as often as it likes."""

    def __init__(self, bus: Any) -> None:
        self._bus = bus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    def close(self) -> None:
        """Stays open until the keyring that holds it goes, at the latest with the process."""


class Keyring(_Library):  # type: ignore[misc]
    """The library's own backend, one call at a time. After a failed call a new one has to be made."""

    def __init__(self) -> None:
        super().__init__()
        self._one_at_a_time = threading.Lock()
        self._kept: _Kept | None = None

    def get_preferred_collection(self) -> Any:
        """The default collection, unlocked.

        Raises:
            InitError: without a service; KeyringLocked when it stays locked.
        """
        try:
            if self._kept is None:
                bus = secretstorage.dbus_init()
                weakref.finalize(self, bus.close)
                self._kept = _Kept(bus)
            collection = secretstorage.get_default_collection(self._kept)
        except secretstorage.exceptions.SecretStorageException as flaw:
            raise InitError(f"no collection: {type(flaw).__name__}") from flaw
        if collection.is_locked():
            collection.unlock()
            if collection.is_locked():
                raise KeyringLocked("the collection stays locked")
        return collection

    def get_password(self, service: str, username: str) -> str | None:
        """As the library's, over the kept connection."""
        with self._one_at_a_time:
            found: str | None = super().get_password(service, username)
            return found

    def set_password(self, service: str, username: str, password: str) -> None:
        """As the library's, over the kept connection."""
        with self._one_at_a_time:
            super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """As the library's, over the kept connection."""
        with self._one_at_a_time:
            super().delete_password(service, username)
