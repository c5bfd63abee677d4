"""The system keyring: only here, with time-outs, and only with backends that keep secrets encrypted.

Values are base64 of JSON under the service `hengxin/<profile>`. The library is imported at first use.
"""

from __future__ import annotations

import base64
import importlib
import json
import queue
import secrets
import threading
from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeVar

from app.trouble import VaultTrouble

State = Literal["ready", "missing", "locked", "changed"]
R = TypeVar("R")
SERVICE = "hengxin"
ITEMS = ("secret", "share", "marks", "device", "tokens", "sealed")
_ALLOWED = (
    ("SecretService", "app.keys.secret_service", "Keyring"),
    ("KWallet", "keyring.backends.kwallet", "DBusKeyring"),
    ("WinVault", "keyring.backends.Windows", "WinVaultKeyring"),
    ("macOS", "keyring.backends.macOS", "Keyring"),
)


class Backend(Protocol):
    """The three calls of a keyring backend that we use."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class Ring:
    """The door to the keyring. `choose` returns (name, backend) or None; a prompt may block, so each call has
    `timeout_s` seconds and is then given up (its thread dies with the process)."""

    def __init__(
        self,
        choose: Callable[[], tuple[str, Backend] | None] | None = None,
        timeout_s: float = 20.0,
    ) -> None:
        self._choose = choose or allowed_backend
        self._timeout_s = timeout_s
        self._chosen: tuple[str, Backend] | None = None

    @classmethod
    def absent(cls) -> Ring:
        """A door that leads nowhere: the state of a computer without a keyring."""
        return cls(choose=lambda: None)

    def name(self) -> str:
        """The backend's name, empty without one."""
        chosen = self._backend()
        return chosen[0] if chosen else ""

    def state(self, expected: str = "") -> State:
        """Try it with a random value. `changed`: a keyring is there, but not the one named `expected`."""
        chosen = self._backend()
        if chosen is None:
            return "missing"
        if expected and chosen[0] != expected:
            return "changed"
        name, value = f"probe-{secrets.token_hex(8)}", secrets.token_hex(16)
        try:
            self._call("set_password", SERVICE, name, value)
            same = self._call("get_password", SERVICE, name) == value
            self._call("delete_password", SERVICE, name)
        except VaultTrouble as flaw:
            return "locked" if flaw.code == "keyring.locked" else "missing"
        return "ready" if same else "missing"

    def read(self, profile: str, item: str) -> dict[str, Any] | None:
        """The value of an item, None when it is not there.

        Raises:
            VaultTrouble: keyring.missing, keyring.locked, or keyring.broken when the value is not ours.
        """
        text = self._call("get_password", f"{SERVICE}/{profile}", item)
        if text is None:
            return None
        try:
            value = json.loads(base64.b64decode(text, validate=True))
        except ValueError as flaw:
            raise VaultTrouble("keyring.broken") from flaw
        if not isinstance(value, dict):
            raise VaultTrouble("keyring.broken")
        return value

    def write(self, profile: str, item: str, value: dict[str, Any]) -> None:
        """Put or replace an item.

        Raises:
            VaultTrouble: keyring.missing or keyring.locked.
        """
        text = base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode("ascii")
        self._call("set_password", f"{SERVICE}/{profile}", item, text)

    def delete(self, profile: str, item: str) -> None:
        """Remove an item; one that is not there is no trouble.

        Raises:
            VaultTrouble: keyring.missing or keyring.locked.
        """
        if self._call("get_password", f"{SERVICE}/{profile}", item) is not None:
            self._call("delete_password", f"{SERVICE}/{profile}", item)

    def forget(self, profile: str) -> None:
        """Remove everything this program put there for the profile.

        Raises:
            VaultTrouble: keyring.missing or keyring.locked.
        """
        for item in ITEMS:
            self.delete(profile, item)

    def _backend(self) -> tuple[str, Backend] | None:
        if self._chosen is None:
            self._chosen = _timed(self._choose, self._timeout_s)
        return self._chosen

    def _call(self, verb: str, *args: str) -> str | None:
        chosen = self._backend()
        if chosen is None:
            raise VaultTrouble("keyring.missing")
        act: Callable[..., str | None] = getattr(chosen[1], verb)
        try:
            return _timed(lambda: act(*args), self._timeout_s)
        except VaultTrouble:
            self._chosen = None  # its connection still waits for an answer
            raise
        except Exception as flaw:  # noqa: BLE001 - backends raise what their system's library raises
            self._chosen = None
            raise _trouble_of(flaw) from flaw


def allowed_backend() -> tuple[str, Backend] | None:
    """The first backend of the list that works here. What the user's configuration prefers is not asked."""
    for name, module, kind in _ALLOWED:
        try:
            backend = getattr(importlib.import_module(module), kind)
        except ImportError:
            continue
        if backend.viable:
            return name, backend()
    return None


def _trouble_of(flaw: Exception) -> VaultTrouble:
    """A keyring that asks and is not answered is locked; everything else is a keyring that is not there."""
    from keyring.errors import InitError, KeyringLocked

    locked = isinstance(flaw, InitError | KeyringLocked) or type(flaw).__name__ == "LockedException"
    code = "keyring.locked" if locked else "keyring.missing"
    return VaultTrouble(code, context={"raised": type(flaw).__name__}, retry=locked)


def _timed(job: Callable[[], R], timeout_s: float) -> R:
    box: queue.SimpleQueue[tuple[R | None, Exception | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            box.put((job(), None))
        except Exception as flaw:  # noqa: BLE001 - handed over to the caller's thread
            box.put((None, flaw))

    threading.Thread(target=work, name="keyring", daemon=True).start()
    try:
        value, flaw = box.get(timeout=timeout_s)
    except queue.Empty:
        raise VaultTrouble("keyring.locked", context={"waited_s": int(timeout_s)}, retry=True) from None
    if flaw is not None:
        raise flaw
    return value  # type: ignore[return-value]
