"""How the command says no: a sentence without the name of any class, and the exit code of who moves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError

from server_stub.case_words import day
from server_stub.command import _parser, main
from server_stub.errors import Problem
from server_stub.refusals import told


def caught(flaw: Exception) -> Exception:
    try:
        raise flaw
    except Exception as raised:  # noqa: BLE001 - whatever it is
        return raised


def missing() -> Exception:
    try:
        Path("/nowhere/x.toml").read_bytes()
    except OSError as flaw:
        return flaw
    raise AssertionError


@pytest.mark.parametrize(
    ("flaw", "code", "said"),
    [
        (ValueError("a reversal needs a reason"), 2, "a reversal needs a reason"),
        (LookupError("no officer x"), 2, "no officer x"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), 2, "a text is not UTF-8"),
        (missing(), 2, "/nowhere/x.toml: No such file or directory"),
        (OSError("port 443 is taken"), 1, "port 443 is taken"),
        (ImproperlyConfigured("a server runs on this home"), 1, "a server runs on this home"),
        (OperationalError("no\n  route"), 1, "the database does not answer, or was never prepared: no route"),
        (ProgrammingError("x"), 1, "the database does not answer, or was never prepared: x"),
        (Problem("role-denied", "x is not staff"), 2, "role-denied: x is not staff"),
        (Problem("objection-duplicate", context={"number": "YY-1", "list": [1]}), 2,
         "objection-duplicate: refused (number YY-1)"),
        (Problem("body-invalid", "empty", fields=[{"path": "why", "code": "c", "message": "empty"}]), 2,
         "body-invalid: empty (why)"),
        (Problem("body-invalid", "", fields=[{"path": "on", "code": "c", "message": "no day"}]), 2,
         "body-invalid: refused (on: no day)"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_plain_sentence(flaw: Exception, code: int, said: str) -> None:
    assert told(caught(flaw)) == (code, said)
    assert type(flaw).__name__ not in told(caught(flaw))[1]


def test_a_fault_of_ours_is_told_by_kind_and_place_and_not_by_its_values() -> None:
    code, said = told(caught(KeyError("测试甲")))
    assert code == 70
    assert "KeyError at test_refusals.py:" in said
    assert "测试甲" not in said


@pytest.mark.parametrize("words", [
    ("rules", "--on", "yesterday"), ("record", "repair", "r1", "--as", "u", "--on", "2026-13-01"),
    ("repair", "accept", "n", "--as", "u", "--on", "x"), ("partner", "card", "--from", "soon"),
    ("catalogue", "show", "x", "--on", "x"),
])  # fmt: skip
def test_a_day_that_is_none_is_said_before_anything_is_opened(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args(words)
    assert ended.value.code == 2
    assert "a day is YYYY-MM-DD" in capsys.readouterr().err
    assert day("") == "" and day("2026-11-26") == "2026-11-26"


def test_the_command_ends_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    """The least that needs no server: a file in a folder that is not there, and in one that is."""
    monkeypatch.setattr("django.setup", lambda: None)
    assert main(["openapi", "--out", str(tmp_path / "none" / "x.json")]) == 2
    said = capsys.readouterr().err
    assert said.strip().endswith("No such file or directory") and len(said.splitlines()) == 1
    assert main(["openapi", "--out", str(tmp_path / "x.json")]) == 0
    assert json.loads((tmp_path / "x.json").read_text("utf-8"))["openapi"]
