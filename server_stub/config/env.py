"""Settings from the environment: a wrong value stops the start, it never becomes a default."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_FORM = (
    "DATABASE_URL must be postgresql://user:password@host:port/name; ?host=FOLDER in place of the host means "
    "a local socket, sslmode, sslrootcert, sslcert and sslkey may follow, nothing else"
)
_TLS_WORDS = {"sslmode", "sslrootcert", "sslcert", "sslkey"}


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


def networks(name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Addresses or networks (10.0.0.7, 10.0.8.0/24) with commas between; absent means none.

    Raises:
        ImproperlyConfigured: for anything else, and for a network that holds every address.
    """
    given = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    try:
        read = tuple(ipaddress.ip_network(part) for part in given)
    except ValueError as flaw:
        raise ImproperlyConfigured(f"{name} must be addresses or networks with commas between") from flaw
    if any(network.prefixlen == 0 for network in read):
        raise ImproperlyConfigured(f"{name} must not hold every address: anybody could name any address then")
    return read


def stamp_service() -> tuple[str, Path | None]:
    """Address of a time-stamping service (RFC 3161) and the PEM file of its root; both or neither.

    Raises:
        ImproperlyConfigured: when one is missing or cannot be one.
    """
    url, root = os.environ.get("HENGXIN_TSA_URL", ""), os.environ.get("HENGXIN_TSA_CA", "")
    if not url and not root:
        return "", None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured("HENGXIN_TSA_URL must be an http or https address")
    if not root or not Path(root).is_file():
        raise ImproperlyConfigured("HENGXIN_TSA_CA must name the PEM file of the root of HENGXIN_TSA_URL")
    return url, Path(root)


class SealToken(NamedTuple):
    """Where the seal's key lives: the maker's PKCS#11 library, the token's and the key's labels."""

    module: Path
    token: str
    key: str


def seal_token() -> SealToken | None:
    """The token of the seal, or None: then it is the key file of a sample.

    Raises:
        ImproperlyConfigured: the library is not there, or a label is missing.
    """
    module = os.environ.get("HENGXIN_SEAL_MODULE", "")
    token, key = os.environ.get("HENGXIN_SEAL_TOKEN", ""), os.environ.get("HENGXIN_SEAL_KEY", "")
    if not (module or token or key):
        return None
    if not Path(module).is_file() or not token or not key:
        raise ImproperlyConfigured(
            "HENGXIN_SEAL_MODULE must name a library; HENGXIN_SEAL_TOKEN and HENGXIN_SEAL_KEY go with it"
        )
    return SealToken(Path(module), token, key)


def seal_pin() -> str:
    """The token's PIN, from the file HENGXIN_SEAL_PIN_FILE (mode 0400) or from HENGXIN_SEAL_PIN; only the
    process that keeps the seal asks for it.

    Raises:
        ImproperlyConfigured: neither is there, or the file is open to others or may be written.
    """
    named = os.environ.get("HENGXIN_SEAL_PIN_FILE", "")
    if not named:
        pin = os.environ.get("HENGXIN_SEAL_PIN", "")
    else:
        path = Path(named)
        if not path.is_file() or path.stat().st_mode & 0o377:
            raise ImproperlyConfigured("HENGXIN_SEAL_PIN_FILE must name a file of mode 0400")
        pin = path.read_text("utf-8").strip()
    if not pin:
        raise ImproperlyConfigured("the seal's token needs HENGXIN_SEAL_PIN_FILE or HENGXIN_SEAL_PIN")
    return pin


def without_pin(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a process that does not keep the seal."""
    return {name: value for name, value in environment.items() if not name.startswith("HENGXIN_SEAL_PIN")}


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
            "ENGINE": "server_stub.config.sqlite",
            "NAME": str(at / "server.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                # a thread's share of pages in memory, in KiB: the default keeps 2 MB of a file of gigabytes
                " PRAGMA cache_size=-16384;",
            },
        }
    return _postgresql(url)


def _postgresql(url: str) -> dict[str, object]:
    try:
        parts = urlsplit(url)
        port = parts.port
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as flaw:
        raise ImproperlyConfigured(_FORM) from flaw
    host = parts.hostname or asked.pop("host", "")
    name = unquote(parts.path.strip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not host or not name or asked.keys() - _TLS_WORDS:
        raise ImproperlyConfigured(_FORM)
    return {
        "ENGINE": "server_stub.config.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or 5432),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **asked,
            "application_name": "hengxin-server",
            "connect_timeout": 10,
            # a stopped writer would hold the others up for ever; a busy one may think for minutes in between
            "options": "-c lock_timeout=20s -c idle_in_transaction_session_timeout=15min",
        },
    }
