"""Keeping what was read: rows go in by short transactions while the file is still being read.

A batch is `staging` until its last row is in. Such a batch cannot be applied; one that was cut off is
discarded by the next import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Letters
from datetime import timedelta
from itertools import chain

from django.db import transaction

from server_stub.config.clock import now, stamp
from server_stub.config.collecting import not_now
from server_stub.exchange import sql
from server_stub.exchange.errors import FileRefused
from server_stub.exchange.lines import Ready, pack
from server_stub.exchange.mapping import HEADER_ROWS, Found, Mapping, head_of
from server_stub.exchange.models import Batch
from server_stub.exchange.readers import Sheet, Source
from server_stub.exchange.rows import Rows, columns_of
from server_stub.exchange.workbooks import Part

AT_ONCE = 500  # rows of one transaction
ABANDONED = timedelta(hours=1)  # a reader ends long before
Progress = Callable[[int], None]


def head(source: Source, chosen: Sequence[Mapping]) -> tuple[Found, Iterator[list[list[str]]]]:
    """The header of the first sheet that has one, and all rows of that sheet in chunks.

    Raises:
        FileRefused: header-missing when no row holds the columns that one of these forms must have.
    """
    for part in source.parts:
        chunks = _top(part)
        found = head_of(
            Sheet(part.name, part.row, part.column, [row for rows in chunks for row in rows]), chosen
        )
        if found is not None:
            return found, chain(chunks, part.chunks)
    raise FileRefused("header-missing")


def _top(part: Part) -> list[list[list[str]]]:
    chunks: list[list[list[str]]] = []
    for rows in part.chunks:
        chunks.append(rows)
        if sum(map(len, chunks)) >= HEADER_ROWS:
            break
    return chunks


def keep(
    batch: Batch, rows: Rows, chunks: Iterator[list[list[str]]], progress: Progress | None = None
) -> None:
    """Judge and store all rows and count them in `batch`, which is saved already."""
    at = 0
    with sql.not_waiting_for_the_disk(), not_now():  # rows form no circles, and go as soon as they are stored
        for chunk in chunks:
            ready = rows.take(chunk, at)
            at += len(chunk)
            for first in range(0, len(ready), AT_ONCE):
                _store(batch, ready[first : first + AT_ONCE], rows.letters)
                if progress is not None:
                    progress(batch.read)


def _store(batch: Batch, rows: Sequence[Ready], letters: Letters[str, str]) -> None:
    accepted = [row for row in rows if row.act is not None]
    refused = [columns_of(batch.batch_no, row, letters) for row in rows if row.act is None]
    body = pack(accepted, letters) if accepted else b""  # before the lock is taken
    with transaction.atomic():
        if accepted:
            sql.keep_piece(batch.batch_no, accepted[0].number, accepted[-1].number, body)
        if refused:
            sql.pour(refused)
    batch.read += len(rows)
    batch.accepted += len(accepted)
    batch.refused += len(refused)


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
