"""Secrets come from a private file, standard input or a prompt; never from arguments or the environment."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Any

from app.field.identifier_kinds import PERSONS
from app.texts import Texts
from app.trouble import NotRight

NAMES = ("password", "totp", "passphrase", "enrolment_code", "new_passphrase", "sealed_passphrase")
LONGEST = 64 * 1024


class Secrets:
    """The secrets of one command. Standard input is read once; a person may stand in it as `person`."""

    def __init__(self, source: str, texts: Texts) -> None:
        """Read `source`: empty (prompts), "-" (standard input) or a file of mode 0600.

        Raises:
            NotRight: secrets.open-file, secrets.broken.
        """
        self._texts = texts
        self._typed = source == ""
        self._given = self._read(source) if source else {}

    def get(self, name: str) -> str:
        """One secret.

        Raises:
            NotRight: secrets.missing when it is not given and nobody can be asked.
        """
        if name in self._given:
            return str(self._given[name])
        if not self._typed or not sys.stdin.isatty():
            raise NotRight("secrets.missing", context={"name": name})
        self._given[name] = getpass.getpass(self._texts.say(f"cli.ask_{name}"))
        return str(self._given[name])

    def has(self, name: str) -> bool:
        return name in self._given

    def person(self, source: str) -> dict[str, str]:
        """A person's card {name, id_type, number} from a file or standard input.

        Raises:
            NotRight: subject.person-broken with the field.
        """
        if source == "-":
            card = self._given.get("person") if self._given else _decode(_stdin())
        else:
            path = Path(source)
            if not path.is_file():
                raise NotRight("subject.person-missing", context={"file": source})
            card = _decode(path.read_bytes()[:LONGEST])
        found = {}
        for field in ("name", "id_type", "number"):
            value = card.get(field) if isinstance(card, dict) else None
            if not isinstance(value, str) or not value.strip():
                raise NotRight("subject.person-broken", context={"field": field})
            found[field] = value.strip()
        if found["id_type"] not in PERSONS:
            permitted = {"given": found["id_type"], "permitted": ", ".join(PERSONS)}
            raise NotRight("subject.id-type", context=permitted)
        return found

    def _read(self, source: str) -> dict[str, Any]:
        if source == "-":
            raw = _stdin()
        else:
            path = Path(source)
            if not path.is_file():
                raise NotRight("secrets.no-file", context={"file": source})
            if sys.platform != "win32" and path.stat().st_mode & 0o077:
                raise NotRight("secrets.open-file", context={"file": path.name})
            raw = path.read_bytes()[:LONGEST]
        found = _decode(raw)
        if not isinstance(found, dict):
            raise NotRight("secrets.broken", context={"file": source})
        return found


def _stdin() -> bytes:
    return sys.stdin.buffer.read(LONGEST)


def _decode(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None
