"""What a screen reader gets of three pages is what docs/ALOUD.md says, and it makes sense."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.aloud.reader import stable
from tests.aloud.transcript import DOC, made

NAMELESS = re.compile(r"\(no name\)")
ACTS = ("push button", "radio button", "check box", "text", "password text", "combo box", "table")
ROW = re.compile(r"row \d+: (.*)")


def pages(text: str) -> list[str]:
    """The lines that were read, without what is another at every run."""
    return [stable(line) for line in text.partition("\n## ")[2].splitlines()]


def faults(text: str) -> list[str]:
    """Lines that say nothing to somebody who only listens."""
    found = [line for line in text.splitlines() if NAMELESS.search(line)]
    for line in text.splitlines():
        stop = re.match(r"\d+\. ([a-z ]+):", line)
        if stop and stop.group(1) not in ACTS and "记录类别" not in line:
            found.append(line)
        row = ROW.search(line)
        if row and row.group(1).count("·") < 2:
            found.append(line)
    return found


def test_the_transcript_makes_sense() -> None:
    text = DOC.read_text("utf-8")
    assert faults(text) == []
    assert re.findall("(?m)^## (.*)$", text) == ["sign-in", "home", "subject"]
    assert not re.search(r"\bobjected\b|[a-z]+_[a-z]+: ", text.partition("\n## ")[2])  # no word of the code


@pytest.mark.parametrize(
    "line",
    ["3. push button: (no name)", "4. filler: 严重失信 2 项", "-     row 1: 示市监罚字〔2026〕第14号"],
)
def test_control_a_silent_line_is_a_fault(line: str) -> None:
    assert faults(f"{DOC.read_text('utf-8')}\n{line}\n") == [line]


def test_numbers_times_and_digests_may_differ_and_words_may_not() -> None:
    said = "- label: 数据截至 2026-11-26 21:16 A1B2 C3D4 E5F6"
    assert stable(said) == stable("- label: 数据截至 2027-01-02 03:04 0000 1111 2222")
    assert stable(said) != stable(said.replace("label", "filler"))
    assert stable(said) != stable(said.replace("截至", ""))


@pytest.mark.nightly
@pytest.mark.display
@pytest.mark.keyring
@pytest.mark.timeout(600)
def test_it_is_read_like_that_again(tmp_path: Path) -> None:
    assert os.environ.get("DISPLAY"), "needs a display and at-spi2-core: make test-nightly"
    assert pages(f"\n{made()}") == pages(DOC.read_text("utf-8"))
