"""Four lanes of one thread each. Work goes to a lane, the answer comes home through `deliver`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Deliver = Callable[[Callable[[], None]], None]

NAMES = ("vault", "wire", "courier", "press")


def at_once(job: Callable[[], None]) -> None:
    """The `deliver` of a program without a window: the answer is handed over in the lane's own thread."""
    job()


class Lane:
    """One thread and its queue. The vault's lane owns the SQLCipher connections."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"lane-{name}")
        self._own = threading.local()

    def submit(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Queue a job; its exception comes with the future's result."""
        return self._pool.submit(lambda: self._inside(job, *args, **kwargs))

    def run(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Submit and wait; from inside this lane the job runs at once (a second wait would be for ever)."""
        if self.is_here():
            return job(*args, **kwargs)
        return self.submit(job, *args, **kwargs).result()

    def is_here(self) -> bool:
        """Whether the calling thread is this lane's."""
        return bool(getattr(self._own, "here", False))

    def close(self) -> None:
        """Finish the running job, drop the waiting ones and end the thread."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _inside(self, job: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        self._own.here = True
        return job(*args, **kwargs)


class Lanes:
    """vault · wire (what the officer waits for) · courier (sync and uploads) · press (makes PDFs)."""

    def __init__(self, deliver: Deliver = at_once) -> None:
        self._deliver = deliver
        self._lanes = {name: Lane(name) for name in NAMES}

    def __getitem__(self, name: str) -> Lane:
        return self._lanes[name]

    @property
    def vault(self) -> Lane:
        return self._lanes["vault"]

    def submit(
        self,
        lane: str,
        job: Callable[..., R],
        *args: Any,
        done: Callable[[Future[R]], None] | None = None,
    ) -> Future[R]:
        """Queue `job(*args)`; `done(future)` is called by way of `deliver`, after success and failure alike.

        Raises:
            KeyError: when there is no lane of that name.
        """
        future = self._lanes[lane].submit(job, *args)
        if done is not None:
            voice = done
            future.add_done_callback(lambda ended: self._deliver(lambda: voice(ended)))
        return future

    def close(self) -> None:
        """End all lanes, the vault's last."""
        for name in reversed(NAMES):
            self._lanes[name].close()


class PageLease:
    """A page's number of the moment. An answer asked for under an older number is dropped."""

    def __init__(self) -> None:
        self._number = 0

    def renew(self) -> int:
        """Begin a new view; everything still under way for the old one is void."""
        self._number += 1
        return self._number

    def is_current(self, number: int) -> bool:
        return number == self._number
