"""An intent's two ends: ledger row and outbox row in one transaction; answer, receipts and closed row at
the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from local_cache import answers, ledger, outbox, reports
from local_cache.database import Connection, transaction
from local_cache.vault import Vault


@dataclass(frozen=True)
class KeptAnswer:
    """A copy to be stored, with what depends on it."""

    copy: answers.Copy
    holds: tuple[tuple[str, int], ...]
    spaced: str


def begin_intent(
    work: Connection,
    build: Callable[[int, str], ledger.Entry],
    item: outbox.OutboxItem | None,
    subject: str = "",
    query_no: str = "",
) -> ledger.Entry:
    """Ledger row and outbox row together or not at all; the outbox row points to its entry.

    Raises:
        Sealed: the op_id is taken, or the entry does not follow.
        DiskFull, ReadOnly, DiskFault: nothing was written.
    """
    with transaction(work, "work"):
        made = ledger.append(work, build, subject, query_no)
        if item is not None:
            outbox.add(work, replace(item, entry_n=made.n))
    return made


def complete_intent(
    vault: Vault,
    op_id: str,
    receipts: Iterable[ledger.ReceiptRow],
    state: str = "done",
    why: str = "",
    result: bytes | None = None,
    query_no: str = "",
    subject: str = "",
    answer: KeptAnswer | None = None,
    recent: reports.Recent | None = None,
) -> None:
    """Close an intent. Two files cannot commit as one, so the copy goes first: a crash in between leaves
    the row open, the repeated request brings the same answer, and storing it twice is storing it once.

    Raises:
        Missing: no such op_id; or an answer is to be kept and cache.db is shut.
        DiskFull, ReadOnly, DiskFault: the row is still open.
    """
    if answer is not None or recent is not None:
        cache = vault.copies()
        with transaction(cache, "cache"):
            if answer is not None:
                answers.put(cache, answer.copy, answer.holds, answer.spaced)
            if recent is not None:
                reports.put_recent(cache, recent)
    work = vault.work
    with transaction(work, "work"):
        ledger.add_receipts(work, list(receipts))
        outbox.set_state(work, op_id, state, why, result=result)
        entry = ledger.by_op(work, op_id)
        if entry is not None:
            ledger.note(work, entry.n, subject, query_no)
