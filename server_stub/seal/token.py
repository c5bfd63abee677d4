"""A seal whose key lives in a PKCS#11 token and never leaves it; the only home of pkcs11."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import exceptions

from server_stub.seal.words import SUITE, SealAway

_PIN_FLAWS = (
    exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange, exceptions.PinLocked,
    exceptions.PinExpired,
)  # fmt: skip


class Token:
    """The key named `key` in the token named `token`, reached through the maker's library `module`.

    Opened at the first use, and again after a fault: a token that was pulled out and put back goes on. A PIN
    that was refused is not tried again by this process: a token locks itself after a few.
    """

    suite = SUITE

    def __init__(self, module: Path, token: str, key: str, pin: Callable[[], str]) -> None:
        self._module, self._token, self._name, self._pin = module, token, key, pin
        self._session: Any = None
        self._key: Any = None
        self._pin_refused = False

    def sign(self, content: bytes) -> bytes:
        """As SealProvider.sign."""
        try:
            if self._key is None:
                self._open()
            return bytes(self._key.sign(content, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        except _PIN_FLAWS as flaw:
            self._pin_refused = True
            self._close()
            raise SealAway("pin") from flaw
        except SealAway:
            self._close()
            raise
        except (exceptions.PKCS11Error, OSError, RuntimeError) as flaw:
            self._close()
            raise SealAway("token") from flaw

    def _open(self) -> None:
        if self._pin_refused:
            raise SealAway("pin")
        library = pkcs11.lib(str(self._module))
        library.reinitialize()  # a token that came back is in a slot that the library has not seen
        found = library.get_token(token_label=self._token)
        self._session = found.open(user_pin=self._pin())
        self._key = self._session.get_key(
            object_class=pkcs11.ObjectClass.PRIVATE_KEY, key_type=pkcs11.KeyType.RSA, label=self._name
        )
        if self._key[pkcs11.Attribute.EXTRACTABLE] or not self._key[pkcs11.Attribute.SENSITIVE]:
            raise SealAway("token")  # a key that can be copied out is no key of a seal

    def _close(self) -> None:
        session, self._session, self._key = self._session, None, None
        if session is not None:
            try:
                session.close()
            except exceptions.PKCS11Error:
                return  # it is gone with its token
