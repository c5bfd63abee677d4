"""Through every combination of page, state, theme, size, text size and language, with every check at each."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtGui import QImage

from tests.shots.checks.contrast import weak_pairs
from tests.shots.room import Room
from tests.shots.states import PAGES, STATES
from ui.look import look, tokens

LANGUAGES = ("zh_CN", "en")
SMALL, USUAL, HUGE = (880, 480), (1280, 800), (3840, 2160)
HALVED = (960, 540)  # what a screen of 1920x1080 has at 200 %
PLAIN = 100


@dataclass(frozen=True)
class Look:
    """What is put on the whole application, and the sizes that are tried in it."""

    theme: str
    percent: int
    sizes: tuple[tuple[int, int], ...]


# Every theme at every size; then the text sizes, where they matter most: in the smallest window.
LOOKS = (
    Look("light", PLAIN, (USUAL, SMALL)),
    Look("dark", PLAIN, (USUAL, SMALL)),
    Look("highContrast", PLAIN, (USUAL, SMALL)),
    Look("light", 115, (SMALL,)),
    Look("light", 130, (SMALL,)),
    Look("light", 150, (USUAL, SMALL)),
)
VAST = (Look("light", PLAIN, (HUGE,)), Look("light", 150, (HUGE,)))  # pages only: a huge window cuts least
DOUBLED = tuple(Look(theme, PLAIN, (HALVED,)) for theme in ("light", "dark", "highContrast"))
# A part of it for every commit: each theme, both languages, the usual and the smallest window, few pages.
CORE_LOOKS = (
    Look("light", PLAIN, (USUAL, SMALL)),
    Look("dark", PLAIN, (USUAL,)),
    Look("highContrast", PLAIN, (SMALL,)),
)
CORE_STATES = ("subject",)


@dataclass
class Tally:
    """How many combinations were looked over, what was found where, how long it took."""

    combinations: int = 0
    pictures: int = 0
    seconds: float = 0.0
    findings: dict[str, list[str]] = field(default_factory=dict)

    def add(self, where: str, found: Iterable[str]) -> None:
        for one in found:
            self.findings.setdefault(one, []).append(where)

    def take_in(self, other: Tally) -> None:
        """Add what somebody else looked over."""
        self.combinations += other.combinations
        self.pictures += other.pictures
        self.seconds += other.seconds
        for one, places in other.findings.items():
            self.findings.setdefault(one, []).extend(places)

    def lines(self) -> Iterator[str]:
        """Each finding once, with the first place and the number of others."""
        for one, places in self.findings.items():
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            yield f"{places[0]}{more}: {one}"


Keep = Callable[[str, QImage], None]


def walk(
    looks: Sequence[Look],
    states: Sequence[str] = tuple(STATES),
    languages: Sequence[str] = LANGUAGES,
    keep: Keep | None = None,
    scale: int = 1,
) -> Tally:
    """Look over every state in every look, size and language; `keep` is given the pictures worth keeping."""
    tally, began = Tally(), time.process_time()
    gc.collect()
    gc.freeze()  # what is there by now stays; each window's remains are found sooner
    try:
        for one in looks:
            look().wear(one.theme, one.percent)
            tally.add(one.theme, weak_pairs(tokens()["color"][one.theme]))
            for language in languages:
                for state in states:
                    _look_over(one, language, state, tally, keep, scale)
    finally:
        gc.unfreeze()
        look().wear("light", PLAIN)
    tally.seconds = time.process_time() - began
    return tally


def _look_over(one: Look, language: str, state: str, tally: Tally, keep: Keep | None, scale: int) -> None:
    room = Room(language, one.sizes[0])
    try:
        room.bring(state)
        for size in one.sizes:
            room.resize(*size)
            found, picture = room.look_over()
            tally.combinations += 1
            name = name_of(state, one, size, language, scale)
            tally.add(name, found)
            if keep is not None and worth_keeping(state, one, size, language, scale):
                keep(name, picture)
                tally.pictures += 1
    finally:
        room.close()


def name_of(state: str, one: Look, size: tuple[int, int], language: str, scale: int = 1) -> str:
    """A combination as a finding and a picture are called."""
    wide, high = size
    text = f"-{one.percent}pc" if one.percent != PLAIN else ""
    return f"{state}-{one.theme}-{wide}x{high}{f'@{scale}x' if scale > 1 else ''}{text}-{language[:2]}"


def worth_keeping(state: str, one: Look, size: tuple[int, int], language: str, scale: int = 1) -> bool:
    """A picture of every state once, and of every page in every theme, size and language."""
    if size == HUGE or one.percent != PLAIN:
        return False
    usual = (one.theme, size, language, scale) == ("light", USUAL, LANGUAGES[0], 1)
    return usual or state in PAGES


def into(folder: Path) -> Keep:
    """Keep pictures as files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)

    def keep(name: str, picture: QImage) -> None:
        if not picture.save(str(folder / f"{name}.png")):
            raise OSError(f"could not write {name}")

    return keep
