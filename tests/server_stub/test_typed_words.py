"""Words that cannot mean what somebody hopes are refused before the act."""

from __future__ import annotations

from pathlib import Path

import pytest

from server_stub.command import _parser
from server_stub.jobs import settling, timing

GIVEN = ("import", "in.csv", "--provider", "示例局", "--refused")
AS = ("--as", "centre1")


@pytest.mark.parametrize("name", ["back.pdf", "back", "back.xls", "back.csv.txt"])
def test_refused_rows_are_not_promised_in_a_kind_that_is_not_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("refused", "B1", str(tmp_path / name), *AS), (*GIVEN, str(tmp_path / name))):
        with pytest.raises(SystemExit) as ended:
            _parser().parse_args(words)
        assert ended.value.code == 2
        assert ".xlsx or .csv" in capsys.readouterr().err


def test_what_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "in.csv"
    file.write_text("x")
    with pytest.raises(SystemExit):
        _parser().parse_args([*GIVEN, str(file)])
    assert "is there already" in capsys.readouterr().err


def test_control_both_kinds_are_taken(tmp_path: Path) -> None:
    for name in ("back.xlsx", "back.CSV"):
        assert _parser().parse_args(["refused", "B1", str(tmp_path / name), *AS]).file == tmp_path / name


@pytest.mark.parametrize("words", [("--settle", "1"), ("--settle", "1", "--why", " ")])
def test_a_settlement_needs_its_reason(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="--settle needs a reason"):
        settling.run(_parser().parse_args(["conflicts", "--as", "centre1", *words]))


def test_a_reason_without_a_settlement_is_refused() -> None:
    with pytest.raises(ValueError, match="belongs to --settle"):
        settling.run(_parser().parse_args(["conflicts", "--as", "centre1", "--why", "x"]))


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    words = _parser().parse_args(["lateness", "--since", "2026-11-02", "--until", "2026-11-01"])
    with pytest.raises(ValueError, match="lies before"):
        timing.run(words)


@pytest.mark.django_db
def test_control_a_span_of_one_day_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    words = _parser().parse_args(["lateness", "--since", "2026-11-02", "--until", "2026-11-02"])
    assert timing.run(words) == 0
    assert capsys.readouterr().out == ""
