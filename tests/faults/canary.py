"""Search a tree of files for names in every form in which they could have leaked.

Forms: UTF-8, UTF-16 (both orders), GB 18030, base64 at its three offsets, hexadecimal, and all of these
inside zlib and raw-deflate streams (PDF, gzip, zip members).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_LARGEST_INFLATED = 64 * 1024 * 1024


@dataclass(frozen=True)
class Hit:
    path: Path
    word: str
    form: str


def forms_of(word: str) -> dict[str, bytes]:
    """Every byte pattern that would betray the word."""
    plain = {
        "utf-8": word.encode(),
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "gb18030": word.encode("gb18030"),
    }
    forms = dict(plain)
    forms["json-escaped"] = word.encode("ascii", "backslashreplace").lower()
    for name, raw in plain.items():
        forms[f"hex of {name}"] = raw.hex().encode()
        for shift in range(3):
            # Characters whose bits mix with unknown neighbours are cut off at both ends.
            text = base64.b64encode(b"\0" * shift + raw)
            kept = text[(0, 2, 3)[shift] : len(text.rstrip(b"=")) - (1 if (len(raw) + shift) % 3 else 0)]
            forms[f"base64+{shift} of {name}"] = kept
    return forms


def inflated(content: bytes) -> Iterator[bytes]:
    """Each zlib or gzip stream that can be opened anywhere in the content."""
    for magic, window in (
        (b"\x78\x01", 15),
        (b"\x78\x5e", 15),
        (b"\x78\x9c", 15),
        (b"\x78\xda", 15),
        (b"\x1f\x8b\x08", 31),
    ):
        start = content.find(magic)
        while start != -1:
            opened = zlib.decompressobj(window)
            try:
                yield opened.decompress(content[start:], _LARGEST_INFLATED)
            except zlib.error:
                start = content.find(magic, start + 1)
                continue
            start = content.find(magic, start + 1)
    start = content.find(b"PK\x03\x04")
    while start != -1:
        body = start + 30 + int.from_bytes(content[start + 26 : start + 28], "little")
        body += int.from_bytes(content[start + 28 : start + 30], "little")
        opened = zlib.decompressobj(-15)
        try:
            yield opened.decompress(content[body:], _LARGEST_INFLATED)
        except zlib.error:
            start = content.find(b"PK\x03\x04", start + 1)
            continue
        start = content.find(b"PK\x03\x04", start + 1)


def hits(
    trees: Iterable[Path], words: Iterable[str], leave_out: frozenset[Path] = frozenset()
) -> tuple[list[Hit], int, int]:
    """All hits, the number of files and the number of bytes searched below the trees."""
    patterns = [
        (word, form, pattern) for word in words for form, pattern in forms_of(word).items() if pattern
    ]
    found: list[Hit] = []
    files = size = 0
    for tree in trees:
        for path in sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink()):
            if path in leave_out:
                continue
            content = path.read_bytes()
            files, size = files + 1, size + len(content)
            for piece in (content, *inflated(content)):
                found += [Hit(path, word, form) for word, form, pattern in patterns if pattern in piece]
    return found, files, size
