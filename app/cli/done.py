"""What a command hands to the printer: facts for --json, lines for a person, an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.assembly import Client
from app.cli.secrets import Secrets
from app.clock import read_utc
from app.field.beijing import BEIJING
from app.trouble import VaultTrouble


@dataclass(frozen=True)
class Done:
    facts: Any
    lines: tuple[str, ...] = ()
    exit_code: int = 0


Verb = Callable[[Client, Any, Secrets], Done]


def unlock(client: Client, secrets: Secrets) -> None:
    """Open the vault for one command.

    Raises:
        VaultTrouble: vault.none, keyring.*, vault.*.
        NotYou: unlock.bad (context tries).
    """
    if client.unlocking.card() is None:
        raise VaultTrouble("vault.none")
    if client.unlocking.unlock(secrets.get("passphrase")).rebuilt:
        sys.stderr.write(client.texts.say("cache.damaged") + "\n")


def local_time(utc: str) -> str:
    """Beijing time to the minute; empty for an empty text."""
    if not utc:
        return ""
    return f"{read_utc(utc).astimezone(BEIJING):%Y-%m-%d %H:%M}"
