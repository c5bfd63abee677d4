"""Whether words fit: drawn ones into what is let through of them, labels and buttons into their boxes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QHeaderView,
    QLabel,
    QLineEdit,
    QWidget,
)

from tests.shots.checks.ink import Ink
from ui.widgets.basics import Elided

SLACK = 1.0  # px: smoothed edges
CUT = "…"
TOOLTIP = Qt.ItemDataRole.ToolTipRole


def under(root: QWidget, ink: Ink) -> QWidget:
    """The widget that words stand on."""
    return at(root, ink.shown()) or root


def at(root: QWidget, box: QRectF) -> QWidget | None:
    """The widget in the middle of a place."""
    return root.childAt(int(box.center().x()), int(box.center().y()))


def clipped(root: QWidget, inks: Iterable[Ink]) -> list[str]:
    """Words of which something is not let through, unless one can scroll there."""
    found = []
    for ink in inks:
        if not ink.seen.isValid():
            continue  # nothing of it is let through: `stranded` and `squeezed` speak of that
        over = (
            ink.seen.left() - ink.box.left(),
            ink.box.right() - ink.seen.right(),
            ink.seen.top() - ink.box.top(),
            ink.box.bottom() - ink.seen.bottom(),
        )
        sideways, upright = max(over[:2]) > SLACK, max(over[2:]) > SLACK
        if not sideways and not upright:
            continue
        holder = at(root, ink.seen) or root
        if sideways and not _scrolls(holder, sideways=True) or upright and not _scrolls(holder):
            lost = ", ".join(f"{one:.0f}" for one in over)
            found.append(f"{ink.text!r} cut by (left, right, top, bottom) {lost} in {named(holder)}")
    return found


def _scrolls(widget: QWidget, sideways: bool = False) -> bool:
    """Whether one can move to what is hidden: with scroll bars, or with the cursor in what was typed."""
    if isinstance(widget, QLineEdit) and widget.text():
        return True
    above: QWidget | None = widget
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            policy = above.horizontalScrollBarPolicy() if sideways else above.verticalScrollBarPolicy()
            bar = above.horizontalScrollBar() if sideways else above.verticalScrollBar()
            if policy != Qt.ScrollBarPolicy.ScrollBarAlwaysOff and bar.maximum() > bar.minimum():
                return True
        above = above.parentWidget()
    return False


def shortened(root: QWidget, inks: Iterable[Ink], fixed: frozenset[str]) -> list[str]:
    """Words cut with an ellipsis: allowed of data, in cells and of what an empty field asks for, where the
    whole can be read in a tooltip; never of what the product itself says (`fixed`) elsewhere."""
    found = []
    for ink in inks:
        text = ink.text.strip()
        if not text.endswith(CUT) or text in fixed or not ink.shown().isValid():
            continue
        holder = under(root, ink)
        wholes = _wholes(root, holder, ink.shown().center())
        if isinstance(holder, QLabel) and not isinstance(holder, Elided) and holder.text().endswith(CUT):
            continue  # said in short: the first characters of a digest
        start = text[: -len(CUT)].strip()
        whole = next((one for one in wholes if start in one), None)
        if whole is None:
            found.append(f"{text!r} in {named(holder)}: nowhere in full")
        elif whole.strip() in fixed and not isinstance(holder, QLineEdit) and not _in_cell(holder):
            found.append(f"{text!r} in {named(holder)}: our own words cut")
    return found


def _in_cell(holder: QWidget) -> bool:
    view = holder.parentWidget()
    return isinstance(view, QAbstractItemView) and not isinstance(view, QHeaderView)


def _wholes(root: QWidget, holder: QWidget, at: QPointF) -> list[str]:
    """What of a place one can read in full."""
    wholes = [holder.toolTip()]
    if isinstance(holder, Elided):
        wholes.insert(0, holder.whole)
    view = holder.parentWidget()
    if _in_cell(holder):
        assert isinstance(view, QAbstractItemView)
        index = view.indexAt(holder.mapFrom(root, at.toPoint()))
        wholes += [str(index.data(TOOLTIP) or "")]
    return [one for one in wholes if one]


def squeezed(root: QWidget) -> list[str]:
    """Labels and buttons that are smaller than their words."""
    found = []
    for part in seen(root, QLabel):
        assert isinstance(part, QLabel)
        if not part.text() or isinstance(part, Elided):
            continue
        if part.wordWrap():
            high = part.heightForWidth(part.width())
            if high > part.height() + SLACK:
                found.append(f"{part.text()!r} needs {high} of {part.height()} px height")
        elif part.sizeHint().width() > part.width() + SLACK:
            found.append(f"{part.text()!r} needs {part.sizeHint().width()} of {part.width()} px")
    for part in seen(root, QAbstractButton):
        assert isinstance(part, QAbstractButton)
        words = part.text().replace("&", "")
        wide = part.fontMetrics().horizontalAdvance(words)
        if words and not part.icon().isNull():
            wide += part.iconSize().width()
        if words and wide > part.width() + SLACK and not part.toolTip():
            found.append(f"{words!r} needs {wide} of {part.width()} px")
    return found


def stranded(root: QWidget) -> list[str]:
    """Parts with words that stick out of what holds them, where nobody can scroll to them."""
    found = []
    for part in seen(root, QWidget):
        if not words_of(part) or part is root:
            continue
        box = QRect(QPoint(0, 0), part.size())
        holder = part
        while holder is not root and not holder.isWindow():
            above = holder.parentWidget()
            if above is None:
                break
            box.translate(holder.pos())
            holder = above
            if isinstance(holder.parentWidget(), QAbstractScrollArea):
                area = holder.parentWidget()
                assert isinstance(area, QAbstractScrollArea)
                fixed = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
                if fixed and not _inside(box, holder, upright=False):
                    found.append(f"{words_of(part)!r} right of what scrolls in {named(area)}")
                break
            if not _inside(box, holder):
                found.append(f"{words_of(part)!r} sticks out of {named(holder)}")
                break
    return found


def _inside(box: QRect, holder: QWidget, upright: bool = True) -> bool:
    sideways = box.left() >= -2 and box.right() <= holder.width() + 2
    return sideways and (not upright or (box.top() >= -2 and box.bottom() <= holder.height() + 2))


def seen(root: QWidget, kind: type[QWidget]) -> list[QWidget]:
    """The parts of a kind that are on the screen or can be scrolled to."""
    return [one for one in root.findChildren(kind) if one.isVisible() and one.width() > 0]


def words_of(part: QWidget) -> str:
    """What a part says by itself."""
    if isinstance(part, QLabel | QAbstractButton):
        return part.text()
    return ""


def named(part: QWidget) -> str:
    """A part as a finding calls it."""
    return f"{type(part).__name__} {part.accessibleName()}".strip()


def over(one: QRectF, other: QRectF) -> tuple[float, float]:
    """How far two boxes lie over each other, sideways and upright; nothing where they do not."""
    both = one.intersected(other)
    return (both.width(), both.height()) if both.isValid() else (0.0, 0.0)
