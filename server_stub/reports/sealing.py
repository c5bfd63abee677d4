"""Putting the seal on the server's own bytes: a certifying PAdES signature after which nothing may change."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from server_stub.reports.authority import Seal

FIELD = "HengXinSeal"
RESERVED = 24 * 1024  # bytes for the signature; room for a time stamp, which doubles its size


class _PdfSigner(signers.PdfSigner):
    """Signs with the time it is told instead of the machine's."""

    def __init__(self, moment: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moment = moment

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._moment
        return session


def put_seal(pdf: bytes, seal: Seal, moment: datetime, reason: str) -> bytes:
    """The file with the seal: one invisible certifying signature, no change permitted, over the whole file.

    `moment` is aware; `reason` is shown by readers.
    """
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = _PdfSigner(moment, meta, signer=_signer(seal), new_field_spec=SigFieldSpec(FIELD))
    out = BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=RESERVED, output=out)
    return out.getvalue()


@cache
def _signer(seal: Seal) -> signers.SimpleSigner:
    empty: Any = SimpleCertificateStore
    store = empty()
    store.register(_certificate(seal.issuer_pem))
    return signers.SimpleSigner(
        signing_cert=_certificate(seal.certificate_pem),
        signing_key=asn1_keys.PrivateKeyInfo.load(seal.key_path.read_bytes()),
        cert_registry=store,
    )


def _certificate(text: str) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(text.encode("ascii"))[2])
