"""`--self-test`: does this installation work? Window, vault, keyring and PDF are really used.

Nothing of the officer is touched: the vault lies in a folder of its own, and the keyring is only asked with
the random value it is always asked with.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QWidget

from app.field.records import Basis, Bundle, Lease, PurposeRef, Requester, SubjectCard
from app.field.reportdoc import ReportTimes
from app.keys.ring import Ring
from app.keys.safe import Safe
from app.manual import chapters
from app.report import compose, render
from app.texts import LANGUAGES
from app.trouble import NotYou
from local_cache import state
from local_cache.header import Card, read_header, write_header
from local_cache.vault import CACHE, WORK, Vault
from ui.city import City
from ui.look import SANS, SERIF
from ui.printing import draw_pages

DPI = 72
LEAST_COLOURS = 8
LEAST_CHAPTERS = 10
Finding = dict[str, Any]


class Flaw(Exception):  # noqa: N818 - what a part of the test found wrong
    """A part that works, but not as it must; says how."""


def run(window: QWidget, names: City, language: str, ring: Ring | None = None) -> int:
    """Try the four parts, print one JSON line {window, vault, keyring, pdf, ok} and answer the exit code.

    A keyring that is missing is told, not failed: the product works without one.
    """
    found: dict[str, Any] = {
        "window": _tried(lambda: window_painted(window)),
        "vault": _tried(vault_kept),
        "keyring": _tried(lambda: {"state": (ring or Ring()).state()}),
        "pdf": _tried(lambda: pdf_drawn(names, language)),
    }
    found["ok"] = all(part["ok"] for part in found.values())
    tell(found)
    return 0 if found["ok"] else 1


def tell(found: Finding) -> None:
    """One line on standard output, where there is one."""
    if sys.stdout is not None:
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


def window_painted(window: QWidget) -> Finding:
    """The window as a picture: of some size, of more than a few colours, with the fonts that ship.

    Raises:
        Flaw: the picture is empty, a face or the manual is not there.

    `cpu_ms` is what this process has spent until then.
    """
    spent = time.process_time()
    lost = [face for face in (SANS, SERIF) if face not in QFontDatabase.families()]
    if lost:
        raise Flaw(f"no face {', '.join(lost)}")
    short = [language for language in LANGUAGES if len(chapters(language)) < LEAST_CHAPTERS]
    if short:
        raise Flaw(f"no manual in {', '.join(short)}")
    picture = window.grab().toImage()
    colours = _colours(picture)
    if picture.width() < window.minimumWidth() or colours < LEAST_COLOURS:
        raise Flaw(f"{picture.width()} x {picture.height()} with {colours} colours")
    return {"width": picture.width(), "height": picture.height(), "cpu_ms": round(spent * 1000)}


def vault_kept() -> Finding:
    """A vault made with a passphrase, shut, refused to a wrong passphrase and opened with the right one.

    Raises:
        Flaw: the file is not encrypted, a wrong passphrase opens, or what was written is not there.
    """
    word, value = secrets.token_urlsafe(24), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="hengxin-self-test-") as place:
        folder = Path(place) / "vault"
        safe = Safe(Ring.absent())
        header, keys = safe.make("u0", Card("", "", "", "", ""), word, "s0", secrets.token_bytes(32))
        vault = Vault.create(folder, header.vault_id, bytes(keys.work), bytes(keys.cache or b""))
        write_header(folder / "vault.json", header)
        state.put(vault.work, {"self_test": value}, part="work")
        vault.close()
        keys.zero()
        for name in (WORK, CACHE):
            if (folder / name).read_bytes().startswith(b"SQLite format 3"):
                raise Flaw(f"{name} is not encrypted")
        header = read_header(folder / "vault.json")
        _refuses(safe, header, word + "x")
        keys = safe.open(header, word)
        vault = Vault.open(folder, header.vault_id, bytes(keys.work), header.fingerprints["work"])
        cipher = str((vault.work.execute("PRAGMA cipher_version").fetchone() or ("",))[0])
        kept = state.get(vault.work, "self_test", "", part="work")
        vault.close()
        keys.zero()
    if kept != value:
        raise Flaw("what was written is not there")
    if not cipher.startswith("4."):
        raise Flaw(f"cipher_version {cipher!r}")
    return {"cipher": cipher}


def pdf_drawn(names: City, language: str) -> Finding:
    """A report of an invented subject, rendered and drawn page by page.

    Raises:
        Flaw: no page, or a page without ink.
    """
    with as_file(files("resources") / "fonts") as fonts:
        pdf = render(compose(_answer(names), copy="preview", times=_times(), language=_told(language)), fonts)
    pages = draw_pages(pdf, DPI)
    empty = [number for number, page in enumerate(pages, 1) if _colours(page) < LEAST_COLOURS]
    if not pages or empty:
        raise Flaw(f"{len(pages)} pages, without ink: {empty}")
    return {"pages": len(pages), "bytes": len(pdf)}


def _tried(part: Callable[[], Finding]) -> Finding:
    try:
        return {"ok": True, **part()}
    except Exception as flaw:  # noqa: BLE001 - whatever breaks here is what the test was asked to find
        return {"ok": False, "why": f"{type(flaw).__name__}: {flaw}"[:300]}


def _refuses(safe: Safe, header: Any, word: str) -> None:
    try:
        safe.open(header, word)
    except NotYou:
        return
    raise Flaw("a wrong passphrase opens the vault")


def _colours(picture: QImage) -> int:
    """How many colours a grid of samples meets; an empty sheet has one."""
    wide, high = range(0, picture.width(), 3), range(0, picture.height(), 3)
    return len({picture.pixel(x, y) for x in wide for y in high})


def _answer(names: City) -> Bundle:
    """The city's own platform as its subject: nobody else is needed to fill a page."""
    now, key = _now(), "0" * 26
    return Bundle(
        type="bundle", v=1, query_no="self-test", op_id="", made_at=now, as_of=now, as_of_seq=0, epoch="",
        specimen=True, subject_key=key, no_information=False,
        requester=Requester("", names.product, "", names.brand, "centre", "centre_staff"),
        purpose=PurposeRef("", names.slogan, names.slogan), case_no="", basis=Basis("open"),
        lease=Lease("", now, now, 0), subject=SubjectCard(key, "legal", names.platform, ""),
    )  # fmt: skip


def _times() -> ReportTimes:
    now = _now()
    return ReportTimes(now, now, now)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def _told(language: str) -> Any:
    return language if language in ("zh_CN", "en") else "zh_CN"
