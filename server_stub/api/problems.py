"""Every refusal leaves as problem+json; a failure of ours says nothing but its request number."""

from __future__ import annotations

import json
import logging
import tomllib
import traceback
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import DataError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from app.field.limits import LONGEST
from server_stub.accounts.models import Device
from server_stub.accounts.services import freeze
from server_stub.config.problems import table
from server_stub.errors import Problem
from server_stub.evidence.errors import ChainFork
from server_stub.evidence.services import keep_strays
from server_stub.room_left import no_room

log = logging.getLogger("server_stub.api")
MEDIA = "application/problem+json"
# parts of bodies that people type, by their names in app.field.limits
_TYPED = {"text": "search", "code": "totp"} | {
    name: name for name in ("user", "password", "enrolment_code", "device_name")
}
FULL_FOR_S = 60  # somebody has to make room first
CODE = "HYC-Problem"  # the code once more, for answers that may have no body
_BY_STATUS = {400: "body-invalid", 404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}


@cache
def _titles() -> dict[str, str]:
    text = files("resources").joinpath("texts", "zh_CN", "errors.toml").read_text(encoding="utf-8")
    return {name: words for name, words in tomllib.loads(text)["problem"].items() if name in table()}


def document(problem: Problem, request_id: str = "") -> dict[str, Any]:
    """The JSON of a refusal."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": _titles().get(problem.code, problem.code),
        "status": problem.status,
        "detail": problem.detail,
        "instance": request_id,
        "code": problem.code,
    }
    if problem.retry_after_s is not None:
        body["retry_after_s"] = problem.retry_after_s
    if problem.fields:
        body["fields"] = [*problem.fields]
    if problem.context:
        body["context"] = problem.context
    return body


def answer(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The response for a refusal."""
    content = json.dumps(document(problem, request.META.get("hyc.request_id", "")), ensure_ascii=False)
    response = HttpResponse(content.encode(), content_type=MEDIA, status=problem.status)
    response[CODE] = problem.code
    for name, value in problem.headers.items():
        response[name] = value
    if problem.retry_after_s is not None:
        response["Retry-After"] = str(problem.retry_after_s)
    return response


def of_status(status: int) -> Problem:
    """The problem for a bare status that some layer below gave."""
    return Problem(_BY_STATUS.get(status, "fault" if status >= 500 else "body-invalid"))


def register(api: NinjaAPI) -> None:
    """Tell the routes how each kind of failure is answered."""
    for kind, answers in _kinds().items():
        api.add_exception_handler(kind, answers)


def told(request: HttpRequest, flaw: Exception) -> HttpResponse:
    """The answer to a failure beside the routes: that of the nearest kind, as they choose it."""
    kinds = _kinds()
    found = next(kinds[kind] for kind in type(flaw).__mro__ if kind in kinds)
    response: HttpResponse = found(request, flaw)
    return response


@cache
def _kinds() -> dict[type[Exception], Any]:
    return {
        Problem: _problem,
        ChainFork: _fork,
        ValidationError: _invalid,
        HttpError: _http_error,
        Http404: _missing,
        DataError: _unfit,
        OperationalError: _not_stored,
        OSError: _not_stored,
        Exception: fault,
    }


def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer(problem, request)


def _fork(request: HttpRequest, fork: ChainFork) -> HttpResponse:
    """Both links are kept, and the device stops until somebody has looked at it."""
    keep_strays(fork)
    with transaction.atomic():
        freeze(Device.objects.select_related("officer").get(device_id=fork.device_id), "chain-fork")
    return answer(fork, request)


def _invalid(request: HttpRequest, flaw: ValidationError) -> HttpResponse:
    fields = [
        {
            "path": ".".join(str(part) for part in error["loc"]),
            "code": str(error["type"]),
            "message": str(error["msg"]),
        }
        for error in flaw.errors
    ]
    typed = _TYPED.get(fields[0]["path"].rpartition(".")[2], "")
    if typed and fields[0]["code"] == "string_too_long":
        limit = {"field": typed, "limit": LONGEST[typed]}
        return answer(Problem("text-too-long", "a text is too long", fields=fields, context=limit), request)
    return answer(Problem("body-invalid", "the body does not fit", fields=fields), request)


def _unfit(request: HttpRequest, flaw: DataError) -> HttpResponse:
    """A text is longer, or a number larger, than its column. SQLite keeps it, PostgreSQL does not."""
    return answer(Problem("body-invalid", "a value is larger than what is kept"), request)


def _not_stored(request: HttpRequest, flaw: Exception) -> HttpResponse:
    """Nothing of a request on a full disk happened; what it asked for waits with the client."""
    if not no_room(flaw):
        return fault(request, flaw)
    log.error("no room is left on the disk: request %s", request.META.get("hyc.request_id", ""))
    return answer(Problem("storage-full", "no room is left", retry_after_s=FULL_FOR_S), request)


def _http_error(request: HttpRequest, flaw: HttpError) -> HttpResponse:
    """The library's own refusal, or ours that it met while it read the body."""
    inner = flaw.__cause__
    return answer(inner if isinstance(inner, Problem) else of_status(flaw.status_code), request)


def _missing(request: HttpRequest, flaw: Http404 | Exception) -> HttpResponse:
    return answer(Problem("not-found"), request)


def fault(request: HttpRequest, flaw: Exception) -> HttpResponse:
    """Log where it broke, without any value that could belong to a subject."""
    places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(flaw.__traceback__)[-6:]]
    request_id = request.META.get("hyc.request_id", "")
    log.error("fault %s %s at %s", request_id, type(flaw).__name__, " < ".join(reversed(places)))
    return answer(Problem("fault"), request)
