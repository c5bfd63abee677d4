"""Every Trouble of keys and vault has a sentence in both languages, and the families know whose move it
is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.services.room import _TROUBLES
from app.texts import Texts
from app.trouble import FAMILIES, NotNow, NotRight, Refused, Trouble, VaultTrouble

SERVICES = (
    *("house", "room", "unlocking", "vault_contents", "vault_ending", "vault_opening", "vault_renewal"),
    *("sealing", "drafting", "ledgering", "reviewing_offline"),
)
ROOMS = [
    *Path("app/keys").glob("*.py"),
    *(Path("app/services") / f"{name}.py" for name in SERVICES),
    Path("app/paths.py"),
    Path("app/profiles.py"),
    Path("app/settings.py"),
]
# the code, and the id of its sentence where that is another one
RAISED = re.compile(
    rf'(?:{"|".join(kind.__name__ for kind in FAMILIES.values())})\(\s*"([a-z.-]+)"(?:,\s*"([a-z.-]+)")?'
)


def codes() -> set[str]:
    raised = [pair for path in ROOMS for pair in RAISED.findall(path.read_text("utf-8"))]
    found = {sentence or code for code, sentence in raised}
    found |= {f"vault.{word}" for _, word in _TROUBLES.values()} | {"cache.damaged", "cache.missing"}
    found |= {f"keyring.{state}" for state in ("missing", "locked", "changed")}
    return found | {f"offline.{state}" for state in ("ended", "clock-back", "rolled-back")}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_code_has_a_sentence(language: str) -> None:
    texts = Texts(language)
    assert len(codes()) > 40
    assert sorted(code for code in codes() if not texts.has(code)) == []


def test_families_have_the_exit_codes_of_the_command_line() -> None:
    assert {move: family.exit_code for move, family in FAMILIES.items()} == {
        "not_now": 4, "not_you": 3, "not_right": 2, "refused": 3, "not_trusted": 5, "vault": 6, "fault": 70,
    }  # fmt: skip


def test_a_trouble_says_what_it_is() -> None:
    trouble = VaultTrouble("vault.disk-full", context={"part": "work"}, kept="draft.kept")
    assert (trouble.text, trouble.context, trouble.kept) == (
        "vault.disk-full",
        {"part": "work"},
        "draft.kept",
    )
    assert (NotNow("x").retry, Refused("x").retry, NotNow("x", retry=False).retry) == (True, False, False)
    assert NotRight("a", "b").text == "b"
    assert isinstance(trouble, Trouble)
