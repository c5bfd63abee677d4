"""Contrast as WCAG 2.1 counts it: of pairs of colours, and of words on a picture of a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtGui import QColor, QImage

from tests.shots.checks.ink import Ink

LEAST = 4.5  # for every text pair, whatever its size (design, section 6)
MOSTLY = 0.6  # of the words has to be on the screen for them to be judged
STEP = 2  # every second pixel each way is looked at
# What the product writes on what: each ink with every ground that it may stand on.
PAIRS: Mapping[str, tuple[str, ...]] = {
    "text": (
        "bg", "surface", "surfaceAlt", "surfaceSunken", "rowHover", "rowSelected", "highlight",
        "accentSubtle", "infoSubtle", "goodSubtle", "warnSubtle", "sealSubtle",
    ),
    "textSecondary": (
        "bg", "surface", "surfaceAlt", "surfaceSunken", "rowHover", "rowSelected",
        "neutralSubtle", "accentSubtle", "goodSubtle", "warnSubtle", "sealSubtle",
    ),
    "textTertiary": ("bg", "surface", "surfaceAlt", "surfaceSunken", "rowHover", "rowSelected"),
    "textOnAccent": ("accent", "accentHover", "accentPressed", "sealFill"),
    "accentText": ("bg", "surface", "surfaceAlt", "accentSubtle", "infoSubtle", "rowHover", "rowSelected"),
    "navText": ("nav", "navHover"),
    "navTextActive": ("navActive",),
    "navMuted": ("nav",),
    "seal": ("bg", "surface", "sealSubtle"),
    "warn": ("bg", "surface", "surfaceAlt", "warnSubtle", "rowHover", "rowSelected"),
    "good": ("bg", "surface", "surfaceAlt", "goodSubtle"),
    "info": ("surface", "infoSubtle"),
}  # fmt: skip


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def ratio(ink: QColor, ground: QColor) -> float:
    """Contrast of two colours, 1 to 21; a translucent ink lets its ground through."""
    part = ink.alphaF()
    mixed = QColor.fromRgbF(
        ink.redF() * part + ground.redF() * (1 - part),
        ink.greenF() * part + ground.greenF() * (1 - part),
        ink.blueF() * part + ground.blueF() * (1 - part),
    )
    one, other = luminance(mixed), luminance(ground)
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def weak_pairs(colours: Mapping[str, str]) -> list[str]:
    """The pairs of a theme that are too weak."""
    found = []
    for ink, grounds in PAIRS.items():
        for ground in grounds:
            measured = ratio(QColor(colours[ink][:7]), QColor(colours[ground][:7]))
            if measured < LEAST:
                found.append(f"{ink} on {ground}: {measured:.2f}")
    return found


def tones_around(ink: Ink, picture: QImage, step: int = STEP) -> Counter[int]:
    """How often each colour occurs where these words stand; empty when they are not on the picture."""
    dots = picture.devicePixelRatio()
    box = ink.shown()
    left, top = max(0, int(box.left() * dots)), max(0, int(box.top() * dots))
    right = min(picture.width(), int(box.right() * dots) + 1)
    bottom = min(picture.height(), int(box.bottom() * dots) + 1)
    pixels, row = memoryview(picture.constBits()).cast("B").cast("I"), picture.bytesPerLine() // 4
    found: Counter[int] = Counter()
    for y in range(top, bottom, step):
        found.update(pixels[y * row + left : y * row + right : step].tolist())
    return found


def ground_of(tones: Mapping[int, int], ink: int) -> QColor:
    """The colour of most of a place but the ink itself. Near ones count as one: it may be a gradient."""
    near: Counter[int] = Counter()
    tones = {tone: count for tone, count in tones.items() if tone != ink or len(tones) == 1}
    for tone, count in tones.items():
        near[tone & 0xF0F0F0] += count
    most = near.most_common(1)[0][0]
    return QColor.fromRgb(max((one for one in tones if one & 0xF0F0F0 == most), key=lambda one: tones[one]))


def faint(
    inks: Iterable[Ink], picture: QImage, excused: Callable[[Ink], bool], least: float = LEAST
) -> list[str]:
    """Words too near to the ground they stand on, and words that something else is painted over.

    `excused` says of which no contrast is asked: those of a control that cannot be used at the moment.
    """
    found = []
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    for ink in inks:
        tones = tones_around(ink, picture)
        shown = ink.shown()
        whole = ink.box.width() * ink.box.height()
        if sum(tones.values()) < 12 or shown.width() * shown.height() < MOSTLY * whole:
            continue
        if len(tones) == 1:  # a dash may lie between the rows that were looked at
            tones = tones_around(ink, picture, 1)
        ground = ground_of(tones, ink.colour.rgb())
        if len(tones) == 1:
            found.append(f"{ink.text!r} cannot be seen at {_place(ink)}")
        elif not excused(ink) and (measured := ratio(ink.colour, ground)) < least:
            pair = f"{ink.colour.name()} on {ground.name()}"
            found.append(f"{ink.text!r} {pair}: {measured:.2f}")
    return found


def _place(ink: Ink) -> str:
    return f"{ink.box.left():.0f},{ink.box.top():.0f}"
