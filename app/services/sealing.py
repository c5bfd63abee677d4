"""What a vault that is to be destroyed has not sent: sealed first, to the server or to the passphrase."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from app.clock import from_epoch_ms, utc_text
from app.field.canonical import canonical
from app.keys import sealed_box
from app.keys.envelope import KEY_BYTES, Wrap, b64, unb64
from app.keys.safe import Safe
from app.paths import write_atomically
from app.services.entries import builder, new_op_id
from app.services.returning import LINKS, refused_filings
from app.services.room import Opened, Room
from app.services.vault_contents import CHAINED
from app.trouble import NotYou, VaultTrouble
from local_cache import drafts, evidence, outbox
from local_cache.database import transaction
from local_cache.drafts import Body
from local_cache.evidence import Proof
from local_cache.intents import begin_intent
from local_cache.outbox import OutboxItem

_log = logging.getLogger(__name__)
LABEL = "sealed"
ELSEWHERE = "outbox.elsewhere"


class Content(msgspec.Struct, frozen=True):
    """What lies in a sealed file."""

    items: tuple[OutboxItem, ...]
    drafts: tuple[Body, ...]
    evidence: tuple[Proof, ...] = ()


@dataclass(frozen=True)
class Recovered:
    """What came back: `items` wait for the next sync; `elsewhere` were links of the old device's chain
    (queries, reports) and stand in the outbox as refused: whoever still needs them asks anew."""

    items: int = 0
    drafts: int = 0
    elsewhere: int = 0


def seal(safe: Safe, opened: Opened, first: Path, server_pem: str) -> int:
    """Write open outbox rows and drafts, with the refused filings they are of, to `first`, or beside it when
    a file that nobody has recovered is there; returns how many. Without any, nothing is written.

    With `server_pem` (P-256 public key) only the server can open them. Without, the passphrase of the vault
    together with a fresh keyring secret can, after the device is registered anew.

    Raises:
        DiskFull, ReadOnly: nothing may be destroyed then.
        VaultTrouble: keyring.missing or keyring.locked.
    """
    unsent = outbox.all_items(opened.work, only_open=True)
    content = Content(
        (*unsent, *refused_filings(opened.work)),
        tuple(drafts.listed(opened.work, "drafts")),
        tuple(evidence.everything(opened.work)),
    )
    count = len(unsent) + len(content.drafts)
    if not count:
        return 0
    target, plain = _free(first), msgspec.json.encode(content)
    if server_pem:
        value: dict[str, Any] = {"v": 2, "mode": "server", **sealed_box.seal(server_pem, plain)}
    else:
        head: dict[str, Any] = {"v": 2, "mode": "passphrase", "kdf": opened.header.kdf, "ring": ""}
        parts = [bytes(opened.keys.pass_key)]
        if opened.keys.ring_key is not None:
            secret, head["ring"] = secrets.token_bytes(KEY_BYTES), target.name.partition(".")[2]
            safe.ring.write(opened.header.profile, head["ring"], {"k_b64": b64(secret)})
            parts.append(secret)
        wrap = safe.envelope.wrap(plain, parts, LABEL, canonical(head))
        value = {**head, **wrap.as_json()}
    write_atomically(target, msgspec.json.encode(value))
    return count


def left(first: Path) -> list[Path]:
    """Sealed files that nobody has recovered, the oldest first."""
    return sorted(first.parent.glob(f"{first.name}*"), key=lambda path: path.stat().st_mtime_ns)


def sealed_at(file: Path) -> str:
    """When a file was sealed, as wire text."""
    return utc_text(from_epoch_ms(file.stat().st_mtime_ns // 1_000_000))


def recover(safe: Safe, room: Room, opened: Opened, source: Path, passphrase: str) -> Recovered:
    """Put what was sealed into an open vault and remove the file; what is there already stays as it is, and
    a draft that says something else than the one of its name comes beside it.

    Raises:
        NotYou: unlock.bad for another passphrase.
        VaultTrouble: sealed.missing, sealed.damaged, sealed.for-server, keyring.emptied.
    """
    content, ring_item = _read(safe, opened.header.profile, source, passphrase)
    with transaction(opened.work, "work"):
        moved = [_put_back(room, opened, item, content.evidence) for item in content.items]
        known = {(one.kind, one.key): one for one in drafts.listed(opened.work, "drafts")}
        fresh = [both for one in content.drafts if (both := _beside(one, known.get((one.kind, one.key))))]
        for draft in fresh:
            drafts.save(opened.work, "drafts", draft)
    source.unlink()
    if ring_item:
        try:
            safe.ring.delete(opened.header.profile, ring_item)
        except VaultTrouble as trouble:
            _log.warning("a used secret stays in the keyring: %s", trouble.code)
    return Recovered(moved.count("waiting"), len(fresh), moved.count("refused"))


def _beside(sealed: Body, there: Body | None) -> Body | None:
    """What to keep of a sealed draft: all of it; under another name when one of its name that says something
    else is there already, for the officer to choose; None when that says the same."""
    if there is None:
        return sealed
    if there.body == sealed.body:
        return None
    name, body = new_op_id(), msgspec.json.decode(sealed.body)
    if isinstance(body, dict) and "draft_id" in body:
        body |= {"draft_id": name, "refused": "", "why": "", "left_out": []}
    return replace(sealed, key=name, body=msgspec.json.encode(body))


def _put_back(room: Room, opened: Opened, item: OutboxItem, proofs: Iterable[Proof]) -> str:
    """The state of the row it got, empty when there was one. This device signs what it is going to send, and
    brings the evidence itself: the server has forgotten what another device brought. A refused filing is
    not sent; it is there for its draft."""
    if outbox.get(opened.work, item.op_id) is not None:
        return ""
    bare = replace(item, entry_n=None, attempts=0, next_try=0)
    if item.state == "refused":
        outbox.add(opened.work, bare)
        evidence.add(opened.work, [replace(one, sent=0) for one in proofs if one.op_id == item.op_id])
        return "returned"
    if item.kind in CHAINED:
        outbox.add(opened.work, replace(bare, state="refused", why=ELSEWHERE))
        return "refused"
    jws = opened.device_key.sign_item(item.op_id, item.kind, item.made_at, item.body_sha256)
    bare = replace(bare, state="waiting", why="", jws=jws, tried_at=0)
    if item.kind in LINKS:
        query_no = str(msgspec.json.decode(item.body).get("query_no", ""))
        build = builder(
            room, opened, LINKS[item.kind], item.op_id, query_no=query_no, body_sha256=item.body_sha256
        )
        begin_intent(opened.work, build, bare, query_no=query_no)
        evidence.add(opened.work, [replace(one, sent=0) for one in proofs if one.op_id == item.op_id])
    else:
        outbox.add(opened.work, bare)
    return "waiting"


def _read(safe: Safe, profile: str, source: Path, passphrase: str) -> tuple[Content, str]:
    """What lies in a sealed file, and the keyring's item that belongs to it."""
    try:
        value = msgspec.json.decode(source.read_bytes())
        mode = value.pop("mode")
        if mode != "passphrase":
            raise VaultTrouble("sealed.for-server")
        wrap = Wrap(unb64(value.pop("nonce_b64")), unb64(value.pop("box_b64")))
        head = {**value, "mode": mode}
        kdf, ring_item = head["kdf"], str(head["ring"])
    except FileNotFoundError as flaw:
        raise VaultTrouble("sealed.missing") from flaw
    except (msgspec.DecodeError, KeyError, AttributeError, ValueError) as flaw:
        raise VaultTrouble("sealed.damaged") from flaw
    parts = [bytes(safe.envelope.derive(passphrase, kdf))]
    if ring_item:
        found = safe.ring.read(profile, ring_item)
        if not found:
            raise VaultTrouble("keyring.emptied")
        parts.append(unb64(found["k_b64"]))
    try:
        plain = safe.envelope.unwrap(wrap, parts, LABEL, canonical(head))
    except NotYou as flaw:
        raise NotYou("unlock.bad", "passphrase.wrong") from flaw
    return msgspec.json.decode(bytes(plain), type=Content), ring_item


def _free(first: Path) -> Path:
    """`first`, or the next name beside it that is not taken."""
    place, number = first, 1
    while place.exists():
        number += 1
        place = first.with_name(f"{first.name}.{number}")
    return place
