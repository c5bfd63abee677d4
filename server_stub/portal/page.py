"""The page as bytes and headers: one file with its own style and script, which may load and send nothing.

Style and script stand in the page, and the policy names their digests: one answer is the whole page, no older
script can meet a newer page, and whatever somebody might manage to put into it runs nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template
from django.utils.safestring import mark_safe

from server_stub.config.city import city, specimen
from server_stub.config.pages import Page
from server_stub.portal.telling import Told
from server_stub.portal.words import Language, words
from server_stub.reports.selectors import answers_public

_HERE = Path(__file__).parent
_COLOURS = (
    "bg", "surface", "surfaceSunken", "border", "borderStrong", "text", "textSecondary", "textOnAccent",
    "nav", "navText", "navTextActive", "accent", "accentHover", "accentText", "seal", "sealSubtle", "warn",
    "warnSubtle", "warnBorder", "good", "goodSubtle", "focus",
)  # fmt: skip


def page(language: Language, told: Told | None, *, path: str, status: int = 200, wait_s: int = 0) -> Page:
    """The page with a verdict, or without one before anything was asked.

    Args:
        path: the address of the page without its query, for the link to the other language.
        wait_s: seconds until another try makes sense; 0 says nothing of it.
    """
    say = words(language)
    response = Page(
        _template().render(Context(_context(language, say, told, path))),
        content_type="text/html; charset=utf-8",
        status=status,
    )
    for name, value in _headers(language).items():
        response[name] = value
    if wait_s:
        response["Retry-After"] = str(wait_s)
    return response


def _context(language: Language, say: Mapping[str, str], told: Told | None, path: str) -> dict[str, Any]:
    names = city()["name"]["en" if language == "en" else "zh_CN"]
    return {
        "language": "en" if language == "en" else "zh-CN",
        "lang": language,
        "other": "zh" if language == "en" else "en",
        "path": path,
        # ids have dots, which a template would read as parts
        "say": {name.replace(".", "_"): text for name, text in say.items()},
        "mark": city()["letters"]["logo"],
        "brand": names["brand"],
        "platform": names["platform"],
        "platform_line": say["platform"].format(centre=names["centre"]),
        "specimen": specimen(),
        "told": told,
        "answers_key": answers_public(told.issued_at if told else ""),
        "style": mark_safe(style()),  # noqa: S308 - our own file, whose digest the policy names
        "script": mark_safe(script()),  # noqa: S308 - as above
    }


@cache
def _template() -> Template:
    text = (_HERE / "verify.html").read_text(encoding="utf-8")
    return Template(text, engine=Engine(autoescape=True))


@cache
def style() -> str:
    """The colours of the client's theme, then the page's own rules."""
    text = files("resources").joinpath("theme", "tokens.json").read_text(encoding="utf-8")
    colours = json.loads(text)["color"]
    light, dark = (
        "".join(f"--{name}:{colours[mode][name]};" for name in _COLOURS) for mode in ("light", "dark")
    )
    schemes = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return schemes + (_HERE / "verify.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """What a form alone cannot do: digest a file, and look at the part of an address that is not sent."""
    return (_HERE / "verify.js").read_text(encoding="utf-8")


@cache
def _policy() -> str:
    return (
        f"default-src 'none'; script-src '{_digest(script())}'; style-src '{_digest(style())}'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _headers(language: Language) -> dict[str, str]:
    return {
        "Content-Security-Policy": _policy(),
        "Content-Language": "en" if language == "en" else "zh-CN",
        "Vary": "Accept-Language",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
