"""`/v/`: a report's state for whoever holds its paper or its file. Nobody signs in and nothing is kept."""

from __future__ import annotations

import logging
import traceback
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from app.field.report_numbers import number_in
from server_stub.config.callers import caller
from server_stub.errors import Problem
from server_stub.portal import telling
from server_stub.portal.page import page
from server_stub.portal.words import Language, language_of, words
from server_stub.reports import asking, selectors

log = logging.getLogger("server_stub.portal")
HOME = "/v/"
_LONGEST = 200  # of what somebody types as a number; a whole link is shorter


@require_safe
def to_the_page(request: HttpRequest) -> HttpResponse:
    """The address without its slash."""
    return HttpResponseRedirect(HOME)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, text: str = "") -> HttpResponse:
    """The page. A number stands in its address; a form sends one there, or the digest of a file."""
    language = language_of(request.GET.get("lang", ""), request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    try:
        if request.method != "POST":
            return _by_number(request, text, language)
        if request.POST.get("pdf_sha256"):
            return _by_file(request, language)
        return _sent_on(request)
    except Problem as problem:
        wait_s = problem.retry_after_s or 0
        told = telling.busy(wait_s, words(language))
        return page(language, told, path=HOME, status=problem.status, wait_s=wait_s)
    except Exception as flaw:  # noqa: BLE001 - the last net: people get a page, the log gets the place
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(flaw.__traceback__)[-6:]]
        log.error("fault %s at %s", type(flaw).__name__, " < ".join(reversed(places)))
        return page(language, telling.fault(words(language)), path=HOME, status=500)


def _by_number(request: HttpRequest, text: str, language: Language) -> HttpResponse:
    if not text.strip("/ "):
        return page(language, None, path=HOME)
    asking.admit(caller(request.META))
    said = selectors.verify(text[:_LONGEST])
    path = HOME + said["number"]  # an unknown one is not repeated: one body for all of them
    return page(language, telling.of_number(said, words(language)), path=path)


def _by_file(request: HttpRequest, language: Language) -> HttpResponse:
    asking.admit(caller(request.META))
    digest, inside = request.POST["pdf_sha256"][:64], request.POST.get("number", "")[:_LONGEST]
    expected = _number(request.POST.get("expected", ""))
    said = selectors.verify(inside or expected, digest)
    return page(language, telling.of_file(said, words(language), digest, expected), path=HOME)


def _sent_on(request: HttpRequest) -> HttpResponse:
    """To the address of what was typed, so that the page can be loaded again and kept; looked up there."""
    typed = request.POST.get("number", "").partition("#")[0].strip()[:_LONGEST]
    wanted = request.GET.get("lang", "")
    query = f"?lang={wanted}" if wanted in ("zh", "en") else ""
    return HttpResponseRedirect(f"{HOME}{quote(_number(typed) or typed, safe='')}{query}", status=303)


def _number(text: str) -> str:
    """The report number in a text, empty when there is none."""
    try:
        return number_in(text)
    except ValueError:
        return ""
