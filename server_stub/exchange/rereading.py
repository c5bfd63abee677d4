"""What a staged row says, read again when it is applied: a proven row is kept without the record it makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from server_stub.config.clock import today
from server_stub.exchange.columns import Chunk
from server_stub.exchange.lines import Line
from server_stub.exchange.mapping import Found, mappings
from server_stub.exchange.models import Batch
from server_stub.exchange.proving import Prover, fixed_of
from server_stub.exchange.readers import Sheet
from server_stub.records.facts import RecordFacts
from server_stub.rules.tables_file import shipped


class Rereader:
    """Reads accepted rows of one batch; by the same look-ups as when they were staged."""

    def __init__(self, batch: Batch) -> None:
        form = mappings()[batch.mapping]
        found = Found(form, Sheet("", 0, 0, []), 0, batch.columns)
        fixed = fixed_of(form, batch.item_code, batch.provider, batch.received_at)
        self._batch_no = batch.batch_no
        self._prover = Prover(found, today(), shipped().calendar, fixed)

    def facts(self, rows: Sequence[Line]) -> list[RecordFacts | None]:
        """The record each row would make; None where the checks of today do not prove the row any more."""
        proven = [row.cells for row in rows if row.facts is None]
        proofs, at = self._prover.prove(Chunk.of(proven)) if proven else None, -1
        said: list[RecordFacts | None] = []
        for row in rows:
            if row.facts is not None:
                said.append(cast(RecordFacts, {**row.facts, "subject_key": row.subject_key}))
                continue
            at += 1
            if proofs is None or not proofs.sure[at]:
                said.append(None)
                continue
            facts = self._prover.facts(proofs, at)
            facts["subject_key"], facts["source_no"] = row.subject_key, f"{self._batch_no}/{row.number}"
            said.append(cast(RecordFacts, facts))
        return said
