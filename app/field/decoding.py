"""Text files as they come: UTF-8, marked UTF-16, GB 18030 (GBK and GB 2312 inside it); never two."""

from __future__ import annotations

from typing import Final

SURELY = 12  # bytes beyond ASCII in one line, all of them UTF-8
_MARK = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_HIGH = bytes(range(128, 256))

# Code positions of GB 18030 (behind each) that the codec decodes to private-use characters, and the character
# meant. Measured against another converter.
MOVED: Final[dict[int, int]] = {
    0xE78D: 0xFE10,  # A6D9
    0xE78E: 0xFE12,  # A6DA
    0xE78F: 0xFE11,  # A6DB
    0xE790: 0xFE13,  # A6DC
    0xE791: 0xFE14,  # A6DD
    0xE792: 0xFE15,  # A6DE
    0xE793: 0xFE16,  # A6DF
    0xE794: 0xFE17,  # A6EC
    0xE795: 0xFE18,  # A6ED
    0xE796: 0xFE19,  # A6F3
    0xE81E: 0x9FB4,  # FE59
    0xE826: 0x9FB5,  # FE61
    0xE82B: 0x9FB6,  # FE66
    0xE82C: 0x9FB7,  # FE67
    0xE832: 0x9FB8,  # FE6D
    0xE843: 0x9FB9,  # FE7E
    0xE854: 0x9FBA,  # FE90
    0xE864: 0x9FBB,  # FEA0
    0xE816: 0x20087,  # FE51
    0xE817: 0x20089,  # FE52
    0xE818: 0x200CC,  # FE53
    0xE831: 0x215D7,  # FE6C
    0xE83B: 0x2298F,  # FE76
    0xE855: 0x241FE,  # FE91
    0xE7C7: 0x1E3F,  # A8BC
}


class Undecodable(ValueError):  # noqa: N818 - named for what the bytes are
    """Bytes that are no text. `why`: encoding-unknown, or encoding-mixed with the line it was seen in."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; GB 18030's moved positions come out as the characters meant.

    Raises:
        Undecodable: when the bytes are no text of UTF-8, of marked UTF-16 or of GB 18030, or of two at once.
    """
    if content.startswith(_WIDE):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise Undecodable("encoding-unknown") from None
    if b"\x00" in content:
        raise Undecodable("encoding-unknown")
    marked = content.startswith(_MARK)
    try:
        return content.decode("utf-8-sig"), "utf-8-sig" if marked else "utf-8"
    except UnicodeDecodeError:
        if marked:
            raise Undecodable("encoding-unknown") from None
    _require_one_encoding(content)
    try:
        return content.decode("gb18030").translate(MOVED), "gb18030"
    except UnicodeDecodeError:
        raise Undecodable("encoding-unknown") from None


def _require_one_encoding(content: bytes) -> None:
    """A line that is UTF-8 through many characters is no chance: read as GB 18030 it would be nonsense."""
    for number, line in enumerate(content.splitlines(), 1):
        if len(line) - len(line.translate(None, _HIGH)) >= SURELY and _is_utf8(line):
            raise Undecodable("encoding-mixed", number)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
