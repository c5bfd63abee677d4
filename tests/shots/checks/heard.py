"""What a screen reader is given: a name for every control, a text for every cell and heading."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from tests.shots.checks.fitting import seen

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractItemView)
WHOLE = (QComboBox, QLineEdit, QAbstractSpinBox, QAbstractItemView)
SPOKEN = Qt.ItemDataRole.AccessibleTextRole
MOST_ROWS = 200
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def name_of(part: QWidget) -> str:
    """The name by which a screen reader knows a part, as the bridge of the platform asks for it."""
    interface = QAccessible.queryAccessibleInterface(part)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def is_control(part: QWidget) -> bool:
    """Whether somebody does something with it: by its kind, or because Tab leads there."""
    inner = isinstance(part.parentWidget(), QAbstractSpinBox | QComboBox | QAbstractScrollArea)
    reached = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return not inner and (isinstance(part, CONTROLS) or reached)


def nameless(root: QWidget) -> list[str]:
    """Controls without a name."""
    return [
        f"{type(part).__name__} at {part.x()},{part.y()} has no name"
        for part in seen(root, QWidget)
        if is_control(part) and not name_of(part)
    ]


def told(part: QWidget) -> Iterator[QWidget]:
    """What is said of a window from top to bottom: words and controls, in the order of the tree that screen
    readers walk."""
    interface = QAccessible.queryAccessibleInterface(part)
    every = {id(one): one for one in part.findChildren(QWidget, options=DIRECT) if one.isVisible()}
    places = {  # children are asked for their place: of `child(place)` Python would take possession
        key: interface.indexOfChild(QAccessible.queryAccessibleInterface(one)) for key, one in every.items()
    }
    for key in sorted((key for key in every if places[key] >= 0), key=lambda key: places[key]):
        one = every[key]
        if isinstance(one, (QLabel, *CONTROLS)) and one.width() > 0:
            yield one
        if not isinstance(one, WHOLE):
            yield from told(one)


def silent(root: QWidget) -> list[str]:
    """Cells and headings without a text."""
    found = []
    for view in seen(root, QAbstractItemView):
        assert isinstance(view, QAbstractItemView)
        model = view.model()
        if model is None or isinstance(view.parentWidget(), QAbstractItemView):
            continue
        wide = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
        columns = range(wide)
        for row in range(min(model.rowCount(QModelIndex()), MOST_ROWS)):
            for column in columns:
                index = model.index(row, column)
                if not str(index.data(SPOKEN) or index.data() or "").strip():
                    found.append(f"cell {row},{column} of {view.accessibleName()} says nothing")
    return found
