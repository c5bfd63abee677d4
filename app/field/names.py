"""Names as written, as compared and as searched. The original spelling is never changed by anything here.

Three forms: `printable` (what a screen or paper may show), `normalise` (equal for spellings of the same name)
and `search_key` (letters, digits and Han only: what an index holds). Folding loses information, so a folded
form is compared and never stored in place of the name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

# Everything that is dropped, made a blank or made a line end; most texts hold none of it. A test holds this
# against the character database of the running Python.
_ODD_RANGES = (
    "\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u1680\u180e"
    "\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
_ODD = re.compile(f"[{_ODD_RANGES}]")
# Common Han, digits and capitals: folding changes nothing in them.
_PLAIN = re.compile("[0-9A-Z\u4e00-\u9fff]*")
# The same with the brackets of names and document numbers: only these fold.
_BRACKETED = re.compile("[0-9A-Z\u4e00-\u9fff()\uff08\uff09\u3014\u3015\\[\\]\u3010\u3011]*")

_MANY_BRACKETED = re.compile("[0-9A-Z|\u4e00-\u9fff()\uff08\uff09\u3014\u3015\\[\\]\u3010\u3011]*")

# Code points that are typed for one another in names and document numbers.
_DOTS = (
    "\u2022\u30fb\u2027\u2219\u22c5\u02d9\u3002\uff0e\u002e\uff65\u25cf\ua78f\u16eb"  # all stand for U+00B7
)
_DASHES = "\uff0d\u2014\u2013\u2212\u30fc\u2010\u2011\u2012\u2015"
_OPENING = "\uff08\u3014\uff3b\u005b\u3010\u3008\uff1c"
_CLOSING = "\uff09\u3015\uff3d\u005d\u3011\u3009\uff1e"
_CIRCLES = "\u25cb\u25ef"
_QUOTES = "\u201c\u201d\uff02"

# Radicals of the supplement block that compatibility folding leaves alone, with the character they stand for.
_RADICALS = {
    0x2EC4: 0x897F, 0x2EC5: 0x89C1, 0x2EC6: 0x89D2, 0x2EC8: 0x8BA0, 0x2EC9: 0x8D1D, 0x2ECB: 0x8F66,
    0x2ED3: 0x957F, 0x2ED4: 0x95E8, 0x2ED8: 0x9752, 0x2ED9: 0x97E6, 0x2EDA: 0x9875, 0x2EDB: 0x98CE,
    0x2EDC: 0x98DE, 0x2EDD: 0x98DF, 0x2EE2: 0x9A6C, 0x2EE3: 0x9AA8, 0x2EE4: 0x9B3C, 0x2EE5: 0x9C7C,
    0x2EE6: 0x9E1F, 0x2EE7: 0x5364, 0x2EE8: 0x9EA6, 0x2EE9: 0x9EC4, 0x2EEC: 0x9F50, 0x2EEE: 0x9F7F,
    0x2EF0: 0x9F99,
}  # fmt: skip

_FOLD: dict[int, int | str | None] = {
    **dict.fromkeys(map(ord, _DOTS), "\u00b7"),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _OPENING), "("),
    **dict.fromkeys(map(ord, _CLOSING), ")"),
    **dict.fromkeys(map(ord, _CIRCLES), "\u3007"),
    **dict.fromkeys(map(ord, _QUOTES), '"'),
    **_RADICALS,
}
_BRACKETS = (
    *((sign, "(") for sign in "\uff08\u3014[\u3010"),
    *((sign, ")") for sign in "\uff09\u3015]\u3011"),
)
_MONGOLIAN_SEPARATOR = "\u180e"
_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"


@cache
def odd_signs() -> frozenset[str]:
    """The signs that `printable` drops or turns into others."""
    ranges = re.findall("(.)-(.)|(.)", _ODD_RANGES, re.DOTALL)
    return frozenset(
        chr(code)
        for first, last, alone in ranges
        for code in range(ord(first or alone), ord(last or alone) + 1)
    )


def printable(text: str) -> str:
    """The text without invisible and direction-changing characters; odd line ends become one newline.

    Characters themselves, their width and their dots stay as written.
    """
    if not _ODD.search(text):
        return text.strip()
    whole = text.replace("\r\n", "\n")
    kept = []
    for sign in whole:
        if sign in _LINE_ENDS:
            kept.append("\n")
        elif _is_blank(sign):
            kept.append(" ")
        elif not _invisible(sign):
            kept.append(sign)
    return "".join(kept).strip()


def normalise(name: str) -> str:
    """The comparison form: width, case, blanks, dots, brackets and look-alike code points folded."""
    if _PLAIN.fullmatch(name):
        return name
    if _BRACKETED.fullmatch(name):
        return _round(name)
    if name.isascii() and name.isalnum():
        return name.upper()
    folded = unicodedata.normalize("NFKC", name.translate(_FOLD)).translate(_FOLD)
    return "".join(sign for sign in folded if not (_is_blank(sign) or _invisible(sign))).upper()


def _round(text: str) -> str:
    """A text of plain signs and brackets with all brackets as `_FOLD` has them; far cheaper than by sign."""
    for sign, folded in _BRACKETS:
        text = text.replace(sign, folded)
    return text


def normalise_plain(names: Sequence[str]) -> list[str] | None:
    """As `normalise` for each of them, in one go, where all are of Han, digits, capitals and brackets; None
    where one holds anything else.
    """
    joined = "|".join(names)
    if _MANY_BRACKETED.fullmatch(joined) and joined.count("|") == len(names) - 1:
        return _round(joined).split("|")
    return None


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name."""
    return normalise(one) == normalise(other)


def search_key(name: str) -> str:
    """Letters, digits and Han of the comparison form; what indexes hold and queries are cut from."""
    if _PLAIN.fullmatch(name):
        return name
    return "".join(sign for sign in normalise(name) if unicodedata.category(sign)[0] in "LN" or _is_own(sign))


def bigrams(name: str) -> tuple[str, ...]:
    """Distinct index tokens: neighbouring pairs, in order; for three characters also first + `0` + last.

    The skip token finds a three-character name whose middle one is wrong. One character is its own token.
    """
    return pairs(search_key(name))


def pairs(key: str) -> tuple[str, ...]:
    """The index tokens of a search key as it stands; the same key gives the same tokens for ever."""
    if len(key) < 2:
        return (key,) if key else ()
    tokens = [key[at : at + 2] for at in range(len(key) - 1)]
    if len(key) == 3:
        tokens.append(f"{key[0]}0{key[2]}")
    return tuple(dict.fromkeys(tokens))


def spaced(text: str) -> str:
    """Every searchable character apart by one blank: the text of a word index that finds two characters."""
    return " ".join(search_key(text))


def _is_blank(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Zs"


def _is_own(sign: str) -> bool:
    """Private-use characters stand for rare names in old fonts; dropping them would merge two persons."""
    return unicodedata.category(sign) == "Co"


def _invisible(sign: str) -> bool:
    category = unicodedata.category(sign)
    selector = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return category in ("Cf", "Cc") or selector or sign == _MONGOLIAN_SEPARATOR
