"""What a delivery brings that was never here: a provider's name, and units that take theirs from it."""

from __future__ import annotations

from server_stub.accounts.models import Organisation
from server_stub.catalogue.selectors import current
from server_stub.config.clock import today
from server_stub.exchange.lines import Brought, waiting
from server_stub.exchange.models import Batch
from server_stub.exchange.reasons import reason
from server_stub.records.models import Record

SHOWN = 20  # units of one batch that are told by name


def first_seen(batch: Batch) -> list[str]:
    """A line for a provider that this home does not know, and one for each unit that the register would take
    from the file under the name it has there. Nothing is refused for it: a second person reads it.
    """
    lines = [] if _known(batch) else [reason("batch", "provider-new", provider=batch.provider)]
    told: dict[str, Brought | None] = {}
    for line in waiting(batch.batch_no):
        if line.unit is not None and line.subject_key not in told:
            told[line.subject_key] = line.unit if len(told) < SHOWN else None
    if told:
        lines.append(reason("batch", "units-new", count=len(told)))
        lines += [reason("batch", "unit", **_named(unit)) for unit in told.values() if unit]
    return lines


def _named(unit: Brought) -> dict[str, str]:
    return {"code": unit.number, "name": unit.name}


def _known(batch: Batch) -> bool:
    """Whether a body, an item, a record or a batch in force bears the provider's name or code."""
    name = batch.provider
    bodies = Organisation.objects.filter(kind="government")
    return (
        bodies.filter(name=name).exists()
        or bodies.filter(code=name).exists()
        or current().provided_by(name, today())
        or Batch.objects.filter(provider=name, state="applied").exists()
        or Record.objects.filter(provider=name).exists()
        or Record.objects.filter(provider_code=name).exists()
    )
