"""What the window has before anybody is signed in: paths, lanes and settings. The services are built when one
of them is first asked for something, in the lane that was to answer: a sign-in page is painted without any.
docs/adr/062-the-page-comes-before-the-services.md says why.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.lanes import Deliver, Lanes
from app.paths import Home
from app.settings import SettingsFile

if TYPE_CHECKING:
    from app.assembly import Client
    from app.keys.ring import Ring

_NOBODY_YET = {("unlocking", "card"): "profiles", ("signing_in", "remembered"): "trust"}
"""Questions whose answer is None while a file of the home is missing: no service is built to say so."""


class Doorstep:
    """Stands for the client (`app.assembly.Client`), which it becomes: every service can be asked for by its
    name. Before the client is built a service has verbs and nothing else, and they are for the lanes."""

    def __init__(self, home: Home, language: str, deliver: Deliver, keyring: Ring | None = None) -> None:
        self.home, self.lanes, self.settings = home, Lanes(deliver), SettingsFile(home.settings)
        self._language, self._keyring = language, keyring
        self._lock = threading.Lock()
        self._client: Client | None = None

    def inside(self) -> Client:
        """The client; built now by the first who comes, and not in the window's thread.

        Raises:
            VaultTrouble: vault.read-only when the home cannot be written.
        """
        with self._lock:
            if self._client is None:
                from app.assembly import open_client

                self._client = open_client(
                    self.home.root, keyring=self._keyring, language=self._language, lanes=self.lanes
                )
            return self._client

    def ask(self, service: str, verb: str, *given: Any, **named: Any) -> Any:
        """What a service answers; it is built for that, unless there is nothing to tell yet."""
        file = _NOBODY_YET.get((service, verb))
        if file is not None and self._client is None and not getattr(self.home, file).exists():
            return None
        return getattr(getattr(self.inside(), service), verb)(*given, **named)

    def close(self) -> None:
        """Lock what is open and end the lanes.

        Raises:
            Trouble: as `Client.close`.
        """
        if self._client is None:
            self.lanes.close()
        if self._client is not None:
            self._client.close()

    def __getattr__(self, service: str) -> Any:
        if service.startswith("_"):
            raise AttributeError(service)
        return getattr(self._client, service) if self._client is not None else _Awaited(self, service)


class _Awaited:
    """A service nobody has built yet: its verbs can be handed to a lane."""

    def __init__(self, doorstep: Doorstep, service: str) -> None:
        self._doorstep, self._service = doorstep, service

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb.startswith("_"):
            raise AttributeError(verb)
        return lambda *given, **named: self._doorstep.ask(self._service, verb, *given, **named)
