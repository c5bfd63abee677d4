"""No job of the window takes more clicks or keys than its path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.officer.effort import DOC, measured
from tests.officer.hand import Effort
from tests.officer.ways import WAYS

IN_DESIGN = {"ask_mouse": 2, "ask_keys": 3, "report_mouse": 3, "report_keys": 3, "screen_mouse": 6,
             "screen_keys": 6, "offline_mouse": 1, "offline_keys": 1, "object_mouse": 4,
             "object_keys": 3}  # fmt: skip


@pytest.mark.nightly
@pytest.mark.keyring
@pytest.mark.timeout(600)
def test_every_job_keeps_to_its_path(tmp_path: Path) -> None:
    """The day asserts by itself that no dialog of ours came up."""
    done = measured(tmp_path)
    assert {one.name for one in done} == set(WAYS)
    slower = {one.name: (one.way.too_much(one.took), one.took) for one in done if one.way.too_much(one.took)}
    assert slower == {}


@pytest.mark.parametrize("name", WAYS)
def test_control_one_more_of_anything_is_too_much(name: str) -> None:
    way = WAYS[name]
    allowed = Effort(clicks=way.acts, texts=way.texts, tabs=way.tabs, dialogs=way.dialogs)
    assert way.too_much(allowed) == ()
    assert way.too_much(replace(allowed, clicks=allowed.clicks + 1)) == ("acts",)
    assert way.too_much(replace(allowed, keys=1)) == ("acts",)
    assert way.too_much(replace(allowed, drops=1)) == ("acts",)
    for part in ("texts", "tabs", "dialogs"):
        assert way.too_much(replace(allowed, **{part: getattr(allowed, part) + 1})) == (part,)


def test_the_limits_are_those_of_the_design_and_the_page_shows_them_all() -> None:
    """A limit cannot be raised without changing the page that was written from a run."""
    assert {name: WAYS[name].acts for name in IN_DESIGN} == IN_DESIGN
    page = DOC.read_text("utf-8")
    for way in WAYS.values():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| {way.job} | {way.by} |"))
        took, most = (int(cell) for cell in row.split("|")[4:6])
        assert took <= most == way.acts
