"""The choices and the states of an objection have words on both sides."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import server_stub
from app.field.objections import CHOICES, ENDED, OPEN
from app.texts import LANGUAGES, Texts

CODES = [(part, code) for part, codes in CHOICES.items() for code in codes]


@pytest.mark.parametrize(("part", "code"), CODES)
def test_every_choice_has_words_on_both_sides(part: str, code: str) -> None:
    for language in LANGUAGES:
        assert Texts(language).say(f"objection_page.{part}_{code}")
    said = tomllib.loads((Path(server_stub.__file__).parent / "texts" / "cases.toml").read_text("utf-8"))
    assert said[f"{part}_{code}"]["zh"] == Texts("zh_CN").say(f"objection_page.{part}_{code}")
    assert said[f"{part}_{code}"]["en"]


@pytest.mark.parametrize("state", (*OPEN, *ENDED))
def test_every_state_has_words_in_list_and_command(state: str) -> None:
    for language in LANGUAGES:
        assert Texts(language).say(f"objection_page.state_{state}")
        assert Texts(language).say(f"objection_state.{state}")
