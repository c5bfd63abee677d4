"""The same document gives the same bytes, whatever the machine's time zone, locale, clock or settings are."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec

from app.field.reportdoc import write_document
from app.report import render
from tests.app.report import samples
from tests.app.report.tools import FONTS

SCRIPT = """
import hashlib, sys
from pathlib import Path
from app.field.reportdoc import read_document
from app.report import render
print(hashlib.sha256(render(read_document(sys.stdin.buffer.read()), Path(sys.argv[1]))).hexdigest())
"""


def elsewhere(document: bytes, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(FONTS)],
        input=document,
        capture_output=True,
        check=True,
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[3],
    )
    return done.stdout.decode().strip()


def test_bytes_repeat_across_processes_time_zones_locales_and_settings(tmp_path: Path) -> None:
    document = samples.official()
    raw = write_document(document)
    (tmp_path / ".reportlab_settings").write_text("pageCompression=0\ninvariant=0\n")
    here = hashlib.sha256(render(document, FONTS)).hexdigest()
    assert here == elsewhere(raw, TZ="America/New_York", LC_ALL="C", PYTHONHASHSEED="1")
    assert here == elsewhere(
        raw,
        TZ="Asia/Shanghai",
        LC_ALL="C.UTF-8",
        PYTHONHASHSEED="2",
        SOURCE_DATE_EPOCH="1000000000",
        HOME=str(tmp_path),
        RL_useA85="0",
        RL_pdfComments="1",
        RL_documentLang="fr",
    )


def test_bytes_repeat_after_another_document_was_drawn() -> None:
    first = render(samples.official(), FONTS)
    render(samples.other("offline"), FONTS)
    assert render(samples.official(), FONTS) == first


def test_another_content_gives_other_bytes_and_another_identifier() -> None:
    """Control: the comparison above can fail."""
    document = samples.official()
    other = msgspec.structs.replace(document, case_no="示例-LN-2026-0382")
    one, two = render(document, FONTS), render(other, FONTS)
    assert one != two
    assert one.split(b"/ID")[1][:80] != two.split(b"/ID")[1][:80]


def test_no_date_but_the_documents_own_is_in_the_file() -> None:
    pdf = render(samples.official(), FONTS)
    dates = set(re.findall(rb"\(D:(\d{14})", pdf))  # three bytes alone may stand in a packed stream, too
    assert dates == {b"20261122094216"}


def test_reportlab_is_loaded_only_by_a_page() -> None:
    script = "import sys, app.report; sys.exit(any(name.startswith('reportlab') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3])
    assert done.returncode == 0
