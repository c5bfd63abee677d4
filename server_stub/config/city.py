"""The city this server speaks for (resources/city.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings


@cache
def city() -> dict[str, Any]:
    """The whole table as it ships."""
    return tomllib.loads(files("resources").joinpath("city.toml").read_text(encoding="utf-8"))


def division() -> str:
    """Code of the city after GB/T 2260."""
    return str(city()["division"])


def log_origin() -> str:
    """First line of every checkpoint of this server's log."""
    return f"hengxin/{division()}/log"


def specimen() -> bool:
    """Whether documents carry the specimen mark: always on a sample server, never in production."""
    return bool(city()["specimen"]) and not settings.PRODUCTION
