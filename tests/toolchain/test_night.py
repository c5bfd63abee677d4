"""`make test-nightly` runs every slow test once: each stands in one part of the night in tests/all.sh."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.toolchain.tree import ROOT, python_files, short

PART = re.compile(r"(?m)^(night_[a-z]+)\(\) \{ at_night (\d+) (.+); \}$")
LIST = re.compile(r"(?m)^night=\(([^)]*)\)")
SLOW = {"nightly", "display"}


def parts(script: str) -> dict[str, list[Path]]:
    """Where the tests of each part are."""
    return {
        name: [place for word in words.split() for place in sorted(ROOT.glob(word))]
        for name, _, words in PART.findall(script)
    }


@cache
def slow_files() -> tuple[Path, ...]:
    """Those that use such a mark; in a text it is none."""
    files = [(file, file.read_text("utf-8")) for file in python_files("tests")]
    return tuple(file for file, text in files if any(word in text for word in SLOW) and marks(text))


def marks(source: str) -> bool:
    """Whether a file has a slow test."""
    return any(
        isinstance(one, ast.Attribute)
        and one.attr in SLOW
        and isinstance(one.value, ast.Attribute)
        and one.value.attr == "mark"
        for one in ast.walk(ast.parse(source))
    )


def astray(script: str) -> list[str]:
    """Files with slow tests in no part or in two, and parts that are not run or hold no such file."""
    where = parts(script)
    files = slow_files()
    homes = {
        file: [name for name, places in where.items() if any(file.is_relative_to(one) for one in places)]
        for file in files
    }
    (listed,) = LIST.findall(script)
    return [
        *(f"{short(file)}: {names}" for file, names in homes.items() if len(names) != 1),
        *(
            name
            for name in where
            if name not in listed.split() or not any(name in one for one in homes.values())
        ),
    ]


def test_control_a_mark_counts_where_it_is_one() -> None:
    assert marks("@pytest.mark.nightly\nclass TestIt: ...") and marks("pytestmark = [pytest.mark.display]")
    assert not marks("SAMPLE = '@pytest.mark.nightly'")


def script() -> str:
    return (ROOT / "tests" / "all.sh").read_text("utf-8")


def test_every_slow_test_stands_in_one_part_of_the_night() -> None:
    assert len(slow_files()) > 20
    assert len(parts(script())) >= 8
    assert astray(script()) == []
    assert "postgres_whole" in LIST.findall(script())[0].split()


def test_control_what_is_left_out_or_run_twice_is_named() -> None:
    sound = script()
    without = sound.replace("tests/toolchain/test_soak.py", "tests/toolchain/test_text.py")
    assert astray(without) == ["tests/toolchain/test_soak.py: []", "night_soak"]
    twice = sound.replace("tests/flows/test_*.py", "tests/flows")
    assert [one.partition(":")[0] for one in astray(twice)] == ["tests/flows/province/test_two_platforms.py"]
    unlisted = sound.replace(" night_soak ", " ")
    assert astray(unlisted) == ["night_soak"]
