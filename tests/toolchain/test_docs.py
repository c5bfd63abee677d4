"""What the documents cite exists: tests, make targets, command verbs and paths of the tree."""

from __future__ import annotations

import argparse
import ast
import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.cli.arguments import parser_in
from app.field.proofs import leaf_hash, root_of
from app.texts import Texts
from server_stub.command import _parser
from tests.toolchain.test_architecture import is_path, is_there, project
from tests.toolchain.tree import ROOT, short, text_files

CITED_TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
CITED_TARGET = re.compile(r"(?<![\w-])make ([a-z][a-z-]*)(?![\w-])")
CITED_VERB = re.compile(r"(?<![\w/.-])(hengxin|hengxin-server) ([a-z][a-z-]*)")
QUOTED = re.compile(r"`([^`\s]+)`( \(later\)|（尚未提供）)?")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
NOT_YET = re.compile(r"not yet|later|尚未|not built", re.IGNORECASE)
INLINE = re.compile(r"`([^`]+)`")
PROSE = re.compile(r"docs/(?!PROTOCOL|licences)[\w/-]+\.md|README\.md|CONTRIBUTING\.md|CHANGELOG\.md")


def documents() -> list[Path]:
    """The texts for people; the wire's contract and the licences have tests of their own."""
    return [path for path in text_files() if PROSE.fullmatch(short(path))]


@cache
def functions_in(file: str) -> frozenset[str]:
    """Names of the test functions in a file; nothing is imported."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def verbs_of(parser: argparse.ArgumentParser) -> set[str]:
    """The first words a command knows."""
    return {
        name
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name in action.choices
    }


@cache
def verbs() -> dict[str, set[str]]:
    return {"hengxin": verbs_of(parser_in(Texts("en"))), "hengxin-server": verbs_of(_parser())}


def targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))


def code_lines(text: str) -> list[tuple[str, str]]:
    """(code, its whole line) for what stands in back quotes or fences: elsewhere `make sure` is English."""
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = not inside
        elif inside:
            found.append((line, line))
        else:
            found += [(code, line) for code in INLINE.findall(line)]
    return found


def lost_tests(text: str) -> list[str]:
    return [f"{file}::{name}" for file, name in CITED_TEST.findall(text) if name not in functions_in(file)]


def lost_targets(text: str) -> list[str]:
    named = [name for code, _ in code_lines(text) for name in CITED_TARGET.findall(code)]
    return [name for name in named if name not in targets()]


def lost_verbs(text: str) -> list[str]:
    """A line that says of itself that something is not there yet is believed."""
    return [
        f"{command} {verb}"
        for code, line in code_lines(text)
        if not NOT_YET.search(line)
        for command, verb in CITED_VERB.findall(code)
        if verb not in verbs()[command]
    ]


def stands(word: str, tree: set[str]) -> bool:
    """Whether a path, or a pattern with a star, is there."""
    if "*" in word:
        return any(fnmatch(name, word) for name in tree)
    return is_there(word, tree)


def lost_paths(text: str, tree: set[str]) -> list[str]:
    return [
        word
        for word, later in QUOTED.findall(text)
        if is_path(word) and "::" not in word and not later and not stands(word, tree)
    ]


@pytest.mark.parametrize("path", documents(), ids=short)
def test_what_a_document_cites_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    assert lost_tests(text) == []
    assert lost_targets(text) == []
    assert lost_verbs(text) == []
    assert lost_paths(text, project()) == []


COMMAND = re.compile(r"^(hengxin|hengxin-server) ([a-z][a-z-]*)", re.MULTILINE)


def command_lists(text: str) -> str:
    """The fenced block under "The command line": what somebody reads before he types."""
    return text.partition("## The command line")[2].partition("```\n")[2].partition("```")[0]


@pytest.mark.parametrize("command", ["hengxin", "hengxin-server"])
def test_the_readme_lists_the_verbs_of_the_help_and_no_others(command: str) -> None:
    listed = COMMAND.findall(command_lists((ROOT / "README.md").read_text("utf-8")))
    assert {verb for name, verb in listed if name == command} == verbs()[command]


def test_the_readme_names_every_act_of_a_verb() -> None:
    text = command_lists((ROOT / "README.md").read_text("utf-8"))
    acts = [
        (command, verb, act)
        for command, parser in (("hengxin", parser_in(Texts("en"))), ("hengxin-server", _parser()))
        for verb, below in _choices(parser).items()
        for act in verbs_of(below)
    ]
    assert len(acts) > 30
    lines = {(command, verb): _entry(text, command, verb) for command, verb, _ in acts}
    assert [one for one in acts if one[2] not in re.findall(r"[\w-]+", lines[one[:2]])] == []


def test_control_a_verb_that_is_not_there_or_not_listed_is_noticed() -> None:
    listed = {
        verb for name, verb in COMMAND.findall("hengxin query X\nhengxin nothing\n") if name == "hengxin"
    }
    assert listed - verbs()["hengxin"] == {"nothing"}
    assert "sync" in verbs()["hengxin"] - listed


def test_the_tour_of_the_readme_is_made_of_python_that_compiles() -> None:
    tour = (ROOT / "README.md").read_text("utf-8").partition("## A quick tour")[2].partition("\n## ")[0]
    scripts = re.findall(r"<<'END'\n(.*?)\nEND\n", tour, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        compile(script, "README.md", "exec")


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return {
        name: below
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, below in action.choices.items()
    }


def _entry(text: str, command: str, verb: str) -> str:
    """What the list says of a verb: its line and those that go on, up to the next command."""
    begins = text.index(f"{command} {verb}")
    rest = text[begins + len(command) :]
    return rest[: hit.start()] if (hit := re.search(r"^hengxin", rest, re.MULTILINE)) else rest


def test_each_promise_names_its_test() -> None:
    """A row of a promise without a test is a wish: it belongs into the last sections."""
    text = (ROOT / "docs" / "SECURITY.md").read_text("utf-8")
    promised = text.partition("## Built, but less")[0]
    rows = [row for row in promised.splitlines() if row.startswith("| ") and "shown by" not in row]
    assert len(rows) > 40
    assert [row[:60] for row in rows if not CITED_TEST.search(row)] == []


def test_every_document_is_looked_at() -> None:
    names = {short(path) for path in documents()}
    assert {"README.md", "docs/SECURITY.md", "docs/OPERATOR.md", "docs/manual/zh.md"} <= names
    assert len(CITED_TEST.findall((ROOT / "docs" / "SECURITY.md").read_text("utf-8"))) > 80


def test_the_outsiders_script_agrees_with_the_log() -> None:
    """The script that the operator's page hands to outsiders, against the arithmetic of the log."""
    text = (ROOT / "docs" / "OPERATOR.md").read_text("utf-8")
    script = text.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(compile(script.partition("KEY = ")[0], "check.py", "exec"), names)  # noqa: S102 - a text of ours
    leaves = [leaf_hash(str(number).encode()) for number in range(24)]
    for newer in range(1, 25):
        for older in range(1, newer + 1):
            path = [step.hex() for step in grown(older, leaves[:newer])]
            roots = (root_of(leaves[:older]), root_of(leaves[:newer]))
            assert names["grows"](older, newer, path, *roots)
            assert not names["grows"](older, newer, path, roots[1], leaves[0][::-1])
            assert not names["grows"](older, newer, [leaves[0].hex(), *path], *roots)


def grown(older: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """The path of RFC 9162, 2.1.4.1, by its own definition."""
    if older == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if older <= split:
        return [*grown(older, leaves[:split], whole), root_of(leaves[split:])]
    return [*grown(older - split, leaves[split:], False), root_of(leaves[:split])]


def test_control_what_is_not_there_is_found() -> None:
    here = "tests/toolchain/test_docs.py::test_control_what_is_not_there_is_found"
    text = f"`{here}` `tests/toolchain/test_docs.py::test_of_dreams` `tests/gone.py::test_any`"
    assert lost_tests(text) == ["tests/toolchain/test_docs.py::test_of_dreams", "tests/gone.py::test_any"]
    assert lost_targets("make sure; `make test`, `make coffee`") == ["coffee"]
    assert lost_verbs("`hengxin verify` `hengxin dance`\n`hengxin-server up --x` `hengxin-server nap`") == [
        "hengxin dance",
        "hengxin-server nap",
    ]
    assert lost_verbs("`hengxin dance` is not built\n```\nhengxin dance   not yet\nhengxin nap\n```") == [
        "hengxin nap"
    ]
    tree = {"app/here.py"}
    words = "`app/here.py` `app/gone.py` `app/soon.py` (later) `name.part` `app/*.py` `ui/*.py`"
    assert lost_paths(words, tree) == ["app/gone.py", "ui/*.py"]
