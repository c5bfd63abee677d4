"""Every way we know to change, borrow or fake a sealed report, as functions that make the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import NamedTuple

import msgspec
import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

from server_stub.reports.authority import Seal
from server_stub.reports.sealing import RESERVED
from server_stub.reports.stamping import stamper_of
from tests.app.report import samples
from tests.server_stub.own_seals import put_seal, signer_of


class Shop(NamedTuple):
    """What a forger may have: a sealed report, the same unsealed, another sealed one, seals."""

    sealed: bytes
    unsealed: bytes
    another: bytes
    seal: Seal
    other_seal: Seal
    ended_seal: Seal


def signed_ranges(pdf: bytes) -> list[tuple[int, int]]:
    """The two stretches of bytes that the signature says it covers, as [low, high)."""
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    assert found
    a, b, c, d = (int(figure) for figure in found.groups())
    return [(a, a + b), (c, c + d)]


def flipped(pdf: bytes, place: int) -> bytes:
    spoiled = bytearray(pdf)
    spoiled[place] ^= 1
    return bytes(spoiled)


def changed_page(shop: Shop) -> bytes:
    return flipped(shop.sealed, shop.sealed.index(b"stream") + 400)


def changed_data(shop: Shop) -> bytes:
    place = shop.sealed.index(b"/EmbeddedFile")
    return flipped(shop.sealed, shop.sealed.index(b"stream", place) + 40)


def changed_number(shop: Shop) -> bytes:
    """In the metadata that the verifier reads: another figure in the report number."""
    return flipped(shop.sealed, shop.sealed.index(b"number=HYXYE2026") + len(b"number=HYXYE"))


def with_a_line_more(shop: Shop) -> bytes:
    return shop.sealed + b"\n"


def updated(shop: Shop) -> bytes:
    """By an incremental update, as any editor saves: title and a turned page."""
    writer = IncrementalPdfFileWriter(BytesIO(shop.sealed))
    info = writer.prev.trailer["/Info"]
    info["/Title"] = generic.TextStringObject("改过的报告")
    writer.update_container(info)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    return _written(writer)


def with_other_data(shop: Shop) -> bytes:
    """The data of another report put in by an incremental update: the seal's own bytes stay as they were."""
    theirs = _data_of(shop.another)
    writer = IncrementalPdfFileWriter(BytesIO(shop.sealed))
    file = writer.root["/AF"][0]["/EF"]["/F"]
    file._data, file._encoded_data = theirs, None
    writer.update_container(file)
    return _written(writer)


def _data_of(pdf: bytes) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        return document.attachments["report.json"].get_file().read_bytes()


def sealed_with_other_data(shop: Shop) -> bytes:
    """By whoever has the seal's key: the pages of one report, the data of another."""
    out = BytesIO()
    with pikepdf.open(BytesIO(shop.unsealed)) as document:
        document.Root["/AF"][0]["/EF"]["/F"].write(_data_of(shop.another))
        document.save(out)
    return put_seal(out.getvalue(), shop.seal, datetime.now(UTC), samples.NUMBER)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def stripped(shop: Shop) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(shop.sealed)) as document:
        del document.Root["/AcroForm"]
        del document.Root["/Perms"]
        for page in document.pages:
            if "/Annots" in page:
                del page["/Annots"]
        document.save(out)
    return out.getvalue()


def resaved(shop: Shop) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(shop.sealed)) as document:
        document.save(out)
    return out.getvalue()


def _signature(pdf: bytes) -> tuple[int, int]:
    (_, low), (high, _) = signed_ranges(pdf)
    return low, high


def with_the_signature_of_another(shop: Shop) -> bytes:
    """The same seal's signature on another report."""
    low, high = _signature(shop.sealed)
    theirs = shop.another[slice(*_signature(shop.another))]
    assert len(theirs) == high - low
    return shop.sealed[:low] + theirs + shop.sealed[high:]


def with_an_empty_signature(shop: Shop) -> bytes:
    low, high = _signature(shop.sealed)
    return shop.sealed[:low] + b"<" + b"0" * (high - low - 2) + b">" + shop.sealed[high:]


def without_its_range(shop: Shop) -> bytes:
    return shop.sealed.replace(b"/ByteRange", b"/ByteRangf")


def by_another_authority(shop: Shop) -> bytes:
    return put_seal(shop.unsealed, shop.other_seal, datetime.now(UTC), samples.NUMBER)


def by_an_ended_seal(shop: Shop) -> bytes:
    """The platform's own server refuses to; a thief's program does not."""
    unstamped = msgspec.structs.replace(shop.ended_seal, stamping=None)
    return put_seal(shop.unsealed, unstamped, datetime.now(UTC), samples.NUMBER)


def signed(pdf: bytes, seal: Seal, field: str = "S", **meta: object) -> bytes:
    """A signature of the true seal in another manner than the platform's."""
    out = BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            **meta,  # type: ignore[arg-type]
        ),
        signer=signer_of(seal),
        timestamper=stamper_of(seal.stamping) if seal.stamping else None,
        new_field_spec=SigFieldSpec(field),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=RESERVED, output=out)
    return out.getvalue()


def open_to_forms(shop: Shop) -> bytes:
    return signed(shop.unsealed, shop.seal, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)


def approved_only(shop: Shop) -> bytes:
    return signed(shop.unsealed, shop.seal)


def signed_twice(shop: Shop) -> bytes:
    return signed(signed(shop.unsealed, shop.seal), shop.seal, "T")


class Attack(NamedTuple):
    """`reasons` are among the verdict's; `poppler` is what pdfsig says of signature and coverage."""

    make: Callable[[Shop], bytes]
    reasons: frozenset[str]
    poppler: tuple[str, ...]


VALID, MISMATCH = "Signature is Valid.", "Digest Mismatch."
UNJUDGED, FAILURE = "Signature has not yet been verified.", "Unknown Validation Failure."
WHOLE, PART = "- Total document signed", "- Not total document signed"


def _attack(make: Callable[[Shop], bytes], reasons: str, *poppler: str) -> Attack:
    return Attack(make, frozenset(reasons.split()), poppler)


ATTACKS = (
    _attack(changed_page, "content_changed", MISMATCH, WHOLE),
    _attack(changed_data, "content_changed", MISMATCH, WHOLE),
    _attack(changed_number, "content_changed", MISMATCH, WHOLE),
    _attack(with_a_line_more, "not_whole_file", VALID, PART),
    _attack(updated, "not_whole_file changed_after_seal", VALID, PART),
    _attack(with_other_data, "not_whole_file changed_after_seal", VALID, PART),
    _attack(sealed_with_other_data, "data_differs", VALID, WHOLE),
    _attack(stripped, "no_signature"),
    _attack(resaved, "content_changed", UNJUDGED, PART),
    _attack(with_the_signature_of_another, "content_changed", MISMATCH, WHOLE),
    _attack(with_an_empty_signature, "signature_invalid", FAILURE, PART),
    _attack(without_its_range, "signature_invalid", UNJUDGED),
    _attack(by_another_authority, "certificate_untrusted other_certificate", VALID, WHOLE),
    _attack(by_an_ended_seal, "certificate_untrusted", VALID, WHOLE),
    _attack(open_to_forms, "changes_allowed", VALID, WHOLE),
    _attack(approved_only, "changes_allowed", VALID, WHOLE),
    _attack(signed_twice, "several_signatures", VALID, VALID, PART, WHOLE),
)
