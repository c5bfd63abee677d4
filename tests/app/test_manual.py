"""The manual in chapters, and the chapter for a place."""

from __future__ import annotations

import pytest

from app.manual import chapter_of, chapters
from app.texts import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_has_a_title_and_a_text(language: str) -> None:
    found = chapters(language)
    assert len(found) >= 10
    assert all(one.title and one.text and "\n## " not in one.text for one in found)


def test_the_chapter_of_a_place_and_the_first_for_any_other() -> None:
    assert chapters("zh_CN")[chapter_of("offline", "zh_CN")].title == "九、离线档案"
    assert chapters("en")[chapter_of("keys", "en")].title == "Keys"
    assert chapter_of("nowhere", "zh_CN") == 0


def test_words_are_looked_for_in_title_and_text() -> None:
    keys = chapters("en")[chapter_of("keys", "en")]
    assert keys.holds("CTRL+K lock") and keys.holds("") and not keys.holds("Ctrl+K elephant")
