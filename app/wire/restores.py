"""Whether the log that a restored server shows is the beginning of the one this computer saw, and how much
of it was cut. Nothing here is believed that the pinned log key did not sign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import msgspec

from app.field.proofs import Checkpoint, consistent
from app.field.records import Signed
from app.field.restorations import Restoration, confirmation_code
from app.trouble import NotTrusted
from app.wire.receipts import Seen
from app.wire.trust import Trust

PathOf = Callable[[int, int], Sequence[str]]


class Cut(msgspec.Struct, frozen=True):
    """What the declarations say to a computer of one epoch: the tree that is left of what it saw, the epoch
    to go on with, and the code that stands for all declarations."""

    size: int
    root: bytes
    epoch: str
    code: str
    newest: Restoration


def read_cut(trust: Trust, statements: Sequence[Signed], own_epoch: str, now_epoch: str) -> Cut:
    """The deepest cut between the epoch of this vault and the server's own.

    Raises:
        NotTrusted: log.unsigned; log.inconsistent when the declarations are no chain, or none leads from this
            vault's epoch to the server's.
    """
    read = [trust.open_restoration(one) for one in statements]
    before = ""
    for statement, payload in read:
        if statement.previous != before or statement.epoch in statement.follows:
            raise NotTrusted("log.inconsistent")
        before = hashlib.sha256(payload).hexdigest()
    cuts = [statement for statement, _ in read if own_epoch in statement.follows]
    if not cuts or read[-1][0].epoch != now_epoch or read[-1][0] not in cuts:
        raise NotTrusted("log.inconsistent")
    deepest = min(cuts, key=lambda statement: statement.size)
    try:
        root = bytes.fromhex(deepest.root)
    except ValueError as flaw:
        raise NotTrusted("log.inconsistent") from flaw
    newest, payload = read[-1]
    return Cut(deepest.size, root, newest.epoch, confirmation_code(payload), newest)


def check_history(cut: Cut, head: Checkpoint, anchors: Sequence[Seen], path_of: PathOf) -> None:
    """The restored tree begins with the cut tree and with every tree of `anchors`, none larger than the cut.

    Raises:
        NotTrusted: log.inconsistent. And what `path_of` raises.
    """
    if head.size <= cut.size:  # the declaration itself is a leaf behind the cut
        raise NotTrusted("log.inconsistent")
    for anchor in (Seen(cut.size, cut.root), *anchors):
        if anchor.size > cut.size:
            raise NotTrusted("log.inconsistent")
        if anchor.size == 0:
            continue
        try:
            path = [bytes.fromhex(step) for step in path_of(anchor.size, head.size)]
        except ValueError as flaw:
            raise NotTrusted("log.inconsistent") from flaw
        if not consistent(anchor.size, head.size, path, anchor.root, head.root):
            raise NotTrusted("log.inconsistent")
