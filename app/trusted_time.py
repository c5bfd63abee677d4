"""Time that a turned-back wall clock cannot stretch: the server's last word plus what passed since in
this boot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from app.clock import Clock, epoch_ms

TOLERANCE_MS = 5 * 60 * 1000


@dataclass(frozen=True)
class Anchor:
    """All in milliseconds since 1970, `mono_ms` since boot. `last_ms` is the latest trusted time,
    `wall_ms` the latest reading of the wall clock, `ahead_ms` how far the server was ahead of the wall
    when it last spoke. `resumed` is 1 where `server_ms` is no word of the server but the trusted time with
    which a later boot began."""

    server_ms: int = 0
    boot_id: str = ""
    mono_ms: int = 0
    last_ms: int = 0
    wall_ms: int = 0
    ahead_ms: int = 0
    resumed: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Anchor:
        """Raises TypeError or ValueError when it is no anchor."""
        numbers = {name: int(number) for name, number in value.items() if name != "boot_id"}
        return cls(boot_id=str(value.get("boot_id", "")), **numbers)


class TrustedClock:
    """The anchor at work. Without a word of the server the wall clock is all there is."""

    def __init__(self, clock: Clock, anchor: Anchor | None = None) -> None:
        self._clock = clock
        self.anchor = anchor or Anchor()
        if self.anchor.server_ms and self.anchor.boot_id != clock.boot_id():
            self._resume()

    def _resume(self) -> None:
        """A later boot goes on from the latest time known. From here on its own time since boot counts as
        well: a wall clock that is set back again and again would stand still."""
        self.anchor = replace(
            self.anchor,
            server_ms=self._by_wall(),
            boot_id=self._clock.boot_id(),
            mono_ms=self._clock.monotonic_ms(),
            resumed=1,
        )

    def now_ms(self) -> int:
        """Trusted time: in the boot in which the server spoke by the time since boot; in a later one by that
        or the wall or what was last seen, whichever is latest."""
        anchor = self.anchor
        if not anchor.server_ms or anchor.boot_id != self._clock.boot_id():
            return self._by_wall()
        passed = anchor.server_ms + max(0, self._clock.monotonic_ms() - anchor.mono_ms)
        return max(passed, self._by_wall()) if anchor.resumed else passed

    def _by_wall(self) -> int:
        wall = epoch_ms(self._clock.now())
        return max(wall, wall + self.anchor.ahead_ms, self.anchor.last_ms)

    def is_back(self) -> bool:
        """Whether the wall stands more than five minutes before what it once showed."""
        return epoch_ms(self._clock.now()) < self.anchor.wall_ms - TOLERANCE_MS

    def told(self, server_ms: int) -> None:
        """The server said what time it is, in something signed or over the pinned line: everything
        starts anew."""
        wall = epoch_ms(self._clock.now())
        self.anchor = Anchor(
            server_ms=server_ms,
            boot_id=self._clock.boot_id(),
            mono_ms=self._clock.monotonic_ms(),
            last_ms=server_ms,
            wall_ms=wall,
            ahead_ms=server_ms - wall,
        )

    def seen(self) -> Anchor:
        """Note the time of now; neither value ever goes down here."""
        anchor, wall = self.anchor, epoch_ms(self._clock.now())
        self.anchor = replace(
            anchor, last_ms=max(anchor.last_ms, self.now_ms()), wall_ms=max(anchor.wall_ms, wall)
        )
        return self.anchor
