"""Links of the device's own chain: what was done, when by this device's word, signed by its key."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any

from app.clock import utc_text
from app.field.evidence import ClientEntry, EntryKind
from app.services.room import Opened, Room
from local_cache import ledger, state

SEEN_SIZE, SEEN_ROOT, SEEN_NOTE = "log.size", "log.root", "log.note"
EPOCH = "log.epoch"  # whose log the three above speak of; empty: the one of the first sign-in


def new_op_id() -> str:
    """A UUIDv7: ordered by the time it was made, unique by 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    value = stamp << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def builder(
    room: Room, opened: Opened, kind: EntryKind, op_id: str, **facts: Any
) -> Callable[[int, str], ledger.Entry]:
    """What `ledger.append` and `begin_intent` call with the place in the chain.

    `facts` are further members of ClientEntry (purpose, body_sha256, query_no, report_no, copies, ...).
    """

    def build(n: int, prev: str) -> ledger.Entry:
        entry = ClientEntry(
            v=1,
            device_id=opened.device_key.thumbprint(),
            n=n,
            prev=prev,
            kind=kind,
            op_id=op_id,
            user=opened.user.user,
            claimed_at=utc_text(room.clock.now()),
            boot_id=room.clock.boot_id(),
            mono_ms=room.clock.monotonic_ms(),
            last_receipt=state.get(opened.work, SEEN_SIZE),
            **facts,
        )
        return ledger.Entry(
            n=n,
            digest=entry.digest(),
            prev=prev,
            kind=kind,
            op_id=op_id,
            purpose=entry.purpose,
            claimed_at=entry.claimed_at,
            payload=entry.bytes_(),
            jws=opened.device_key.sign_entry(entry),
        )

    return build


def note_act(room: Room, kind: EntryKind, subject: str = "", **facts: Any) -> int:
    """Add a link for something done on this computer (viewed, saved, printed); returns its number. Without
    a `subject` the list shows that of the query it belongs to.

    Raises:
        NotYou: vault.locked.
        VaultTrouble: vault.disk-full, vault.read-only; then the act must not go on.
    """

    def act(opened: Opened) -> int:
        build = builder(room, opened, kind, new_op_id(), **facts)
        query_no = str(facts.get("query_no", ""))
        shown = subject or ledger.subject_of(opened.work, query_no)
        return ledger.append(opened.work, build, shown, query_no).n

    return room.run(act)
