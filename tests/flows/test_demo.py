"""`make demo` without a display: the real window goes through the main job and leaves what it promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PICTURES = (
    "sign-in",
    "sign-in-code",
    "home",
    "candidates",
    "subject",
    "subject-person",
    "report",
    "verify",
    "offline",
    "objection",
    "ledger",
    "settings",
    "unlock",
)


def test_the_demonstration_leaves_pictures_a_sealed_report_and_a_transcript(tmp_path: Path) -> None:
    out = tmp_path / "demo-out"
    kept = {name: text for name, text in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-m", "tests.demo", "--out", str(out)]
    done = subprocess.run(command, env=kept, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    for name in PICTURES:
        assert (out / f"{name}.png").stat().st_size > 15_000, name
    sealed = list(out.glob("HYXYE*.pdf"))
    assert len(sealed) == 1
    opinion = subprocess.run(
        ["pdfsig", str(sealed[0])],  # a second opinion: poppler knows nothing of us
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Signature is Valid" in opinion.stdout and "Total document signed" in opinion.stdout
    told = (out / "transcript.txt").read_text("utf-8").splitlines()
    assert len(told) >= 10 and any("离线" in line for line in told)
    assert str(out) in done.stdout
    assert done.stdout.splitlines() == told
    for words in ("True", "False", "None"):  # what people read, not what the program holds
        assert words not in done.stdout
    assert not re.search(r"T[0-9:.]{8,}Z", done.stdout)
    assert done.stderr == ""
