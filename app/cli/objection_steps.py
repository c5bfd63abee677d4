"""objection supplement, objection recheck: what is still done about a filed objection."""

from __future__ import annotations

from typing import Any

import msgspec

from app.assembly import Client
from app.cli import returned
from app.cli.done import Done
from app.services.objecting import Draft, ObjectionRow
from app.trouble import NotRight

TURNS = {"supplement": ("supplement", "add"), "recheck": ("recheck",)}


def step(client: Client, options: Any) -> Done:
    """Hand a supplement, further material or the wish for a recheck in; the draft is kept until it is sent.

    Raises:
        NotRight: not-found; objection.no-step when it is not the officer's turn for this act.
    """
    draft = _written(client, options) or client.objecting.step(options.number)
    if draft.act not in TURNS[options.act]:
        if not (draft.refused or draft.statement):
            client.objecting.discard(draft.draft_id)  # nothing was written in it
        raise NotRight("objection.no-step")
    said = options.statement if options.statement is not None else draft.statement
    draft = msgspec.structs.replace(draft, statement=said)
    draft = returned.without(client.objecting.proofs(draft), draft, options.leave_out)
    client.objecting.save_draft(draft)
    filed = client.objecting.file(draft, options.attach)
    facts = {"op_id": filed.op_id, "state": filed.state, "number": filed.number, "act": draft.act}
    if filed.state == "queued":
        return Done(facts, (client.texts.say("cli.queued", op_id=filed.op_id),), 4)
    return Done(facts, (client.texts.say("cli.filed", number=filed.number),))


def _written(client: Client, options: Any) -> Draft | None:
    """What was written for the one of the two acts of this command, when the other one is due now: whoever
    gives the command has chosen. Words for another command stay as they are."""
    acts = TURNS[options.act]
    for kept in client.objecting.drafts():
        if kept.number == options.number and kept.moved and kept.act in acts and kept.turn in acts:
            return client.objecting.turned(kept)
    return None


def turn_line(client: Client, row: ObjectionRow) -> tuple[str, ...]:
    """The command that goes on with an objection, where it is the officer's turn."""
    return (client.texts.say(f"cli.turn_{row.turn}", number=row.number),) if row.turn else ()
