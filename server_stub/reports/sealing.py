"""Putting the seal on the server's own bytes: a certifying PAdES signature after which nothing may change.

The signature itself is made elsewhere (`Hand`): this process holds no key of a seal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from server_stub.reports.authority import Seal
from server_stub.reports.stamping import stamper_of

FIELD = "HengXinSeal"
RESERVED = 24 * 1024  # bytes for the signature; room for a time stamp, which doubles its size
_DRY = 256  # bytes of a signature, for the library's own reckoning


Hand = Callable[[bytes], bytes]  # signed attributes (DER) in, the signature over them out; raises OSError


class _FarSigner(signers.Signer):
    """Signs by another's hand."""

    def __init__(self, seal: Seal, hand: Hand) -> None:
        empty: Any = SimpleCertificateStore
        store = empty()
        store.register(_certificate(seal.issuer_pem))
        super().__init__(signing_cert=_certificate(seal.certificate_pem), cert_registry=store)
        self._hand = hand

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(_DRY) if dry_run else self._hand(data)


class _PdfSigner(signers.PdfSigner):
    """Signs with the time it is told instead of the machine's."""

    def __init__(self, moment: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moment = moment

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._moment
        return session


def put_seal(pdf: bytes, seal: Seal, hand: Hand, moment: datetime, reason: str) -> bytes:
    """The file with the seal: one invisible certifying signature, no change permitted, over the whole file,
    with a trusted time stamp and, in the same revision, the certificates and lists by which it can be judged
    later.

    `moment` is aware; `reason` is shown by readers.

    Raises:
        OSError: the hand does not sign (`SealAway`), the time is not stamped, or the seal's certificate or
            the stamp's does not hold now.
    """
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
        **_kept_for_later(seal, moment),
    )
    stamper = stamper_of(seal.stamping) if seal.stamping else None
    signer = _PdfSigner(
        moment, meta, signer=_FarSigner(seal, hand), timestamper=stamper, new_field_spec=SigFieldSpec(FIELD)
    )
    out = BytesIO()
    try:
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=RESERVED, output=out)
    except (SigningError, PathError, ValidationError) as flaw:
        raise OSError(f"the seal cannot be put now: {flaw}") from flaw
    return out.getvalue()


def _kept_for_later(seal: Seal, moment: datetime) -> dict[str, Any]:
    """Settings by which the signer puts certificates and lists into the signed revision itself: one that came
    after would be a change.
    """
    if seal.stamping is None:
        return {}
    roots = [_certificate(seal.issuer_pem), _certificate(seal.stamping.issuer_pem)]
    context = ValidationContext(
        trust_roots=roots,
        crls=list(seal.lists),
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )
    together = DSSContentSettings(
        include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
    )
    return {"embed_validation_info": True, "validation_context": context, "dss_settings": together}


def _certificate(text: str) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(text.encode("ascii"))[2])
