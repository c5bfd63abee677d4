"""No person in a text that leaves: numbers are starred, names masked where something marks them as names.

Three things mark a name: the register or a field of a record names the person (`masks_of`), a word of role
stands before it, or a paper or telephone stands behind it in brackets. A name that nothing marks is not
found. What is masked once stays as it is when it is masked again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from app.field.masks import STAR, mask_name, mask_phone
from app.field.names import odd_signs, printable
from app.field.person_numbers import printed_number_spans

Masks = tuple[tuple[str, str], ...]

_FILE = Path(__file__).parents[1] / "texts" / "persons.toml"
_GAP = "[ -]?"
# digits and letters of full width and other dashes, each for one character: places stay what they are
_NARROW = {0xFF10 + at: 0x30 + at for at in range(10)}
_NARROW |= {0xFF21 + at: 0x41 + at for at in range(26)} | {0xFF41 + at: 0x61 + at for at in range(26)}
_NARROW |= dict.fromkeys(map(ord, "\uff0d\u2014\u2013\u2010\u2011\u2012"), 0x2D)
# both numbers hold so many digits in a row, of whatever width; most texts hold none
_LONG_AT_LEAST = 11
_SHORT = 48
_LONG = re.compile("\\d(?:[ \uff0d\u2014\u2013\u2010\u2011\u2012-]?\\d){10}")
_MOBILE = re.compile(
    f"(?<![0-9])(?:[+]?(?:00)?86{_GAP})?(1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}})(?![0-9])"
)
_PAPER = ("证", "身份", "护照")
_HAN = "[\u3400-\u9fff\U00020000-\U000323af]"
_DOTS = "[\u00b7\u2022\u30fb\u2027]"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How running text names a person; see the table."""

    roles: tuple[str, ...]
    roles_of_units: frozenset[str]
    marks: tuple[str, ...]
    weak_marks: tuple[str, ...]
    becoming: tuple[str, ...]
    papers: tuple[str, ...]
    phones: tuple[str, ...]
    number_words: tuple[str, ...]
    fields: tuple[str, ...]
    no_names: tuple[str, ...]
    ends: tuple[str, ...]
    surnames: str
    compound_surnames: tuple[str, ...]


@cache
def _words() -> Words:
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), Words)


@cache
def _after_role() -> re.Pattern[str]:
    roles, marks, weak = (_any(one) for one in (_words().roles, _words().marks, _words().weak_marks))
    between = f"\\s*(?:{weak})?(?P<mark>(?:{marks})*)(?:{weak})?\\s*"
    return re.compile(f"(?P<role>{roles}){between}(?P<run>{_HAN}(?:{_DOTS}?{_HAN})+)")


@cache
def _after_change() -> re.Pattern[str]:
    roles, becoming = _any(_words().roles), _any(_words().becoming)
    clause = f"[^，。；：,;:]{{0,24}}?(?:{becoming})\\s*"
    return re.compile(f"(?P<role>{roles}){clause}(?P<mark>)(?P<run>{_HAN}(?:{_DOTS}?{_HAN})+)")


@cache
def _before_paper() -> re.Pattern[str]:
    papers, phones = _any(_words().papers), _any(_words().phones)
    return re.compile(f"(?P<run>{_HAN}(?:{_DOTS}?{_HAN})+)\\s*[（(]\\s*(?:(?P<paper>{papers})|{phones})")


@cache
def _paper_number() -> re.Pattern[str]:
    papers, words = _any(_words().papers), _any(_words().number_words)
    return re.compile(f"(?:{papers})(?:{words})*[\\s:：]*([A-Za-z0-9](?:{_GAP}[A-Za-z0-9]){{5,}})")


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


def masks_of(names: Iterable[str]) -> Masks:
    """Each name that can be looked for in a text, with what stands there instead; the longest first."""
    plain = {name.strip() for name in names}
    return tuple((name, mask_name(name)) for name in sorted(plain, key=_longest_first) if len(name) > 1)


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name


@lru_cache(maxsize=1024)
def naming(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the fields that name persons; records of one form have the same fields."""
    return tuple(key for key in keys if key.endswith(_words().fields))


class Told(dict[str, str]):
    """Texts as they leave where these persons are masked, each gone through once. It is for one answer and no
    longer."""

    def __init__(self, masks: Masks) -> None:
        super().__init__()
        self._masks = masks

    def __missing__(self, text: str) -> str:
        if len(text) <= _SHORT and _plain_short(text):
            told = text.strip()
            for name, mask in self._masks:
                if name[0] in told and name[-1] in told:
                    told = _name_masked(told, name, mask)
        else:
            told = with_masks(text, self._masks)
        self[text] = told
        return told


def without_third_persons(text: str, names: Iterable[str] = ()) -> str:
    """Free text without a person in it; invisible characters go."""
    return with_masks(text, masks_of(names))


def with_masks(text: str, masks: Masks) -> str:
    """As `without_third_persons`, with the masks made before: a record has many texts and few names."""
    plain = _plain_short(text) if len(text) <= _SHORT else _plain(text)
    clean = text.strip() if plain else without_numbers(text)
    for name, mask in masks:
        if name[0] in clean and name[-1] in clean:
            clean = _name_masked(clean, name, mask)
    if plain:  # a star in place of a name makes no word that was not there
        return clean
    words = _words()
    if _names_a_role(clean, words):
        clean = _after_role().sub(_masked_after_role, clean)
        if any(one in clean for one in words.becoming):
            clean = _after_change().sub(_masked_after_role, clean)
    if ("（" in clean or "(" in clean) and any(one in clean for one in (*words.papers, *words.phones)):
        clean = _before_paper().sub(_masked_before_paper, clean)
    return clean


def _name_masked(text: str, name: str, mask: str) -> str:
    return text.replace(name, mask) if name in text else _spaced(name).sub(mask, text)


class _Signs(msgspec.Struct, frozen=True):
    """Signs without which a text holds nothing to mask but names that are known: invisible ones and the first
    sign of each word that masking looks for; and the last signs of those words."""

    first: frozenset[str]
    invisible: frozenset[str]
    last: frozenset[str]


@cache
def _signs() -> _Signs:
    words = _words()
    sought = (*words.roles, *words.papers, *words.phones, *_PAPER)
    first, last = ({word[at] for word in sought} for at in (0, -1))
    return _Signs(frozenset(first) | odd_signs(), odd_signs(), frozenset(last))


def _plain(text: str) -> bool:
    """Whether a text surely holds neither number nor role nor paper nor invisible sign: most do, and a look
    by signs costs a fifth of the whole search."""
    signs = _signs()
    if not signs.first.isdisjoint(text) and not (
        signs.invisible.isdisjoint(text) and signs.last.isdisjoint(text)
    ):
        return False
    return len(text) < _LONG_AT_LEAST or not _LONG.search(text)


@lru_cache(maxsize=16_384)
def _plain_short(text: str) -> bool:
    """What a text holds hangs on nothing but the text, and short ones (authorities, matters, coded values)
    come again from record to record."""
    return _plain(text)


@cache
def _role_ends() -> tuple[str, ...]:
    return tuple({role[-1] for role in _words().roles})


def _names_a_role(text: str, words: Words) -> bool:
    """Most texts hold no role behind which a name could stand, and looking at each place of them costs."""
    if not any(sign in text for sign in _role_ends()):
        return False
    marked = any(one in text for one in words.marks)
    return any(role in text and (marked or role not in words.roles_of_units) for role in words.roles)


def without_numbers(text: str) -> str:
    """Free text with persons' numbers starred and mobile numbers masked; names stay."""
    clean = printable(text)
    long = _LONG.search(clean)
    paper = any(one in clean for one in _PAPER)
    if not long and not paper:
        return clean
    narrow = clean.translate(_NARROW)
    spans: list[tuple[int, int, str]] = []
    if long:
        spans += [_stars(*span) for span in printed_number_spans(narrow)]
        spans += [(*found.span(1), _phone(found[1])) for found in _MOBILE.finditer(narrow)]
    if paper:
        spans += [_stars(*found.span(1)) for found in _paper_number().finditer(narrow)]
    end = len(clean)
    for first, last, instead in sorted(spans, reverse=True):
        if last <= end:
            clean, end = clean[:first] + instead + clean[last:], first
    return clean


def _stars(first: int, last: int) -> tuple[int, int, str]:
    return first, last, STAR * (last - first)


def _phone(number: str) -> str:
    return mask_phone("".join(sign for sign in number if sign.isdigit()))


@lru_cache(maxsize=4096)
def _spaced(name: str) -> re.Pattern[str]:
    """The name as forms spread it over a line, and with any of its dots."""
    signs = [_DOTS if re.fullmatch(_DOTS, sign) else re.escape(sign) for sign in name if not sign.isspace()]
    return re.compile(r"\s*".join(signs))


def _masked_after_role(found: re.Match[str]) -> str:
    role, mark, run = found["role"], found["mark"], found["run"]
    length = _name_at_head(run, sure=bool(mark), unit=role in _words().roles_of_units)
    head = found[0][: len(found[0]) - len(run)]
    return head + (mask_name(run[:length]) if length else "") + run[length:]


def _masked_before_paper(found: re.Match[str]) -> str:
    run = found["run"]
    length = _name_at_tail(run, sure=bool(found["paper"]))
    name = run[len(run) - length :]
    return run[: len(run) - length] + (mask_name(name) if length else "") + found[0][len(run) :]


def _name_at_head(run: str, *, sure: bool, unit: bool) -> int:
    """How many characters of a run of Han are a name; 0: none."""
    words = _words()
    dotted = re.match(f"{_HAN}+(?:{_DOTS}{_HAN}+)+", run)
    if dotted:
        return dotted.end()
    compound = run.startswith(words.compound_surnames)
    named = sure or ((compound or run[0] in words.surnames) and not unit)
    if not named or run.startswith(words.no_names):
        return 0
    if len(run) <= 3:
        return len(run)
    most = 4 if compound or (sure and len(run) == 4) else 3
    return next((at for at in range(2, most) if run.startswith(words.ends, at)), most)


def _name_at_tail(run: str, *, sure: bool) -> int:
    words = _words()
    if run.endswith((*words.roles, "公司", "单位", "企业", "部门", "中心")):
        return 0
    for length in (4, 3, 2):
        tail = run[-length:]
        if len(tail) == length and (
            tail.startswith(words.compound_surnames) or (length < 4 and tail[0] in words.surnames)
        ):
            return length
    return min(3, len(run)) if sure else 0
