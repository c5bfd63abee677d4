"""Lanes that notice when a question failed because the sign-in has ended, whichever desk asked it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from app.desks.desk import LanesLike
from app.services.leasing import SIGNED_OUT
from app.trouble import Trouble

R = TypeVar("R")


class NoticingLanes:
    """Hands everything on; `signed_out` is called after the desk has had its answer."""

    def __init__(self, lanes: LanesLike, signed_out: Callable[[], None]) -> None:
        self._lanes, self._signed_out = lanes, signed_out

    def submit(
        self,
        lane: str,
        job: Callable[..., R],
        *args: Any,
        done: Callable[[Future[R]], None] | None = None,
    ) -> Future[R]:
        def home(future: Future[R]) -> None:
            if done is not None:
                done(future)
            flaw = None if future.cancelled() else future.exception()
            if isinstance(flaw, Trouble) and flaw.code in SIGNED_OUT:
                self._signed_out()

        return self._lanes.submit(lane, job, *args, done=home)
