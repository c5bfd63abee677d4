"""The sRGB colour space as an ICC profile: archives want to know what the numbers of a colour mean.

Made here from the figures of IEC 61966-2-1, adapted to the D50 white of profiles (ICC.1:2004-10, version
4.2), because a profile from elsewhere would be a file with a licence and no reader.
"""

from __future__ import annotations

from struct import pack

_D50 = (0.9642, 1.0, 0.8249)
_TO_D50 = (1.04788, 0.02292, -0.05019, 0.02959, 0.99048, -0.01706, -0.00923, 0.01508, 0.75168)  # Bradford
_RED, _GREEN, _BLUE = (0.43607, 0.22249, 0.01392), (0.38515, 0.71689, 0.09708), (0.14307, 0.06061, 0.7141)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def srgb() -> bytes:
    """The profile: a matrix and one curve for a display, 548 bytes, always the same."""
    curve = b"para" + pack(">IHH", 0, 3, 0) + _fixed(*_CURVE)
    parts = {
        b"desc": _text("sRGB IEC61966-2.1"),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": _xyz(_D50),
        b"chad": b"sf32" + pack(">I", 0) + _fixed(*_TO_D50),
        b"rXYZ": _xyz(_RED),
        b"gXYZ": _xyz(_GREEN),
        b"bXYZ": _xyz(_BLUE),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    place = 128 + 4 + 12 * len(parts)
    table, body, known = pack(">I", len(parts)), b"", dict[bytes, int]()
    for tag, part in parts.items():
        if part not in known:
            known[part] = place + len(body)
            body += part + bytes(-len(part) % 4)
        table += tag + pack(">II", known[part], len(part))
    return _head(128 + len(table) + len(body)) + table + body


def _head(size: int) -> bytes:
    made = pack(">6H", 2026, 1, 1, 0, 0, 0)
    kind = b"\x04\x20\0\0mntrRGB XYZ "
    start = pack(">I", size) + bytes(4) + kind + made + b"acsp" + bytes(28) + _fixed(*_D50)
    return start + bytes(128 - len(start))


def _text(text: str) -> bytes:
    words = text.encode("utf-16-be")
    return b"mluc" + pack(">III", 0, 1, 12) + b"enUS" + pack(">II", len(words), 28) + words


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + pack(">I", 0) + _fixed(*values)


def _fixed(*values: float) -> bytes:
    return b"".join(pack(">i", round(value * 65536)) for value in values)
