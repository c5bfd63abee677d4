"""From a file to rows of text: encodings of CSV files, workbooks by way of a limited child process."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import msgspec

from server_stub.exchange.errors import FileRefused
from server_stub.exchange.reasons import table

FILE_MB = 64
UNPACKED = 400 << 20
RATIO = 100
MEMBERS = 200
CHILD_SECONDS = 90
SURELY = 12  # bytes beyond ASCII in one line, all of them UTF-8
_ZIP, _OLE, _MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_HIGH = bytes(range(128, 256))


class Sheet(msgspec.Struct, frozen=True):
    """Rows of text with the place of the first cell (from 0): addresses count from the file's own corner."""

    name: str
    row: int
    column: int
    rows: list[list[str]]


class Table(msgspec.Struct, frozen=True):
    """A file that was read: its bytes' encoding (or xlsx, xls) and its sheets."""

    encoding: str
    sheets: list[Sheet]


def read(path: Path) -> Table:
    """Read a department's file.

    Raises:
        FileRefused: for a file that is too large, broken, of an unknown kind or encoding, or holds a macro.
    """
    if path.stat().st_size > FILE_MB << 20:
        raise FileRefused("too-large", limit=FILE_MB)
    content = path.read_bytes()
    if content.startswith(_ZIP):
        _look_into(content)
        return _workbook(content, "xlsx")
    if content.startswith(_OLE):
        _look_into_old(content)
        return _workbook(content, "xls")
    text, encoding = decode(content)
    return Table(encoding, [Sheet("", 0, 0, _csv_rows(text))])


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; GB 18030's moved positions come out as the characters meant.

    Raises:
        FileRefused: when the bytes are no text of UTF-8, of marked UTF-16 or of GB 18030, or of two at once.
    """
    if content.startswith(_WIDE):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise FileRefused("encoding-unknown") from None
    if b"\x00" in content:
        raise FileRefused("encoding-unknown")
    marked = content.startswith(_MARK)
    try:
        return content.decode("utf-8-sig"), "utf-8-sig" if marked else "utf-8"
    except UnicodeDecodeError:
        if marked:
            raise FileRefused("encoding-unknown") from None
    _require_one_encoding(content)
    try:
        return content.decode("gb18030").translate(_moved()), "gb18030"
    except UnicodeDecodeError:
        raise FileRefused("encoding-unknown") from None


def _require_one_encoding(content: bytes) -> None:
    """A line that is UTF-8 through many characters is no chance: read as GB 18030 it would be nonsense."""
    for number, line in enumerate(content.splitlines(), 1):
        if len(line) - len(line.translate(None, _HIGH)) >= SURELY and _is_utf8(line):
            raise FileRefused("encoding-mixed", line=number)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@cache
def _moved() -> dict[int, int]:
    return {int(given, 16): int(meant, 16) for given, meant in table("gb18030_moved")["moved"].items()}


def _csv_rows(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as flaw:
        raise FileRefused("csv-broken", line=reader.line_num) from flaw


def _workbook(content: bytes, form: str) -> Table:
    command = [sys.executable, "-I", "-m", "server_stub.exchange.sheet_child"]
    try:
        child = subprocess.run(
            command, input=content, capture_output=True, timeout=CHILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise FileRefused("sheet-limit") from None
    if child.returncode not in (0, 3):
        raise FileRefused("sheet-limit")
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        raise FileRefused("sheet-limit") from None
    if "fault" in answer:
        raise FileRefused(answer["fault"])
    return Table(form, [msgspec.convert(sheet, Sheet) for sheet in answer["sheets"]])


def _look_into(content: bytes) -> None:
    """Judge the package before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as flaw:
        raise FileRefused("package-broken") from flaw
    names = {member.filename.lower() for member in members}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise FileRefused("format-unsupported")
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        raise FileRefused("macro")
    unpacked = sum(member.file_size for member in members)
    if len(members) > MEMBERS or unpacked > UNPACKED or unpacked > RATIO * max(len(content), 1):
        raise FileRefused("package-limit")


def _look_into_old(content: bytes) -> None:
    """Judge a compound file by the names in its directory: workbook, macros, package under a password."""
    if _named("EncryptedPackage") in content:
        raise FileRefused("encrypted")
    if _named("_VBA_PROJECT") in content:
        raise FileRefused("macro")
    if _named("Workbook") not in content and _named("Book") not in content:
        raise FileRefused("format-unsupported")


def _named(entry: str) -> bytes:
    return entry.encode("utf-16-le")
