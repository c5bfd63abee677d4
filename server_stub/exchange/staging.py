"""Keeping what was read: rows go in by short transactions while the file is still being read.

A batch is `staging` until its last row is in. Such a batch cannot be applied; one that was cut off is
discarded by the next import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

from django.db import transaction

from server_stub.config.clock import now, stamp
from server_stub.config.collecting import not_now
from server_stub.exchange import sql
from server_stub.exchange.columns import Chunk
from server_stub.exchange.errors import FileRefused
from server_stub.exchange.gathering import Taken
from server_stub.exchange.lines import pack
from server_stub.exchange.mapping import HEADER_ROWS, Found, Mapping, head_of
from server_stub.exchange.models import Batch
from server_stub.exchange.readers import Sheet, Source
from server_stub.exchange.rows import Rows, columns_of
from server_stub.exchange.workbooks import Part

AT_ONCE = 1000  # rows of one transaction and of one piece
ABANDONED = timedelta(hours=1)  # a reader ends long before
Progress = Callable[[int], None]


def head(source: Source, chosen: Sequence[Mapping]) -> tuple[Found, Iterator[Chunk]]:
    """The header of the first sheet that has one, and all rows of that sheet in chunks.

    Raises:
        FileRefused: header-missing when no row holds the columns that one of these forms must have.
    """
    for part in source.parts:
        chunks = _top(part)
        found = head_of(
            Sheet(part.name, part.row, part.column, [row for chunk in chunks for row in chunk.rows()]), chosen
        )
        if found is not None:
            return found, chain(chunks, part.chunks)
    raise FileRefused("header-missing")


def _top(part: Part) -> list[Chunk]:
    chunks: list[Chunk] = []
    for chunk in part.chunks:
        chunks.append(chunk)
        if sum(one.size for one in chunks) >= HEADER_ROWS:
            break
    return chunks


def keep(batch: Batch, rows: Rows, chunks: Iterator[Chunk], progress: Progress | None = None) -> None:
    """Judge and store all rows and count them in `batch`, which is saved already."""
    at = 0
    with sql.not_waiting_for_the_disk(), not_now():  # rows form no circles, and go as soon as they are stored
        for chunk in chunks:
            for part in chunk.parts(AT_ONCE):
                _store(batch, rows.take(part, at), rows)
                at += part.size
                if progress is not None:
                    progress(batch.read)


def _store(batch: Batch, taken: Taken, rows: Rows) -> None:
    accepted = taken.accepted
    refused = [columns_of(batch.batch_no, row, rows.letters) for row in taken.refused]
    body = pack(accepted, rows.letters) if accepted else b""  # before the lock is taken
    if not (accepted or refused):
        return
    with transaction.atomic():
        if accepted:
            sql.keep_piece(batch.batch_no, accepted.numbers[0], accepted.numbers[-1], body)
        if refused:
            sql.pour(refused)
    batch.accepted += len(accepted.numbers) if accepted else 0
    batch.refused += len(refused)
    batch.read = batch.accepted + batch.refused


def discard(batch: Batch) -> None:
    """Remove a batch that never was staged whole, with its rows."""
    more = AT_ONCE
    while more:
        with transaction.atomic():
            more = sql.discard(batch.batch_no, AT_ONCE)
    Batch.objects.filter(batch_no=batch.batch_no, state="staging").delete()


def discard_abandoned() -> int:
    """Remove what imports left that were cut off; returns how many."""
    old = list(Batch.objects.filter(state="staging", received_at__lt=stamp(now() - ABANDONED)))
    for batch in old:
        discard(batch)
    return len(old)
