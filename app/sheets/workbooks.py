"""Workbooks, judged before anything is unpacked and then read next door, in a limited child process."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import msgspec

from app.field.packages import compound_fault, package_fault
from app.trouble import NotRight

UNPACKED = 120 << 20
CHILD_SECONDS = 60
LONGEST_ANSWER = 256 << 20
CHILD = "--sheet-child"  # how a frozen program is asked to be the child (see build.spec)
_OLE = b"\xd0\xcf\x11\xe0"
RawSheet = tuple[str, int, list[list[str]]]


class _Said(msgspec.Struct):
    sheets: list[RawSheet] = []
    fault: str = ""


_read = msgspec.msgpack.Decoder(_Said).decode


def sheets_of(content: bytes) -> list[RawSheet]:
    """Name, row of the first cell (from 0) and the rows of each sheet, every cell as text.

    Raises:
        NotRight: sheet.package-broken, sheet.package-limit, sheet.format-unsupported, sheet.macro,
            sheet.encrypted, sheet.sheet-broken, sheet.sheet-limit; sheet.no-limits where this system cannot
            limit a process: nothing is opened then.
    """
    old = content.startswith(_OLE)
    fault = compound_fault(content) if old else package_fault(content, UNPACKED)
    if fault:
        raise NotRight(f"sheet.{fault}")
    if importlib.util.find_spec("resource") is None:
        raise NotRight("sheet.no-limits")
    said = _ask_child(content)
    if said.fault:
        raise NotRight(f"sheet.{said.fault}")
    return said.sheets


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD]
    return [sys.executable, "-I", "-m", "app.sheets.child"]


def _ask_child(content: bytes) -> _Said:
    """What the child says; one that dies, keeps silent or says something else has met a limit."""
    try:
        done = subprocess.run(
            _command(), input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=CHILD_SECONDS, check=True,
        )  # fmt: skip
        if len(done.stdout) > LONGEST_ANSWER:
            raise NotRight("sheet.sheet-limit")
        return _read(done.stdout)
    except (subprocess.SubprocessError, OSError, msgspec.DecodeError) as flaw:
        raise NotRight("sheet.sheet-limit") from flaw
