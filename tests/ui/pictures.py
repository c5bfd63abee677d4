"""What a picture of a page has to prove, so that a test which takes one can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QAbstractItemView, QLabel, QPushButton, QWidget

from tests.ui import bench
from ui.look import look, tokens

STEP = 4  # every fourth pixel each way
LEAST_TONES = 12  # text and icons are smoothed: a page that draws anything has many more
MOST_GROUND = 0.97  # of a picture may be one colour
NEAR = 12  # of 255 by which a ground may miss its token


@dataclass(frozen=True)
class Picture:
    """A page as it was drawn in one theme."""

    theme: str
    image: QImage
    said: str
    cut: tuple[str, ...]

    def tones(self) -> dict[int, int]:
        """How many of the looked-at pixels have each colour."""
        counted: dict[int, int] = {}
        for x in range(0, self.image.width(), STEP):
            for y in range(0, self.image.height(), STEP):
                tone = self.image.pixel(x, y) & 0xFFFFFF
                counted[tone] = counted.get(tone, 0) + 1
        return counted

    def ground(self) -> QColor:
        """The colour of most of it."""
        tones = self.tones()
        return QColor(max(tones, key=tones.__getitem__))


def take(page: QWidget, name: str = "") -> Picture:
    """Draw a page in the look of the moment; keep it where HENGXIN_SHOTS says when it has a name."""
    bench.settle()
    if name:
        bench.grab(page, f"{name}-{look().theme}")
    words = [part.accessibleName() or part.text() for part in page.findChildren(QLabel) if part.isVisible()]
    words += [part.text() for part in page.findChildren(QPushButton) if part.isVisible()]
    for view in page.findChildren(QAbstractItemView):
        model = view.model()
        if view.isVisible() and model is not None:
            rows = range(min(model.rowCount(), 50))
            spoken = Qt.ItemDataRole.AccessibleTextRole
            words += [str(model.index(row, 0).data(spoken)) for row in rows]
    return Picture(look().theme, page.grab().toImage(), "\n".join(words), tuple(bench.clipped(page)))


def flaws(light: Picture, dark: Picture, wanted: tuple[str, ...]) -> list[str]:
    """What is wrong with the two; nothing when both show the page in their theme's colours."""
    found = []
    for one in (light, dark):
        tones = one.tones()
        if len(tones) < LEAST_TONES or max(tones.values()) > MOST_GROUND * sum(tones.values()):
            found.append(f"{one.theme}: blank")
        grounds = [QColor(look_of(one.theme, token)) for token in ("bg", "surface")]
        if not any(near(one.ground(), ground) for ground in grounds):
            found.append(f"{one.theme}: ground is {one.ground().name()}")
        found += [f"{one.theme}: no {words}" for words in wanted if words not in one.said]
        found += [f"{one.theme}: cut {words}" for words in one.cut]
    if light.image == dark.image:
        found.append("both look the same")
    elif not light.ground().lightness() > dark.ground().lightness() + 100:
        found.append("the dark one is not dark")
    return found


def look_of(theme: str, token: str) -> str:
    """A colour of a theme, whichever is worn."""
    return str(tokens()["color"][theme][token])[:7]


def near(one: QColor, other: QColor) -> bool:
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(left - right) <= NEAR for left, right in pairs)


def in_both_themes(make: Callable[[], QWidget], name: str, wanted: tuple[str, ...]) -> list[str]:
    """Make the page in light and in dark, take both pictures and say what is wrong with them."""
    taken = []
    for theme in ("light", "dark"):
        bench.clean(theme)
        look().wear(theme)
        taken.append(take(make(), name))
    look().wear("light")
    return flaws(taken[0], taken[1], wanted)
