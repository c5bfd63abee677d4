"""Every role has its drawing, and a drawing can be tinted."""

from __future__ import annotations

import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import resources

ICONS = Path(resources.__file__).parent / "icons"
ROLES = tomllib.loads((ICONS / "names.toml").read_text(encoding="utf-8"))
WANTED = {f"{role}.svg" for role in ROLES["regular"]} | {f"{role}-filled.svg" for role in ROLES["filled"]}


def test_the_list_of_roles_and_the_folder_agree() -> None:
    assert {path.name for path in ICONS.glob("*.svg")} == WANTED


@pytest.mark.parametrize("name", sorted(WANTED))
def test_an_icon_is_one_black_twenty_pixel_drawing(name: str) -> None:
    root = ET.fromstring((ICONS / name).read_text(encoding="utf-8"))  # noqa: S314 - our own files
    assert root.attrib["viewBox"] == "0 0 20 20"
    assert {child.tag.rpartition("}")[2] for child in root} == {"path"}
    assert not any("fill" in child.attrib for child in root)
