"""What a sealed file carries is the platform's own data on exactly this report, or the file is refused.

All files here bear the true seal: they are what a fault of the platform, or a thief of the seal's key alone,
could bring about. Whoever has no key at all is held by the seal.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import msgspec
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from app.field.canonical import canonical
from app.report import render
from app.report.printed import attachment
from app.seals import SealTrust, SealVerdict, check
from server_stub.reports.authority import Seal
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.server_stub.own_seals import put_seal

Spoil = Callable[[pikepdf.Pdf], None]
NAME = "report.json"


def resealed(pdf: bytes, seal: Seal, spoil: Spoil) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        spoil(document)
        document.save(out)
    return put_seal(out.getvalue(), seal, datetime.now(UTC), samples.NUMBER)


def failed(verdict: SealVerdict) -> list[str]:
    return [one.name for one in verdict.checks if not one.ok]


def with_data(raw: bytes) -> Spoil:
    def spoil(document: pikepdf.Pdf) -> None:
        document.Root["/AF"][0]["/EF"]["/F"].write(raw)

    return spoil


def changed(**members: str) -> bytes:
    return canonical(json.loads(attachment(samples.official())) | members)


def test_the_data_of_a_genuine_report_is_handed_out(sealed: bytes, trust: SealTrust) -> None:
    verdict = check(sealed, trust)
    assert verdict.ok
    assert verdict.data == attachment(samples.official())
    held = {one.name: one.detail for one in verdict.checks if one.ok}
    assert held["attachment"] == NAME
    assert held["data_signature"] == samples.KEY_ID
    assert verdict.document_sha256.startswith(held["data_digest"])


def without(document: pikepdf.Pdf) -> None:
    del document.Root["/Names"]
    del document.Root["/AF"]


def of_before(document: pikepdf.Pdf) -> None:
    """As reports were before they carried data: they did not say that they do."""
    without(document)
    words = str(document.docinfo["/Keywords"])
    document.docinfo["/Keywords"] = words.removesuffix(f" data={NAME}")


def test_a_report_of_before_is_genuine_without_data(unsealed: bytes, seal: Seal, trust: SealTrust) -> None:
    verdict = check(resealed(unsealed, seal, of_before), trust)
    assert verdict.ok, verdict
    assert verdict.data == b""
    assert next(one.detail for one in verdict.checks if one.name == "attachment") == "absent"


def second(document: pikepdf.Pdf) -> None:
    document.attachments["more.json"] = b"{}"


def hidden(document: pikepdf.Pdf) -> None:
    """In no list of attachments: only a note on the page leads to it."""
    spec = pikepdf.AttachedFileSpec(document, b"{}", filename=NAME).obj
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec
    )
    document.pages[0].obj["/Annots"] = pikepdf.Array([document.make_indirect(note)])


def renamed(document: pikepdf.Pdf) -> None:
    document.Root["/AF"][0]["/UF"] = pikepdf.String("report.exe")


def renamed_for_some(document: pikepdf.Pdf) -> None:
    document.Root["/AF"][0]["/F"] = pikepdf.String("report.exe")


def unsaid(document: pikepdf.Pdf) -> None:
    words = str(document.docinfo["/Keywords"])
    document.docinfo["/Keywords"] = words.removesuffix(f" data={NAME}")


@pytest.mark.parametrize("spoil", [without, second, hidden, renamed, renamed_for_some, unsaid])
def test_none_two_a_hidden_or_another_file_is_refused(
    unsealed: bytes, seal: Seal, trust: SealTrust, spoil: Spoil
) -> None:
    verdict = check(resealed(unsealed, seal, spoil), trust)
    assert verdict.reasons == ("attachment_other",)
    assert (failed(verdict), verdict.data) == (["attachment"], b"")


def test_control_resealing_alone_changes_nothing(unsealed: bytes, seal: Seal, trust: SealTrust) -> None:
    assert check(resealed(unsealed, seal, lambda document: None), trust).ok


def anothers() -> bytes:
    """Sound in itself, by the right key, and about another report."""
    return attachment(samples.official(samples.bundle((), card=samples.person())))


@pytest.mark.parametrize(
    "raw",
    [
        anothers(),
        changed(document_sha256="ab" * 32),
        b"{}",
        b"not json",
        attachment(samples.official()) + b"\n",
        b"[" * 100_000,
        b'{"document":' + b"9" * 30 + b"}",
    ],
)
def test_data_of_something_else_is_refused(unsealed: bytes, seal: Seal, trust: SealTrust, raw: bytes) -> None:
    verdict = check(resealed(unsealed, seal, with_data(raw)), trust)
    assert verdict.reasons == ("data_differs",)
    assert verdict.data == b""


def signed_by_another() -> bytes:
    loose = json.loads(attachment(samples.official()))
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    mark = base64.b64encode(other.sign(canonical(loose["document"]))).decode()
    return canonical(loose | {"sig_b64": mark})


@pytest.mark.parametrize(
    "raw",
    [
        signed_by_another(),
        changed(sig_b64=""),
        changed(sig_b64="???"),
        changed(key_id="answers-0000000000000000"),
    ],
)
def test_data_the_platform_did_not_sign_is_refused(
    unsealed: bytes, seal: Seal, trust: SealTrust, raw: bytes
) -> None:
    verdict = check(resealed(unsealed, seal, with_data(raw)), trust)
    assert verdict.reasons == ("data_unsigned",)
    assert verdict.data == b""


def test_one_changed_value_is_refused_twice(unsealed: bytes, seal: Seal, trust: SealTrust) -> None:
    loose = json.loads(attachment(samples.official()))
    loose["document"]["records"][0]["amount_fen"] = 1
    verdict = check(resealed(unsealed, seal, with_data(canonical(loose))), trust)
    assert verdict.reasons == ("data_differs", "data_unsigned")


def test_the_data_of_another_report_swapped_in_after_the_seal(sealed: bytes, trust: SealTrust) -> None:
    """By an incremental update: the seal's own bytes stay as they were."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    file = writer.root["/AF"][0]["/EF"]["/F"]
    file._data, file._encoded_data = anothers(), None
    writer.update_container(file)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sealed)
    with pikepdf.open(BytesIO(out.getvalue())) as document:
        assert document.attachments[NAME].get_file().read_bytes() == anothers()
    verdict = check(out.getvalue(), trust)
    assert {"not_whole_file", "changed_after_seal"} <= set(verdict.reasons)
    assert verdict.data == b""


def test_another_pinned_key_refuses_the_data(sealed: bytes, trust: SealTrust) -> None:
    other = msgspec.structs.replace(trust, answers_key=bytes(32))
    assert check(sealed, other).reasons == ("data_unsigned",)


def test_a_file_of_another_report_renders_with_its_own_data(seal: Seal, trust: SealTrust) -> None:
    document = samples.official(samples.bundle((), card=samples.person()))
    verdict = check(put_seal(render(document, FONTS), seal, datetime.now(UTC), samples.NUMBER), trust)
    assert verdict.ok
    assert verdict.data == anothers()
