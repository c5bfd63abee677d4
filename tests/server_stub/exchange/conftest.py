"""Two officers of the centre, one of a bank, and a day on which the samples arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server_stub.accounts.services import create_officer, create_organisation
from server_stub.config.clock import clock
from server_stub.exchange.columns import Chunk, Column
from server_stub.exchange.gathering import Taken
from server_stub.exchange.lines import ANOTHER, AS_TOLD, Accepted, Brought, Line, Ready, lines
from server_stub.exchange.models import Batch
from server_stub.exchange.rereading import Rereader
from server_stub.exchange.rows import Rows

SAMPLES = Path(__file__).parent / "samples"


def as_judged(desk: Rows, taken: Taken) -> list[Ready]:
    """What came of a chunk, row by row, as it stands before it is packed."""
    done = list(taken.refused)
    acts = {number: act for act, (number, _) in desk._memory.acts.items()}
    rows = taken.accepted
    if rows is not None:
        name, code = rows.places
        others, whole = iter(rows.units), rows.warnings.whole()
        cells, keys = rows.cells.rows(), rows.keys.whole()
        for at, number in enumerate(rows.numbers):
            how, unit = rows.brought[at], None
            if how:
                told = Brought(cells[at][name].strip(), cells[at][code].strip())
                unit = told if how == AS_TOLD else next(others)
            facts = rows.facts.get(at)
            done.append(Ready(number, cells[at], (), whole[at], keys[at], unit, facts, acts[number]))
    return sorted(done, key=lambda row: row.number)


def gathered(rows: Sequence[Line]) -> Accepted:
    """Accepted rows by columns, as they are packed."""
    return Accepted(
        [one.number for one in rows],
        Chunk.of([one.cells for one in rows]),
        Column([()], bytes(len(rows))),
        Column(["" if one.unit else one.subject_key for one in rows]),
        (0, 0),
        bytes(ANOTHER if one.unit else 0 for one in rows),
        [one.unit for one in rows if one.unit],
        {at: one.facts for at, one in enumerate(rows) if one.facts is not None},
    )


def accepted(batch: Batch) -> list[Line]:
    """Rows that were accepted when the batch was staged, whatever became of them since."""
    return list(lines(batch.batch_no))


def counted(batch: Batch) -> int:
    """Rows of the batch, each once, whatever state they have."""
    states = set(batch.rows.values_list("number", flat=True))
    return len(states | {line.number for line in accepted(batch)})


def faults_in(batch: Batch) -> list[list[str]]:
    """Codes of the faults of each row, in the order of the rows."""
    told = {line.number: [] for line in accepted(batch)}
    told |= {row.number: [one["code"] for one in row.faults] for row in batch.rows.all()}
    return [told[number] for number in sorted(told)]


def warned(batch: Batch) -> list[str]:
    """Codes of all warnings, in the order of the rows."""
    told = [(line.number, line.warnings) for line in accepted(batch)]
    told += [(row.number, row.warnings) for row in batch.rows.filter(state="refused")]
    return [one["code"] for _, warnings in sorted(told, key=lambda one: one[0]) for one in warnings]


def facts_in(batch: Batch, *numbers: int) -> list[Any]:
    """The records that accepted rows of a batch would make; all of them, or those of these numbers."""
    rows = [line for line in accepted(batch) if not numbers or line.number in numbers]
    return list(Rereader(batch).facts(rows))


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock(lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def staff(db: None) -> tuple[str, str]:
    centre = create_organisation("C001", "示例市公共信用信息中心", "centre")
    bank = create_organisation("B001", "示例银行衡阳分行", "bank")
    create_officer("importer", "测试甲", centre, "a long enough password 1")
    create_officer("approver", "测试乙", centre, "a long enough password 2")
    create_officer("banker", "测试丙", bank, "a long enough password 3")
    return "importer", "approver"
