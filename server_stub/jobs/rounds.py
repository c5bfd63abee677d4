"""Beside the running server: from time to time talk to every approved partner."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from server_stub.exchange.province.turning import round_of_all

END_S = 40.0  # longer than the line waits for a partner that says nothing
log = logging.getLogger(__name__)


class Rounds:
    """A thread that lives inside the `with` block; a partner that is slow holds up nobody else."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._thread = threading.Thread(target=self._run, name="partners", daemon=True)

    def __enter__(self) -> Rounds:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, flaw: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(END_S if kind is None else 0)

    def _run(self) -> None:
        while not self._stop.wait(settings.HENGXIN_EXCHANGE_EVERY_S):
            close_old_connections()
            try:
                for partner, fault in round_of_all(self._stop.is_set):
                    log.warning("exchange with %s: %s", partner, fault)
            except DatabaseError:
                log.exception("the round of exchanges failed and comes again")
        connection.close()
