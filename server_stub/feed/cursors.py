"""The cursor: where a device stands in the feeds, signed so that only this server can make one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from app.field.canonical import canonical
from server_stub.config.keys import keys
from server_stub.errors import Problem
from server_stub.feed.models import FeedHead


def write(epoch: str, seq: int, feed: str = "main") -> str:
    """The opaque text for a place in a feed."""
    body = canonical({"epoch": epoch, "feeds": {feed: seq}})
    return base64.urlsafe_b64encode(_mark(body) + body).decode().rstrip("=")


def read(text: str, feed: str = "main") -> int:
    """The place a cursor stands for; the empty cursor is the beginning.

    Raises:
        Problem: `body-invalid` for a text this server did not write, `epoch-changed` for one of another life
            of the database, `cursor-expired` when the rows after it are gone, or for
            one under another key: whoever made it, the device compares all it holds.
    """
    head = FeedHead.objects.get(feed=feed)
    if not text:
        seq = 0
    else:
        epoch, seq = _opened(text, feed)
        if epoch != head.epoch or seq > head.seq:
            raise Problem("epoch-changed", "the cursor is from another history")
    if seq + 1 < head.kept_from:
        raise Problem("cursor-expired", "the feed no longer reaches back that far")
    return seq


def _opened(text: str, feed: str) -> tuple[str, int]:
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as flaw:
        raise _unreadable() from flaw
    mark, body = raw[:16], raw[16:]
    if not hmac.compare_digest(mark, _mark(body)):
        if _is_place(body):  # of a key that was replaced: copies are held against the present
            raise Problem("cursor-expired", "the cursor is not one of this key")
        raise _unreadable()
    place = json.loads(body)
    return str(place["epoch"]), int(place["feeds"].get(feed, 0))


def _is_place(body: bytes) -> bool:
    try:
        place = json.loads(body)
    except ValueError:
        return False
    return isinstance(place, dict) and {"epoch", "feeds"} <= place.keys()


def _unreadable() -> Problem:
    return Problem(
        "body-invalid", "not a cursor", fields=[{"path": "cursor", "code": "cursor", "message": ""}]
    )


def _mark(body: bytes) -> bytes:
    return hmac.new(keys().derived("cursor"), body, hashlib.sha256).digest()[:16]
