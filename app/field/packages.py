"""Workbooks judged by their directory before anything is unpacked: kinds, macros, passwords, sizes."""

from __future__ import annotations

import io
import zipfile

UNPACKED = 400 << 20
RATIO = 100
MEMBERS = 200


def package_fault(content: bytes, unpacked_most: int = UNPACKED) -> str:
    """Why a package (xlsx) is not opened: package-broken, package-limit, format-unsupported, macro; else
    empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return "package-broken"
    names = {member.filename.lower() for member in members}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        return "format-unsupported"
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        return "macro"
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS or unpacked > unpacked_most or unpacked > RATIO * max(len(content), 1):
        return "package-limit"
    return ""


def compound_fault(content: bytes) -> str:
    """Why a compound file (xls) is not opened, by the names in its directory: encrypted (also a package under
    a password), macro, format-unsupported; or empty."""
    if _named("EncryptedPackage") in content:
        return "encrypted"
    if _named("_VBA_PROJECT") in content:
        return "macro"
    if _named("Workbook") not in content and _named("Book") not in content:
        return "format-unsupported"
    return ""


def _named(entry: str) -> bytes:
    return entry.encode("utf-16-le")
