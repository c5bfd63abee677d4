"""What every request and every answer has in common: numbers, limits, protocol, nonce, problem form."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from server_stub.api import gate, problems
from server_stub.config.pages import Page
from server_stub.errors import Problem

PROTOCOLS = (1,)
_SPOKEN = frozenset(map(str, PROTOCOLS))
_LARGE = "/api/v1/letters"
_PLAIN_NUMBER = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST_HOST = 255
_KEPT_BY_NOBODY = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))


class Edge:
    """The only middleware. Requests that go a short way do not come here: `front` asks the same of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number(request)
        try:
            admit(request)
            response = self._next(request)
        except Problem as problem:
            response = problems.answer(problem, request)
        if response.status_code >= 400 and not _is_told(response):
            response = problems.answer(problems.of_status(response.status_code), request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        for name, value in common(request):
            response[name] = value
        return response


def _is_told(response: HttpResponseBase) -> bool:
    """Whether the refusal has its words already: as a problem, or as a page for people."""
    return response.get("Content-Type") == problems.MEDIA or isinstance(response, Page)


def number(request: HttpRequest) -> None:
    """Give a request its number: the client's own, or a new one when it has none that is one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if not _PLAIN_NUMBER.fullmatch(given):
        try:
            given = str(uuid.UUID(given))
        except ValueError:
            given = str(uuid.uuid4())
    request.META["hyc.request_id"] = given


def common(request: HttpRequest) -> list[tuple[str, str]]:
    """The headers that every answer bears."""
    fresh = [("DPoP-Nonce", gate.nonce())] if "HTTP_DPOP" in request.META else []
    return [*fresh, ("X-Request-ID", request.META["hyc.request_id"]), *_KEPT_BY_NOBODY]


def admit(request: HttpRequest) -> None:
    """Refuse other hosts, other protocols and bodies that are too large before anything is read.

    Raises:
        Problem: `not-found`, `protocol-unsupported`, `body-too-large`, `body-invalid`.
    """
    try:
        request.META["hyc.host"] = _host(request)
    except DisallowedHost as flaw:
        raise Problem("not-found", "no such host here") from flaw
    if request.path.startswith("/api/v1/") and request.META.get("HTTP_HYC_PROTOCOL", "") not in _SPOKEN:
        raise Problem("protocol-unsupported", context={"protocols": [*PROTOCOLS]})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit():
        raise Problem("body-invalid", "content length")
    most = settings.HENGXIN_LETTER_BODY_MAX if request.path == _LARGE else settings.HENGXIN_BODY_MAX
    if int(length) > most:
        raise Problem("body-too-large", context={"most": most})


def _host(request: HttpRequest) -> str:
    """Raises DisallowedHost for a name that is not ours."""
    named = request.META.get("HTTP_HOST")
    if named is None or len(named) > _LONGEST_HOST:
        return request.get_host()
    return _ours(named, tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=64)
def _ours(named: str, names: tuple[str, ...]) -> str:
    """Django's judgement of a Host header, kept while the names are the same; a refusal is never kept."""
    request = HttpRequest()
    request.META["HTTP_HOST"] = named
    return request.get_host()
