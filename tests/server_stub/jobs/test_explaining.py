"""`explain` as it is typed, on the home of a sample city."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import engines
from tests.begun import begun

COMMAND = Path(sys.executable).parent / "hengxin-server"
RECORD = "S0000000000000000000000008"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory.mktemp("explained") / "home")


def typed(home: Path, *words: str, code: int = 0) -> str:
    given = [COMMAND, "explain", *words, "--home", str(home)]
    done = subprocess.run(
        given, env=engines.environment(home), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr if code else done.stdout


def test_one_line_of_json_or_lines_of_words(home: Path) -> None:
    asked = (RECORD, "--role", "bank_officer", "--as", "centre1")
    card = json.loads(typed(home, *asked, "--json"))
    assert (card["rec_id"], card["report"], card["revision"]["rev"]) == (RECORD, "standard", 1)
    assert card["display"] and card["rule"]["basis"]
    lines = typed(home, *asked).splitlines()
    assert f"display: {card['display']}" in lines
    assert f"rule.basis: {card['rule']['basis']}" in lines
    early = json.loads(typed(home, *asked, "--on", "2020-01-01", "--json"))
    assert (early["state"], early["revision"]) == ("not-held", None)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((RECORD, "--role", "bank_officer", "--as", "bank1"), "role-denied"),
        (("R-none", "--role", "bank_officer", "--as", "centre1"), "not-found"),
        ((RECORD, "--role", "bank_officer", "--as", "centre1", "--on", "yesterday"), "a day is YYYY-MM-DD"),
    ],
)
def test_wrong_words_are_refused(home: Path, words: tuple[str, ...], why: str) -> None:
    assert why in typed(home, *words, code=2)
