"""Break text into lines by the Chinese rules, without a library's habits.

No line begins with a closing mark or ends with an opening one; numbers, dates, codes and Latin words stay
whole, and no sign ends a text alone on its line. Only a piece wider than the whole line is cut inside: behind
a joint (- / _) of its second half if there is one, else at the last place the rules allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

NEVER_FIRST = frozenset("》，。、；：？！）」』】〕〉〗”’…‥·•—～％‰℃々ー,.:;?!)]}%°′″〞＞]｝")
NEVER_LAST = frozenset("《（「『【〔〈〖“‘([{￥¥$＄£〝＜｛#№")
_WORD_LIMIT = 0x2E80
_JOINTS = "-/_"
_LOOSE = frozenset("“”‘’…‥·•—→←↑↓×÷±")

_FIRST, _LAST, _WORD = 1, 2, 4
_DOUBT = 1e-6
"""So near to the width a text is measured piece by piece: sums of fractions differ in their last digits."""

_ALONE, _ENOUGH = 2, 5
"""Signs of a last line that is kept company, and parts of a line that can give it some."""

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Lines of at most `width` (same unit as `measure` returns). An empty text gives one empty line.

    Blanks at a break are dropped, line feeds break always; every other character is kept in order.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if measure(paragraph) <= width - _DOUBT:
            lines.append(paragraph.rstrip(" "))
        else:
            lines.extend(line.rstrip(" ") for line in _kept_company(paragraph, width, measure))
    return lines


def _kept_company(text: str, width: float, measure: Measure) -> list[str]:
    """The lines, filled so that no one or two signs stand last alone: the line before gives them some of its
    own, a number not without what it counts. A line of few parts gives nothing.
    """
    lines = list(_fill(text, width, measure))
    if len(lines) < 2 or len(lines[-1].rstrip(" ")) > _ALONE:
        return lines
    before = list(_pieces(lines[-2]))
    if len(before) < _ENOUGH:
        return lines
    last = lines[-1]
    while len(last.rstrip(" ")) <= _ALONE or before[-1].strip().isdigit() and len(before) > 1:
        last = before.pop() + last
    if measure(last.rstrip(" ")) > width:
        return lines
    return [*lines[:-2], "".join(before), last]


def _fill(text: str, width: float, measure: Measure) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _pieces(text):
        wide = measure(piece)
        if piece[-1] == " ":
            fits = used + measure(piece.rstrip(" ")) <= width
        else:
            fits = used + wide <= width
        if fits:
            line += piece
            used += wide
            continue
        if line.strip(" "):
            yield line
        line, used = piece, wide
        while measure(line.rstrip(" ")) > width:
            head = _cut(line, width, measure)
            yield line[:head]
            line = line[head:].lstrip(" ")
            used = measure(line)
    yield line


class _Kinds(dict[str, int]):
    """By character, learned at the first meeting: may it begin or end a line, is it part of a word."""

    def __missing__(self, sign: str) -> int:
        kind = (_FIRST if sign == " " or sign in NEVER_FIRST else 0) | (_LAST if sign in NEVER_LAST else 0)
        if ord(sign) < _WORD_LIMIT and sign not in _LOOSE:
            kind |= _WORD
        self[sign] = kind
        return kind


_KINDS = _Kinds()


def _pieces(text: str) -> Iterator[str]:
    """The smallest parts between which a line may break, each with the blanks that follow it."""
    start, before, spaced = 0, 0, False
    for place, kind in enumerate(map(_KINDS.__getitem__, text)):
        if text[place] == " ":
            spaced = True
            continue
        if place and not (kind & _FIRST or before & _LAST or before & kind & _WORD and not spaced):
            yield text[start:place]
            start = place
        before, spaced = kind, False
    if text:
        yield text[start:]


def _cut(text: str, width: float, measure: Measure) -> int:
    """Where to cut a piece wider than a line: the last place that fits and obeys, else the last that fits."""
    fits = 1
    used = measure(text[0])
    while fits < len(text):
        used += measure(text[fits])
        if used > width:
            break
        fits += 1
    fits = min(fits, len(text) - 1) or 1
    joint = max(text.rfind(sign, 1, fits) for sign in _JOINTS) + 1
    if joint > fits // 2 and _obeys(text, joint):
        return joint
    return next((place for place in range(fits, 0, -1) if _obeys(text, place)), fits)


def _obeys(text: str, place: int) -> bool:
    """Whether the lines on both sides of a cut, without the blanks there, would begin and end as they may."""
    after, before = text[place:].lstrip(" "), text[:place].rstrip(" ")
    return after[:1] not in NEVER_FIRST and before[-1:] not in NEVER_LAST
