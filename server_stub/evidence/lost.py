"""Links whose leaves a restore took: a receipt that this log signed before says what the leaf said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.field.evidence import Receipt
from app.field.proofs import included, key_hint, read_note
from server_stub.config.city import log_origin
from server_stub.config.keys import keys
from server_stub.evidence.chains import Accepted, leaf_of_act
from server_stub.evidence.errors import EntryInvalid
from server_stub.evidence.log import Appended, stored
from server_stub.evidence.models import Leaf

_FACTS = (
    "at", "subject_key", "purpose", "basis_sha256", "query_no", "report_no", "records_sha256",
    "report_sha256", "outcome",
)  # fmt: skip


def facts_by_link(accepted: Iterable[Accepted], receipts: Iterable[Receipt]) -> dict[str, dict[str, Any]]:
    """What the lost leaf of each link said, by the link's digest.

    Raises:
        EntryInvalid: a receipt that this log did not give, or that speaks of another link or officer.
    """
    links = {one.digest: one for one in accepted}
    found: dict[str, dict[str, Any]] = {}
    for receipt in receipts:
        link = links.get(receipt.entry.entry_sha256)
        if link is None or not _given_here(receipt):
            raise EntryInvalid("a receipt that this log did not give for these links")
        entry = receipt.entry
        same = (entry.user, entry.device_id, entry.op_id) == (
            link.entry.user, link.entry.device_id, link.entry.op_id,
        )  # fmt: skip
        if not same or entry.source != "device" or entry.kind != link.entry.kind:
            raise EntryInvalid("a receipt of another link")
        facts = {name: getattr(entry, name) for name in _FACTS}
        found[link.digest] = facts | {"organisation": entry.organisation}
    return found


def leaf_again(accepted: Accepted, facts: dict[str, Any]) -> Appended:
    """The leaf of a link that says this: the one in the log, or a new one for the lost one. A link
    may stand there with less, when its claim came before the cut and its effect behind it.
    """
    for row in Leaf.objects.filter(entry_sha256=accepted.digest).order_by("-index"):
        one = stored(row)
        if all(getattr(one.entry, name) == value for name, value in facts.items()):
            return one
    return leaf_of_act(accepted, **facts)


def _given_here(receipt: Receipt) -> bool:
    try:
        note = read_note(receipt.checkpoint)
        path = [bytes.fromhex(step) for step in receipt.inclusion]
    except ValueError:
        return False
    claim, public = note.checkpoint, keys().log.public
    hint = key_hint(claim.origin, 1, public)
    signed = any(
        (name, given) == (claim.origin, hint) and _holds(public, signature, note.body)
        for name, given, signature in note.signatures
    )
    within = included(receipt.leaf(), receipt.leaf_index, claim.size, path, claim.root)
    return claim.origin == log_origin() and signed and within


def _holds(public: bytes, signature: bytes, body: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except InvalidSignature:
        return False
    return True
