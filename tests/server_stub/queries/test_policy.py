"""What the policy of a role says is what the dated tables say."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from server_stub.queries import policy
from server_stub.rules.tables_file import FOLDER, read

ON = date(2026, 11, 26)
ROW = 'id = "offline_print"\nword = "no"'


@pytest.mark.parametrize(("word", "allowed"), [("no", False), ("yes", True)])
def test_printing_without_the_platform_follows_its_row(
    word: str, allowed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = shutil.copytree(FOLDER, tmp_path / "tables")
    text = (tables / "policy.toml").read_text("utf-8")
    assert ROW in text
    (tables / "policy.toml").write_text(text.replace(ROW, ROW.replace("no", word)), "utf-8")
    changed = read(tables)
    monkeypatch.setattr(policy, "shipped", lambda: changed)
    assert policy.policy("bank_officer", ON)["offline_print"] is allowed
