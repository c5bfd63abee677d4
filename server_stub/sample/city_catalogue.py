"""The made-up city's own catalogue, the same bytes each time: 135 categories and 1,984 items.

`python -m server_stub.sample.city_catalogue` writes the files that the sample loads. Nothing of it was taken
from a real catalogue: departments and fields are words (city_catalogue.toml), every item's name carries 示例.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from server_stub.catalogue import services
from server_stub.catalogue.entries import Item
from server_stub.catalogue.reading import FOLDER, shipped
from server_stub.sample.numbers import provider_code, unit_code
from server_stub.sample.words import words

HEAD = FOLDER / "city_2017.toml"
TABLE = FOLDER / "city_2017.csv"
FREQUENCIES = ("每日", "每周", "每月", "每季度")
ENDED = "2021-12-31"
# aspects of the section "other": how they are disclosed, and whether a national category takes them
OTHERS = (
    ("sharing", "all", True), ("sharing", "conditional", True),
    ("sharing", "centre", False), ("authorised", "conditional", False),
)  # fmt: skip
Row = dict[str, str]


def load_city(entered_by: str, approved_by: str) -> str:
    """Enter and approve the city's catalogue; returns the edition's name.

    Raises:
        Problem: when it is on record already, or both are one person.
    """
    return services.approve(services.load(HEAD, by=entered_by).name, by=approved_by).name


def written() -> tuple[str, str]:
    """The text of the edition's file and of its table of items."""
    shape, head = table()["shape"], table()["edition"]
    lines = [
        "# Written by server_stub/sample/city_catalogue.py; change the words there.",
        f'items_file = "{TABLE.name}"',
        "",
        "[edition]",
        f'code = "{head["code"]}"',
        'series = "local"',
        f'title = "{head["title"]}"',
        "version = 1",
        f"effective_from = {head['effective_from']}",
        f'basis = "{head["basis"]}"',
        f'note = "{head["note"]}"',
    ]
    for number, (name, _, section, _) in enumerate(_categories(), 1):
        title = f"{name}{table()['sections'][section]['title']}"
        lines += ["", "[[category]]", f'code = "HY{number:03d}"', f'name = "{title}{shape["mark"]}"']
    text = io.StringIO()
    writer = csv.DictWriter(text, [name for name in Item.__struct_fields__ if name != "verified"])
    writer.writeheader()
    writer.writerows(_items())
    return "\n".join(lines) + "\n", text.getvalue()


@cache
def table() -> dict[str, Any]:
    """The words the catalogue is made of."""
    text = files("server_stub.sample").joinpath("city_catalogue.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _categories() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Department, its code, a section of the report and the department's words, one for each category."""
    known = len(words()["providers"])
    for place, row in enumerate(table()["departments"]):
        name = words()["providers"][row["key"]] if "key" in row else table()["shape"]["head"] + row["name"]
        code = provider_code(row["key"]) if "key" in row else unit_code(9000 + known + place, head="11")
        for section in row["sections"]:
            yield name, code, section, row


def _items() -> Iterator[Row]:
    shape = table()["shape"]
    most, more = divmod(shape["items"], shape["categories"])
    number = 0
    for category, (name, code, section, row) in enumerate(_categories(), 1):
        aspects = table()["sections"][section]["aspects"]
        names = [(matter, place) for matter in row["matters"] for place in range(len(aspects))]
        for serial in range(most + (category <= more)):
            matter, place = names[serial]
            yield {
                "code": f"HY{category:03d}-{serial + 1:02d}",
                "name": f"{matter}{aspects[place]}{shape['mark']}",
                "category": f"HY{category:03d}",
                "section": section,
                "provider": name,
                "provider_code": code,
                "frequency": FREQUENCIES[number % len(FREQUENCIES)],
                "retention_months": "60" if section in ("penalty", "other") else "0",
                **_standing(section, row, number, serial, place),
            }
            number += 1


def _standing(section: str, row: dict[str, Any], number: int, serial: int, place: int) -> Row:
    """Who it is about, how it is disclosed, on what ground, since when; the first of a category is sound."""
    words_of = table()["sections"][section]
    mode, share, mapped = ("open", "all", True) if section != "other" else OTHERS[place % len(OTHERS)]
    kinds = ("legal", "legal", "legal", "legal+person", "person")[number % 5] if serial else "legal+person"
    if mode == "open" and kinds == "person":
        mode, share = "authorised", "conditional"
    baseless = section == "other" and "person" in kinds and serial > 0 and number % 2 == 0
    key = words_of["national"] or row["other"]
    edition = next(one.code for one in shipped() if key in one.keys)
    begun = "" if baseless or (serial and number % 17 == 0) else table()["edition"]["effective_from"]
    over = begun and serial and place == len(words_of["aspects"]) - 1 and number % 3 == 0
    return {
        "kinds": kinds,
        "mode": mode,
        "share": share,
        "instrument": "" if baseless else words_of["instrument"],
        "article": "" if baseless else words_of["article"],
        "national_edition": edition if mapped else "",
        "national": key if mapped else "",
        "effective_from": begun,
        "effective_to": ENDED if over else "",
    }


@cache
def item_of(provider: str, section: str) -> str:
    """The item under which the sample's acts of a provider and section stand: the first of its category.

    Raises:
        LookupError: the provider delivers nothing of this section.
    """
    for category, (_, _, of, row) in enumerate(_categories(), 1):
        if row.get("key") == provider and of == section:
            return f"HY{category:03d}-01"
    raise LookupError(f"{provider} delivers no {section}")


if __name__ == "__main__":
    for path, text in zip((HEAD, TABLE), written(), strict=True):
        Path(path).write_text(text, encoding="utf-8", newline="")
