"""The canary search itself: each form is found, and a clean tree is clean."""

from __future__ import annotations

import base64
import gzip
import sqlite3
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.faults.canary import hits

WORD = "衡阳云岭（示例）机械有限公司"
HIDINGS = {
    "utf-8": lambda w: b"xx" + w.encode(),
    "utf-16": lambda w: w.encode("utf-16"),
    "gb18030": lambda w: w.encode("gb18030"),
    "base64 shifted": lambda w: base64.b64encode(b"{" + w.encode() + b"}"),
    "base64 shifted twice": lambda w: base64.b64encode(b'{"' + w.encode() + b'"}'),
    "base64": lambda w: base64.b64encode(w.encode()),
    "hex": lambda w: w.encode().hex().encode(),
    "json": lambda w: w.encode("ascii", "backslashreplace"),
    "deflated": lambda w: b"%PDF stream\n" + zlib.compress(w.encode("utf-16-be")),
    "gzip": lambda w: gzip.compress(b'"' + w.encode()),
}


@pytest.mark.parametrize("name", HIDINGS)
def test_every_hiding_place_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "leak.bin").write_bytes(HIDINGS[name](WORD))
    assert hits([tmp_path], [WORD])[0]


def test_zip_members_are_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "leak.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{WORD}</t>" * 50)
    assert hits([tmp_path], [WORD])[0]


def test_plain_sqlite_betrays_and_a_clean_tree_does_not(tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_text("nothing here", "utf-8")
    found, files, size = hits([tmp_path], [WORD])
    assert (found, files, size) == ([], 1, 12)
    connection = sqlite3.connect(tmp_path / "cache.db")
    connection.execute("create table answers (body text)")
    connection.execute("insert into answers values (?)", (WORD,))
    connection.commit()
    connection.close()
    assert hits([tmp_path], [WORD])[0]
