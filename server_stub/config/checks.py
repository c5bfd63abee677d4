"""What must hold before the server serves; `up` stops on any of these."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

FLOOR = (3, 64 * 1024, 1)


def production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A production server has a named home and pays the full price for passwords."""
    found: list[CheckMessage] = []
    if settings.PRODUCTION and not settings.HENGXIN_HOME_NAMED:
        found.append(Error("HENGXIN_SERVER_HOME names no home", id="hengxin.E001"))
    if settings.PRODUCTION and tuple(settings.HENGXIN_ARGON2) < FLOOR:
        found.append(Error("argon2id below the floor", id="hengxin.E002"))
    return found


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
    )
    for path in named:
        try:
            import_string(path)
        except ImportError as flaw:
            found.append(Error(f"{path}: {flaw}", id="hengxin.E005"))
    return found
