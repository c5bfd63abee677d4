"""The newest checkpoint moves forward only."""

from __future__ import annotations

from app.services.seen import keep_newest, seen_of
from app.services.unlocking import Unlocking
from app.wire.receipts import Seen
from tests.app.services.vaults import create


def test_a_smaller_checkpoint_does_not_take_the_place_of_a_larger(client: Unlocking, key: object) -> None:
    create(client, key)  # type: ignore[arg-type]
    large, small = Seen(9, b"\x01" * 32, "nine"), Seen(4, b"\x02" * 32, "four")

    def both(opened: object) -> tuple[Seen, Seen]:
        keep_newest(opened, large)  # type: ignore[arg-type]
        first = seen_of(opened)  # type: ignore[arg-type]
        keep_newest(opened, small)  # type: ignore[arg-type]
        return first, seen_of(opened)  # type: ignore[arg-type]

    assert client.room.run(both) == (large, large)
