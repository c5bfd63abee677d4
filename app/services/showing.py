"""The answer on the screen: in memory for print and objection, until another comes or a sync withdraws it."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from app.field.records import Bundle, held_by
from app.services.answer import Answer
from app.services.room import Opened
from app.trouble import Refused
from app.wire.messages import Change
from local_cache import answers, state

WITHDRAWN = "withdrawn."


class Showing:
    """One answer, touched from several lanes. It is here where no copy may be kept, too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bundle: Bundle | None = None
        self._withdrawn: set[str] = set()

    def remember(self, answer: Answer) -> None:
        """This is on the screen now; what was there before is forgotten."""
        with self._lock:
            self._bundle = answer.bundle

    def forget(self) -> None:
        """The vault closes."""
        with self._lock:
            self._bundle = None

    def bundle(self, query_no: str) -> Bundle | None:
        """The answer to a query, None when another one or none is on the screen.

        Raises:
            Refused: answer.withdrawn.
        """
        with self._lock:
            self._require(query_no)
            found = self._bundle
        return found if found is not None and found.query_no == query_no else None

    def require(self, query_no: str) -> None:
        """Nothing was withdrawn from this answer since it came.

        Raises:
            Refused: answer.withdrawn.
        """
        with self._lock:
            self._require(query_no)

    def went(self, query_no: str) -> bool:
        """Whether something of this answer was withdrawn since it came."""
        with self._lock:
            return query_no in self._withdrawn

    def take(self, changes: Iterable[Change], spared: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Drop the answer when one of these changes withdraws something of it and its query is not among the
        `spared`, which the server says hold still; returns the numbers of the queries whose answer went."""
        with self._lock:
            bundle = self._bundle
            if (
                bundle is None
                or bundle.query_no in spared
                or not any(withdraws(change, bundle) for change in changes)
            ):
                return ()
            return self._drop(bundle)

    def judge(self, gone: Iterable[str]) -> tuple[str, ...]:
        """Drop the answer when it shows one of these records; returns as `take`."""
        with self._lock:
            bundle = self._bundle
            if bundle is None or not held_by(bundle).keys() & set(gone):
                return ()
            return self._drop(bundle)

    def uncopied(self, opened: Opened) -> tuple[str, dict[str, int]] | None:
        """Query and records (rec_id -> rev) of an answer that no copy stands for: of its records the feed
        tells this computer nothing, so they have to be asked about."""
        with self._lock:
            bundle = self._bundle
        if bundle is None or not held_by(bundle):
            return None
        readable = opened.vault.cache is not None and opened.lease_state() == "live"
        if readable and answers.get(opened.copies(), bundle.query_no) is not None:
            return None
        return bundle.query_no, held_by(bundle)

    def _drop(self, bundle: Bundle) -> tuple[str, ...]:
        self._withdrawn.add(bundle.query_no)
        self._bundle = None
        return (bundle.query_no,)

    def _require(self, query_no: str) -> None:
        if query_no in self._withdrawn:
            raise Refused("answer.withdrawn")


def withdraws(change: Change, bundle: Bundle) -> bool:
    """Whether a change takes back something that an older answer shows: a record, or the whole subject."""
    if change.op != "revoke" or (change.seq and bundle.as_of_seq >= change.seq):
        return False
    if change.rec_id:
        return change.rec_id in held_by(bundle)
    return change.subject_key == bundle.subject_key


def require_kept(opened: Opened, query_no: str) -> None:
    """No copy of this query was withdrawn on this computer, as far as the copies' file can be read.

    Raises:
        Refused: answer.withdrawn.
    """
    if opened.vault.cache is None or opened.lease_state() != "live":
        return
    if state.get(opened.copies(), WITHDRAWN + query_no, part="cache"):
        raise Refused("answer.withdrawn")
