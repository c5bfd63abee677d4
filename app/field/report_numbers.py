"""Report numbers and verification links: their form, their check character, what the link's signature covers.

A number is `HYXY` + `P` (person) or `E` (enterprise) + yyyyMMdd + 20 random characters of Crockford's
base32 + a check character by ISO 7064 MOD 37,36. A link is `{base}/{number}#{fragment}`; the fragment is
base64url of the first 16 bytes of the content digest and an Ed25519 signature.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from datetime import date

import msgspec

from app.field.canonical import canonical

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 20
NUMBERS_BEGIN = "HYXY"
_FORM = re.compile(rf"{NUMBERS_BEGIN}[PE](\d{{8}})[{CROCKFORD}]{{{RANDOM_LENGTH}}}[0-9A-Z]")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGEST_BYTES, _SIGNATURE_BYTES = 16, 64
_KIND_END, _DAY_END, _GROUP = 5, 13, 5
_LOOKS_LIKE = str.maketrans("OIL", "011")


class VerifyLink(msgspec.Struct, frozen=True):
    """What a verification link says: number, start of the content digest (hex), signature; nothing is
    judged yet.
    """

    number: str
    digest_start: str
    signature: bytes


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,36 check character of text over 0-9 and A-Z.

    Raises:
        ValueError: for another character.
    """
    product = 36
    for sign in body:
        product = ((product + _ALPHABET.index(sign)) % 36 or 36) * 2 % 37
    return _ALPHABET[(1 - product) % 36]


def report_number(person: bool, day: date, random_part: str) -> str:
    """The number for `random_part` (20 characters of `CROCKFORD`).

    Raises:
        ValueError: when the random part has another length or alphabet.
    """
    if len(random_part) != RANDOM_LENGTH or set(random_part) - set(CROCKFORD):
        raise ValueError("the random part is 20 characters of Crockford's base32")
    body = f"{NUMBERS_BEGIN}{'P' if person else 'E'}{day:%Y%m%d}{random_part}"
    return body + check_character(body)


def number_ok(text: str) -> bool:
    """Whether the text has the form of a report number, with a real date and the right check character."""
    return day_of(text) is not None


def day_of(text: str) -> date | None:
    """The day in a report number; None when the text is none."""
    form = _FORM.fullmatch(text)
    if form is None or check_character(text[:-1]) != text[-1]:
        return None
    day = form.group(1)
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return None


def number_in(text: str) -> str:
    """The report number that somebody typed, pasted or scanned: with blanks or dashes, in any case or width,
    with O, I or L for the digits they look like, or inside a verification link. The link's signature is not
    judged: that needs the whole digest, which only the file has.

    Raises:
        ValueError: when there is no report number in it.
    """
    plain = unicodedata.normalize("NFKC", text).partition("#")[0].strip().rstrip("/")
    plain = re.sub(r"[\s\-\u2010-\u2015]", "", plain.rsplit("/", 1)[-1]).upper()
    for number in (plain, plain[:_DAY_END] + plain[_DAY_END:-1].translate(_LOOKS_LIKE) + plain[-1:]):
        if number_ok(number):
            return number
    raise ValueError("not a report number")


def grouped(number: str) -> str:
    """A number as it is printed and read out: HYXYE 20261122 K7M3Q Z8T5W AX9D2 RVB4NX; the check character
    stands with the last group. What is no report number is left as it is.
    """
    if not _FORM.fullmatch(number):
        return number
    kind, day, rest = number[:_KIND_END], number[_KIND_END:_DAY_END], number[_DAY_END:]
    last = len(rest) - _GROUP - 1
    return " ".join((kind, day, *(rest[at : at + _GROUP] for at in range(0, last, _GROUP)), rest[last:]))


def link_content(number: str, document_sha256: str, issued_at: str) -> bytes:
    """The bytes that the link's signature covers."""
    return canonical({"number": number, "document_sha256": document_sha256, "issued_at": issued_at})


def write_link(base: str, number: str, document_sha256: str, signature: bytes) -> str:
    """The link for the QR code. `base` is the address of the verification page, with or without a final
    slash.
    """
    fragment = bytes.fromhex(document_sha256)[:_DIGEST_BYTES] + signature
    address = base.rstrip("/")
    if not address.endswith("/v"):
        address += "/v"
    return f"{address}/{number}#{base64.urlsafe_b64encode(fragment).rstrip(b'=').decode('ascii')}"


def read_link(link: str) -> VerifyLink:
    """Parse a link or the part of it after the last slash.

    Raises:
        ValueError: when it is not of the form `write_link` makes.
    """
    address, mark, fragment = link.strip().partition("#")
    number = address.rsplit("/", 1)[-1]
    if not mark or not number_ok(number) or not re.fullmatch(r"[A-Za-z0-9_-]+", fragment):
        raise ValueError("not a verification link")
    try:
        raw = base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))
    except binascii.Error as flaw:
        raise ValueError("not a verification link") from flaw
    if len(raw) != _DIGEST_BYTES + _SIGNATURE_BYTES:
        raise ValueError("not a verification link")
    return VerifyLink(number, raw[:_DIGEST_BYTES].hex(), raw[_DIGEST_BYTES:])
