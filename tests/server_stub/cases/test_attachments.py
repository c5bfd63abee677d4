"""Evidence is told by its bytes; what could act is refused and leaves nothing behind."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable

import pikepdf
import pytest

from server_stub.cases import attachments, services
from server_stub.cases.attachments import Handed, examine
from server_stub.cases.models import Attachment, Objection
from server_stub.errors import Problem
from tests.server_stub.cases.conftest import Town

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out, **save)
    return out.getvalue()


def handed(content: bytes, name: str = "证据.pdf") -> Handed:
    return Handed(name, hashlib.sha256(content).hexdigest(), base64.b64encode(content).decode())


def script(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def launch(made: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 1, 1],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="x.exe"),
    )
    made.pages[0].Annots = pikepdf.Array([link])


def carry(made: pikepdf.Pdf) -> None:
    made.attachments["x.exe"] = b"MZ"


def form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA="x")


def jump(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])


@pytest.mark.parametrize(
    ("content", "media"), [(pdf(), "pdf"), (pdf(jump), "pdf"), (PNG, "png"), (b"\xff\xd8\xff\xe0", "jpg")]
)
def test_inert_files_pass(content: bytes, media: str) -> None:
    kept, _ = examine(handed(content, "C:\\x\\..\\证\u202e据.pdf"))
    assert (kept.media, kept.size, kept.name) == (media, len(content), "证据.pdf")


@pytest.mark.parametrize("change", [script, launch, carry, form])
def test_a_pdf_that_acts_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    one = handed(pdf(change))
    with pytest.raises(Problem) as refused:
        examine(one)
    assert (refused.value.code, refused.value.fields[0]["code"]) == ("attachment-refused", "active")
    assert refused.value.fields[0]["sha256"] == one.sha256


@pytest.mark.parametrize("user", ["", "u"])
def test_a_locked_pdf_is_refused(user: str) -> None:
    """Whether it opens without a password or not: what it holds cannot be judged by others."""
    locked = pdf(encryption=pikepdf.Encryption(owner="o", user=user))
    with pytest.raises(Problem) as refused:
        examine(handed(locked))
    assert refused.value.fields[0]["code"] == "encrypted"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\x00", "type"),
        (b"", "size"),
        (b"%PDF-1.7 nothing", "damaged"),
        (PNG + b"\0" * 10 * 1024 * 1024, "size"),
    ],
)
def test_other_files_are_refused(content: bytes, why: str) -> None:
    with pytest.raises(Problem) as refused:
        examine(handed(content))
    (flaw,) = refused.value.fields
    assert (flaw["code"], flaw["sha256"]) == (why, handed(content).sha256)


def test_another_digest_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        examine(Handed("x.png", "0" * 64, base64.b64encode(PNG).decode()))
    assert refused.value.fields[0]["code"] == "digest"
    with pytest.raises(Problem):
        examine(Handed("x.png", "0" * 64, "not base64!"))


@pytest.mark.django_db
def test_a_filing_keeps_its_evidence_by_digest(town: Town) -> None:
    content = pdf()
    one = {"name": "a.pdf", "sha256": handed(content).sha256, "b64": handed(content).b64}
    services.file(town.own, "op", town.body(town.own, attachments=[one, {**one, "name": "b.pdf"}]))
    assert [a.name for a in Attachment.objects.order_by("id")] == ["a.pdf", "b.pdf"]
    (path,) = attachments.folder().iterdir()
    assert (path.name, path.read_bytes(), path.stat().st_mode & 0o777) == (one["sha256"], content, 0o400)


@pytest.mark.django_db
def test_control_a_refused_attachment_refuses_the_filing(town: Town) -> None:
    content = pdf(script)
    bad = {"name": "a.pdf", "sha256": handed(content).sha256, "b64": handed(content).b64}
    with pytest.raises(Problem):
        services.file(town.own, "op", town.body(town.own, attachments=[bad]))
    assert Objection.objects.count() == 0
    assert list(attachments.folder().iterdir()) == []
