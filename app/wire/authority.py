"""An authority handed over as text: exactly one certificate, and one that may issue."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


def is_one_authority(pem: str) -> bool:
    """Whether a text is one certificate of an authority and nothing besides: no second certificate, which
    would be trusted unseen, and no key."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
        alone = certificate.public_bytes(Encoding.PEM).decode("ascii").split() == pem.split()
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, UnicodeEncodeError, x509.ExtensionNotFound):
        return False
    return alone and basic.ca
