"""A record that belongs to another platform is changed by its origin alone; here it can only be marked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from server_stub.exchange.province.models import Foreign
from server_stub.records.errors import BelongsElsewhere

# of marks, and of what is known of a subject here, the origin of a record has no word
_OURS = ("marked", "unmarked", "person-corrected")
_speaking: ContextVar[str] = ContextVar("origin_speaking", default="")


@contextmanager
def origin_speaks(origin: str) -> Iterator[None]:
    """Inside, the records of this origin may be changed: its own words are being applied."""
    before = _speaking.set(origin)
    try:
        yield
    finally:
        _speaking.reset(before)


def may_change(rec_id: str, reason: str) -> None:
    """Asked before each revision of a record.

    Raises:
        BelongsElsewhere: when the record is foreign, the reason is not ours, and its origin does not speak.
    """
    if reason in _OURS:
        return
    origin = Foreign.objects.filter(rec_id=rec_id).values_list("origin", flat=True).first()
    if origin is not None and origin != _speaking.get():
        raise BelongsElsewhere(origin)
