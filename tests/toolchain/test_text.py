"""What no file of the project may say or be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.toolchain.tree import ROOT, python_files, short, text_files

LONGEST = 500  # lines of one Python file
# Written in pieces, so that this file does not find itself.
HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.",
    "deb.debi" + "an.org",
    "registry." + "yarnpkg",
]
MACHINE = ["/wo" + "rk/", "/ro" + "ot/", "/home/" + r"\w+/", "/ho" + "stedtoolcache/", r"\.\./sha" + "red"]
FORBIDDEN = re.compile("|".join([re.escape(host) for host in HOSTS] + MACHINE), re.IGNORECASE)


def lines_with_a_host_or_machine_path(text: str) -> list[str]:
    return [line.strip()[:120] for line in text.splitlines() if FORBIDDEN.search(line)]


def test_no_text_names_a_registry_host_or_a_path_of_one_machine() -> None:
    found = {}
    for path in text_files():
        hits = lines_with_a_host_or_machine_path(path.read_text(encoding="utf-8", errors="replace"))
        if hits:
            found[short(path)] = hits[:3]
    assert found == {}


@pytest.mark.parametrize(
    "planted", ["see https://py" + "pi.org/x", "cd /wo" + "rk/main", "HOME=/ro" + "ot/x"]
)
def test_control_a_planted_address_is_found(planted: str) -> None:
    assert lines_with_a_host_or_machine_path(f"fine\n{planted}\nfine") == [planted]


def too_long(paths: list[Path]) -> dict[str, int]:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return {str(path): length for path, length in lengths.items() if length > LONGEST}


def test_no_python_file_is_longer_than_a_reader_bears() -> None:
    assert too_long(python_files()) == {}


def test_control_a_long_file_is_found(tmp_path: Path) -> None:
    right, long = tmp_path / "right.py", tmp_path / "long.py"
    right.write_text("x = 1\n" * LONGEST)
    long.write_text("x = 1\n" * (LONGEST + 1))
    assert too_long([right, long]) == {str(long): LONGEST + 1}


LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_there_is_a_lock_for_each_list() -> None:
    assert {lock.stem for lock in LOCKS} >= {"client", "server", "dev"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_is_pinned_and_hashed_and_comes_from_nowhere_in_particular(lock: Path) -> None:
    if lock.stem == "system":  # Debian packages: the machine's own archive vouches for them
        return
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert unhashed(text) == []


def unhashed(text: str) -> list[str]:
    """Requirements that are not pinned to one version or carry no hash."""
    logical = text.replace("\\\n", " ").splitlines()
    requirements = [line for line in logical if line and line[0] not in "# "]
    return [line for line in requirements if "==" not in line or "--hash=sha256:" not in line]


def test_control_an_unhashed_requirement_is_found() -> None:
    good = "a==1 \\\n    --hash=sha256:00\n    # via b\n"
    assert unhashed(good) == []
    assert unhashed(good + "c==2\n") == ["c==2"]
    assert unhashed("d>=2 --hash=sha256:00\n") == ["d>=2 --hash=sha256:00"]
