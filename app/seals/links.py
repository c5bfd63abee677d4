"""The link in a report's QR code, checked offline: was this content digest issued under this number?"""

from __future__ import annotations

from app.field.report_numbers import link_content, read_link
from app.seals.verdicts import Check, SealVerdict


def check_link(link: str, *, document_sha256: str, issued_at: str, answers_key: bytes) -> SealVerdict:
    """Judge a scanned link against digest (hex) and issue time (UTC text) as printed or sealed in the report.

    `answers_key` is the platform's raw Ed25519 public key (32 bytes), pinned at sign-in. A good link
    proves number and content digest only; whether the report is still current only the platform can say.

    Raises:
        ValueError: when the key is not 32 bytes.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = Ed25519PublicKey.from_public_bytes(answers_key)
    try:
        said = read_link(link)
    except ValueError:
        return SealVerdict(False, (Check("form", False),), reasons=("not_a_report",))
    same = document_sha256.startswith(said.digest_start)
    try:
        key.verify(said.signature, link_content(said.number, document_sha256, issued_at))
    except (InvalidSignature, ValueError):
        signed = False
    else:
        signed = True
    checks = (Check("form", True), Check("digest", same, said.digest_start), Check("signature", signed))
    reasons = (*(() if same else ("content_changed",)), *(() if signed else ("signature_invalid",)))
    return SealVerdict(
        ok=not reasons,
        checks=checks,
        reasons=reasons,
        number=said.number,
        document_sha256=document_sha256 if not reasons else "",
        issued_at=issued_at if not reasons else "",
    )
