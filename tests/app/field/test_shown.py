"""The document shown at the window is the one by which is asked, and what is kept of it is masked."""

from __future__ import annotations

import pytest

from app.field.identifier_kinds import PERSONS
from app.field.shown import Shown, read_shown, shown
from app.report.words import Words
from app.texts import LANGUAGES


@pytest.mark.parametrize(
    ("stated", "id_type", "number", "reference"),
    [
        ("resident_id", "resident_id", "430405 19850615 0007", "resident_id 430405********0007"),
        ("resident_id", "resident_id", "430405850615000", "resident_id_15 430405******000"),
        ("pr_card", "pr_card", "usa110092021300", "pr_card_2017 USA**********00"),
        ("passport", "passport", "E00000000", "passport E******00"),
    ],
)
def test_kind_and_mask_are_made_of_what_was_asked_by(
    stated: str, id_type: str, number: str, reference: str
) -> None:
    found = shown(stated, id_type, number)
    assert found is not None and found.reference == reference
    assert read_shown(reference) == found


@pytest.mark.parametrize("stated", ["", "passport", "身份证", "resident_id 430405********0007"])
def test_another_document_was_not_shown(stated: str) -> None:
    assert shown(stated, "resident_id", "430405198506150007") is None


@pytest.mark.parametrize(
    "text", ["", "SQ-20261126-000007", "窗口核对 430405198506150007", "passport E00000000"]
)
def test_what_was_typed_before_is_not_read_as_a_document(text: str) -> None:
    assert read_shown(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_document_has_its_word_on_the_papers(language: str) -> None:
    assert all(Words(language).say(f"paper_document.{kind}") for kind in PERSONS)
    assert Shown("passport", "E******00").reference.startswith("passport ")
