"""`restored` declares a cut once; where nothing is cut, or the cut has its code, it declares nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server_stub.sample.numbers import unit_code
from tests.server_stub.jobs.test_staffing import CENTRE, TWO, Typed

WORDS = ("restored", "--as", "zhou", "--second", "wu", "--why", "示例：磁盘损坏")


def declared(home: Path) -> list[Any]:
    path = home / "log" / "restorations.json"
    found: list[Any] = json.loads(path.read_text()) if path.exists() else []
    return found


@pytest.mark.timeout(240)
def test_a_cut_is_declared_once_and_a_whole_log_never(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "home")
    typed("begin", CENTRE, "--name", "示例中心", *TWO)
    assert "rev-conflict: the log is whole" in typed.refused(*WORDS)
    assert declared(typed.home) == []

    reached = typed.home / "log" / "reached.json"
    noted = json.loads(reached.read_text())
    reached.write_text(json.dumps(noted | {"size": noted["size"] + 2}))  # as after an older database
    (card,) = typed(*WORDS)
    assert card["lost"] == 2
    for words in (WORDS, (*WORDS, "--unnoticed")):
        said = typed.refused(*words)
        assert f"code {card['code']}" in said
        assert card["at"] in said
    assert len(declared(typed.home)) == 1

    typed("organisation", "add", unit_code(9002), "--kind", "bank", "--name", "示例银行", "--as", "zhou")
    assert card["code"] in typed.refused(*WORDS)
    reached.unlink()
    assert card["code"] in typed.refused(*WORDS)
    (second,) = typed(*WORDS, "--unnoticed")  # log/ itself came out of a backup: two persons say so
    assert second["code"] != card["code"]
    assert len(declared(typed.home)) == 2


def test_control_a_home_that_noted_nothing_takes_the_first_declaration(tmp_path: Path) -> None:
    typed = Typed(tmp_path / "home")
    typed("begin", CENTRE, "--name", "示例中心", *TWO)
    (typed.home / "log" / "reached.json").unlink()
    (card,) = typed(*WORDS)
    assert card["lost"] is None
