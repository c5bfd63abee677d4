"""The fingerprint of a device as two people compare it by telephone."""

from __future__ import annotations

import base64
import binascii

from app.field.fours import in_fours

_BYTES = 10
_DIGEST = 32


def read_out(device_id: str) -> str:
    """The first 80 bits of a device id (RFC 7638 thumbprint) in base32, RFC 4648: four groups of four
    capital letters and digits 2 to 7 with blanks between them, so that neither case nor signs have to be
    said.

    Raises:
        ValueError: for a text that is no device id.
    """
    try:
        digest = base64.b64decode(f"{device_id}=".encode("ascii"), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as flaw:
        raise ValueError("no device id") from flaw
    if len(digest) != _DIGEST:
        raise ValueError("no device id")
    text = base64.b32encode(digest[:_BYTES]).decode("ascii")
    return in_fours(text)
