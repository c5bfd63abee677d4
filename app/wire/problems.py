"""Problem documents and network faults, turned into the Trouble of the one whose move is next."""

from __future__ import annotations

import contextlib
import functools
import ssl
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from app.field.beijing import BEIJING
from app.trouble import FAMILIES, Fault, NotNow, NotTrusted, Trouble
from app.wire.messages import ProblemBody
from app.wire.strict import read_as

if TYPE_CHECKING:
    import requests

# code -> the member of its context with which there is more to say, and the text that says it
FULLER = {
    "letter-used": ("case_no", "letter.used-for"),
    "receiver-needed": ("units", "report.several-units"),
    "rows-invalid": ("bare", "report.rows-bare"),
}
# what the server says why, in its context, where each reason has a text of its own
WHY = {
    "official-letter-needed": ("none", "not-in-force", "own-letter", "not-named", "many"),
    "letter-mismatch": ("id_type", "number", "name", "institution", "scan"),
}
BARE = {503: "maintenance", 507: "storage-full"}


@functools.cache
def published() -> dict[str, dict[str, Any]]:
    """The table of codes that client and server share: code -> {status, move}."""
    text = (files("resources") / "contract" / "problems.toml").read_text("utf-8")
    return tomllib.loads(text)


class Answered(Exception):  # noqa: N818 - carries the server's word up to the door, never further
    """The server answered with a problem. `trouble` is what the officer is told."""

    def __init__(self, status: int, body: ProblemBody) -> None:
        super().__init__(body.code)
        self.status = status
        self.body = body
        self.trouble = trouble_of(body)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Inside, a problem of the server becomes the Trouble that the officer is told."""
    try:
        yield
    except Answered as answered:
        raise answered.trouble from answered


def read_problem(status: int, raw: bytes, code: str = "") -> Answered:
    """The problem of an error answer. One that is no problem document comes from something before the server:
    "not now" when the status says so, else a fault. An answer without a body has its `code` in a header."""
    try:
        body = read_as(raw, ProblemBody) if raw or not code else ProblemBody(code=code, status=status)
    except ValueError:
        body = ProblemBody(code=BARE.get(status, "fault"), status=status)
    return Answered(status, body)


def trouble_of(body: ProblemBody) -> Trouble:
    """One Trouble per published code; `text` is the id `problem.<code>`. Unknown codes are faults."""
    row = published().get(body.code)
    if row is None:
        return Fault("fault", "problem.fault", {"trace": body.instance})
    context: dict[str, str | int] = {"trace": body.instance}
    context.update({key: value for key, value in body.context.items() if isinstance(value, str | int)})
    if body.retry_after_s is not None:
        context["wait_s"] = body.retry_after_s
    if body.fields:
        context.setdefault("field", body.fields[0].path)
    member, fuller = FULLER.get(body.code, ("", ""))
    text = fuller if member in context else f"problem.{body.code}"
    if context.get("why") in WHY.get(body.code, ()):
        text = f"{body.code}.{context['why']}"
    if body.code == "maintenance" and body.retry_after_s is not None:
        text, context["time"] = "server.maint", _beijing_minute(body.retry_after_s)
    return FAMILIES[row["move"]](body.code, text, context)


def _beijing_minute(seconds: int) -> str:
    """The hour and minute in Beijing after so many seconds."""
    return f"{datetime.now(BEIJING) + timedelta(seconds=seconds):%H:%M}"


def problem_of_item(problem: dict[str, Any] | None) -> Trouble:
    """The Trouble of one refused outbox item."""
    try:
        body = msgspec.convert(problem or {"code": "fault"}, ProblemBody)
    except msgspec.ValidationError:
        body = ProblemBody(code="fault")
    return trouble_of(body)


def network_trouble(flaw: requests.RequestException, waited_s: int) -> Trouble:
    """What a failed exchange means. `context["sent"]` is 0 only when the request surely never left."""
    from requests import exceptions

    if isinstance(flaw, exceptions.SSLError) and _is_cut(flaw):
        return NotNow("net.cut", context={"sent": 1})
    if isinstance(flaw, exceptions.SSLError):
        return NotTrusted("tls.mismatch", context={"sent": 0})
    if isinstance(flaw, exceptions.ConnectTimeout):
        return NotNow("net.timeout", context={"seconds": waited_s, "sent": 0})
    if isinstance(flaw, exceptions.Timeout):
        return NotNow("net.timeout", context={"seconds": waited_s, "sent": 1})
    if isinstance(flaw, exceptions.ProxyError):
        return NotNow("net.proxy", context={"sent": 0})
    if isinstance(flaw, exceptions.ChunkedEncodingError | exceptions.ContentDecodingError):
        return NotNow("net.cut", context={"sent": 1})
    if isinstance(flaw, exceptions.ConnectionError):
        refused = "NewConnectionError" in repr(flaw) or "NameResolutionError" in repr(flaw)
        return NotNow("net.offline", context={"sent": 0 if refused else 1})
    return Fault("net.fault", context={"sent": 1})


def _is_cut(flaw: BaseException) -> bool:
    """Whether TLS only says that the line broke, with no certificate in question."""
    seen: BaseException | None = flaw
    while seen is not None:
        if isinstance(seen, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return True
        inner = [part for part in seen.args if isinstance(part, BaseException)]
        inner += [part for part in (getattr(seen, "reason", None),) if isinstance(part, BaseException)]
        seen = seen.__cause__ or next(iter(inner), None)
    return False
