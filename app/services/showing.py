"""The answer on the screen: in memory for print and objection, until another comes or a sync withdraws it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from app.field.records import Bundle, held_by
from app.services.answer import Answer
from app.services.room import Opened
from app.trouble import Refused
from app.wire.messages import Change
from local_cache import answers, state

WITHDRAWN = "withdrawn."
LETTER_ENDED, LEASE_ENDED = "letter_ended", "lease_ended"
_WORDS = {LETTER_ENDED: "answer.letter-ended", LEASE_ENDED: "answer.lease-ended"}
_NONE: Mapping[str, str] = {}


class Showing:
    """One answer, touched from several lanes. It is here where no copy may be kept, too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bundle: Bundle | None = None
        self._withdrawn: dict[str, str] = {}  # query number -> reason

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
            Refused: as `require`.
        """
        with self._lock:
            self._require(query_no)
            found = self._bundle
        return found if found is not None and found.query_no == query_no else None

    def require(self, query_no: str) -> None:
        """Nothing was withdrawn from this answer since it came, and it did not end.

        Raises:
            Refused: answer.withdrawn; answer.letter-ended with the official letter that its query stood on;
                answer.lease-ended.
        """
        with self._lock:
            self._require(query_no)

    def went(self, query_no: str) -> str:
        """Why this answer went since it came; empty when it did not."""
        with self._lock:
            return self._withdrawn.get(query_no, "")

    def take(self, changes: Iterable[Change], spared: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Drop the answer when one of these changes ends its lease, or withdraws something of it and its
        query is not among the `spared`, which the server says hold still; returns the numbers of the queries
        whose answer went."""
        with self._lock:
            bundle = self._bundle
            if bundle is None:
                return ()
            for change in changes:
                if ends(change, bundle):
                    return self._drop(bundle, ended_for(change))
                if bundle.query_no not in spared and withdraws(change, bundle):
                    return self._drop(bundle, change.reason)
            return ()

    def judge(self, gone: Iterable[str], ended: Mapping[str, str] = _NONE) -> tuple[str, ...]:
        """Drop the answer when it shows one of these records, or is that of a query that ended (number ->
        reason); returns as `take`."""
        with self._lock:
            bundle = self._bundle
            if bundle is None:
                return ()
            if bundle.query_no in ended:
                return self._drop(bundle, ended[bundle.query_no])
            if not held_by(bundle).keys() & set(gone):
                return ()
            return self._drop(bundle, "")

    def uncopied(self, opened: Opened) -> tuple[str, dict[str, int]] | None:
        """Query and records (rec_id -> rev) of an answer that no copy stands for: of it the feed tells this
        computer nothing, so it has to be asked about, also where it shows no record: its letter may be over.
        """
        with self._lock:
            bundle = self._bundle
        if bundle is None:
            return None
        readable = opened.vault.cache is not None and opened.lease_state() == "live"
        if readable and answers.get(opened.copies(), bundle.query_no) is not None:
            return None
        return bundle.query_no, held_by(bundle)

    def _drop(self, bundle: Bundle, reason: str) -> tuple[str, ...]:
        self._withdrawn[bundle.query_no] = reason or "removed"
        self._bundle = None
        return (bundle.query_no,)

    def _require(self, query_no: str) -> None:
        if query_no in self._withdrawn:
            raise Refused(words_for(self._withdrawn[query_no]))


def words_for(reason: str) -> str:
    """What is said of an answer that went for this reason: a letter that was stopped changes no record."""
    return _WORDS.get(reason, "answer.withdrawn")


def ended_for(change: Change) -> str:
    """Why a lease ended, as far as this client knows the reason."""
    return LETTER_ENDED if change.reason == LETTER_ENDED else LEASE_ENDED


def ends(change: Change, bundle: Bundle) -> bool:
    """Whether a change ends the lease that an answer came with."""
    lease_id = bundle.lease.lease_id
    return change.op == "lease_end" and bool(lease_id) and (change.body or {}).get("lease_id") == lease_id


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
        Refused: answer.withdrawn, answer.letter-ended.
    """
    if opened.vault.cache is None or opened.lease_state() != "live":
        return
    reason = state.get(opened.copies(), WITHDRAWN + query_no, part="cache")
    if reason:
        raise Refused(words_for(reason))
