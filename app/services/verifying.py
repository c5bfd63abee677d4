"""Is this report genuine, and is it still true? The first is answered here, the second by the server."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from app import seals
from app.field.file_marks import PDF
from app.field.report_numbers import number_in
from app.report import check_code_of
from app.services.lines import Lines
from app.texts import LANGUAGES, Texts
from app.trouble import NotNow, NotRight, NotYou, Refused, Trouble, VaultTrouble
from app.wire.messages import VerifyReply
from app.wire.routes import told
from app.wire.trust import Trust

LARGEST = 64 * 1024 * 1024
PRODUCER = "HengXin"
TOO_OFTEN = "rate-limited"
PAPERS = ("working", "preview", "offline")
FOREIGN = {"certificate_untrusted", "other_certificate"}


@dataclass(frozen=True)
class Verdict:
    """`words` is a text id; `checks` are (name, passed, detail), `reasons` why it is not genuine.

    Two digests, never one for the other: `document_sha256` names the content and is what the cover and the
    last page print (empty unless the seal holds), and so is the short `check_code` made from it;
    `pdf_sha256` is of the file as it was handed in. `data` is the file report.json of a report whose seal
    holds; empty for a report of before, which has none. `stamped_at` is the time that a time stamp proves.
    """

    genuine: bool
    state: Literal["current", "superseded", "expired", "void", "unknown", "unchecked"]
    words: str
    reasons: tuple[str, ...]
    number: str
    issued_at: str
    signer: str
    coverage: str
    checks: tuple[tuple[str, bool, str], ...]
    valid_until: str = ""
    withdrawn: int = 0
    document_sha256: str = ""
    pdf_sha256: str = ""
    check_code: str = ""
    data: bytes = b""
    stamped_at: str = ""


@dataclass(frozen=True)
class Registered:
    """What the register says of a number. No file and no paper was looked at: a number that is known does
    not say that the paper bearing it is unchanged.
    """

    number: str
    state: Literal["current", "superseded", "expired", "void", "unknown"]
    issued_at: str = ""
    valid_until: str = ""
    subject_masked: str = ""
    withdrawn: int = 0


class Verifying:
    """Needs the pins beside the vault, and no vault."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def verify(self, pdf: Path | bytes, offline: bool = False) -> Verdict:
        """Judge a file: its seal by the pinned certificate, its state by the server unless `offline`.

        Raises:
            NotRight: report.file when there is no such file.
            VaultTrouble: trust.none before the first sign-in here: nothing is pinned to judge by.
        """
        content = _content(pdf)
        trust = self._pins()
        found = seals.check(content, seal_trust(trust))
        checks = tuple((one.name, one.ok, one.detail) for one in found.checks)
        sealed = Verdict(
            genuine=found.ok,
            state="unchecked",
            words="verify.offline",
            reasons=found.reasons,
            number=found.number,
            issued_at=found.issued_at,
            signer=found.signer,
            coverage=next((detail for name, _, detail in checks if name == "entire_file"), ""),
            checks=checks,
            document_sha256=found.document_sha256 if found.ok else "",
            pdf_sha256=hashlib.sha256(content).hexdigest(),
            check_code=check_code_of(found.number, found.document_sha256) if found.ok else "",
            data=found.data,
            stamped_at=found.stamped_at,
        )
        if not found.ok:
            return replace(sealed, state="unknown", words=self._words(content, found, offline))
        if offline:
            return sealed
        try:
            said = self.registered(found.number, sealed.pdf_sha256)
        except NotNow as flaw:
            return replace(sealed, words="verify.busy") if flaw.code == TOO_OFTEN else sealed
        return _with_state(sealed, said)

    def look_up(self, text: str) -> Registered:
        """What the register says of the number on a paper, typed or scanned from its QR code.

        Raises:
            NotRight: report.number when there is no report number in the text.
            NotNow: the register does not answer, or was asked too often from this address.
            VaultTrouble: trust.none before the first sign-in here.
        """
        try:
            number = number_in(text)
        except ValueError as flaw:
            raise NotRight("report.number") from flaw
        self._pins()
        try:
            said = self.registered(number, "")
        except NotNow as flaw:
            if flaw.code == TOO_OFTEN:
                raise
            raise NotNow(flaw.code, "report.ask-later") from flaw
        return Registered(
            number, said.state, said.issued_at, said.valid_until, said.subject_masked, said.withdrawn
        )

    def registered(self, number: str, pdf_sha256: str) -> VerifyReply:
        """What the register says of a report whose file is not at hand.

        Raises:
            NotNow, NotTrusted: the server does not answer (or not this program), or is another one.
        """
        try:
            with told():
                return self.lines.stranger().verify(number, pdf_sha256)
        except Refused as flaw:  # of who asks; of the report nothing was said
            raise NotNow(flaw.code, flaw.text, flaw.context) from flaw

    def _pins(self) -> Trust:
        """By what is judged here. It is no matter of who asks: whoever is not signed in may verify."""
        try:
            return self.lines.trust()
        except NotYou as flaw:
            raise VaultTrouble(flaw.code, "verify.unenrolled") from flaw

    def _words(self, content: bytes, found: seals.SealVerdict, offline: bool) -> str:
        """Why a file without a sound seal of ours is none: no PDF, a paper that was never a report, somebody
        else's, or one of ours that was changed."""
        if not content[:1024].lstrip().startswith(PDF):
            return "verify_state.not_pdf"
        if found.reasons == ("no_signature",) and not found.number:
            ours = found.producer == PRODUCER and found.paper in _papers()
            return "verify_state.not_official" if ours else "verify_state.foreign"
        if FOREIGN & set(found.reasons) and "content_changed" not in found.reasons:
            return "verify_state.foreign"
        if offline or not found.number:
            return "verify.bad"
        try:
            said = self.registered(found.number, hashlib.sha256(content).hexdigest())
        except Trouble:  # what the register says only makes the sentence more exact
            return "verify.bad"
        return "verify_state.unknown" if said.state == "unknown" else "verify.bad"


def seal_trust(trust: Trust) -> seals.SealTrust:
    """The pins by which a report is judged.

    Raises:
        VaultTrouble: trust.broken when the pinned key is no base64.
    """
    try:
        key = base64.b64decode(trust.answers.public_b64, validate=True)
    except ValueError as flaw:
        raise VaultTrouble("trust.broken") from flaw
    return seals.SealTrust(
        issuer_pem=trust.seal.issuer_pem,
        certificate_pem=trust.seal.certificate_pem,
        answers_key_id=trust.answers.key_id,
        answers_key=key,
        stamp_issuer_pem=trust.seal.stamp_issuer_pem,
        stamped_from=trust.seal.stamped_from,
    )


@functools.cache
def _papers() -> frozenset[str]:
    """What a print, a preview and an offline copy call themselves in their metadata."""
    return frozenset(Texts(one).say(f"paper_copy.{kind}") for one in LANGUAGES for kind in PAPERS)


def _with_state(sealed: Verdict, said: VerifyReply) -> Verdict:
    """What the register says of a file whose seal holds."""
    registered = said.match is True and said.state != "unknown"
    words = {"current": "verify.ok", "superseded": "report.outdated"}
    return replace(
        sealed,
        genuine=registered,
        state=said.state,
        words=words.get(said.state, f"verify_state.{said.state}")
        if registered or said.state == "unknown"
        else "verify.bad",
        reasons=() if registered else ("not_registered",),
        checks=(*sealed.checks, ("registered_digest", registered, "")),
        valid_until=said.valid_until,
        withdrawn=said.withdrawn,
    )


def _content(pdf: Path | bytes) -> bytes:
    if isinstance(pdf, bytes):
        return pdf
    if not pdf.is_file() or pdf.stat().st_size > LARGEST:
        raise NotRight("report.file", context={"file": pdf.name})
    return pdf.read_bytes()
