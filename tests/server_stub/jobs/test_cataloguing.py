"""`catalogue` as it is typed, on the home of a sample city."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import engines
from tests.begun import begun
from tests.server_stub.catalogue.made import item, text

COMMAND = Path(sys.executable).parent / "hengxin-server"


class Typed:
    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: object, code: int = 0) -> str:
        done = subprocess.run(
            [COMMAND, "catalogue", *map(str, words), "--home", str(self.home)],
            env=engines.environment(self.home),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout

    def json(self, *words: object) -> dict[str, Any]:
        card: dict[str, Any] = json.loads(self(*words))
        return card


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    return Typed(begun(tmp_path_factory.mktemp("catalogued") / "home"))


def test_the_list_says_which_editions_hold_and_how_many_items(typed: Typed) -> None:
    card = typed.json("list")
    held = {one["edition"]: one for one in card["editions"] if one["in_force"]}
    assert set(held) == {"national-2024/1", "platform/1", "HY-2017/1"}
    assert (held["HY-2017/1"]["categories"], held["HY-2017/1"]["items"]) == (135, 1984)
    assert (held["HY-2017/1"]["entered_by"], held["HY-2017/1"]["approved_by"]) == ("centre2", "centre1")
    counts = card["counts"]
    assert counts["items"] == 1992 == sum(counts.values()) - counts["items"]
    assert counts["unmapped"] and counts["baseless"] and counts["inactive"]
    early = typed.json("list", "--on", "2022-06-01")["editions"]
    held_then = [one["edition"] for one in early if one["in_force"] and one["series"] == "national"]
    assert held_then == ["national-2022/1"]
    assert "YYYY-MM-DD" in typed("list", "--on", "tomorrow", code=2)


def test_the_list_says_what_a_role_may_see(typed: Typed) -> None:
    found = {}
    for ground in ("open", "letter"):
        rows = typed.json("list", "--role", "bank_officer", "--ground", ground)["items"]
        found[ground] = sum(one["seen"] for one in rows)
    assert 0 < found["open"] < found["letter"]


def test_one_item_is_shown_with_its_edition(typed: Typed) -> None:
    card = typed.json("show", "HY001-01")
    assert (card["edition"], card["section"], card["provider"]) == (
        "HY-2017/1", "licence", "示例市市场监督管理局",
    )  # fmt: skip
    assert card["finding"] == {"legal": "shown", "person": "shown"}
    assert "not-found" in typed("show", "HY999-01", code=2)


def test_an_edition_is_entered_by_one_and_approved_by_another(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "later.toml"
    path.write_text(text(item("X-1"), code="HY-2030", effective_from="2030-01-01"), encoding="utf-8")
    assert "role-denied" in typed("load", path, "--as", "bank1", code=2)
    card = typed.json("load", path, "--as", "centre1")
    assert (card["edition"], card["state"], card["items"]) == ("HY-2030/1", "staged", 1)
    assert card["would_hide"] > 400  # from 2030 on
    for user in ("centre1", "bank1", "nobody"):
        assert "role-denied" in typed("approve", "HY-2030", "--as", user, code=2)
    done = typed.json("approve", "HY-2030", "--as", "centre2")
    assert (done["state"], done["approved_by"], done["withheld"]) == ("approved", "centre2", 0)
    assert "rev-conflict" in typed("approve", "HY-2030/1", "--as", "centre2", code=2)
    assert "not-found" in typed("approve", "HY-2031", "--as", "centre2", code=2)
    assert "required" in typed("approve", "HY-2030", code=2)


def test_a_person_item_without_basis_is_refused_by_name(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text(item("X-1", article=None), code="HY-2031"), encoding="utf-8")
    told = typed("load", path, "--as", "centre1", code=2)
    assert told.startswith("body-invalid: items/X-1/instrument person-without-basis")


def test_what_an_approved_edition_hides_is_told_at_once(typed: Typed, tmp_path: Path) -> None:
    path = tmp_path / "narrow.toml"
    path.write_text(text(item("X-1"), code="HY-2026", effective_from="2026-01-01"), encoding="utf-8")
    warned = typed.json("load", path, "--as", "centre1")["would_hide"]
    assert warned > 400
    done = typed.json("approve", "HY-2026", "--as", "centre2")
    assert warned - 10 < done["withheld"] <= warned
    assert typed.json("list")["counts"]["items"] == 9
