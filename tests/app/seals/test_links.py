"""The QR link: read back, checked with the pinned key, refused when anything in it is another."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.field.report_numbers import link_content, write_link
from app.seals import check_link
from tests.app.report.samples import NUMBER

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
DIGEST, ISSUED = "ab" * 32, "2026-11-22T01:42:16.300Z"
LINK = write_link("https://localhost/v/", NUMBER, DIGEST, KEY.sign(link_content(NUMBER, DIGEST, ISSUED)))


def test_a_link_of_the_platform_is_good() -> None:
    verdict = check_link(LINK, document_sha256=DIGEST, issued_at=ISSUED, answers_key=PUBLIC)
    assert verdict.ok
    assert verdict.number == NUMBER


@pytest.mark.parametrize(
    ("digest", "issued", "reason"),
    [
        ("cd" * 32, ISSUED, "content_changed"),
        (DIGEST[:32] + "cd" * 16, ISSUED, "signature_invalid"),
        (DIGEST, "2026-11-23T01:42:16.300Z", "signature_invalid"),
    ],
)
def test_another_content_or_time_is_refused(digest: str, issued: str, reason: str) -> None:
    verdict = check_link(LINK, document_sha256=digest, issued_at=issued, answers_key=PUBLIC)
    assert not verdict.ok
    assert reason in verdict.reasons


def test_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert not check_link(LINK, document_sha256=DIGEST, issued_at=ISSUED, answers_key=other).ok


@pytest.mark.parametrize("place", range(len(LINK) - 108, len(LINK), 9))
def test_every_part_of_the_fragment_counts(place: int) -> None:
    swapped = "A" if LINK[place] != "A" else "B"
    link = LINK[:place] + swapped + LINK[place + 1 :]
    assert not check_link(link, document_sha256=DIGEST, issued_at=ISSUED, answers_key=PUBLIC).ok


@pytest.mark.parametrize(
    "link", ["", "https://localhost/v/", NUMBER, f"{NUMBER}#", f"{NUMBER}#AAAA", LINK + "AA"]
)
def test_what_is_no_link_is_refused(link: str) -> None:
    verdict = check_link(link, document_sha256=DIGEST, issued_at=ISSUED, answers_key=PUBLIC)
    assert verdict.reasons == ("not_a_report",)
