"""A signed item for the outbox with the files that go before it: written down in one step, then offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from app.field.canonical import canonical, canonical_sha256
from app.field.evidence import EntryKind
from app.services.attaching import Named, digest
from app.services.entries import builder, new_op_id
from app.services.refused_files import refused_file
from app.services.returning import in_the_way
from app.services.room import Opened, Room
from app.trouble import Refused
from local_cache import evidence, outbox
from local_cache.database import transaction
from local_cache.evidence import Proof
from local_cache.intents import begin_intent
from local_cache.outbox import OutboxItem


@dataclass(frozen=True)
class FiledItem:
    """What was written down, and its case's number once the server has taken it."""

    op_id: str
    state: Literal["queued", "sent"]
    number: str


def queue(
    room: Room,
    opened: Opened,
    kind: str,
    link: EntryKind,
    body: Mapping[str, Any],
    about: tuple[str, str],
    files: Sequence[Named] = (),
    also: Callable[[], object] = lambda: None,
) -> str:
    """Chain entry, outbox row and files in one transaction; returns the row's name. `about` is subject
    (masked for a person) and query number; `also` is done in the same transaction."""
    op_id, made_at, sha256 = new_op_id(), opened.now_text(), canonical_sha256(body)
    item = OutboxItem(
        op_id=op_id,
        kind=kind,
        made_at=made_at,
        body=canonical(body),
        body_sha256=sha256,
        jws=opened.device_key.sign_item(op_id, kind, made_at, sha256),
    )
    subject, query_no = about
    build = builder(room, opened, link, op_id, query_no=query_no, body_sha256=sha256)
    proofs = [
        Proof(op_id, place, name, digest(content), new_op_id(), content)
        for place, (name, content) in enumerate(files)
    ]
    with transaction(opened.work, "work"):
        begin_intent(opened.work, build, item, subject, query_no)
        evidence.add(opened.work, proofs)
        also()
    return op_id


def number_of(room: Room, op_id: str, duplicate: str, kept: str) -> str:
    """The number that the server gave to a filing; empty while it waits.

    Raises:
        Refused: what the server said, with the row's name (context op_id) and the open case that is in the
            way (context number, text `duplicate`) or the file that it did not take (context file); `kept`
            says what became of it.
    """
    item = room.run(lambda opened: outbox.get(opened.work, op_id))
    if item is not None and item.state == "done" and item.result:
        return str(msgspec.json.decode(item.result).get("number", ""))
    if item is not None and item.state == "refused":
        other, file = in_the_way(item), refused_file(item)
        known, text = {"op_id": op_id}, f"problem.{item.why}"
        if other:
            known, text = known | {"number": other}, duplicate
        elif file is not None:
            known, text = known | {"file": file.name}, file.text
        raise Refused(item.why, text, known, kept=kept)
    return ""
