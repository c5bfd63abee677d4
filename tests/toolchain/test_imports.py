"""The contracts of pyproject.toml hold, and break when somebody reaches the wrong way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toolchain.tree import PRODUCT, ROOT, python_files

LINTER = Path(sys.executable).with_name("lint-imports")


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINTER, "--no-cache"], cwd=tree, capture_output=True, text=True, timeout=100)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product's Python files and the contracts, to plant things in."""
    for path in python_files(*PRODUCT):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def test_the_tree_keeps_every_contract() -> None:
    run = lint(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("planted", "line", "contract"),
    [
        ("app/planted.py", "from PySide6.QtCore import QObject", "Qt stays in ui"),
        ("server_stub/planted.py", "import PySide6.QtWidgets", "Qt stays in ui"),
        ("local_cache/planted.py", "from app import field", "Stairs go down"),
        ("app/planted.py", "import ui", "Stairs go down"),
        ("app/field/planted.py", "from app.services import planted", "Inside app"),
        ("app/services/planted.py", "import requests", "requests only in app.wire"),
        ("app/desks/planted.py", "import keyring.errors", "keyring only in app.keys"),
        ("app/services/planted.py", "from reportlab.pdfgen import canvas", "reportlab only in app.report"),
        ("app/planted.py", "import sqlcipher3.dbapi2", "sqlcipher3 only in local_cache"),
        ("server_stub/cases/planted.py", "import pyhanko.sign", "pyhanko and"),
        ("server_stub/records/planted.py", "from server_stub.planted_lists import x", None),
        (
            "server_stub/queries/planted.py",
            "import app.services.planted",
            "The server takes from app",
        ),
        ("server_stub/queries/planted.py", "from app import report", "The server takes from app"),
        ("server_stub/portal/planted.py", "import ninja", "ninja only in server_stub.api"),
        ("server_stub/evidence/planted.py", "from server_stub.records import planted", "Inside the server"),
        ("ui/planted.py", "import server_stub", "Nobody of the client knows the server"),
        ("app/sheets/planted.py", "import python_calamine", "python_calamine only in"),
    ],
)
def test_control_a_planted_import_breaks_its_contract(
    copy: Path, planted: str, line: str, contract: str | None
) -> None:
    for room in ("app/services", "app/desks", "app/report", "app/field", "server_stub/records"):
        _package(copy / room)
    _module(copy / "app/services/planted.py", "")
    _module(copy / "server_stub/records/planted.py", "")
    _module(copy / "server_stub/planted_lists.py", "x = 1\n")
    _module(copy / planted, f"{line}\n")
    run = lint(copy)
    if contract is None:  # a sibling outside the rows is nobody's business: the control of the controls
        assert run.returncode == 0, run.stdout
        return
    assert run.returncode == 1, run.stdout + run.stderr
    broken = [row for row in run.stdout.splitlines() if " BROKEN" in row]
    assert any(contract in row for row in broken), run.stdout


def _module(path: Path, text: str) -> None:
    _package(path.parent)
    path.write_text(text, encoding="utf-8")


def _package(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").touch()
