"""Glyph outlines read from a TrueType face: text as shapes, for marks that must not land in copied text."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from
from typing import Any, NamedTuple

_ON, _X_SHORT, _Y_SHORT, _REPEAT, _X_SAME, _Y_SAME = 1, 2, 4, 8, 16, 32
_WORDS, _XY, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO = 1, 2, 8, 32, 64, 128


class Spot(NamedTuple):
    x: float
    y: float
    on: bool


Contour = list[Spot]


class Step(NamedTuple):
    """One path step in font units: "M" and "L" hold a point, "C" two controls and a point, "Z" nothing."""

    kind: str
    at: tuple[float, ...]


def glyph_steps(face: Any, sign: str) -> list[Step]:
    """The path of a character in font units (see `units_per_em`). A character the face lacks has no path."""
    number = face.charToGlyph.get(ord(sign))
    return [] if number is None else [step for contour in _contours(face, number) for step in _trace(contour)]


def units_per_em(face: Any) -> int:
    return int(face.unitsPerEm)


def advance(face: Any, sign: str) -> float:
    """Advance width in thousandths of an em."""
    return float(face.getCharWidth(ord(sign)))


def _contours(face: Any, number: int, depth: int = 0) -> list[Contour]:
    table = face.get_table_pos("glyf")[0]
    begin, end = face.glyphPos[number], face.glyphPos[number + 1]
    if begin == end or depth > 5:
        return []
    raw = face._ttf_data[table + begin : table + end]
    count = unpack_from(">h", raw)[0]
    return _simple(raw, count) if count >= 0 else _composite(face, raw, depth)


def _simple(raw: bytes, count: int) -> list[Contour]:
    ends = unpack_from(f">{count}H", raw, 10)
    at = 10 + 2 * count
    at += 2 + unpack_from(">H", raw, at)[0]
    total = ends[-1] + 1 if ends else 0
    flags: list[int] = []
    while len(flags) < total:
        flag = raw[at]
        at += 1
        flags.append(flag)
        if flag & _REPEAT:
            flags.extend([flag] * raw[at])
            at += 1
    xs, at = _axis(raw, at, flags, _X_SHORT, _X_SAME)
    ys, at = _axis(raw, at, flags, _Y_SHORT, _Y_SAME)
    spots = [Spot(x, y, bool(flag & _ON)) for x, y, flag in zip(xs, ys, flags, strict=True)]
    starts = [0, *(end + 1 for end in ends)]
    return [spots[first : last + 1] for first, last in zip(starts, ends, strict=False)]


def _axis(raw: bytes, at: int, flags: list[int], short: int, same: int) -> tuple[list[int], int]:
    value, found = 0, []
    for flag in flags:
        if flag & short:
            value += raw[at] if flag & same else -raw[at]
            at += 1
        elif not flag & same:
            value += unpack_from(">h", raw, at)[0]
            at += 2
        found.append(value)
    return found, at


def _composite(face: Any, raw: bytes, depth: int) -> list[Contour]:
    at, flags, found = 10, _MORE, []
    while flags & _MORE:
        flags, number = unpack_from(">HH", raw, at)
        at += 4
        dx, dy = unpack_from(">hh" if flags & _WORDS else ">bb", raw, at)
        at += 4 if flags & _WORDS else 2
        if not flags & _XY:
            dx = dy = 0
        a, b, c, d = 1.0, 0.0, 0.0, 1.0
        if flags & _SCALE:
            a = d = unpack_from(">h", raw, at)[0] / 16384
            at += 2
        elif flags & _XY_SCALE:
            a, d = (v / 16384 for v in unpack_from(">hh", raw, at))
            at += 4
        elif flags & _TWO_BY_TWO:
            a, b, c, d = (v / 16384 for v in unpack_from(">hhhh", raw, at))
            at += 8
        for part in _contours(face, number, depth + 1):
            found.append([Spot(a * x + c * y + dx, b * x + d * y + dy, on) for x, y, on in part])
    return found


def _trace(contour: Contour) -> Iterator[Step]:
    if not contour:
        return
    spots = _with_middles(contour)
    start = next((i for i, spot in enumerate(spots) if spot.on), 0)
    spots = spots[start:] + spots[:start]
    here = spots[0]
    yield Step("M", (round(here.x), round(here.y)))
    waiting: Spot | None = None
    for spot in [*spots[1:], spots[0]]:
        if not spot.on:
            waiting = spot
        elif waiting is None:
            yield Step("L", (round(spot.x), round(spot.y)))
            here = spot
        else:
            yield Step(
                "C",
                (
                    *(round(v) for v in _third(here, waiting)),
                    *(round(v) for v in _third(spot, waiting)),
                    round(spot.x),
                    round(spot.y),
                ),
            )
            here, waiting = spot, None
    yield Step("Z", ())


def _with_middles(contour: Contour) -> Contour:
    """Put in the points TrueType leaves out: halfway between two control points."""
    full: Contour = []
    for index, spot in enumerate(contour):
        before = contour[index - 1]
        if not spot.on and not before.on:
            full.append(Spot((spot.x + before.x) / 2, (spot.y + before.y) / 2, True))
        full.append(spot)
    return full


def _third(end: Spot, control: Spot) -> tuple[float, float]:
    return end.x + (control.x - end.x) * 2 / 3, end.y + (control.y - end.y) * 2 / 3
