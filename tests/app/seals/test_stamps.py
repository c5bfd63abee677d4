"""A report's seal bears the time, by an authority of its own: judged by it later, demanded from a day on."""

from __future__ import annotations

import hashlib
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import pytest
from asn1crypto import cms, tsp
from pyhanko.pdf_utils.misc import get_and_apply
from pyhanko.pdf_utils.reader import PdfFileReader

from app.seals import SealTrust, SealVerdict, check
from server_stub.reports.authority import Seal, Stamping
from server_stub.reports.stamping import OwnStamper
from tests.app.report import samples
from tests.app.seals.attacks import signed_ranges
from tests.server_stub.own_seals import put_seal

YEARS = timedelta(days=500)


def sealed_by(seal: Seal, unsealed: bytes) -> bytes:
    return put_seal(unsealed, seal, datetime.now(UTC), samples.NUMBER)


@pytest.fixture(scope="module")
def unstamped(unsealed: bytes, seal: Seal) -> bytes:
    """As reports were sealed before."""
    return sealed_by(msgspec.structs.replace(seal, stamping=None), unsealed)


def detail(verdict: SealVerdict) -> str:
    return next(one.detail for one in verdict.checks if one.name == "time_stamp")


def test_the_time_of_a_seal_is_proven(sealed: bytes, trust: SealTrust) -> None:
    verdict = check(sealed, trust)
    assert verdict.ok
    gap = datetime.now(UTC) - datetime.fromisoformat(verdict.stamped_at)
    assert timedelta(0) <= gap < timedelta(minutes=10)


def test_it_is_judged_after_the_seals_end_and_not_after_the_stamps(sealed: bytes, trust: SealTrust) -> None:
    now = datetime.now(UTC)
    assert check(sealed, trust, now + YEARS).ok
    assert "time_stamp_invalid" in check(sealed, trust, now + timedelta(days=4000)).reasons


def test_control_without_a_stamp_the_seals_end_is_the_reports(unstamped: bytes, trust: SealTrust) -> None:
    before = msgspec.structs.replace(trust, stamped_from="2026-11-23T00:00:00.000Z")
    assert check(unstamped, before).ok
    assert "certificate_untrusted" in check(unstamped, before, datetime.now(UTC) + YEARS).reasons


def test_from_its_day_on_a_stamp_is_demanded(unstamped: bytes, trust: SealTrust) -> None:
    assert check(unstamped, trust).reasons == ("time_stamp_missing",)
    at_the_moment = msgspec.structs.replace(trust, stamped_from=samples.TIMES.issued)
    assert check(unstamped, at_the_moment).reasons == ("time_stamp_missing",)


def test_a_report_of_before_is_judged_by_its_own_rule(unstamped: bytes, trust: SealTrust) -> None:
    for known in ("2026-11-22T01:42:16.301Z", ""):
        verdict = check(unstamped, msgspec.structs.replace(trust, stamped_from=known))
        assert (verdict.ok, detail(verdict), verdict.stamped_at) == (True, "absent", "")


def test_pins_of_before_judge_by_todays_date(sealed: bytes, trust: SealTrust) -> None:
    """They know no root of time stamps: a stamp proves nothing to them, for or against."""
    before = msgspec.structs.replace(trust, stamp_issuer_pem="", stamped_from="")
    verdict = check(sealed, before)
    assert (verdict.ok, detail(verdict), verdict.stamped_at) == (True, "unjudged", "")
    assert "certificate_untrusted" in check(sealed, before, datetime.now(UTC) + YEARS).reasons


def test_a_stamp_of_another_authority_is_refused(
    unsealed: bytes, seal: Seal, other_seal: Seal, trust: SealTrust
) -> None:
    theirs = sealed_by(msgspec.structs.replace(seal, stamping=other_seal.stamping), unsealed)
    verdict = check(theirs, trust)
    assert {"time_stamp_invalid", "not_sound"} == set(verdict.reasons)
    assert verdict.stamped_at == ""


def signature_of(pdf: bytes) -> Any:
    (_, low), (high, _) = signed_ranges(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[low + 1 : high - 1].decode()))


def with_signature(pdf: bytes, signature: Any) -> bytes:
    """The same file with another signature in the gap, which lies under no signature itself."""
    (_, low), (high, _) = signed_ranges(pdf)
    words = signature.dump().hex().encode()
    return pdf[: low + 1] + words + b"0" * (high - low - 2 - len(words)) + pdf[high - 1 :]


def test_a_stamp_cut_out_is_missed(sealed: bytes, trust: SealTrust) -> None:
    """It stands in the gap, so the seal itself stays sound: only the rule of the day notices."""
    signature = signature_of(sealed)
    signer = signature["content"]["signer_infos"][0]
    signer["unsigned_attrs"] = cms.CMSAttributes([])
    spoiled = with_signature(sealed, signature)
    assert check(spoiled, trust).reasons == ("time_stamp_missing",)


def test_control_putting_the_same_signature_back_changes_nothing(sealed: bytes, trust: SealTrust) -> None:
    assert check(with_signature(sealed, signature_of(sealed)), trust).ok


def test_the_stamp_of_another_seal_is_refused(
    sealed: bytes, unsealed: bytes, seal: Seal, trust: SealTrust
) -> None:
    theirs = signature_of(put_seal(unsealed, seal, datetime.now(UTC) - timedelta(minutes=1), "another"))
    signature = signature_of(sealed)
    signer = signature["content"]["signer_infos"][0]
    signer["unsigned_attrs"] = theirs["content"]["signer_infos"][0]["unsigned_attrs"].copy()
    verdict = check(with_signature(sealed, signature), trust)
    assert "time_stamp_invalid" in verdict.reasons
    assert verdict.stamped_at == ""


def test_what_it_takes_to_judge_later_lies_in_the_signed_revision(sealed: bytes) -> None:
    with pikepdf.open(BytesIO(sealed)) as document:
        kept = document.Root["/DSS"]
        assert len(kept["/Certs"]) >= 4
        assert len(kept["/CRLs"]) == 2
    reader = PdfFileReader(BytesIO(sealed))
    assert reader.xrefs.total_revisions == 2
    assert get_and_apply(reader.trailer, "/Size", int)


def test_openssl_agrees_on_the_stamp(sealed: bytes, seal: Seal, tmp_path: Path) -> None:
    assert seal.stamping is not None
    signer = signature_of(sealed)["content"]["signer_infos"][0]
    token = signer["unsigned_attrs"][0]["values"][0]
    (tmp_path / "token.der").write_bytes(token.dump())
    (tmp_path / "root.pem").write_text(seal.stamping.issuer_pem)
    digest = hashlib.sha256(signer["signature"].native).hexdigest()

    def verified(wanted: str) -> str:
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-digest", wanted, "-in", "token.der", "-token_in",
             "-CAfile", "root.pem"],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    assert "Verification: OK" in verified(digest)
    assert "Verification: OK" not in verified("ab" * 32)


class Service(BaseHTTPRequestHandler):
    """A time-stamping service as others run it: answers over HTTP."""

    stamper: OwnStamper
    kind = "application/timestamp-reply"
    junk = b""

    def do_POST(self) -> None:  # noqa: N802 - the library's name
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        reply = tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": self.stamper._token(asked)}
        )
        body = self.junk or reply.dump()
        self.send_response(200)
        self.send_header("Content-Type", self.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def service(seal: Seal, **manners: Any) -> Iterator[str]:
    assert seal.stamping is not None
    manner = type("Manner", (Service,), {"stamper": OwnStamper(seal.stamping), **manners})
    with HTTPServer(("127.0.0.1", 0), manner) as server:
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        running.join()


def by_service(seal: Seal, url: str, root_of: Seal) -> Seal:
    assert root_of.stamping is not None
    return msgspec.structs.replace(seal, stamping=Stamping(root_of.stamping.issuer_pem, "", url=url))


def test_a_service_at_an_address_stamps(
    unsealed: bytes, seal: Seal, other_seal: Seal, trust: SealTrust
) -> None:
    assert other_seal.stamping is not None
    with service(other_seal) as url:
        pdf = sealed_by(by_service(seal, url, other_seal), unsealed)
    theirs = msgspec.structs.replace(trust, stamp_issuer_pem=other_seal.stamping.issuer_pem)
    assert check(pdf, theirs).ok
    assert "time_stamp_invalid" in check(pdf, trust).reasons


@pytest.mark.parametrize(
    "manners", [{"kind": "text/html"}, {"junk": b"<html>"}, {"junk": b"\x30\x03\x02\x01\x02"}]
)
def test_an_answer_of_another_kind_is_no_stamp(unsealed: bytes, seal: Seal, manners: dict[str, Any]) -> None:
    with service(seal, **manners) as url, pytest.raises(OSError, match="."):
        sealed_by(by_service(seal, url, seal), unsealed)


def test_a_service_that_is_not_there_or_not_the_one_configured(
    unsealed: bytes, seal: Seal, other_seal: Seal
) -> None:
    with service(seal) as url:
        pass
    with pytest.raises(OSError, match="."):
        sealed_by(by_service(seal, url, seal), unsealed)
    with service(other_seal) as url, pytest.raises(OSError, match="."):
        sealed_by(by_service(seal, url, seal), unsealed)


def test_an_ended_seal_is_not_put(unsealed: bytes, seal: Seal) -> None:
    with pytest.raises(OSError, match="."):
        put_seal(unsealed, seal, datetime.now(UTC) + YEARS, samples.NUMBER)
