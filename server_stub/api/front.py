"""Before Django: whoever comes by a short way is answered here, everybody else goes on to the routes.

What Django makes of every request (an object of it, signals, a response with its cookies) costs more than a
search does. The guards are the edge's and the gate's own, in their order, and a failure is told as the routes
tell it; tests/server_stub/api/test_front.py holds both roads side by side.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.http import HttpRequest, HttpResponse

from server_stub.api import edge, problems
from server_stub.api.gate import signed_in
from server_stub.api.short import MEDIA, WAYS, Way

_TYPE = ("Content-Type", MEDIA)


class Knock(HttpRequest):
    """A request as the guards look at it: they ask Django's own for nothing but this."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.META = environ
        self.method = environ["REQUEST_METHOD"]
        self.path = self.path_info = environ["PATH_INFO"]

    def _get_scheme(self) -> str:
        return str(self.META["wsgi.url_scheme"])


class Front:
    """The application that a server is given.

    Args:
        routes: Django's application.
        tend: looks after this thread's connection once a request is over, as Django does after its own.
    """

    def __init__(self, routes: WSGIApplication, tend: Callable[[], None]) -> None:
        self._routes, self._tend = routes, tend

    def __call__(self, environ: WSGIEnvironment, begin: StartResponse) -> Iterable[bytes]:
        way = WAYS.get(environ["PATH_INFO"])
        if way is not None and environ["REQUEST_METHOD"] == "POST" and not environ.get("SCRIPT_NAME"):
            said = self._said(way, Knock(environ), begin)
            if said is not None:
                return [said]
        return _whole(self._routes(environ, begin))

    def _said(self, way: Way, request: Knock, begin: StartResponse) -> bytes | None:
        """The body of the answer; None when the route has to answer, which finds everything as it came."""
        environ = request.META
        edge.number(request)
        try:
            edge.admit(request)
            content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            asked = way.asked(content)
            if asked is None:
                environ["wsgi.input"] = io.BytesIO(content)
                return None
            said = way.said(signed_in(request), asked)
        except Exception as flaw:  # noqa: BLE001 - told as the routes tell it, faults included
            refusal = problems.told(request, flaw)
            status = f"{refusal.status_code} {refusal.reason_phrase}"
            begin(status, [*refusal.items(), *edge.common(request)])
            return refusal.content
        finally:
            self._tend()
        begin(way.status, [_TYPE, *edge.common(request)])
        return said


def _whole(answer: Iterable[bytes]) -> Iterable[bytes]:
    """An answer that is all there as a list: the server sends that in one piece, with its length."""
    if not isinstance(answer, HttpResponse):
        return answer
    try:
        return [answer.content]
    finally:
        answer.close()
