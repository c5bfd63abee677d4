"""Why a file is no report: never one, somebody else's, no PDF at all, or one of ours that was changed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import pikepdf
import pytest

from app.field.reportdoc import Copy
from app.report import check_code_of, document_sha256, render
from app.services.lines import Lines
from app.services.verifying import Verdict, Verifying
from app.trouble import NotNow, NotRight, NotYou, Refused, Trouble, VaultTrouble
from app.wire.messages import AnswersKey, SealCertificates, VerifyReply
from app.wire.trust import Trust
from server_stub.reports.authority import Seal
from tests.app.report import samples
from tests.app.report.tools import FONTS
from tests.app.wire.fake_log import FakeLog
from tests.server_stub.own_seals import put_seal, seal_at

State = Literal["current", "superseded", "expired", "void", "unknown"]


@dataclass
class Register:
    """The server's register as far as a verifier sees it; no state: nobody answers."""

    seal: Seal
    state: State | None = None
    match: bool = True
    trouble: Trouble = NotNow("net.offline")

    def trust(self) -> Trust:
        pins = SealCertificates(self.seal.certificate_pem, self.seal.issuer_pem)
        key = AnswersKey(samples.KEY_ID, base64.b64encode(samples.PUBLIC).decode())
        return cast(Trust, type("Pins", (), {"seal": pins, "answers": key, "log": FakeLog().trust().log})())

    def stranger(self) -> Any:
        return self

    def verify(self, number: str, pdf_sha256: str) -> VerifyReply:
        if self.state is None:
            raise self.trouble
        return VerifyReply(self.state, self.match)


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return seal_at(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def sealed(seal: Seal) -> bytes:
    return put_seal(render(samples.official(), FONTS), seal, datetime.now(UTC), samples.NUMBER)


def judge(seal: Seal, pdf: bytes | Path, state: State | None = None, match: bool = True) -> Verdict:
    return Verifying(cast(Lines, Register(seal, state, match))).verify(pdf)


@pytest.mark.parametrize("copy", ["working", "preview", "offline"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_paper_of_ours_that_was_never_a_report(
    seal: Seal, copy: Copy, language: Literal["zh_CN", "en"]
) -> None:
    found = judge(seal, render(samples.other(copy, language=language), FONTS))
    assert (found.genuine, found.state, found.words) == (False, "unknown", "verify_state.not_official")


def stranger(tmp_path: Path, **marks: str) -> Path:
    path = tmp_path / "s.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, value in marks.items():
            document.docinfo[f"/{name}"] = value
        document.save(path)
    return path


@pytest.mark.parametrize(
    "marks", [{}, {"Producer": "HengXin"}, {"Subject": "预览"}, {"Producer": "HengXin", "Subject": "HYXY"}]
)
def test_control_somebody_elses_paper_is_not_taken_for_ours(
    seal: Seal, tmp_path: Path, marks: dict[str, str]
) -> None:
    assert judge(seal, stranger(tmp_path, **marks)).words == "verify_state.foreign"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "一封信".encode(), b"\xff" * 4096])
def test_what_is_no_pdf_is_said_to_be_none(seal: Seal, content: bytes) -> None:
    found = judge(seal, content)
    assert (found.genuine, found.words) == (False, "verify_state.not_pdf")


def flipped(pdf: bytes) -> bytes:
    content = bytearray(pdf)
    content[len(content) // 3] ^= 1
    return bytes(content)


@pytest.mark.parametrize(
    "spoil", [flipped, lambda pdf: pdf + b"\n%% more\n", lambda pdf: pdf[: len(pdf) // 2]]
)
def test_a_changed_report_is_called_changed(
    seal: Seal, sealed: bytes, spoil: Callable[[bytes], bytes]
) -> None:
    assert judge(seal, spoil(sealed), "current", match=False).words == "verify.bad"


def test_a_report_without_its_seal_is_changed_or_unknown(seal: Seal) -> None:
    stripped = render(samples.official(), FONTS)
    assert judge(seal, stripped).words == "verify.bad"  # nobody answers
    assert judge(seal, stripped, "current", match=False).words == "verify.bad"
    assert judge(seal, stripped, "unknown").words == "verify_state.unknown"


def test_the_seal_of_another_house_is_not_this_platforms(seal: Seal, tmp_path: Path) -> None:
    theirs = put_seal(render(samples.official(), FONTS), seal_at(tmp_path), datetime.now(UTC), samples.NUMBER)
    assert judge(seal, theirs, "current").words == "verify_state.foreign"


@pytest.mark.parametrize(
    ("state", "match", "words", "genuine"),
    [
        ("current", True, "verify.ok", True),
        ("superseded", True, "report.outdated", True),
        ("void", True, "verify_state.void", True),
        ("unknown", False, "verify_state.unknown", False),
        ("current", False, "verify.bad", False),
        (None, True, "verify.offline", True),
    ],
)
def test_a_sound_seal_and_what_the_register_says(
    seal: Seal, sealed: bytes, state: State | None, match: bool, words: str, genuine: bool
) -> None:
    found = judge(seal, sealed, state, match)
    assert (found.words, found.genuine) == (words, genuine)


def test_each_digest_has_its_own_place(seal: Seal, sealed: bytes) -> None:
    found = judge(seal, sealed, "current")
    assert found.document_sha256 == document_sha256(samples.official())
    assert found.pdf_sha256 == hashlib.sha256(sealed).hexdigest()
    assert found.document_sha256 != found.pdf_sha256


def test_what_an_unsound_file_says_of_its_content_is_not_repeated(seal: Seal, sealed: bytes) -> None:
    longer = sealed + b"\n%% more\n"
    found = judge(seal, longer)
    assert (found.genuine, found.document_sha256) == (False, "")
    assert found.pdf_sha256 == hashlib.sha256(longer).hexdigest()


def test_a_number_without_its_file_is_looked_up(seal: Seal) -> None:
    verifying = Verifying(cast(Lines, Register(seal, "superseded", None)))  # type: ignore[arg-type]
    said = verifying.look_up(f" {samples.NUMBER.lower()} ")
    assert (said.number, said.state) == (samples.NUMBER, "superseded")
    assert verifying.look_up(samples.LINK).number == samples.NUMBER


def test_a_code_that_leads_to_another_host_is_asked_of_the_pinned_platform_alone(seal: Seal) -> None:
    """The host of a link is nobody's word: the number is taken out of it, and the own register is asked."""
    register = Register(seal, "unknown")
    for host in ("https://1ocalhost/v/", "https://localhost.example/v/", "javascript:/v/"):
        said = Verifying(cast(Lines, register)).look_up(f"{host}{samples.LINK.rpartition('/')[2]}")
        assert (said.number, said.state) == (samples.NUMBER, "unknown")


def test_what_is_no_number_is_said_before_anything_is_asked(seal: Seal) -> None:
    with pytest.raises(NotRight) as raised:
        Verifying(cast(Lines, Register(seal, None))).look_up(samples.NUMBER[:-1])
    assert raised.value.code == "report.number"


def test_a_silent_register_is_named_and_the_file_remains_a_way(seal: Seal) -> None:
    with pytest.raises(NotNow) as raised:
        Verifying(cast(Lines, Register(seal, None))).look_up(samples.NUMBER)
    assert (raised.value.code, raised.value.text) == ("net.offline", "report.ask-later")


def test_the_check_code_of_a_sound_file_is_told_to_hold_against_paper(seal: Seal, sealed: bytes) -> None:
    document = samples.official()
    found = judge(seal, sealed, "current")
    assert found.check_code == check_code_of(samples.NUMBER, document_sha256(document))
    assert judge(seal, sealed[:-40] + b"x" * 40).check_code == ""


def test_a_register_that_was_asked_too_often_says_so_and_when_to_come_back(seal: Seal, sealed: bytes) -> None:
    often = NotNow("rate-limited", "problem.rate-limited", {"wait_s": 42})
    verifying = Verifying(cast(Lines, Register(seal, None, trouble=often)))
    verdict = verifying.verify(sealed)
    assert (verdict.genuine, verdict.state, verdict.words) == (True, "unchecked", "verify.busy")
    with pytest.raises(NotNow) as raised:
        verifying.look_up(samples.NUMBER)
    assert (raised.value.text, raised.value.context) == ("problem.rate-limited", {"wait_s": 42})


def test_who_is_refused_by_the_register_is_not_told_that_the_report_is_out_of_date(
    seal: Seal, sealed: bytes
) -> None:
    register = Register(seal, None, trouble=Refused("protocol-unsupported"))
    found = Verifying(cast(Lines, register)).verify(sealed)
    assert (found.genuine, found.state, found.words) == (True, "unchecked", "verify.offline")
    with pytest.raises(NotNow, match="protocol-unsupported"):
        Verifying(cast(Lines, register)).look_up(samples.NUMBER)


def test_where_nothing_is_pinned_nothing_is_judged(
    seal: Seal, sealed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: object) -> Trust:
        raise NotYou("trust.none")

    monkeypatch.setattr(Register, "trust", none)
    verifying = Verifying(cast(Lines, Register(seal, "current")))
    for judged in (lambda: verifying.verify(sealed), lambda: verifying.look_up(samples.NUMBER)):
        with pytest.raises(VaultTrouble, match=r"trust\.none") as flaw:
            judged()
        assert (flaw.value.exit_code, flaw.value.text) == (6, "verify.unenrolled")
