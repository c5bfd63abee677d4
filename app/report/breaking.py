"""Break text into lines by the Chinese rules, without a library's habits.

No line begins with a closing mark or ends with an opening one; numbers, dates, codes and Latin words stay
whole. Only a piece wider than the whole line is cut inside: behind a joint (- / _) of its second half if
there is one, else at the last place the rules allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

NEVER_FIRST = frozenset("》，。、；：？！）」』】〕〉〗”’…‥·•—～％‰℃々ー,.:;?!)]}%°′″〞＞]｝")
NEVER_LAST = frozenset("《（「『【〔〈〖“‘([{￥¥$＄£〝＜｛#№")
_WORD_LIMIT = 0x2E80
_JOINTS = "-/_"
_LOOSE = frozenset("“”‘’…‥·•—→←↑↓×÷±")

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Lines of at most `width` (same unit as `measure` returns). An empty text gives one empty line.

    Blanks at a break are dropped, line feeds break always; every other character is kept in order.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_fill(paragraph, width, measure))
    return lines


def _fill(text: str, width: float, measure: Measure) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _pieces(text):
        wide = measure(piece)
        solid = piece.rstrip(" ")
        if used + (wide if solid == piece else measure(solid)) <= width:
            line += piece
            used += wide
            continue
        if line.strip(" "):
            yield line.rstrip(" ")
        line, used = piece, wide
        while measure(line.rstrip(" ")) > width:
            head = _cut(line, width, measure)
            yield line[:head].rstrip(" ")
            line = line[head:].lstrip(" ")
            used = measure(line)
    yield line.rstrip(" ")


def _pieces(text: str) -> Iterator[str]:
    """The smallest parts between which a line may break, each with the blanks that follow it."""
    start = 0
    for place in range(1, len(text)):
        if _may_break(text, place):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _may_break(text: str, place: int) -> bool:
    after = text[place]
    if after == " " or after in NEVER_FIRST:
        return False
    before = text[place - 1]
    spaced = before == " "
    if spaced:
        before = text[:place].rstrip(" ")[-1:]
    if before in NEVER_LAST:
        return False
    return spaced or not (_in_word(before) and _in_word(after))


def _in_word(sign: str) -> bool:
    return ord(sign) < _WORD_LIMIT and sign not in _LOOSE if sign else False


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
