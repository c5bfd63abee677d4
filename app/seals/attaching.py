"""The one file a report may carry: report.json, signed by the platform and with the digest the pages print.

Looked at only when the seal holds: what an unsound file carries is nobody's word.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from app.field.printed import ATTACHED_NAME, AttachedReport, digest_of, read_attached
from app.seals.verdicts import Claims, SealTrust, Test


def attached_files(reader: Any) -> list[tuple[str, bytes]]:
    """Name and content of every file anywhere in a PDF, whether a reader would list it or not."""
    found = []
    for revision in range(reader.xrefs.total_revisions):
        for place in sorted(reader.xrefs.explicit_refs_in_revision(revision), key=lambda ref: int(ref.idnum)):
            for spec in _specs(reader.get_object(place)):
                name = " | ".join(sorted({str(spec.get(key, "")) for key in ("/F", "/UF")}))
                found += [(name, bytes(file.data)) for file in _streams(spec["/EF"])]
    return found


def _streams(files: Any) -> list[Any]:
    """The streams of a specification: one, even where it is named for several systems."""
    return list({files.raw_get(key).reference: files[key] for key in files}.values())


def judge_attached(files: list[tuple[str, bytes]], claims: Claims, trust: SealTrust) -> list[Test]:
    """The tests of a sealed file's data against what its sealed metadata state."""
    if not files and not claims.has_data:
        return [("attachment", True, "absent", "attachment_other")]
    alone = claims.has_data and [name for name, _ in files] == [ATTACHED_NAME]
    tests: list[Test] = [("attachment", alone, ", ".join(name for name, _ in files), "attachment_other")]
    if not alone:
        return tests
    try:
        attached, content = read_attached(files[0][1])
    except (ValueError, RecursionError) as flaw:
        return [*tests, ("data_readable", False, type(flaw).__name__, "data_differs")]
    said = attached.document
    same = claims.document_sha256 == attached.document_sha256 == digest_of(content)
    same = same and (said.number, said.issued_at) == (claims.number, claims.issued_at)
    tests.append(("data_digest", same, attached.document_sha256[:16], "data_differs"))
    tests.append(("data_signature", _signed(attached, content, trust), attached.key_id, "data_unsigned"))
    return tests


def _signed(attached: AttachedReport, content: bytes, trust: SealTrust) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        mark = base64.b64decode(attached.sig_b64, validate=True)
        Ed25519PublicKey.from_public_bytes(trust.answers_key).verify(mark, content)
    except (InvalidSignature, ValueError):
        return False
    return attached.key_id == trust.answers_key_id


def _specs(value: Any) -> Iterator[Any]:
    """File specifications within one object; references are not followed, since each object is visited."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict) and "/EF" in one:
            yield one
        keys = one if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        left += [one.raw_get(key) for key in keys]
