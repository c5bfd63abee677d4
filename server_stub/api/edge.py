"""What every request and every answer has in common: numbers, limits, protocol, nonce, problem form."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from server_stub.api import gate, problems, short
from server_stub.config.pages import Page
from server_stub.errors import Problem

PROTOCOLS = (1,)
_LARGE = "/api/v1/letters"


class Edge:
    """The only middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["hyc.request_id"] = _request_id(request)
        try:
            _admit(request)
            response = self._answer(request)
        except Problem as problem:
            response = problems.answer(problem, request)
        if response.status_code >= 400 and not _is_told(response):
            response = problems.answer(problems.of_status(response.status_code), request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        if "HTTP_DPOP" in request.META:
            response["DPoP-Nonce"] = gate.nonce()
        response["X-Request-ID"] = request.META["hyc.request_id"]
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        """By the short way where there is one and the request fits it, else by the routes."""
        try:
            short_answer = short.answer(request)
        except Exception as flaw:  # noqa: BLE001 - told as the routes tell it, faults included
            return problems.told(request, flaw)
        return short_answer if short_answer is not None else self._next(request)


def _is_told(response: HttpResponseBase) -> bool:
    """Whether the refusal has its words already: as a problem, or as a page for people."""
    return response.get("Content-Type") == problems.MEDIA or isinstance(response, Page)


def _request_id(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.META.get("HTTP_X_REQUEST_ID", "")))
    except ValueError:
        return str(uuid.uuid4())


def _admit(request: HttpRequest) -> None:
    """Refuse other hosts, other protocols and bodies that are too large before anything is read.

    Raises:
        Problem: `not-found`, `protocol-unsupported`, `body-too-large`, `body-invalid`.
    """
    try:
        request.META["hyc.host"] = request.get_host()
    except DisallowedHost as flaw:
        raise Problem("not-found", "no such host here") from flaw
    if request.path.startswith("/api/v1/") and request.META.get("HTTP_HYC_PROTOCOL", "") not in map(
        str, PROTOCOLS
    ):
        raise Problem("protocol-unsupported", context={"protocols": [*PROTOCOLS]})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit():
        raise Problem("body-invalid", "content length")
    most = settings.HENGXIN_LETTER_BODY_MAX if request.path == _LARGE else settings.HENGXIN_BODY_MAX
    if int(length) > most:
        raise Problem("body-too-large", context={"most": most})
