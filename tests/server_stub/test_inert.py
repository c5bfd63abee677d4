"""A letter that nobody can open, or that acts, is no proof that a query was allowed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from server_stub.errors import Problem
from server_stub.inert import pdf_flaw
from server_stub.queries.letters import keep_scan
from tests.one_page import one_page
from tests.server_stub.cases.test_attachments import PNG, pdf, script


def empty() -> bytes:
    return pdf(lambda made: made.pages.__delitem__(0))


LOCKED = pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
OPENS = pdf(encryption=pikepdf.Encryption(owner="o", user=""))
REFUSED = [
    (LOCKED, "encrypted"), (OPENS, "encrypted"), (b"%PDF-1.4\n%%EOF\n", "damaged"), (empty(), "damaged"),
    (pdf(script), "active"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "why"), REFUSED, ids=["locked", "opens", "bare", "no page", "acts"])
@pytest.mark.parametrize("place", ["letters", "official-letters"])
def test_a_scan_that_is_no_evidence_is_refused_with_the_reason_and_not_kept(
    content: bytes, why: str, place: str, tmp_path: Path, settings: Any
) -> None:
    settings.HENGXIN_HOME = tmp_path
    assert pdf_flaw(content) == why
    with pytest.raises(Problem) as refused:
        keep_scan(hashlib.sha256(content).hexdigest(), content, place)
    assert (refused.value.code, refused.value.fields[0]["code"]) == ("attachment-refused", why)
    assert list(tmp_path.iterdir()) == []


def test_control_a_page_and_a_picture_are_kept(tmp_path: Path, settings: Any) -> None:
    settings.HENGXIN_HOME = tmp_path
    for name, content in (("a", one_page()), ("b", PNG)):
        keep_scan(name, content)
        assert (tmp_path / "letters" / name).read_bytes() == content
