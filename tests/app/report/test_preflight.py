"""A second judge of our files: PDFBox Preflight. It knows PDF/A-1b only and refuses what part 3 allows.

What it says of such things is expected by its number; anything else it finds is a fault of part 3 as well. It
found that ReportLab puts no line end before `endstream`. It comes by `make paper`.
"""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.field.reportdoc import Copy
from app.report import render
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.server_stub.own_seals import put_seal, seal_at

JARS = Path("/usr/share/java")
NAMES = (
    "preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging", "commons-io", "javax.activation",
    "jaxb-api",
)  # fmt: skip
ONLY_IN_PART_1 = {
    "7.11.2",  # the metadata say part 3
    "2.1.6",  # an ICC profile of version 4
    "1.4.7",  # a file is embedded
    "1.2.9",  # and specified
}


def faults(pdf: bytes, tmp_path: Path) -> set[str]:
    """The numbers of what Preflight has against a file, but for what part 3 allows."""
    jars = [JARS / f"{name}.jar" for name in NAMES]
    lost = [jar.name for jar in jars if not jar.exists()]
    assert not lost, f"Preflight is not here ({', '.join(lost)}): `make paper`"
    file = tmp_path / "judged.pdf"
    file.write_bytes(pdf)
    path = ":".join(map(str, jars))
    run = subprocess.run(
        ["java", "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", str(file)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert "judged.pdf is" in run.stdout, run.stderr[-2000:]
    return set(re.findall(r"^(\d+(?:\.\d+)+) :", run.stdout, re.MULTILINE)) - ONLY_IN_PART_1


@pytest.mark.nightly
@pytest.mark.parametrize("copy", ["official", "preview", "working"])
def test_preflight_finds_nothing_that_part_3_forbids(copy: Copy, tmp_path: Path) -> None:
    document = samples.official() if copy == "official" else samples.other(copy)
    assert faults(render(document, FONTS), tmp_path) == set()


@pytest.mark.nightly
def test_nor_in_a_sealed_report(tmp_path: Path) -> None:
    """The seal's field has no size and needs no picture (6.3.3); part 3 ignores what the information says."""
    pdf = render(samples.official(), FONTS)
    sealed = put_seal(pdf, seal_at(tmp_path / "home"), datetime.now(UTC), samples.NUMBER)
    assert faults(sealed, tmp_path) == {"5.3.1", "7.2"}


@pytest.mark.nightly
def test_control_it_sees_a_stream_without_its_line_end(tmp_path: Path) -> None:
    spoilt = render(samples.other("working"), FONTS).replace(b"\nendstream", b"endstream", 1)
    assert faults(spoilt, tmp_path) != set()
