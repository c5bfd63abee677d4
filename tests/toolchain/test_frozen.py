"""What is shipped works where it lands: `--self-test` tells the truth, from source and frozen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.sheets.writing import as_workbook
from tests.flows.server import Cli, Server
from tests.toolchain.tree import ROOT

PARTS = ("window", "vault", "keyring", "pdf")
PRIVATE = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s*(?:\r?\n|\\n)[A-Za-z0-9+/=]{40}")
MOST_MB = 200


def self_test(command: list[str], **env: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one line."""
    done = subprocess.run(
        [*command, "--self-test"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **env},
        capture_output=True,
        text=True,
        timeout=100,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout + done.stderr
    return done.returncode, json.loads(lines[0])


def from_source(**env: str) -> tuple[int, dict[str, Any]]:
    return self_test([sys.executable, "-m", "ui.start"], **env)


def demand_all(code: int, found: dict[str, Any]) -> None:
    assert {name: found[name]["ok"] for name in PARTS} == dict.fromkeys(PARTS, True), found
    assert (code, found["ok"]) == (0, True)
    assert found["vault"]["cipher"].startswith("4.")
    assert found["pdf"]["pages"] >= 2
    assert found["window"]["width"] >= 880 and found["window"]["cpu_ms"] > 0


def test_every_part_works_from_source() -> None:
    code, found = from_source(DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere")
    demand_all(code, found)
    assert found["keyring"]["state"] == "missing"


@pytest.mark.keyring
def test_a_keyring_that_is_there_is_told() -> None:
    code, found = from_source()
    demand_all(code, found)
    assert found["keyring"]["state"] == "ready"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the client to take things away from."""
    for room in ("app", "ui", "local_cache", "resources"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def from_copy(tree: Path) -> tuple[int, dict[str, Any]]:
    """The copy's own modules, before the installed ones."""
    start = f"import sys; sys.path.insert(0, {str(tree)!r}); from ui.start import main; sys.exit(main())"
    return self_test([sys.executable, "-c", start])


def test_the_copy_works_before_anything_is_taken_away(tree: Path) -> None:
    demand_all(*from_copy(tree))


def test_control_without_its_fonts_it_fails(tree: Path) -> None:
    shutil.rmtree(tree / "resources" / "fonts")
    (tree / "resources" / "fonts").mkdir()
    code, found = from_copy(tree)
    assert (code, found["ok"]) == (1, False)
    assert not found["window"]["ok"] and "Noto Sans SC" in found["window"]["why"]
    assert not found["pdf"]["ok"] and found["vault"]["ok"]


def test_control_without_a_cipher_it_fails(tree: Path) -> None:
    """A driver that writes plain files answers no cipher_version."""
    (tree / "sqlcipher3").mkdir()
    (tree / "sqlcipher3" / "__init__.py").touch()
    (tree / "sqlcipher3" / "dbapi2.py").write_text("from sqlite3.dbapi2 import *\n", encoding="utf-8")
    code, found = from_copy(tree)
    assert (code, found["ok"]) == (1, False)
    assert not found["vault"]["ok"] and "NotEncrypted" in found["vault"]["why"]
    assert found["window"]["ok"] and found["pdf"]["ok"]


def test_control_pages_without_ink_fail(tree: Path) -> None:
    with (tree / "ui" / "printing.py").open("a", encoding="utf-8") as module:
        module.write(
            "\n\ndef draw_pages(pdf, dpi):\n"
            "    sheet = QImage(500, 700, QImage.Format.Format_RGB32)\n"
            "    sheet.fill(0xFFFFFFFF)\n"
            "    return (sheet,)\n"
        )
    code, found = from_copy(tree)
    assert code == 1 and "without ink" in found["pdf"]["why"]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make build` makes, made anew beside the tree."""
    place = tmp_path_factory.mktemp("frozen")
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN",
         "--distpath", place / "dist", "--workpath", place / "build", "build.spec"],
        cwd=ROOT, check=True, timeout=900, capture_output=True,
    )  # fmt: skip
    return place / "dist" / "hengxin"


@pytest.mark.nightly
@pytest.mark.timeout(1200)
class TestFrozen:
    """Built once. Moved away from where it was built: nothing in it may remember the tree."""

    def test_every_part_works(self, frozen: Path) -> None:
        demand_all(*self_test([str(frozen / "hengxin-client")]))

    def test_the_command_line_works(self, frozen: Path, tmp_path: Path) -> None:
        done = subprocess.run(
            [frozen / "hengxin", "doctor", "--json", "--home", tmp_path / "home"],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        checks = {one["name"]: one["verdict"] for one in json.loads(done.stdout)["checks"]}
        assert checks["home"] == "ok" and {"keyring", "vault", "trust", "server", "ledger"} <= set(checks)

    def test_an_officer_works_with_it(
        self, frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Sign-in, a query, a sealed report and its verification against a real server."""
        server, report = Server(tmp_path / "server"), tmp_path / "report.pdf"
        server.start()
        try:
            monkeypatch.setattr("tests.flows.server.BIN", frozen)
            officer = Cli(tmp_path / "home", server, "bank1")
            signed_in = officer.sign_in()
            assert signed_in.code == 0, signed_in.out + signed_in.err
            asked = officer.query(server.subject("rich")["code"]).json
            assert (
                officer("report", asked["query_no"], "--out", report, "--seal", "--for", "subject").code == 0
            )
            assert officer("verify", report).json["genuine"] is True
            report.write_bytes(report.read_bytes() + b"\n")
            assert officer("verify", report).code == 5
            units, result = tmp_path / "units.xlsx", tmp_path / "result.xlsx"
            units.write_bytes(as_workbook((("1", [["code"], [server.subject("rich")["code"]]]),)))
            screened = officer(
                "screen", units, "--purpose", "B02", "--case", "示例-筛-1", "--out", result
            )  # the program is its own child here
            assert screened.code == 0, screened.out + screened.err
        finally:
            server.stop()

    def test_licences_travel_along(self, frozen: Path) -> None:
        inside = frozen / "_internal"
        assert (inside / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
        assert (inside / "NOTICE").read_bytes() == (ROOT / "NOTICE").read_bytes()
        names = {path.name for path in (ROOT / "docs" / "licences").iterdir()}
        assert names <= {path.name for path in (inside / "licences").iterdir()}

    def test_no_key_is_inside(self, frozen: Path) -> None:
        assert private_keys(frozen) == []

    def test_nothing_of_the_server_or_of_this_machine_is_inside(self, frozen: Path) -> None:
        inside = frozen / "_internal"
        for name in ("django", "ninja", "granian", "server_stub", "tests", "fontTools", "lxml"):
            assert not (inside / name).exists(), name

    def test_it_is_not_fatter_than_it_was(self, frozen: Path) -> None:
        size = sum(path.stat().st_size for path in frozen.rglob("*") if not path.is_symlink())
        assert size < MOST_MB * 1_000_000, f"{size / 1e6:.0f} MB"


def private_keys(folder: Path) -> list[str]:
    """Files with a private key in PEM. A library that knows the words but holds no key is none."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and PRIVATE.search(path.read_bytes())
    ]


def test_control_a_key_inside_is_found(tmp_path: Path) -> None:
    (tmp_path / "words.so").write_bytes(
        b"\x00-----BEGIN PRIVATE KEY-----\x00-----BEGIN RSA PRIVATE KEY-----\n%s"
    )
    assert private_keys(tmp_path) == []
    (tmp_path / "deep").mkdir()
    words = "-----BEGIN " + "EC PRIVATE KEY-----\n"
    (tmp_path / "deep" / "seal.bin").write_bytes(b"\x01\x02" + words.encode() + b"A" * 64 + b"\n")
    assert private_keys(tmp_path) == ["deep/seal.bin"]
