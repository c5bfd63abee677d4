"""No copy that the client makes passes for the platform's: in words, in pixels, and to the verifier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from app.report import forms, render
from app.seals import SealTrust, check
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.server_stub.own_seals import seal_at

DPI = 150


def tinted(pdf: bytes) -> Iterator[int]:
    """How many of the looked-at pixels of each page have the pale amber of the mark."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            bitmap = page.render(scale=DPI / 72, prefer_bgrx=True)
            raw = bytes(bitmap.buffer)
            blue, green, red = (raw[colour :: 4 * 31] for colour in range(3))
            yield sum(
                r > 235 and 6 < r - b < 40 and b < g < r for b, g, r in zip(blue, green, red, strict=False)
            )
    finally:
        document.close()


def test_an_offline_copy_bears_its_mark_on_every_page_and_the_control_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = samples.other("offline")
    marked = list(tinted(render(document, FONTS)))
    monkeypatch.setitem(forms._TINTS, "offline", (forms.AMBER, 0.0))
    bare = list(tinted(render(document, FONTS)))
    assert len(marked) == len(bare) > 1
    beyond = [with_it - without for with_it, without in zip(marked, bare, strict=True)]
    assert min(beyond) > 500, (marked, bare)


@pytest.fixture
def trust(tmp_path: Path) -> SealTrust:
    seal = seal_at(tmp_path)
    return SealTrust(seal.issuer_pem, seal.certificate_pem, samples.KEY_ID, samples.PUBLIC)


@pytest.mark.parametrize("copy", ["preview", "working", "offline"])
def test_the_verifier_calls_none_of_them_a_report(copy: str, trust: SealTrust) -> None:
    verdict = check(render(samples.other(copy), FONTS), trust)  # type: ignore[arg-type]
    assert (verdict.ok, verdict.number) == (False, "")
    assert "no_signature" in verdict.reasons or "not_a_report" in verdict.reasons, verdict.reasons
