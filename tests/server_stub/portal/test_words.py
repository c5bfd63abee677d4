"""The page and the window say the same: each shared sentence is the client's own, in both languages."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.texts import Texts
from server_stub.portal import words as room
from tests.toolchain.tree import ROOT

TABLE = tomllib.loads((ROOT / "server_stub" / "texts" / "portal.toml").read_text("utf-8"))
STATES = ("current", "superseded", "expired", "void")


def differing(shared: dict[str, str], texts: Texts) -> dict[str, tuple[str, str]]:
    """Sentences that the client says otherwise; the keys behind a bar are its own."""
    said = {name: re.sub(r"\|.$|&", "", texts.say(name)) for name in shared}
    return {name: (text, said[name]) for name, text in shared.items() if said[name] != text}


@pytest.mark.parametrize(("language", "client"), [("zh", "zh_CN"), ("en", "en")])
def test_shared_sentences_are_the_clients(language: str, client: Any) -> None:
    shared = TABLE[language]["shared"]
    assert differing(shared, Texts(client)) == {}
    wanted = {f"verify_page.{kind}_{state}" for kind in ("number", "state") for state in STATES}
    assert wanted | {"verify_page.number_known_advice", "verify.bad", "verify.ok"} <= set(shared)


def test_control_another_word_is_found() -> None:
    changed = TABLE["zh"]["shared"] | {"verify.ok": "核验通过。"}
    assert set(differing(changed, Texts("zh_CN"))) == {"verify.ok"}


def test_both_languages_have_the_same_ids_and_the_same_gaps() -> None:
    chinese, english = room.words("zh"), room.words("en")
    assert set(chinese) == set(english)
    for name, text in chinese.items():
        assert gaps(text) == gaps(english[name]), name


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_used() -> None:
    own = Path(room.__file__).parent.iterdir()
    used = "".join(path.read_text("utf-8") for path in own if path.suffix in {".py", ".html"})
    ids = {name for name in room.words("zh") if name not in used and name.replace(".", "_") not in used}
    made = {f"verify_page.{kind}_{state}" for kind in ("number", "state") for state in STATES}
    made |= {f"number_{state}_means" for state in STATES} | {f"purpose_{letter}" for letter in "BGCS"}
    assert ids - made - {"verify_page.number_unknown"} == set()
