"""The help that ships is the manual as it is written now, in both languages, with a chapter for each page."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import resources
from app.desks.window_desk import PAGES
from resources.manual.from_docs import MANUALS, chapters

SHIPPED = Path(resources.__file__).parent / "manual"
DOCS = SHIPPED.parents[1] / "docs" / "manual"
PLACES = {*PAGES, "sign_in", "unlock", "subject", "report", "paper", "reports", "outbox", "doctor", "keys"}


@pytest.mark.parametrize("language", MANUALS)
def test_what_ships_is_made_from_the_manual_as_it_is_now(language: str) -> None:
    made = chapters((DOCS / MANUALS[language]).read_text("utf-8"))
    assert (SHIPPED / f"{language}.md").read_text("utf-8") == made, "run make manual"


@pytest.mark.parametrize("language", MANUALS)
def test_every_page_has_a_chapter_that_exists(language: str) -> None:
    places = tomllib.loads((SHIPPED / "places.toml").read_text("utf-8"))[language]
    headings = {
        line.removeprefix("## ")
        for line in (SHIPPED / f"{language}.md").read_text("utf-8").splitlines()
        if line.startswith("## ")
    }
    assert set(places) == PLACES
    assert set(places.values()) <= headings


def test_it_sends_nobody_to_a_file_of_the_source_tree() -> None:
    for language in MANUALS:
        assert "docs/" not in (SHIPPED / f"{language}.md").read_text("utf-8")


def test_control_a_changed_manual_is_noticed_and_headings_are_made() -> None:
    text = "Short. See `docs/manual/zh.md`. Long.\n\n**Lock.** One\n\n| keys | |\n|---|---|\n"
    assert chapters(text) == "Short. Long.\n\n## Lock\n\nOne\n\n## Keys\n\n| keys | |\n|---|---|\n"
    assert chapters("一行，\n又一行\n- 一项\n  接着\n1. 甲") == "一行，又一行\n- 一项接着\n1. 甲"
