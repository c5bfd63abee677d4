"""Settings from the environment: a wrong value stops the start, it never becomes a default."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str) -> bool:
    """`1` or `0`; absent means no.

    Raises:
        ImproperlyConfigured: for any other value.
    """
    value = os.environ.get(name, "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1")
    return value == "1"


def whole(name: str, default: int, low: int, high: int) -> int:
    """A whole number between `low` and `high`, both included.

    Raises:
        ImproperlyConfigured: when it is not one.
    """
    text = os.environ.get(name, str(default))
    try:
        value = int(text)
    except ValueError as flaw:
        raise ImproperlyConfigured(f"{name} must be a whole number") from flaw
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} must lie between {low} and {high}")
    return value


def home() -> Path | None:
    """The server's home directory as an absolute path, or None when the environment names none.

    Raises:
        ImproperlyConfigured: when it is a relative path.
    """
    text = os.environ.get("HENGXIN_SERVER_HOME", "")
    if not text:
        return None
    path = Path(text)
    if not path.is_absolute():
        raise ImproperlyConfigured("HENGXIN_SERVER_HOME must be an absolute path")
    return path


def database(at: Path) -> dict[str, object]:
    """Django's database entry: PostgreSQL from DATABASE_URL, else the SQLite file of the home.

    Raises:
        ImproperlyConfigured: when DATABASE_URL is not a PostgreSQL address.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(at / "server.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.hostname or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must be postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": None,
    }
