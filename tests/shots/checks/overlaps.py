"""Words over words, and parts with words over each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from PySide6.QtWidgets import QWidget

from tests.shots.checks.fitting import named, over, seen, words_of
from tests.shots.checks.ink import Ink

WIDE, HIGH = 2.0, 2.5  # px by which boxes of ink may touch


def overlapping(inks: Sequence[Ink]) -> list[str]:
    """Words of which a part stands where others stand."""
    found = []
    lines = sorted(inks, key=lambda ink: ink.box.top())
    for place, one in enumerate(lines):
        for other in lines[place + 1 :]:
            if other.box.top() >= one.box.bottom() - HIGH:
                break
            wide, high = over(one.shown(), other.shown())
            if wide > WIDE and high > HIGH:
                found.append(f"{one.text!r} over {other.text!r} by {wide:.0f}x{high:.0f}")
    return found


def crowded(root: QWidget) -> list[str]:
    """Parts of one holder that lie over each other although both have words."""
    found = []
    holders: dict[QWidget, list[QWidget]] = {}
    for part in seen(root, QWidget):
        above = part.parentWidget()
        if words_of(part) and above is not None and not part.isWindow():
            holders.setdefault(above, []).append(part)
    for holder, parts in holders.items():
        for one, other in combinations(parts, 2):
            both = one.geometry().intersected(other.geometry())
            if both.width() > WIDE and both.height() > HIGH:
                found.append(f"{words_of(one)!r} over {words_of(other)!r} in {named(holder)}")
    return found
