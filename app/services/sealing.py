"""Unsent items of a vault that is about to be destroyed: sealed first, to the server or to the passphrase."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from app.field.canonical import canonical
from app.keys import sealed_box
from app.keys.envelope import KEY_BYTES, Wrap, b64, unb64
from app.keys.safe import Safe
from app.paths import write_atomically
from app.services.room import Opened
from app.trouble import NotYou, VaultTrouble
from local_cache import outbox
from local_cache.database import Connection, transaction
from local_cache.outbox import OutboxItem

LABEL = "sealed"


def seal(safe: Safe, opened: Opened, target: Path, server_pem: str) -> int:
    """Write open outbox rows to `target`; returns how many. Without any, nothing is written.

    With `server_pem` (P-256 public key) only the server can open them. Without, the passphrase of the vault
    together with a fresh keyring secret can, after the device is registered anew.

    Raises:
        DiskFull, ReadOnly: nothing may be destroyed then.
        VaultTrouble: keyring.missing or keyring.locked.
    """
    items = outbox.all_items(opened.work, only_open=True)
    if not items:
        return 0
    plain = msgspec.json.encode(items)
    if server_pem:
        value: dict[str, Any] = {"v": 1, "mode": "server", **sealed_box.seal(server_pem, plain)}
    else:
        head: dict[str, Any] = {"v": 1, "mode": "passphrase", "kdf": opened.header.kdf, "ring": False}
        parts = [bytes(opened.keys.pass_key)]
        if opened.keys.ring_key is not None:
            secret = secrets.token_bytes(KEY_BYTES)
            safe.ring.write(opened.header.profile, "sealed", {"k_b64": b64(secret)})
            parts.append(secret)
            head["ring"] = True
        wrap = safe.envelope.wrap(plain, parts, LABEL, canonical(head))
        value = {**head, **wrap.as_json()}
    write_atomically(target, msgspec.json.encode(value))
    return len(items)


def recover(safe: Safe, profile: str, source: Path, passphrase: str, work: Connection) -> int:
    """Put sealed items into an open vault; those it has already stay as they are. Returns how many were put.

    Raises:
        NotYou: unlock.bad for another passphrase.
        VaultTrouble: sealed.missing, sealed.damaged, sealed.for-server, keyring.emptied.
    """
    try:
        value = msgspec.json.decode(source.read_bytes())
        mode = value.pop("mode")
        if mode != "passphrase":
            raise VaultTrouble("sealed.for-server")
        wrap = Wrap(unb64(value.pop("nonce_b64")), unb64(value.pop("box_b64")))
    except FileNotFoundError as flaw:
        raise VaultTrouble("sealed.missing") from flaw
    except (msgspec.DecodeError, KeyError, AttributeError, ValueError) as flaw:
        raise VaultTrouble("sealed.damaged") from flaw
    head = {**value, "mode": mode}
    parts = [bytes(safe.envelope.derive(passphrase, head["kdf"]))]
    if head["ring"]:
        found = safe.ring.read(profile, "sealed")
        if not found:
            raise VaultTrouble("keyring.emptied")
        parts.append(unb64(found["k_b64"]))
    try:
        plain = safe.envelope.unwrap(wrap, parts, LABEL, canonical(head))
    except NotYou as flaw:
        raise NotYou("unlock.bad") from flaw
    put = 0
    with transaction(work, "work"):
        for item in msgspec.json.decode(bytes(plain), type=list[OutboxItem]):
            if outbox.get(work, item.op_id) is None:
                outbox.add(work, replace(item, entry_n=None))
                put += 1
    return put
