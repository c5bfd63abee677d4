"""The whole way: a server whose seal is in a token issues a report that verifies; without its PIN, none."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

import pytest

from app.seals import SealTrust, check
from server_stub.seal.uses import Uses
from tests.server_stub.knocking import Knocker, OverTls
from tests.server_stub.seal.test_token import MODULE, PIN, Soft, soft
from tests.server_stub.serving import Served

__all__ = ["soft"]
pytestmark = [pytest.mark.nightly, pytest.mark.one_engine]


@pytest.fixture(autouse=True)
def watch() -> None:
    """This server and its officer have the machine's clock."""


def test_a_report_is_sealed_by_the_token_and_not_without_its_pin(soft: Soft, tmp_path: Path) -> None:
    home, pin = tmp_path / "home", tmp_path / "pin"
    (home / "seal").mkdir(mode=0o700, parents=True)
    home.chmod(0o700)
    (home / "seal" / "seal.pem").write_text(soft.certificate_pem)
    (home / "seal" / "issuer.pem").write_text(soft.issuer_pem)
    (home / "seal" / "issuer.crl").write_bytes(soft.crl)
    pin.write_text("000000")
    pin.chmod(0o400)
    env = {
        "HENGXIN_SEAL_MODULE": str(MODULE), "HENGXIN_SEAL_TOKEN": "centre", "HENGXIN_SEAL_KEY": "seal",
        "HENGXIN_SEAL_PIN_FILE": str(pin), "SOFTHSM2_CONF": str(soft.conf),
    }  # fmt: skip
    served = Served(home, "--sample", "small", env=env)
    try:
        card = served.wait()
        bank = Knocker(OverTls(card["url"], card["ca_file"]))
        account = next(one for one in card["accounts"] if one["role"] == "bank_officer")
        assert bank.sign_in(account).body["state"] == "active"
        code = next(one["code"] for one in card["subjects"] if one["why"] == "rich")
        query = bank.query(subject={"kind": "legal", "number": code}).body
        refused = bank.report(query["query_no"])
        assert (refused.status, refused.code) == (503, "seal-unavailable")
        served.stop()
        pin.chmod(0o600)
        pin.write_text(PIN)
        pin.chmod(0o400)
        served = Served(home, "--sample", "small", env=env)
        served.wait()
        bank.over = OverTls(served.card["url"], served.card["ca_file"])
        issued = bank.report(query["query_no"])
        assert issued.status == 201, issued.body
        pins = bank.call("GET", "/api/", None, signed=False, proven=False).body
        seal, key = pins["seal"], pins["answers"]
        trust = SealTrust(
            seal["issuer_pem"], seal["certificate_pem"], key["key_id"],
            base64.b64decode(key["public_b64"]), seal["stamp_issuer_pem"], seal["stamped_from"],
        )  # fmt: skip
        verdict = check(base64.b64decode(issued.body["pdf_b64"]), trust)
        assert verdict.ok, verdict
        assert seal["certificate_pem"] == soft.certificate_pem
    finally:
        served.stop()
    assert not (home / "seal" / "seal.key").exists()
    days = sorted((home / "seal" / "uses").iterdir())
    told = [use.outcome for day in days for use in Uses(day.parent).on(date.fromisoformat(day.stem))]
    assert told == ["pin", "sealed"]
