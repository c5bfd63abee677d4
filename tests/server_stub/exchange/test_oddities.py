"""Nothing that is sent crashes the exchange; of every file each row is accepted or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from server_stub.exchange.errors import FileRefused
from server_stub.exchange.models import Batch
from server_stub.exchange.services import stage

from .conftest import counted
from .oddities import HEAD, ODDITIES, Oddity, plain, row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda one: one.name)
def test_each_oddity_gives_what_a_careful_reader_gets(
    oddity: Oddity, tmp_path: Path, staff: tuple[str, str]
) -> None:
    path = tmp_path / oddity.name
    oddity.make(path)
    if oddity.why:
        with pytest.raises(FileRefused) as refused:
            stage(path, "示例局", by=staff[0])
        assert refused.value.why == oddity.why
        assert not Batch.objects.exists()
        return
    batch = stage(path, "示例局", by=staff[0])
    told = [(line.number, line.faults) for line in batch.rows.filter(state="refused")]
    assert (batch.read, batch.accepted) == (oddity.rows, oddity.accepted), told
    assert batch.read == batch.accepted + batch.refused == counted(batch)
    assert all(faults and all(fault["reason"] for fault in faults) for _, faults in told)


_CELL = some.one_of(
    some.text(max_size=12),
    some.sampled_from(
        ["", "-", "2026-11-18", "0.2", "罚款", "9.1E+17", "自然人", "2099-12-31", "\ufffd", "\x0b"]
    ),
)
_ROW = some.builds(
    lambda serial, changes: row(serial, **changes),
    some.integers(1, 6),
    some.dictionaries(some.sampled_from(HEAD), _CELL, max_size=3),
)
_JUNK = some.lists(_CELL, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grid=some.lists(some.one_of(_ROW, _JUNK), max_size=12))
def test_accepted_and_refused_are_what_was_read(
    grid: list[list[object]], tmp_path: Path, staff: tuple[str, str]
) -> None:
    path = tmp_path / "in.csv"
    plain([[*HEAD], *grid], "gb18030" if len(grid) % 2 else "utf-8")(path)
    try:
        batch = stage(path, "示例局", by=staff[0])
    except FileRefused as refused:
        assert refused.why in ("encoding-mixed", "encoding-unknown")
        return
    filled = [cells for cells in grid if any(str(cell).strip() for cell in cells)]
    assert batch.read == batch.accepted + batch.refused == counted(batch)
    assert batch.read + len(batch.notes) == len(filled)
    assert all(line.faults and line.state == "refused" for line in batch.rows.all())
