"""A sealed report is accepted, another file refused with its reason (see `test_attacks` as well)."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm

from app.report import document_sha256
from app.seals import SealTrust, check
from server_stub.reports.authority import Seal
from tests.app.report import samples
from tests.app.seals.attacks import signed


def test_a_sealed_report_is_genuine(sealed: bytes, trust: SealTrust) -> None:
    verdict = check(sealed, trust)
    assert verdict.ok
    assert verdict.reasons == ()
    assert {one.name for one in verdict.checks} >= {"entire_file", "no_changes_made", "seal_certificate"}
    assert all(one.ok for one in verdict.checks)
    assert next(one for one in verdict.checks if one.name == "time_stamp").detail == verdict.stamped_at
    assert "样章 SPECIMEN" in verdict.signer
    assert verdict.signed_at.endswith("Z")


def test_the_sealed_file_says_which_report_it_is(sealed: bytes, trust: SealTrust) -> None:
    verdict = check(sealed, trust)
    assert verdict.number == samples.NUMBER
    assert verdict.document_sha256 == document_sha256(samples.official())
    assert verdict.issued_at == samples.TIMES.issued


def test_poppler_agrees(sealed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert said.count("Signature #") == 1


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\0" * 4096, b"\n1 0 obj\n<<>>\nendobj\n"])
def test_appended_bytes_are_refused(sealed: bytes, trust: SealTrust, tail: bytes) -> None:
    """Some tails hide the end of the file from the reader: then it is no report at all."""
    assert check(sealed + tail, trust).reasons[0] in ("not_whole_file", "not_a_report")
    assert "not_whole_file" in check(sealed + b"\n", trust).reasons


def test_an_incremental_update_is_refused(sealed: bytes, trust: SealTrust) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    info = writer.prev.trailer["/Info"]
    info["/Title"] = generic.TextStringObject("改过的报告")
    writer.update_container(info)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sealed)
    verdict = check(out.getvalue(), trust)
    assert not verdict.ok
    assert {"not_whole_file", "changed_after_seal", "not_sound"} <= set(verdict.reasons)
    intact = next(one for one in verdict.checks if one.name == "intact")
    assert intact.ok, "the signature alone would still look fine: that is why the other checks exist"


def test_an_unsealed_report_is_refused(unsealed: bytes, trust: SealTrust) -> None:
    verdict = check(unsealed, trust)
    assert verdict.reasons == ("no_signature",)
    assert not verdict.ok


def test_another_certificate_of_the_same_authority_is_refused(
    sealed: bytes, seal: Seal, trust: SealTrust
) -> None:
    """The pin is on the certificate, not on whoever its issuer may sign next."""
    verdict = check(sealed, msgspec.structs.replace(trust, certificate_pem=seal.issuer_pem))
    assert verdict.reasons == ("other_certificate",)


def test_a_seal_that_permits_changes_is_refused(unsealed: bytes, seal: Seal, trust: SealTrust) -> None:
    for manner in ({}, {"certify": True, "docmdp_permissions": MDPPerm.FILL_FORMS}):
        assert check(signed(unsealed, seal, **manner), trust).reasons == ("changes_allowed",)


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\xff" * 5000])
def test_what_is_no_pdf_is_refused_without_a_crash(junk: bytes, trust: SealTrust) -> None:
    assert check(junk, trust).reasons == ("not_a_report",)


def test_truncated_files_are_refused_without_a_crash(sealed: bytes, trust: SealTrust) -> None:
    for length in range(100, len(sealed), len(sealed) // 37):
        assert not check(sealed[:length], trust).ok


def test_a_broken_pin_is_the_callers_fault(sealed: bytes) -> None:
    with pytest.raises(ValueError, match="."):
        check(sealed, SealTrust("no certificate", "no certificate", "", b""))


def test_pyhanko_is_loaded_only_by_a_check() -> None:
    script = "import sys, app.seals; sys.exit('pyhanko' in sys.modules or 'cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3])
    assert done.returncode == 0
