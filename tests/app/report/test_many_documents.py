"""Two hundred documents nobody thought of: the same bytes in two other processes, names as written."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.field.records import Bundle
from app.field.reportdoc import ReportDocument, write_document
from app.report import render
from tests.app.report import samples
from tests.app.report.tools import FONTS, text_of

MANY = 200
SIGNS = st.characters(codec="utf-8", exclude_categories=("Cs",))
WORDS = st.text(st.one_of(st.sampled_from("衡阳建设㛃𬭊䶮𠮷有限公司（示例）ab1 -/"), SIGNS), max_size=60)
NAMES = st.text(st.sampled_from("衡阳㛃𬭊䶮𬒗建设张王李00A"), min_size=2, max_size=24)
SCRIPT = """
import hashlib, sys
from pathlib import Path
from app.field.reportdoc import read_document
from app.report import render
for file in sorted(Path(sys.argv[2]).glob("*.json")):
    print(hashlib.sha256(render(read_document(file.read_bytes()), Path(sys.argv[1]))).hexdigest())
"""


@st.composite
def bundles(draw: st.DrawFn) -> tuple[Bundle, str]:
    name = draw(NAMES)
    records = []
    for place in range(draw(st.integers(0, 6))):
        made = draw(st.sampled_from((samples.penalty, samples.licence)))(place + 1)
        fields = tuple((draw(WORDS), draw(WORDS)) for _ in range(draw(st.integers(0, 3))))
        records.append(msgspec.structs.replace(made, matter=draw(WORDS), fields=fields, title=draw(WORDS)))
    return samples.bundle(tuple(records), card=samples.subject(name)), name


@pytest.mark.nightly
def test_two_hundred_documents_are_the_same_elsewhere(tmp_path: Path) -> None:
    made: list[tuple[ReportDocument, str]] = []

    @seed(20261126)
    @settings(
        max_examples=MANY, deadline=None, phases=(Phase.generate,), database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(bundles(), st.sampled_from(("official", "preview", "offline")), st.sampled_from(("zh_CN", "en")))
    def draw(found: tuple[Bundle, str], copy: str, language: str) -> None:
        answer, name = found
        document = (
            samples.official(answer, language=language)
            if copy == "official"
            else samples.other(copy, answer, language=language)  # type: ignore[arg-type]
        )
        made.append((document, name))

    draw()
    assert len(made) >= MANY
    here = []
    for place, (document, name) in enumerate(made[:MANY]):
        pdf = render(document, FONTS)
        here.append(hashlib.sha256(pdf).hexdigest())
        (tmp_path / f"{place:03}.json").write_bytes(write_document(document))
        if place % 10 == 0:
            assert name in "".join(text_of(pdf, tmp_path, "-raw").split()), place
    assert len(set(here)) > MANY // 2  # control: they differ
    for environment in (
        {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
    ):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(FONTS), str(tmp_path)],
            capture_output=True, check=True, text=True, env={**os.environ, **environment},
            cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert done.stdout.split() == here
