"""Our own ToUnicode maps: ReportLab writes characters beyond U+FFFF with five digits, which readers misread.

A name such as 𬭊 would then copy, search and be read aloud as another character.
"""

from __future__ import annotations

from collections.abc import Sequence

_BLOCK = 100  # the most entries one bfchar block may hold


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """The ToUnicode CMap of a one-byte font subset: code i shows the character `subset[i]` (as UTF-16BE).

    The codes of an unused place (character 0) get no entry.
    """
    pairs = [(code, point) for code, point in enumerate(subset) if point]
    blocks = []
    for start in range(0, len(pairs), _BLOCK):
        rows = pairs[start : start + _BLOCK]
        blocks.append(f"{len(rows)} beginbfchar")
        blocks.extend(
            f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in rows
        )
        blocks.append("endbfchar")
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )
