"""The verifier of sealed files. pyHanko is loaded at the first check, not at start-up.

`intact` and `valid` alone prove little: a file whose text was replaced by an incremental update, or with
bytes appended, is still `intact`. Hence the rule: exactly one signature, sound to the bottom line, over
the entire file, certifying that no change is allowed, by the pinned seal certificate, with a good time
stamp where its day asks for one; and the data it carries, if any, is the platform's own word on what the
pages say.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import msgspec

from app.seals.attaching import attached_files, judge_attached
from app.seals.stamps import Stamp, judge_stamp, wire_time
from app.seals.verdicts import NO_CLAIMS, Check, Claims, Reason, SealTrust, SealVerdict, Test

_CLAIM = re.compile(r"number=(\S+) document=([0-9a-f]{64}) issued=(\S+)( data=report\.json)?")
# what a parser may meet in a hostile or damaged file; each means the file is not a sound report
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError)


def check(pdf: bytes, trust: SealTrust, moment: datetime | None = None) -> SealVerdict:
    """Judge a file by the pinned certificates; nothing is fetched.

    Args:
        pdf: the whole file as received.
        trust: issuer, seal certificate and answers key.
        moment: the time at which certificates must be valid; now if not given.

    Raises:
        ValueError: when the pinned certificates cannot be read (a fault of the caller, not of the file).
    """
    library = _library()
    issuer, pinned = library.certificate(trust.issuer_pem), library.certificate(trust.certificate_pem)
    try:
        reader = library.reader(BytesIO(pdf))
        claims, stated = _claims(reader), _stated(reader)
    except library.broken as flaw:
        return _refused(Check("readable", False, type(flaw).__name__), "not_a_report")
    try:
        signatures = list(reader.embedded_signatures)
    except library.broken as flaw:
        return _refused(Check("signature", False, type(flaw).__name__), "signature_invalid", claims)
    if len(signatures) != 1:
        reason = "no_signature" if not signatures else "several_signatures"
        refused = _refused(Check("one_signature", False, str(len(signatures))), reason, claims)
        return msgspec.structs.replace(refused, producer=stated[0], paper=stated[1])
    try:
        status = _validated(library, signatures[0], issuer, trust, moment)
    except library.broken as flaw:
        return _refused(Check("signature", False, type(flaw).__name__), "signature_invalid", claims)
    verdict = _judged(library, signatures[0], status, pinned, claims, judge_stamp(status, claims, trust))
    return _with_data(verdict, library, reader, claims, trust) if verdict.ok else verdict


def _validated(
    library: _Library, signature: Any, issuer: Any, trust: SealTrust, moment: datetime | None
) -> Any:
    """The library's own judgement. Under a pinned root of time stamps the seal's certificate has to be valid
    when the stamp was given, the stamp's own at `moment`. Without such a root a stamp proves nothing: its own
    certificates stand in for the root, and the seal's certificate has to be valid at `moment`.
    """

    def context(roots: list[Any], at: datetime | None) -> Any:
        return library.context(
            trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail", moment=at
        )

    stamp = library.stamp(signature)
    if stamp is None:
        return library.validate(signature, signer_validation_context=context([issuer], moment))
    pinned = trust.stamp_issuer_pem
    return library.validate(
        signature,
        signer_validation_context=context([issuer], stamp.given_at if pinned else moment),
        ts_validation_context=context(
            [library.certificate(pinned)] if pinned else stamp.certificates, moment
        ),
    )


def _with_data(
    verdict: SealVerdict, library: _Library, reader: Any, claims: Claims, trust: SealTrust
) -> SealVerdict:
    """The verdict on a file whose seal holds, with the tests of what it carries."""
    try:
        files = attached_files(reader)
    except library.broken as flaw:
        files = [(type(flaw).__name__, b"")]
    tests = judge_attached(files, claims, trust)
    reasons = tuple(reason for _, passed, _, reason in tests if not passed)
    return msgspec.structs.replace(
        verdict,
        ok=not reasons,
        reasons=reasons,
        checks=(*verdict.checks, *(Check(name, passed, detail) for name, passed, detail, _ in tests)),
        data=files[0][1] if files and not reasons else b"",
    )


def _judged(
    library: _Library, signature: Any, status: Any, pinned: Any, claims: Claims, stamp: Test
) -> SealVerdict:
    """Test by test. Who issued the certificate is judged on a signature that holds alone: of another one the
    library says "not trusted" without having looked.
    """
    level = signature.docmdp_level
    stated = status.signer_reported_dt
    tests: list[Test] = [
        ("one_signature", True, "1", "no_signature"),
        ("intact", bool(status.intact), "", "content_changed"),
        ("valid", bool(status.valid), "", "signature_invalid"),
        (
            "entire_file",
            status.coverage == library.coverage.ENTIRE_FILE,
            status.coverage.name,
            "not_whole_file",
        ),
        (
            "no_changes_allowed",
            level == library.permission.NO_CHANGES and signature.sig_object_type == "/Sig",
            level.name if level else "",
            "changes_allowed",
        ),
        ("no_changes_made", bool(status.docmdp_ok), "", "changed_after_seal"),
        ("seal_certificate", signature.signer_cert.dump() == pinned.dump(), "", "other_certificate"),
        stamp,
        ("bottom_line", bool(status.bottom_line), "", "not_sound"),
    ]
    if status.intact and status.valid:
        tests.insert(3, ("trusted", bool(status.trusted), "", "certificate_untrusted"))
    reasons = tuple(reason for _, passed, _, reason in tests if not passed)
    return SealVerdict(
        ok=not reasons,
        checks=tuple(Check(name, passed, detail) for name, passed, detail, _ in tests),
        signer=str(signature.signer_cert.subject.native.get("common_name", "")),
        signed_at=wire_time(stated),
        stamped_at=stamp[2] if stamp[1] and stamp[2].endswith("Z") else "",
        reasons=reasons,
        number=claims.number,
        document_sha256=claims.document_sha256,
        issued_at=claims.issued_at,
    )


def _refused(failed: Check, reason: Reason, claims: Claims = NO_CLAIMS) -> SealVerdict:
    return SealVerdict(False, (failed,), reasons=(reason,), number=claims.number)


def _claims(reader: Any) -> Claims:
    """What the file states of itself, or empty texts."""
    trailer = reader.trailer  # a mapping without `get`
    said = _CLAIM.search(str(trailer["/Info"].get("/Keywords", ""))) if "/Info" in trailer else None
    return Claims(said[1], said[2], said[3], bool(said[4])) if said else NO_CLAIMS


def _stated(reader: Any) -> tuple[str, str]:
    """Producer and subject as the file states them, or empty texts."""
    trailer = reader.trailer
    if "/Info" not in trailer:
        return "", ""
    info = trailer["/Info"]
    return str(info.get("/Producer", "")), str(info.get("/Subject", ""))


class _Library:
    """The few names of pyHanko this room uses, gathered at its door."""

    def __init__(self) -> None:
        from asn1crypto import pem, x509
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.fields import MDPPerm
        from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
        from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
        from pyhanko_certvalidator import ValidationContext
        from pyhanko_certvalidator.errors import PathError, ValidationError

        self._pem, self._x509, self._stamps = pem, x509, extract_tst_data_iter
        self.broken = (*_BROKEN, PdfError, PathError, ValidationError)
        self.reader = PdfFileReader
        self.permission = MDPPerm
        self.coverage = SignatureCoverageLevel
        self.validate = validate_pdf_signature
        self.context = ValidationContext

    def stamp(self, signature: Any) -> Stamp | None:
        """What a time stamp says of itself; to be believed only if it holds."""
        for token in self._stamps(signature.signer_info, signed=False):
            said = token["encap_content_info"]["content"].parsed
            return Stamp(said["gen_time"].native, [one.chosen for one in token["certificates"]])
        return None

    def certificate(self, text: str) -> Any:
        """Raises ValueError when the text is not one PEM certificate."""
        _, _, raw = self._pem.unarmor(text.encode("ascii"))
        return self._x509.Certificate.load(raw)


_loaded: list[_Library] = []


def _library() -> _Library:
    if not _loaded:
        _loaded.append(_Library())
    return _loaded[0]
