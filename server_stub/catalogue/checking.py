"""What an edition has to keep before anybody may load or approve it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from app.field.identifiers import uscc_fault
from app.field.records import SECTIONS
from server_stub.catalogue.entries import Edition, Item
from server_stub.catalogue.judging import PLATFORM, section_item

CODE = re.compile(r"[A-Za-z0-9-]{2,24}")
LONGEST = 200
# which bodies may be named beside a mode of disclosure
SHARES = {
    "open": ("all",),
    "sharing": ("all", "conditional", "centre"),
    "authorised": ("conditional", "centre"),
}

Flaw = dict[str, str]


def flaws_of(edition: Edition, national: Mapping[str, frozenset[str]]) -> list[Flaw]:
    """Everything that speaks against an edition; `national`: keys of the national editions by their code."""
    found = [*_frame(edition), *_doubles(edition)]
    categories = {category.code for category in edition.categories}
    for item in edition.items:
        found += [flaw(f"items/{item.code}/{at}", code, why) for at, code, why in _item(item, edition.series)]
        if item.category not in categories:
            found.append(flaw(f"items/{item.code}/category", "unknown", f"no category {item.category}"))
        if item.national and item.national not in national.get(item.national_edition, ()):
            at = f"{item.national_edition} has no category {item.national}"
            found.append(flaw(f"items/{item.code}/national", "national-unknown", at))
    return found


def flaw(path: str, code: str, message: str) -> Flaw:
    return {"path": path, "code": code, "message": message}


def _frame(edition: Edition) -> Iterator[Flaw]:
    if not CODE.fullmatch(edition.code):
        yield flaw("edition/code", "form", "2 to 24 letters, digits and dashes")
    if edition.version < 1:
        yield flaw("edition/version", "form", "versions count from 1")
    if edition.effective_to is not None and edition.effective_to < edition.effective_from:
        yield flaw("edition/effective_to", "order", "ends before it begins")
    if not edition.basis.strip() or not edition.title.strip():
        yield flaw("edition/basis", "empty", "an edition names its title and the document it rests on")
    for category in edition.categories:
        if not CODE.fullmatch(category.code) or not _printed(category.name):
            yield flaw(f"categories/{category.code}", "form", "code or name")
        if edition.series == "national" and not category.key:
            yield flaw(f"categories/{category.code}/key", "empty", "a national category has a key")
    if edition.series == "national" and edition.items:
        yield flaw("items", "series", "a national edition holds categories only")
    if edition.series == "platform":
        held = sorted(item.code for item in edition.items)
        if held != sorted(section_item(section) for section in SECTIONS):
            yield flaw("items", "series", "the platform's edition has one item for each section")


def _doubles(edition: Edition) -> Iterator[Flaw]:
    for part, rows in (("categories", edition.categories), ("items", edition.items)):
        for code, times in Counter(row.code for row in rows).items():
            if times > 1:
                yield flaw(f"{part}/{code}", "twice", f"stands there {times} times")


def _item(item: Item, series: str) -> Iterator[tuple[str, str, str]]:
    if not CODE.fullmatch(item.code) or not _printed(item.name):
        yield "code", "form", "code or name"
    if item.section not in SECTIONS:
        yield "section", "unknown", f"no section {item.section}"
    if not item.kinds or len(set(item.kinds)) != len(item.kinds):
        yield "kinds", "form", "legal, person or both, each once"
    if item.effective_to is not None and (
        item.effective_from is None or item.effective_to < item.effective_from
    ):
        yield "effective_to", "order", "ends before it begins"
    if item.retention_months < 0:
        yield "retention_months", "form", "months, 0 for the rule of the table"
    if bool(item.national) != bool(item.national_edition):
        yield "national", "pair", "a category and the edition it is of, or neither"
    if item.effective_from is not None and item.baseless:
        yield (
            "instrument",
            "person-without-basis",
            "an item about persons is activated with instrument and article only",
        )
    yield from _disclosure(item, series)
    own = series != "local" or item.code.startswith(PLATFORM)
    if not own and (not _printed(item.provider) or uscc_fault(item.provider_code) is not None):
        yield "provider_code", "form", "a provider with its name and a code that holds"


def _disclosure(item: Item, series: str) -> Iterator[tuple[str, str, str]]:
    if not item.mode:
        if series != "platform":
            yield "mode", "empty", "open, sharing or authorised"
    elif item.share not in SHARES[item.mode]:
        yield "share", "contradicts-mode", f"{item.mode} goes with {', '.join(SHARES[item.mode])}"


def _printed(text: str) -> bool:
    plain = text.strip()
    return 0 < len(plain) <= LONGEST and not any(unicodedata.category(sign) == "Cc" for sign in text)
