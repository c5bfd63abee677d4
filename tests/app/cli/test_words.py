"""Every trouble that the client can raise has a sentence in every language, and so has every problem code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import app
from app.texts import LANGUAGES, Texts
from app.trouble import FAMILIES
from app.wire.problems import published

FAMILY_NAMES = {family.__name__ for family in FAMILIES.values()}
# the words of the field raise no trouble; a Fault there is a fault of a number
SOURCES = sorted(path for path in Path(app.__file__).parent.rglob("*.py") if path.parent.name != "field")


def said_in(source: str) -> set[str]:
    """The text ids (second argument, else the code) of every trouble raised with plain words."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FAMILY_NAMES
        ):
            continue
        words = [part.value for part in node.args[:2] if isinstance(part, ast.Constant)]
        texts = [word for word in words if isinstance(word, str)]
        if texts and "." in texts[-1] + ".":
            found.add(texts[-1])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_a_sentence(language: str) -> None:
    texts = Texts(language)
    codes = set().union(*(said_in(path.read_text("utf-8")) for path in SOURCES))
    missing = {code for code in codes if not texts.has(code) and not texts.has(f"problem.{code}")}
    assert missing == set()
    assert len(codes) > 60  # control: the search does find them


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_published_problem_has_a_sentence_and_every_family_an_advice(language: str) -> None:
    texts = Texts(language)
    assert [code for code in published() if not texts.has(f"problem.{code}")] == []
    assert [move for move in FAMILIES if not texts.has(f"advice.{move}")] == []


def test_control_a_trouble_without_words_is_found() -> None:
    assert said_in('raise NotRight("no.such-text", context={"a": 1})') == {"no.such-text"}
    assert said_in('raise NotNow("net.offline", "query.queued")') == {"query.queued"}


def test_a_place_without_a_value_shows_a_dash() -> None:
    assert "—" in Texts().say("login.locked")
    assert Texts("en").say("login.bad", tries=3).endswith("can reset it.")
    with pytest.raises(KeyError):
        Texts().say("no.such")
    with pytest.raises(ValueError, match="no texts"):
        Texts("de")
