"""What must hold before the server serves; `up` stops on any of these."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from server_stub.config import reaching
from server_stub.config.city import city, specimen

FLOOR = (3, 64 * 1024, 1)


def production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A production server has a named home and pays the full price for passwords."""
    found: list[CheckMessage] = []
    if settings.PRODUCTION and not settings.HENGXIN_HOME_NAMED:
        found.append(Error("HENGXIN_SERVER_HOME names no home", id="hengxin.E001"))
    if settings.PRODUCTION and tuple(settings.HENGXIN_ARGON2) < FLOOR:
        found.append(Error("argon2id below the floor", id="hengxin.E002"))
    return found


def codes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The codes that a production server prints lead somewhere: on paper they cannot be changed."""
    shipped = urlsplit(str(city()["report"]["verify_base"])).hostname
    if specimen() or settings.HENGXIN_PUBLIC_URL or shipped not in reaching.OWN:
        return []
    words = (
        f"the codes on reports would lead to {shipped}; set {reaching.PUBLIC_URL}, or verify_base of the city"
    )
    return [Warning(words, id="hengxin.W001")]


def home(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nobody but the server's own user looks into its home."""
    path = settings.HENGXIN_HOME
    if not path.is_dir():
        return [Error(f"{path} is not a directory", id="hengxin.E003")]
    if path.stat().st_mode & 0o077:
        return [Error(f"{path} is open to others; chmod 700", id="hengxin.E004")]
    return []


def wiring(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every function that the settings name is there."""
    found: list[CheckMessage] = []
    named = (
        *settings.HENGXIN_TOLD_OF_CHANGES,
        *settings.HENGXIN_ASKED_BEFORE_CHANGES,
        *settings.HENGXIN_TOLD_OF_PERSONS,
        settings.HENGXIN_TELLS_ANSWERS,
    )
    for path in named:
        try:
            import_string(path)
        except ImportError as flaw:
            found.append(Error(f"{path}: {flaw}", id="hengxin.E005"))
    return found
