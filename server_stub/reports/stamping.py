"""Time stamps (RFC 3161) on seals: by the sample's own small authority, or by a service at an address.

The own authority answers the very requests that go to a service, by the server's clock.
"""

from __future__ import annotations

import hashlib
import secrets
import urllib.request
from functools import cache
from http.client import HTTPException
from typing import Any

from asn1crypto import algos, cms, pem, tsp, x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.timestamps import TimeStamper

from server_stub.config.clock import now
from server_stub.reports.authority import Stamping

POLICY = "1.2.156.3004.1"  # of the sample's stamps; names no registered policy
_SECONDS = 10
_LARGEST = 64 * 1024


@cache
def stamper_of(stamping: Stamping) -> TimeStamper:
    """Whoever stamps the time of this server's seals. Kept: it asks for a first stamp to learn one's size."""
    return ServiceStamper(stamping.url) if stamping.url else OwnStamper(stamping)


class OwnStamper(TimeStamper):
    """The sample's authority: grants every request for SHA-256, with the server's time."""

    def __init__(self, stamping: Stamping) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if stamping.key_path is None:
            raise ValueError("no key to stamp with")
        key = load_der_private_key(stamping.key_path.read_bytes(), None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("the key of the time stamps is no RSA key")
        self._key = key
        self._certificate = x509.Certificate.load(pem.unarmor(stamping.certificate_pem.encode("ascii"))[2])

    async def async_request_tsa_response(self, req: Any) -> Any:
        status = tsp.PKIStatusInfo({"status": tsp.PKIStatus("granted")})
        return tsp.TimeStampResp({"status": status, "time_stamp_token": self._token(req)})

    def _token(self, request: Any) -> Any:
        imprint = request["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            raise ValueError("only SHA-256 is stamped here")
        facts: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": imprint,
            "serial_number": secrets.randbits(159),
            "gen_time": now().replace(microsecond=0),
        }
        if request["nonce"].native is not None:
            facts["nonce"] = request["nonce"]
        content = tsp.TSTInfo(facts).dump()
        signed = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(content).digest()),
                _attribute("signing_certificate_v2", as_signing_certificate_v2(self._certificate)),
            ]
        )
        algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
        own = {"issuer": self._certificate.issuer, "serial_number": self._certificate.serial_number}
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(own)}),
                "digest_algorithm": algorithm,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
                "signed_attrs": signed,
                "signature": self._key.sign(signed.dump(), PKCS1v15(), SHA256()),
            }
        )
        data = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": cms.DigestAlgorithms([algorithm]),
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": cms.ParsableOctetString(content),
                },
                "certificates": [self._certificate],
                "signer_infos": [signer],
            }
        )
        return cms.ContentInfo({"content_type": cms.ContentType("signed_data"), "content": data})


def _attribute(kind: str, value: Any) -> Any:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": (value,)})


class ServiceStamper(TimeStamper):
    """A time-stamping service at an http or https address."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: Any) -> Any:
        """Raises OSError when the service cannot be reached or answers something else."""
        asked = urllib.request.Request(  # noqa: S310 - the setting admits http and https only
            self._url, req.dump(), {"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
                kind, raw = answer.headers.get_content_type(), answer.read(_LARGEST)
            reply = tsp.TimeStampResp.load(raw, strict=True)
            reply["status"]["status"].native  # noqa: B018 - the library reads late: now, so that junk is told here
        except (HTTPException, ValueError) as flaw:
            raise OSError("the time-stamping service answered something else") from flaw
        if kind != "application/timestamp-reply":
            raise OSError("the time-stamping service answered something else")
        return reply
