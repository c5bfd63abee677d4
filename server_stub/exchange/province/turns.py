"""Every delivery is a row for the operator and a leaf of the log, in the transaction of its effect."""

from __future__ import annotations

from server_stub.config.clock import stamp
from server_stub.evidence import services as evidence
from server_stub.exchange.province.models import Partner, Turn


def note(
    partner: Partner,
    kind: str,
    *,
    number: int,
    digest: str,
    after: int,
    upto: int,
    accepted: int = 0,
    refused: int = 0,
) -> Turn:
    """Write one turn down. `kind`: pushed, given, taken, acked, manifest, segment; `digest` of what went."""
    evidence.append(
        kind=f"exchange.{kind}",
        source="server",
        user=partner.partner_id,
        op_id=f"{partner.partner_id}/{after}-{upto}"[:64],
        records_sha256=digest,
        outcome=f"done:{accepted}:{refused}",
    )
    return Turn.objects.create(
        partner=partner,
        kind=kind,
        number=number,
        digest=digest,
        after=after,
        upto=upto,
        accepted=accepted,
        refused=refused,
        at=stamp(),
    )
