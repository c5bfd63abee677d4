"""The way of Tab through a window, against the order that the design document writes down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QScrollArea, QWidget

from tests.shots.checks.fitting import named, seen

# Design, section 6: navigation, top bar, banner, then the page, then the status bar.
ZONES = ("navigation", "top", "restored", "banner", "stack", "status")
SLACK = 4  # px


@dataclass(frozen=True)
class Stop:
    """A part at which Tab halts: its zone (-1 outside the frame), its box in the window, and what it scrolls
    in, innermost first: which one, and where its edges are in the window.
    """

    name: str
    zone: int
    box: QRect
    areas: tuple[tuple[int, QRect], ...] = ()

    def beside(self, other: Stop) -> QRect:
        """The box to compare with another's: what has been scrolled away stands at the edge of its part,
        unless the other scrolls in the same."""
        box = self.box
        for one, edge in self.areas:
            if all(one != theirs for theirs, _ in other.areas):
                box = _held(box, edge)
        return box


def halts(part: QWidget) -> bool:
    """Whether Tab stops here: visible, usable, and of a group of choices the chosen one only."""
    if not part.isVisible() or not part.isEnabled() or not part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return False
    proxy = part.focusProxy()
    if proxy is not None and proxy is not part:
        return False
    if isinstance(part, QAbstractButton) and part.isCheckable() and not part.isChecked():
        return not _another_is_chosen(part)
    return True


def _another_is_chosen(part: QAbstractButton) -> bool:
    group = part.group()
    if group is not None:
        return group.exclusive() and group.checkedButton() is not None
    if not part.autoExclusive():
        return False
    holder = part.parentWidget()
    others = holder.findChildren(QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return any(one.isChecked() and one.autoExclusive() and one.group() is None for one in others)


def chain(window: QWidget) -> list[QWidget]:
    """The parts at which Tab halts, in its order."""
    found = []
    part = window.nextInFocusChain()
    while part is not None and part is not window:
        if halts(part):
            found.append(part)
        part = part.nextInFocusChain()
    return found


def stops(
    window: QWidget, frame: QWidget | None, way: Callable[[QWidget], Iterable[QWidget]] = chain
) -> list[Stop]:
    """The way of Tab, or another, with the zone of every halt."""
    zones = [getattr(frame, name) for name in ZONES] if frame is not None else []
    found = []
    for part in way(window):
        zone = next((at for at, one in enumerate(zones) if one.isAncestorOf(part)), -1)
        box = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        found.append(Stop(named(part), zone, box, tuple(_areas(part, window))))
    return found


def _areas(part: QWidget, window: QWidget) -> Iterator[tuple[int, QRect]]:
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            view = above.viewport()
            yield id(above), QRect(view.mapTo(window, QPoint(0, 0)), view.size())
        above = above.parentWidget()


def _held(box: QRect, edge: QRect) -> QRect:
    top = min(max(box.top(), edge.top()), edge.bottom())
    bottom = min(max(box.bottom(), edge.top()), edge.bottom())
    return QRect(QPoint(box.left(), top), QPoint(box.right(), bottom))


def out_of_order(way: Sequence[Stop]) -> list[str]:
    """Steps that lead back: to a zone before, up within a column, or to the left within a row."""
    found = []
    for one, other in zip(way, way[1:], strict=False):
        if other.zone != one.zone:
            if other.zone < one.zone:
                found.append(f"{other.name}: {ZONES[other.zone]} after {ZONES[one.zone]}")
            continue
        a, b = one.beside(other), other.beside(one)
        beside = b.left() >= a.right() - SLACK
        if b.bottom() <= a.top() + SLACK and not beside:
            found.append(f"{other.name} stands above {one.name} and comes after it")
        level = b.top() < a.bottom() - SLACK and a.top() < b.bottom() - SLACK
        if level and b.right() <= a.left() + SLACK:
            found.append(f"{other.name} stands left of {one.name} and comes after it")
    return found


def unreached(window: QWidget) -> list[str]:
    """Controls to which no Tab leads, and that no other control leads to with the arrows."""
    walked = set(chain(window))
    found = []
    for part in seen(window, QWidget):
        usable = part.isEnabled() and isinstance(part, QAbstractButton | QAbstractItemView)
        if usable and halts(part) and part not in walked:
            found.append(f"{named(part)} cannot be reached by Tab")
        if usable and isinstance(part, QAbstractButton) and part.focusPolicy() == Qt.FocusPolicy.NoFocus:
            found.append(f"{named(part)} takes no focus")
    return found
