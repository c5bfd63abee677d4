"""A real CUPS with a printer that prints to a file: what was on the screen comes out. By `make paper`."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

QUEUE, SHUT = "HengXinTest", "HengXinShut"
MODEL = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd"
PATIENCE_S = 90.0
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.nightly


def until(ready: Callable[[], object], what: str) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not ready():
        assert time.monotonic() < ends, what
        time.sleep(0.2)


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A printing system with one queue, and the folder where its paper falls."""
    lost = [name for name in ("cupsd", "lpadmin", "lpstat") if shutil.which(name) is None]
    assert not lost and Path(MODEL).exists(), f"no CUPS with a PDF printer here ({lost}): `make paper`"
    assert os.geteuid() == 0, "a printing system of one's own takes root"
    monkeypatch.setenv("CUPS_SERVER", "/run/cups/cups.sock")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    Path("/run/cups").mkdir(exist_ok=True)
    daemon = None if works() else subprocess.Popen(["cupsd", "-f"])  # two would share one set of files
    try:
        until(works, "no cupsd")
        for queue, takes in ((QUEUE, ["-E"]), (SHUT, [])):
            subprocess.run(["lpadmin", "-p", queue, *takes, "-v", "cups-pdf:/", "-P", MODEL], check=True)
        try:
            yield Path(pwd.getpwuid(os.geteuid()).pw_dir) / "PDF"  # whatever HOME says here
        finally:
            for queue in (QUEUE, SHUT):
                subprocess.run(["lpadmin", "-x", queue], check=True)
    finally:
        if daemon is not None:
            daemon.terminate()
            daemon.wait(20)


def works() -> bool:
    """Whether a printing system answers. The word "running" stands in both of its answers."""
    said = subprocess.run(["lpstat", "-r"], capture_output=True, text=True, check=False).stdout
    return said.startswith("scheduler is running")


def printed(queue: str, folder: Path) -> dict[str, object]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.ui.real_printer", queue, str(folder)],
        capture_output=True, text=True, timeout=300, check=True, cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    said: dict[str, object] = json.loads(run.stdout.splitlines()[-1])
    return said


def test_a_report_comes_out_of_the_printer_as_it_was_drawn(cups: Path, tmp_path: Path) -> None:
    before = set(cups.glob("*.pdf"))
    said = printed(QUEUE, tmp_path)
    assert said["took"] is True and QUEUE in said["printers"]  # type: ignore[operator]
    until(lambda: set(cups.glob("*.pdf")) - before, "nothing fell out of the printer")
    (file,) = set(cups.glob("*.pdf")) - before
    until(lambda: file.read_bytes().rstrip().endswith(b"%%EOF"), "the file is not finished")
    try:
        wide, high = 620, 877
        scaled = ["-scale-to-x", str(wide), "-scale-to-y", str(high)]
        subprocess.run(["pdftoppm", "-png", *scaled, str(file), str(tmp_path / "out")], check=True)
        out = sorted(tmp_path.glob("out*.png"))
        assert len(out) == 2
        paper, sent = (
            Image.open(place).convert("L").resize((wide, high)) for place in (out[0], tmp_path / "sent.png")
        )
        assert alike(paper, sent) < 6.0
        assert alike(Image.new("L", (wide, high), 255), sent) > 6.0  # control: white paper is not
    finally:
        file.unlink()


def alike(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are from each other: the mean difference of grey, 0 to 255."""
    counts = ImageChops.difference(one, other).histogram()
    return sum(grey * count for grey, count in enumerate(counts)) / (one.width * one.height)


def test_control_from_a_queue_that_is_shut_nothing_comes(cups: Path, tmp_path: Path) -> None:
    """It is a queue that is there: in the place of one that is not, Qt takes another."""
    before = set(cups.glob("*.pdf"))
    said = printed(SHUT, tmp_path)
    assert SHUT in said["printers"] and said["took"] is False  # type: ignore[operator]
    time.sleep(2)
    assert set(cups.glob("*.pdf")) == before


def test_from_a_disk_that_is_full_half_way_nothing_comes(cups: Path, tmp_path: Path) -> None:
    before, small = set(cups.glob("*.pdf")), tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1152k", "tmpfs", str(small)], check=True)
    try:
        said = printed(QUEUE, tmp_path)
        left = list(small.iterdir())
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert said["took"] is False and left == []
    time.sleep(2)
    assert set(cups.glob("*.pdf")) == before
