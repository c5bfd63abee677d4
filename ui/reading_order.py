"""Tab and screen readers go through a page as it lies, not as its parts happened to be made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QStackedLayout, QStackedWidget, QWidget


def put_in_order(root: QWidget) -> None:
    """Let the stops of Tab and the children of every widget follow the layouts of `root`."""
    before: QWidget | None = None
    for widget in lying(root):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget


def lying(widget: QWidget) -> Iterator[QWidget]:
    """The widget, then all below it in the order of its layouts; each is put behind the one before it among
    its parent's children, by which a screen reader goes."""
    yield widget
    if isinstance(widget, QScrollArea):
        parts = [widget.widget()]
    elif isinstance(widget, QStackedWidget):
        parts = [widget.widget(place) for place in range(widget.count())]
    else:
        parts = []
        layout = widget.layout()
        if layout is not None:
            yield from _inside(layout)
    for part in parts:
        if part is not None:
            yield from lying(part)


def _inside(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            if not isinstance(layout, QStackedLayout):
                widget.raise_()
            yield from lying(widget)
        elif inner is not None:
            yield from _inside(inner)
