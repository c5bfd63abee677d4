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
_ZIP, _OLE, _MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xef\xbb\xbf"


class Sheet(msgspec.Struct, frozen=True):
    """Rows of text with the place of the first cell (from 0): addresses count from the file's own corner."""

    name: str
    row: int
    column: int
    rows: list[list[str]]


class Table(msgspec.Struct, frozen=True):
    """A file that was read: its bytes' encoding (or xlsx) and its sheets."""

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
        return _workbook(content)
    if content.startswith(_OLE):
        raise FileRefused("format-unsupported")
    text, encoding = decode(content)
    return Table(encoding, [Sheet("", 0, 0, _csv_rows(text))])


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; GB 18030's moved positions come out as the characters meant.

    Raises:
        FileRefused: when the bytes are neither UTF-8 nor GB 18030 text.
    """
    if b"\x00" in content:
        raise FileRefused("encoding-unknown")
    marked = content.startswith(_MARK)
    try:
        return content.decode("utf-8-sig"), "utf-8-sig" if marked else "utf-8"
    except UnicodeDecodeError:
        if marked:
            raise FileRefused("encoding-unknown") from None
    try:
        return content.decode("gb18030").translate(_moved()), "gb18030"
    except UnicodeDecodeError:
        raise FileRefused("encoding-unknown") from None


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


def _workbook(content: bytes) -> Table:
    _look_into(content)
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
    return Table("xlsx", [msgspec.convert(sheet, Sheet) for sheet in answer["sheets"]])


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
