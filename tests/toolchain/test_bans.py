"""Product code holds nothing of the ban list, and the ban list finds what it should."""

from __future__ import annotations

import pytest

from tests.toolchain.bans import complaints
from tests.toolchain.tree import PRODUCT, python_files, short


def test_product_code_holds_nothing_banned() -> None:
    found = [
        complaint
        for path in python_files(*PRODUCT)
        for complaint in complaints(path.read_text(encoding="utf-8"), short(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ("import sqlite3", "app/x.py", "sqlite3"),
        ("from sqlite3 import connect", "local_cache/x.py", "sqlite3"),
        ("def f():\n    import sqlite3 as s", "ui/x.py", "sqlite3"),
        ("get(url, verify=False)", "app/wire.py", "verify=False"),
        ("session.verify = False", "app/wire.py", "verify = False"),
        ("context.check_hostname = False", "app/wire.py", "check_hostname = False"),
        ("context.verify_mode = ssl.CERT_NONE", "app/wire.py", "CERT_NONE"),
        ("try:\n    f()\nexcept:\n    g()", "app/x.py", "bare except"),
        ("try:\n    f()\nexcept OSError:\n    pass", "app/x.py", "swallowed"),
        ("try:\n    f()\nexcept OSError:\n    ...", "app/x.py", "swallowed"),
        ("QApplication.processEvents()", "ui/x.py", "processEvents"),
        ("from PySide6.QtCore import QCoreApplication as a\nb = a.processEvents", "ui/x.py", "processEvents"),
        ("subprocess.run('ls', shell=True)", "server_stub/x.py", "shell=True"),
        ("from django.contrib import admin", "server_stub/portal/x.py", "django.contrib.admin"),
        ("import requests", "app/field/x.py", "app/field/"),
        ("from app import trouble", "app/field/x.py", "app/field/"),
        ("import app.fields", "app/field/x.py", "app/field/"),
        ("import msgspec", "local_cache/x.py", "local_cache/"),
    ],
)
def test_control_a_planted_line_is_found(source: str, path: str, expected: str) -> None:
    assert any(expected in complaint for complaint in complaints(source, path)), complaints(source, path)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("import sqlite3", "server_stub/feed/x.py"),
        ("from django.contrib import admin", "server_stub/console/x.py"),
        ("import msgspec\nfrom app.field.records import Record\nimport hashlib", "app/field/x.py"),
        ("from sqlcipher3 import dbapi2\nfrom local_cache.vault import Vault", "local_cache/x.py"),
        ("try:\n    f()\nexcept OSError as error:\n    raise Fault from error", "app/x.py"),
        ("get(url, verify=ca_file)\nrun(['ls'], shell=False)", "app/x.py"),
    ],
)
def test_what_is_right_is_left_alone(source: str, path: str) -> None:
    assert complaints(source, path) == []
