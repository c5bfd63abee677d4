"""The order of Tab is the order in which a page is read, whenever its parts were made: band by band from the
top, and within a band column by column from the left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QComboBox, QScrollArea, QWidget

WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox)  # what is inside is theirs


def reading_order(boxes: Sequence[QRect]) -> list[int]:
    """The places of boxes in the order of reading. A line from side to side that cuts none of them parts
    bands; where there is no such line, one from top to bottom parts columns."""
    return _parted(boxes, list(range(len(boxes))), upright=False, tried=False)


def _parted(boxes: Sequence[QRect], places: list[int], upright: bool, tried: bool) -> list[int]:
    if len(places) < 2:
        return places

    def start(place: int) -> int:
        return boxes[place].left() if upright else boxes[place].top()

    def end(place: int) -> int:
        return boxes[place].right() if upright else boxes[place].bottom()

    places = sorted(places, key=lambda place: (start(place), end(place)))
    groups: list[list[int]] = [[places[0]]]
    reach = end(places[0])
    for place in places[1:]:
        if start(place) > reach:
            groups.append([])
        groups[-1].append(place)
        reach = max(reach, end(place))
    if len(groups) > 1:
        return [one for group in groups for one in _parted(boxes, group, not upright, False)]
    if not tried:
        return _parted(boxes, places, not upright, True)
    return sorted(places, key=lambda place: (boxes[place].top(), boxes[place].left()))


def as_read(part: QWidget) -> Iterator[QWidget]:
    """A widget and all inside it that takes the focus by Tab, in the order of reading."""
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    if isinstance(part, WHOLE):
        return
    if isinstance(part, QScrollArea):
        inner = part.widget()
        inside = [inner] if inner is not None else []
    else:
        every = part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        inside = [one for one in every if one.isVisibleTo(part) and not one.isWindow()]
    for place in reading_order([one.geometry() for one in inside]):
        yield from as_read(inside[place])


def order_tabs(part: QWidget) -> None:
    """Have Tab go through what can be seen of a widget as it is read."""
    parts = list(as_read(part))
    for _ in range(2):  # Qt leaves the first of a window where it is when it is to follow the last
        if all(one.nextInFocusChain() is other for one, other in pairwise(parts)):
            return
        for one in reversed(parts[1:]):
            QWidget.setTabOrder(parts[0], one)
