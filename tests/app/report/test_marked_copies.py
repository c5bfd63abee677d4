"""No copy that the client makes passes for the platform's: in words, in pixels, and to the verifier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from app.report import fonts_in, forms, render
from app.report.rendering import laid_out
from app.report.words import words_in
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


@pytest.mark.parametrize(
    ("language", "large"), [("zh_CN", False), ("zh_CN", True), ("en", False), ("en", True)]
)
@pytest.mark.parametrize("template", ["standard", "summary"])
def test_a_preview_has_the_pages_of_what_will_be_issued(template: str, language: str, large: bool) -> None:
    faces, words = fonts_in(FONTS), words_in(language)
    for count in range(0, 9, 2):
        told = samples.bundle((*samples.everyday()[:count], *map(samples.penalty, range(count % 5))))
        wish: dict[str, object] = {"template": template, "language": language, "large": large}
        sealed, preview = samples.official(told, **wish), samples.other("preview", told, **wish)
        pages = [len(laid_out(one, faces, words)[0]) for one in (sealed, preview)]
        assert pages[0] == pages[1], (count, pages)


def test_control_a_working_copy_is_a_paper_of_its_own() -> None:
    told, faces, words = samples.bundle(()), fonts_in(FONTS), words_in("zh_CN")
    pages = [
        len(laid_out(one, faces, words)[0])
        for one in (samples.official(told), samples.other("working", told))
    ]
    assert pages[0] > pages[1]
