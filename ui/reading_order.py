"""The order in which a window is read is the order of its boxes on the screen, whenever its parts were made:
band by band from the top, within a band column by column from the left. Tab and screen readers go by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)  # what is inside is theirs
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_MOVED = (QEvent.Type.LayoutRequest, QEvent.Type.Resize)
CALM_MS = 200


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


def inside(part: QWidget) -> list[QWidget]:
    """What can be seen directly inside a widget, in the order of reading."""
    if isinstance(part, WHOLE):
        return []
    if isinstance(part, QScrollArea):
        scrolled = part.widget()
        return [scrolled] if scrolled is not None else []
    every: list[QWidget] = part.findChildren(QWidget, options=DIRECT)
    return _in_order([one for one in every if one.isVisibleTo(part) and not one.isWindow()], part.layout())


def _in_order(parts: list[QWidget], layout: QLayout | None) -> list[QWidget]:
    """What a layout within the layout holds is one box: two columns whose cards happen to end at the same
    height are still read one after the other. Layouts are asked where a widget is, never for their items:
    Python's wrappers of those outlive them."""
    groups: list[list[QWidget]] = []
    for inner in layout.findChildren(QLayout, options=DIRECT) if layout is not None else ():
        held = [one for one in parts if _holds(inner, one)]
        parts = [one for one in parts if one not in held]
        if held:
            groups.append(_in_order(held, inner))
    groups += [[one] for one in parts]
    order = reading_order([_box(group) for group in groups])
    return [one for place in order for one in groups[place]]


def _holds(layout: QLayout, part: QWidget) -> bool:
    if layout.indexOf(part) >= 0:
        return True
    return any(_holds(inner, part) for inner in layout.findChildren(QLayout, options=DIRECT))


def _box(group: Sequence[QWidget]) -> QRect:
    box = QRect()
    for one in group:
        box = box.united(one.geometry())
    return box


def as_read(part: QWidget) -> Iterator[QWidget]:
    """A widget and all inside it that takes the focus by Tab, in the order of reading."""
    return (one for one, _ in _walked(part) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _walked(part: QWidget) -> Iterator[tuple[QWidget, list[QWidget]]]:
    """Every widget that can be seen, each with what is directly inside it."""
    within = inside(part)
    yield part, within
    for one in within:
        yield from _walked(one)


def _speak_in_order(part: QWidget, within: Sequence[QWidget]) -> None:
    """Screen readers go by the order of children, which is that of what lies over what, too: parts that lie
    over each other are left alone."""
    if isinstance(part, QScrollArea) or len(within) < 2:
        return
    now = [one for one in part.children() if one in within]
    if now == list(within) or any(a.geometry().intersects(b.geometry()) for a, b in combinations(within, 2)):
        return
    for one in within:
        one.raise_()


class ReadingOrder(QObject):
    """Keeps a window, and every part that scrolls in it, in the order of reading while parts come and go."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._soon = QTimer(self, singleShot=True, interval=CALM_MS)
        self._soon.timeout.connect(self.lay)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """At the first sight, and later once the window is calm: every new number asks for a layout. Tab
        lays it at once."""
        if event.type() == QEvent.Type.Show:
            QTimer.singleShot(0, self.lay)
        elif event.type() in _MOVED:
            self._soon.start()
        return False

    def lay(self) -> None:
        """Have Tab and screen readers go through the window as it is read now."""
        stops: list[QWidget] = []
        for part, within in _walked(self._window):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
                stops.append(part)
            _speak_in_order(part, within)
            if isinstance(part, QScrollArea):  # what moves in it is not told further up
                for scrolled in within:
                    scrolled.installEventFilter(self)
        for _ in range(2):  # Qt leaves the first of a window where it is when it is to follow the last
            if all(one.nextInFocusChain() is other for one, other in pairwise(stops)):
                return
            for one in reversed(stops[1:]):
                QWidget.setTabOrder(stops[0], one)
